"""Counting, comparing and finding links in text as X does."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xapi.links import URL, top_level_domains
from xapi.text import escaped, normal, plain, weighted_length

LINK_PIECES = st.sampled_from(
    [
        "http://",
        "https://",
        "a",
        "b-",
        "_",
        ".",
        "..",
        "com",
        "de",
        "みんな",
        "日本",
        "/",
        "?",
        "(",
        ")",
        "@",
        "#",
        "$",
        ":8",
        " ",
        "é",
        "xn--",
        "!",
        "'",
        "\n",
        "-",
        "t.co",
        "ab",
    ]
)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("ä" * 10, 10),
        ("€", 2),
        ("…", 2),
        ("•", 2),
        ("™", 2),
        ("©", 2),
        ("„so“ ‘x’ – —", 12),
        ("日本", 4),
        ("👍", 2),
        ("👍🏽", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("🇩🇪", 2),
        ("1️⃣", 2),
        ("❤️", 2),
        ("Ⓜ️", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("https://example.com/a/very/long/path/that/goes/on/and/on", 23),
        ("see example.com now", 31),
        ("bit.ly/abc", 23),
        ("phishing.click/abc", 23),
        ("(bit.ly/abc)", 25),
        ("a@b", 3),
        ("e\u0301", 1),
        ("line\r\nbreak", 10),
    ],
)
def test_weighted_length(text, length):
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("bit.ly/abc", ["bit.ly"]),
        ("phishing.click/abc", ["phishing.click"]),
        ("BIT.LY/abc", ["bit.ly"]),
        ("(bit.ly/abc)", ["bit.ly"]),
        ("Siehe bit.ly.", ["bit.ly"]),
        ("https://münchen.de:8080/a?b=c", ["xn--mnchen-3ya.de"]),
        ("http://müller.de", ["xn--mller-kva.de"]),
        ("foo.com:8080/x", ["foo.com"]),
        ("xn--mller-kva.de", ["xn--mller-kva.de"]),
        ("日本語example.com中国語", ["example.com"]),
        ("morgen.Am Montag", ["morgen.am"]),
        ("z.B. u.a. d.h.", []),
        ("a@example.com", []),
        ("#example.com", []),
        ("example.comx", []),
    ],
)
def test_the_host_of_a_link_is_named_as_the_network_knows_it(text, hosts):
    assert [one.host for one in URL.finditer(text)] == hosts


def test_every_top_level_domain_makes_a_link_without_a_scheme():
    for name in top_level_domains()[0]:
        assert URL.findall(f"see a.{name} now") == [f"a.{name}"]


@given(st.lists(LINK_PIECES, max_size=40).map("".join))
def test_links_stand_in_order_apart_and_as_written(text):
    last = 0
    for one in URL.finditer(text):
        assert last <= one.begins < one.ends <= len(text)
        assert text[one.begins : one.ends] == one.written
        assert "." in one.written
        last = one.ends
    assert URL.sub(lambda one: one.group(), text) == text


@pytest.mark.parametrize(
    "text",
    [
        "a." * 2500,
        "a.com." * 900,
        "http://" * 700,
        "http://a.com/" + "(" * 5000,
        "http://a.com/" + "(a" * 2500,
        "http://a.com/?" + "!" * 5000,
        "あ" * 5000,
        "あ.あ" * 1700,
        "a.com_" * 800,
        "-a.com" * 800,
        "x.com日" * 800,
        "." * 5000,
        "a..com" * 800,
        "é." * 2500,
        "a_b." * 1200 + "com",
        "日本a.b日." * 600,
    ],
)
def test_no_text_makes_finding_links_slow(text):
    began = time.process_time()
    list(URL.finditer(text))
    assert time.process_time() - began < 1  # a hang, not a measure: some milliseconds are usual


@pytest.mark.campaign
@given(st.text(max_size=200))
def test_escaping_comes_back(text):
    assert plain(escaped(text)) == plain(text) or "&" in text


@pytest.mark.campaign
@given(st.text(max_size=200))
def test_normal_is_stable_and_length_counts_it(text):
    assert normal(normal(text)) == normal(text)
    assert weighted_length(text.strip()) == weighted_length(normal(text.strip()))
