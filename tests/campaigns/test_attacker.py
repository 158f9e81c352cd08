"""The attacker knows when an attack is none.

What a verb did meanwhile may have made it a plain act.
"""

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.models import Draft
from approvals.reviews import decisions
from approvals.states import DraftStatus
from campaigns.attacker import ATTACKS, STILL_AN_ATTACK
from tests import factories

NAME = "the same text again"


def test_the_same_text_is_an_attack_while_it_waits_for_a_review(desk, owner):
    factories.submitted(desk)
    with (
        pytest.raises(DatabaseError, match=NAME),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(ATTACKS[NAME])


@pytest.mark.campaign
@pytest.mark.parametrize(("requested", "attacks"), [(False, 1), (True, 0)])
def test_whether_it_still_is_one_is_asked_under_the_locks(open_desk, owner, requested, attacks):
    """Without the guard the row goes in; it counts only if nothing had made it a new text."""
    revision = factories.submitted(open_desk)
    owner.execute("BEGIN; SET LOCAL session_replication_role = replica")
    try:
        owner.execute(
            ATTACKS[NAME].replace(
                "SELECT r.draft_id, 0,", f"SELECT r.draft_id, {revision.number + 1},"
            )
        )
        if requested:
            owner.execute(
                "UPDATE approvals_draft SET status = 'changes_requested' WHERE id = %s",
                [revision.draft_id],
            )
        owner.execute(STILL_AN_ATTACK[NAME])
        assert owner.fetchone()[0] == attacks
    finally:
        owner.execute("ROLLBACK")


def test_after_changes_were_requested_the_same_text_is_a_new_one(desk):
    revision = factories.submitted(desk)
    decisions.request_changes(
        revision,
        comment="Why?",
        sha256=revision.sha256,
        context_version=revision.draft.ticket.context_version,
        by=desk.rita,
    )
    draft = Draft.objects.get(pk=revision.draft_id)
    assert draft.status == DraftStatus.CHANGES_REQUESTED
    from approvals.drafts import drafting

    again = drafting.submit(
        draft, text=draft.text, context_version=draft.ticket.context_version, by=desk.aylin
    )
    assert (again.pk != revision.pk, again.payload) == (True, revision.payload)
