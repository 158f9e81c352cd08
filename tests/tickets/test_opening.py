"""A conversation opens at the post that is answered; what stands before it is folded, and counted.

What the customer asked since our last reply is never folded.
"""

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from tickets.conversations import opening
from tickets.conversations.opening import at_target
from tickets.conversations.posts import Fold, InternalNote, Post

MADE = {
    "p": lambda: post("post"),
    "t": lambda: post("third"),
    "o": lambda: post("own"),
    "n": lambda: InternalNote([], "x", "ltr", "Aylin", ""),
    "f": lambda: Fold([], 1, 40, ""),
}


def post(kind: str, *, is_target: bool = False) -> Post:
    """A post with nothing in it."""
    return Post(**{one.name: "" for one in fields(Post)} | {"kind": kind, "is_target": is_target})


def talk(kinds: str, target: int | None = None) -> list:
    """A conversation: p the customer, t third, o ours, n a note, f a fold of 40."""
    made = [MADE[one]() for one in kinds]
    if target is not None:
        made[target] = post("post", is_target=True)
    return made


def test_what_stands_before_the_post_that_is_answered_is_folded_with_its_number():
    entries = talk("t" * 57 + "ptt" + "p" + "t", target=60)
    opened = at_target(entries)
    assert (opened.count, len(opened.earlier), list(opened.shown)) == (57, 57, entries[57:])


def test_folded_posts_within_the_fold_count_too():
    assert at_target(talk("tfttttp", target=6)).count == 42


def test_notes_and_what_the_customer_asked_since_our_reply_stay():
    entries = talk("ptoptnttttp", target=10)
    opened = at_target(entries)
    assert list(opened.shown) == [entries[3], entries[5], *entries[7:]]
    assert opened.count == 5


def test_a_short_conversation_is_shown_whole():
    entries = talk("ptoptp", target=5)
    assert at_target(entries) == opening.Opened([], 0, entries)


def test_without_a_target_it_opens_at_its_end():
    entries = talk("t" * 20)
    assert at_target(entries).count == 20 - 1 - opening.NEAR
    assert at_target([]).shown == []


@given(st.text(alphabet="ptonf", max_size=60), st.data())
def test_nothing_is_lost_or_moved_and_the_post_that_is_answered_is_shown(kinds, data):
    target = data.draw(st.integers(0, len(kinds) - 1)) if kinds else None
    entries = talk(kinds, target)
    opened = at_target(entries)
    place = {id(one): number for number, one in enumerate(entries)}
    for part in (opened.earlier, opened.shown):
        places = [place[id(one)] for one in part]
        assert places == sorted(places)
    assert len(opened.earlier) + len(opened.shown) == len(entries)
    assert not any(one.kind == "note" for one in opened.earlier)
    if target is not None:
        assert entries[target] in opened.shown
