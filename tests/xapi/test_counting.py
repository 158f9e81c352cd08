"""The desk and the simulated X count and read as X does, each with code of its own."""

import time

import pytest

from tests.xapi.replies import random_replies
from tests.xapi.suite import DESK, PARTS, READERS, SIMULATOR, broken, cases
from xapi.emoji_sequences import known
from xapi.handles import HANDLE, behind_handles
from xapi.links import top_level_domains
from xapi.simulator.text import entities
from xapi.simulator.text.emoji import SEQUENCE

BOTH = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


@BOTH
@pytest.mark.parametrize("name", PARTS)
def test_all_of_xs_conformance_suite_holds(name, reader):
    assert len(cases(PARTS[name])) > 1
    assert broken(PARTS[name], reader) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_two_agree_on_random_replies(seed):
    for text in random_replies(300, seed):
        assert DESK.all_of(text) == SIMULATOR.all_of(text), text


def test_the_random_replies_hold_something_of_everything():
    replies = random_replies(300, 1)
    assert all(any(read(text) for text in replies) for read in DESK)
    assert any(weight > 280 for weight in map(DESK.weight, replies))


@BOTH
def test_every_top_level_domain_makes_a_link_without_a_scheme(reader):
    assert len(top_level_domains()[0]) > 1580
    for name in top_level_domains()[0]:
        assert reader.links(f"see a.{name} now") == [(f"a.{name}", 4, 6 + len(name))]


def test_the_simulated_x_knows_the_emoji_of_the_list_by_its_rules_and_no_others():
    sequences = known().sequences
    assert len(sequences) > 2500
    assert {one for one in sequences if not SEQUENCE.fullmatch(one)} == set()
    tones = "\U0001f3fb\U0001f3ff"
    others = {first + tone for first in {one[0] for one in sequences} for tone in tones} | {
        one.replace("\ufe0f", "") for one in sequences
    }
    others |= {one + "\u200d" + other for one in "👨👩🧑🐱❤🏳🏴" for other in "👨👩👦☎🔥⚕💻🌈"}
    assert {one for one in others if len(one) > 1 and SEQUENCE.fullmatch(one)} <= sequences


@BOTH
@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("👨‍👩‍👧‍👦", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("🇩🇪🇫🇷", 4),
        ("✌️🏽", 2),
        ("⚽️", 2),
        ("🧑‍🎄", 2),
        ("❤️‍🔥", 2),
        ("🐱‍☎", 5),
        ("🐱🏽", 4),
        ("🇦🇦", 4),
        ("🧔‍♂", 5),
        ("❤︎", 4),
        ("🙂‍↔️", 5),
        ("👨‍👩‍👧‍👧‍👧", 5),
        ("x.com/a.", 24),
        ("x.com/a)", 24),
        ("x.com/a…", 25),
        ("x.com's", 25),
        ("«x.com»", 25),
        ("Ja.um 5 Uhr", 29),
        ("a@x.com", 7),
        ("日本語example.com中国語", 35),
        ("s" * 64 + ".com", 68),
        ("ma\u0308x.de", 23),
        ("jörg@müller.de日本.com/x", 36),
        ("x@münchen.de.ああああ.com/", 40),
    ],
)
def test_what_has_been_counted_too_low_or_too_high(text, weight, reader):
    assert reader.weight(text) == weight


@BOTH
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@AmselnetzHilfeさん", ["AmselnetzHilfe"]),
        ("＠AmselnetzHilfe", ["AmselnetzHilfe"]),
        ("の@AmselnetzHilfe", ["AmselnetzHilfe"]),
        ("@AmselnetzHilfe؟", ["AmselnetzHilfe"]),
        ("привет@a_1", ["a_1"]),
        ("@müller", []),
        ("@１２", []),
        ("a@b.de", []),
        ("@a@b", []),
        ("@a/team", []),
    ],
)
def test_a_handle_is_plain_ascii_whatever_stands_beside_it(text, names, reader):
    assert [name for name, _begins, _ends in reader.mentions(text)] == names


def test_what_a_reply_says_begins_behind_its_handles():
    for behind in (behind_handles, entities.behind_handles):
        assert behind("@a_1 ＠Bさん Hallo @c") == "＠Bさん Hallo @c"
        assert behind("@a_1\n@b Hallo @c") == "Hallo @c"
        assert behind("Hallo @c") == "Hallo @c"
        assert behind("@a") == "@a"


def test_a_handle_is_cut_out_of_a_text_like_a_match():
    assert (
        HANDLE.sub(lambda one: "x" * len(one.group()), "Hi @a_1さん, a@b.de")
        == "Hi xxxxさん, a@b.de"
    )
    assert HANDLE.search("nobody") is None


@pytest.mark.parametrize(
    "text",
    [
        "a." * 2500,
        "a.com." * 900,
        "http://" * 700,
        "http://a.com/" + "(a" * 2500,
        "a.com_" * 800,
        "あ.あ" * 1700,
        "." * 5000,
        "a_b." * 1200 + "com",
    ],
)
def test_no_text_makes_the_simulated_x_slow(text):
    began = time.process_time()
    SIMULATOR.weight(text)
    assert time.process_time() - began < 10  # a hang, not a measure: below a second is usual
