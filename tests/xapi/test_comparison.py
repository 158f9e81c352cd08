"""Whether what X shows are the words that we sent.

By X's rewriting of links, handles, blanks and entities, and not more than that.
"""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xapi.comparison import Written, bare, says_the_same
from xapi.payloads import XPost, read_post
from xapi.simulator.sending.wire import Asked, post_object
from xapi.simulator.store import Store
from xapi.simulator.text.rewriting import delivered
from xapi.text import normal

PICTURE = {"type": "photo", "url": "https://x.invalid/1.jpg", "alt_text": "A router."}
BLANKS = [
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\u00a0",
    "\u2003",
    "\u2009",
    "\u202f",
    "\u3000",
    " \u00a0\n",
]
WORDS = [
    "Hello",
    "router",
    "unplug",
    "&",
    "<b>",
    "a&amp;b",
    "5 > 4",
    "Grüße",
    "Gru\u0308ße",
    "😀",
    "👩‍👩‍👧‍👦",
    "🇩🇪",
    "1️⃣",
    "日本",
    "^an",
    "@dirk",
    "t.co",
    "50%",
    "(so)",
]
HOSTS = [
    "amselnetz.example.com",
    "AmselNetz.Example.COM",
    "www.amsel.de",
    "amsel.de",
    "hilfe.amsel.berlin",
]
PATHS = [
    "",
    "/",
    "/hilfe",
    "/Hilfe/",
    "/a%20b",
    "/a%C3%BCb",
    "/aüb",
    "/a%c3%bcb?x=1&y=2",
    "/x#teil",
    "/lang/" + "und-" * 12 + "ende",
    "?q=%26",
]


def shown(text: str, *, pictures: int = 0, bare_reply: bool = False) -> XPost:
    """What the simulated X shows of our reply with this text, read as the desk reads it."""
    store = Store()
    ours, customer = store.add_user("AmselnetzHilfe", id=901), store.add_user("grace_adeyemi")
    asked = store.create(customer, "@AmselnetzHilfe help")
    made = store.create(ours, text, reply_to=asked.id, media=[PICTURE] * pictures, bare=bare_reply)
    return read_post(post_object(store, made, Asked()))


def equal(text: str, post: XPost) -> bool:
    """Whether the desk takes the post for this text."""
    return says_the_same(text, post.text, post.written)


links = st.builds(
    lambda scheme, host, path: f"{scheme}{host}{path}",
    st.sampled_from(["", "https://", "http://", "HTTPS://"]),
    st.sampled_from(HOSTS),
    st.sampled_from(PATHS),
)
texts = st.lists(
    st.tuples(st.one_of(st.sampled_from(WORDS), links), st.sampled_from(BLANKS)),
    min_size=1,
    max_size=9,
).map(lambda pairs: normal("".join(word + blank for word, blank in pairs)))


@pytest.mark.campaign
@given(texts, st.integers(0, 4), st.booleans())
def test_whatever_the_simulated_x_makes_of_our_words_is_known_as_ours(text, pictures, bare_reply):
    assert equal(text, shown(text, pictures=pictures, bare_reply=bare_reply))


@pytest.mark.campaign
@given(texts, st.data())
def test_another_word_another_path_or_a_word_less_is_another_text(text, data):
    words = text.split()
    place = data.draw(st.integers(0, len(words) - 1))
    changed = data.draw(
        st.sampled_from(
            [words[place] + "x", "x" + words[place], "", words[place].swapcase() + "/x"]
        )
    )
    other = " ".join([*words[:place], changed, *words[place + 1 :]])
    assume(not words[place].startswith("@"))
    assert not equal(other, shown(text))
    assert not equal(text, shown(other or "x"))


@given(links, links)
def test_two_addresses_are_one_only_if_they_lead_to_the_same_place(one, other):
    def plainly(address: str) -> tuple[str, str]:
        """Host and rest, by a way of its own."""
        import urllib.parse

        parts = urllib.parse.urlsplit(address if "://" in address else f"http://{address}")
        rest = (
            urllib.parse.unquote(parts.path).rstrip("/")
            + "?"
            + parts.query.upper()
            + "#"
            + parts.fragment
        )
        return parts.hostname.removeprefix("www."), unicodedata.normalize("NFC", rest)

    assert equal(f"See {one} there.", shown(f"See {other} there.")) == (
        plainly(one) == plainly(other)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("amsel.de", "https://amsel.de/"),
        ("amsel.de/hilfe", "http://AMSEL.de/hilfe/"),
        ("https://www.amsel.de", "amsel.de"),
        ("amsel.de:443/a", "https://amsel.de/a"),
        ("amsel.de/aüb", "amsel.de/a%C3%BCb"),
        ("amsel.de/a%7Eb", "amsel.de/a~b"),
        ("amsel.de/%2f", "amsel.de/%2F"),
        ("müller.de", "xn--mller-kva.de"),
        ("amsel.de/au\u0308b", "amsel.de/a%c3%bcb"),
    ],
)
def test_addresses_that_lead_to_the_same_place(one, other):
    assert bare(one) == bare(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("amsel.de/a", "amsel.de/b"),
        ("amsel.de/a", "amsel.de/A"),
        ("amsel.de/a", "amsel.de/a/b"),
        ("amsel.de/a%2Fb", "amsel.de/a/b"),
        ("amsel.de/a", "amsel.de/a?x=1"),
        ("amsel.de/?a%26b", "amsel.de/?a&b"),
        ("amsel.de", "amsel.de.evil.com"),
        ("hilfe.amsel.de", "amsel.de"),
        ("amsel.de:8080", "amsel.de"),
        ("x@amsel.de", "amsel.de"),
        ("amsel.de/a#1", "amsel.de/a#2"),
        ("amsel.de/a//", "amsel.de/a"),
    ],
)
def test_addresses_that_do_not(one, other):
    assert bare(one) != bare(other)


@pytest.mark.parametrize(
    "ways",
    [
        ("https://amsel.de/hilfe",),
        ("https://other.example/", "https://amsel.de/hilfe"),
        ("http://amsel.de/hilfe/", "https://www.amsel.de/start"),
        ("amsel.de/hilfe",),
    ],
)
def test_any_way_in_which_x_writes_an_address_counts(ways):
    assert says_the_same(
        "See Amsel.de/hilfe. ^an",
        "@grace See https://t.co/a1. ^an",
        [Written("https://t.co/a1", ways)],
    )


@pytest.mark.parametrize("name", ["expanded_url", "unwound_url", "display_url"])
def test_each_form_that_x_tells_counts_alone(name):
    forms = {
        "expanded_url": "https://bit.example/1",
        "unwound_url": "https://bit.example/2",
        "display_url": "bit.example/3",
    } | {name: "amsel.de/hilfe"}
    raw = {
        "id": "5",
        "author_id": "901",
        "text": "See https://t.co/a1",
        "entities": {"urls": [{"url": "https://t.co/a1", "start": 4, "end": 19, **forms}]},
    }
    assert equal("See amsel.de/hilfe", read_post(raw))


def test_one_short_form_twice_stands_for_what_is_told_at_each_place():
    two = [
        Written("https://t.co/a1", ("https://amsel.de/a",)),
        Written("https://t.co/a1", ("https://amsel.de/b",)),
    ]
    assert says_the_same(
        "First amsel.de/a then amsel.de/b", "First https://t.co/a1 then https://t.co/a1", two
    )
    assert not says_the_same(
        "First amsel.de/b then amsel.de/a", "First https://t.co/a1 then https://t.co/a1", two
    )


def test_the_simulated_x_writes_links_as_x_does():
    text, (first, second, third), _handles = delivered(
        "See AmselNetz.Example.COM/Störung and AmselNetz.Example.COM/Störung & HTTP://www.Amsel.de"
    )
    assert text == f"See {first['url']} and {second['url']} &amp; {third['url']}"
    assert [text[one["start"] : one["end"]] for one in (first, second, third)] == [
        one["url"] for one in (first, second, third)
    ]
    assert first["url"] != second["url"]  # each place has a short form of its own
    assert first["expanded_url"] == second["expanded_url"] == "http://amselnetz.example.com/Störung"
    assert first["unwound_url"] == "https://amselnetz.example.com/St%C3%B6rung"
    assert first["display_url"] == "amselnetz.example.com/Stör…"
    assert (third["expanded_url"], third["unwound_url"], third["display_url"]) == (
        "http://www.amsel.de",
        "https://www.amsel.de/",
        "amsel.de",
    )


def test_a_shown_form_that_was_cut_proves_nothing():
    entity = {
        "url": "https://t.co/a1",
        "start": 4,
        "display_url": "amsel.de/a-long-way-to-go-…",
        "expanded_url": "https://elsewhere.example/",
    }
    raw = {
        "id": "5",
        "author_id": "901",
        "text": "See https://t.co/a1",
        "entities": {"urls": [entity]},
    }
    assert not equal("See amsel.de/a-long-way-to-go-home", read_post(raw))
    assert not equal("See amsel.de/a-long-way-to-go-…", read_post(raw))


def test_an_address_that_ends_in_dots_is_whole():
    assert equal("See amsel.de/a… there", shown("See amsel.de/a… there"))


def test_links_are_compared_at_their_places():
    two = [
        Written("https://t.co/a1", ("https://amsel.de/a",)),
        Written("https://t.co/b2", ("https://amsel.de/b",)),
    ]
    assert says_the_same(
        "First amsel.de/a then amsel.de/b", "First https://t.co/a1 then https://t.co/b2", two
    )
    assert not says_the_same(
        "First amsel.de/b then amsel.de/a", "First https://t.co/a1 then https://t.co/b2", two
    )


def test_what_x_does_not_take_for_a_link_and_what_we_do_not():
    assert says_the_same(
        "See amsel.strange/a and amsel.de",
        "See https://t.co/a1 and amsel.de",
        [Written("https://t.co/a1", ("http://amsel.strange/a",))],
    )


def test_a_link_without_its_entity_is_no_proof():
    assert not says_the_same("See amsel.de", "See https://t.co/a1")


def test_handles_in_front_are_xs_own_but_ours_must_be_among_them():
    assert says_the_same("Hello", "@grace @dirk Hello")
    assert says_the_same("@Dirk Hello", "@grace @dirk Hello")
    assert says_the_same("@Dirk Hello", "Hello")
    assert not says_the_same("@dirk Hello", "@grace Hello")
    assert not says_the_same("Hello @dirk", "Hello")


def test_the_link_to_pictures_at_the_end_is_xs_own_and_any_other_is_not():
    pictures = Written(
        "https://t.co/p1", ("https://x.com/AmselnetzHilfe/status/12/photo/1", "pic.x.com/p1")
    )
    assert says_the_same("Look here ^an", "Look here ^an https://t.co/p1", [pictures])
    assert not says_the_same(
        "Look here ^an",
        "Look here ^an https://t.co/q1",
        [Written("https://t.co/q1", ("https://amsel.de",))],
    )


def test_entities_are_unescaped_once_and_not_twice():
    assert equal("a &amp; b < c", shown("a &amp; b < c"))
    assert not equal("a & b < c", shown("a &amp; b < c"))
