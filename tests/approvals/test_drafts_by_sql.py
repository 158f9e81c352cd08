"""Ask the database about each move of a draft and the end of an approval.

What it says to each, and for whom all of it waits.
"""

import itertools

import pytest
from django.utils import timezone

from approvals.states import DRAFT_MOVES, DraftStatus
from tests.approvals.stories import NEWER, SAID, copied, off, review, second, sent, void

pytestmark = [pytest.mark.campaign, pytest.mark.table]

MOVES = "approvals_draft_moves: "
AUTHOR = "approvals_draft_author: what was submitted keeps its author"
END = (
    "INSERT INTO approvals_void (review_id, reason, detail, at) "
    f"VALUES ({SAID}, 'revoked', '', '2001-01-01')"
)
EARLIER_GONE = "DELETE FROM approvals_review WHERE id = 8001"
NEW_DRAFT = """INSERT INTO approvals_draft (ticket_id, target_id, status, text, saved,
               writer_id, is_follow_up)
               SELECT ticket_id, target_id, '{}', '', 0, writer_id, false
               FROM approvals_draft
               WHERE id = {{draft}}"""


def state(status, draft="{draft}"):
    """The statement that puts a draft into this state."""
    return f"UPDATE approvals_draft SET status = '{status}' WHERE id = {draft}"


def test_a_draft_moves_only_as_the_table_says(story):
    found = {
        (was, to): story.says(state(to), state(was))
        for was, to in itertools.permutations(DraftStatus.values, 2)
    }
    refused = {move for move, said in found.items() if said == MOVES + "no such move"}
    assert refused == {(was, to) for was, to in found if to not in DRAFT_MOVES[was]}


def moves(approved):
    """List the moves: the changes, the state before and after, what the guard says."""
    cases = {
        "submitted": ([], "changes_requested", "in_review", ""),
        "submitted without a text": ([], "writing", "in_review", "nothing was submitted"),
        "withdrawn without a text": ([], "writing", "withdrawn", ""),
        "withdrawn": ([], "in_review", "withdrawn", ""),
        "given back, though approved": ([approved], "in_review", "changes_requested", ""),
        "approved": ([approved], "in_review", "approved", ""),
        "approved by nobody": ([], "in_review", "approved", "no valid pair"),
        "back, its approval standing": (
            [approved],
            "approved",
            "in_review",
            "its approval still stands",
        ),
        "back, its approval void": ([approved, void()], "approved", "in_review", ""),
        "back, never approved": ([], "approved", "withdrawn", ""),
        "back, rejected": ([review(decision="reject")], "approved", "changes_requested", ""),
        "posted": ([approved, sent("posted")], "approved", "posted", ""),
        "posted by nobody": ([approved], "approved", "posted", "nothing was posted"),
        "posted perhaps": (
            [approved, sent("uncertain")],
            "approved",
            "posted",
            "nothing was posted",
        ),
        "posted earlier words": (
            [approved, sent("posted", words="{first}")],
            "approved",
            "posted",
            "nothing was posted",
        ),
        "rejected": ([review(decision="reject")], "in_review", "rejected", ""),
        "rejected by nobody": ([], "in_review", "rejected", "nobody rejected it"),
        "rejected, though approved": ([approved], "in_review", "rejected", "nobody rejected it"),
    }
    return cases


def test_a_move_needs_what_it_says(story):
    """(the changes, the state before, the state after, what the guard says)."""
    approved = review()
    cases = moves(approved)
    found = {
        what: story.says(state(to, draft), "; ".join([EARLIER_GONE, *changes, state(was, draft)]))
        for what, (changes, was, to, _sentence) in cases.items()
        for draft in ["{empty}" if what.endswith("without a text") else "{draft}"]
    }
    assert found == {
        what: sentence and MOVES + sentence for what, (*_case, sentence) in cases.items()
    }


def test_a_draft_begins_in_writing_stays_with_its_ticket_and_is_never_deleted(story):
    gone = state("withdrawn")
    assert story.says(NEW_DRAFT.format("writing"), gone) == ""
    for status in ("withdrawn", "approved", "posted"):
        assert story.says(NEW_DRAFT.format(status), gone) == MOVES + "a draft begins in writing"
    assert (
        story.says("UPDATE approvals_draft SET ticket_id = {other_ticket} WHERE id = {draft}")
        == MOVES + "a draft stays with its ticket"
    )
    assert (
        story.says("DELETE FROM approvals_draft WHERE id = {empty}")
        == MOVES + "drafts are never deleted"
    )
    assert (
        story.gives("UPDATE approvals_draft SET text = 'x' WHERE id = {draft} RETURNING text")
        == "x"
    )


def test_a_draft_keeps_its_author_while_somebody_else_decides(story):
    change, same = (
        f"UPDATE approvals_draft SET writer_id = {{{who}.user}} WHERE id = {{draft}}"
        for who in ("bastian", "aylin")
    )
    found = {status: story.says(change, state(status)) for status in DraftStatus.values}
    assert {status for status, said in found.items() if not said} == {
        "writing",
        "changes_requested",
    }
    assert set(found.values()) == {"", AUTHOR}
    assert story.says(same) == ""


def test_an_approval_ends_while_nothing_is_on_its_way(story):
    found = {
        status: story.says(END, f"{review()}; {sent(status)}")
        for status in ("due", "void", "refused", "in_flight", "uncertain", "for_a_person", "posted")
    }
    assert {status for status, said in found.items() if not said} == {"due", "void", "refused"}
    assert set(found.values()) == {"", "approvals_void_lock: too late: on its way or posted"}
    assert story.says(END, review()) == ""
    assert (
        abs((timezone.now() - story.gives(f"{END} RETURNING at", review())).total_seconds()) < 600
    )


TAKEN_BACK = (
    "approvals_void_lock: only who requested changes takes that back, while nothing came of it"
)


def test_a_decision_against_a_text_is_ended_by_its_own_person_alone(story):
    """(who decided what, the draft's state, the void, what the guard says)."""
    asked = review(decision="request_changes")
    back = "INSERT INTO approvals_void (review_id, reason, detail, by_id) VALUES ({}, '{}', '', {})"
    own = back.format(SAID, "revoked", "{rita.user}")
    returned = state("changes_requested")
    cases = {
        "taken back": (asked, returned, own, ""),
        "by another sign-in of theirs": (
            f"{asked}; {second('rita')}",
            returned,
            own.replace("{rita.user}", "9001"),
            "",
        ),
        "by a colleague": (asked, returned, own.replace("rita", "lena"), TAKEN_BACK),
        "by the author": (asked, returned, own.replace("rita", "aylin"), TAKEN_BACK),
        "by nobody": (asked, returned, own.replace("{rita.user}", "NULL"), TAKEN_BACK),
        "by a sign-in that is off": (f"{asked}; {off('rita')}", returned, own, TAKEN_BACK),
        "for another reason": (asked, returned, own.replace("revoked", "expired"), TAKEN_BACK),
        "once it is in review again": (asked, state("in_review"), own, TAKEN_BACK),
        "once it is withdrawn": (asked, state("withdrawn"), own, TAKEN_BACK),
        "after a newer text": (f"{asked}; {copied()}", returned, own, TAKEN_BACK),
        "a rejection": (review(decision="reject"), state("rejected"), own, TAKEN_BACK),
        "a rejection, its draft open": (review(decision="reject"), returned, own, TAKEN_BACK),
    }
    found = {
        what: story.says(statement, f"{decision}; {standing}")
        for what, (decision, standing, statement, _sentence) in cases.items()
    }
    assert found == {what: sentence for what, (*_case, sentence) in cases.items()}


@pytest.fixture
def due(story):
    """The text is approved and due to be posted, and its draft has a picture."""
    story.write(
        "; ".join(
            [
                review(),
                state("approved"),
                sent("due"),
                """INSERT INTO approvals_attachment (id, draft_id, image, kind, width,
                   height, alt, is_attached, user_id)
                   VALUES (7001, {draft}, 'a', 'image/png', 1, 1, '', true, {aylin.user})""",
            ]
        )
    )
    return story


def test_whoever_writes_waits_for_who_holds_the_ticket_the_draft_or_the_role(due):
    """Let each statement wait for its own rows alone.

    So nothing is judged by what stood there before.
    """
    statements = {
        "a text": (copied(place=0, number=9009), ()),
        "a decision": (review("lena", number=NEWER), ("lena",)),
        "an end": (END, ()),
        "a picture's end": ("DELETE FROM approvals_attachment WHERE id = 7001", ()),
    }
    ticket, draft = ("tickets_ticket", "{ticket}"), ("approvals_draft", "{draft}")
    others = (
        ("tickets_ticket", "{other_ticket}"),
        ("approvals_draft", "{other_draft}"),
        ("people_membership", "{tomasz.role}"),
    )
    for what, (statement, roles) in statements.items():
        for row in (ticket, draft, *(("people_membership", f"{{{who}.role}}") for who in roles)):
            assert due.waits(statement, row), f"{what} does not wait for {row}"
        assert not due.waits(statement, *others), what
