"""What happens between approval and sending makes the approval void.

Nothing is posted, both people read why.
"""

import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import get_resolver, reverse

from approvals.drafts import drafting
from approvals.escalation import escalation
from approvals.models import Draft, Revision, Void
from approvals.reviews import taking_back, void_messages, voiding
from approvals.states import DraftStatus
from core.database.guards import DeskNow
from core.models import Event
from people.memberships import memberships
from people.roles import Role
from posting.models import Delivery
from posting.sending import delivery
from posting.states import DeliveryStatus
from tests import factories
from tickets import lifecycle
from tickets.ingestion import polling, refresh
from tickets.models import Feed, Ticket
from tickets.states import MentionState, TicketStatus

BACK = {"in_review": TicketStatus.IN_APPROVAL, "changes_requested": TicketStatus.OPEN}


def wrote_again(desk, draft):
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe wait, one more thing", conversation=draft.ticket.conversation_id
        ),
    )


def edited(desk, draft):
    mention = draft.target
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe it blinks red",
            key=mention.external_id,
            id=mention.position + 5,
            version_ids=(mention.position, mention.position + 5),
            conversation=draft.ticket.conversation_id,
        ),
    )


def author_edits(desk, draft):
    drafting.submit(
        draft, text="Another text.", context_version=draft.ticket.context_version, by=desk.aylin
    )


CASES = {
    "customer_wrote": (wrote_again, "changes_requested", "wrote again"),
    "customer_edited": (edited, "changes_requested", "edited the post"),
    "target_deleted": (
        lambda desk, draft: refresh.note_gone(draft.target, MentionState.DELETED),
        "changes_requested",
        "deleted the post",
    ),
    "target_hidden": (
        lambda desk, draft: refresh.note_gone(draft.target, MentionState.HIDDEN),
        "changes_requested",
        "protected the account",
    ),
    "right_lost": (
        lambda desk, draft: memberships.deactivate(desk.rita.person),
        "in_review",
        "no longer had the right",
    ),
    "escalated": (
        lambda desk, draft: escalation.escalate(draft.ticket, reason="Difficult.", by=desk.bastian),
        "changes_requested",
        "escalated the ticket",
    ),
    "revoked": (
        lambda desk, draft: taking_back.revoke(draft, by=desk.rita),
        "in_review",
        "revoked the approval",
    ),
    "text_changed": (author_edits, "in_review", "changed the text"),
    "handed_over": (
        lambda desk, draft: lifecycle.hand_off(
            draft.ticket, to=desk.business, note="", by=desk.aylin
        ),
        "changes_requested",
        "handed over",
    ),
}


@pytest.mark.campaign
@pytest.mark.parametrize("reason", CASES)
def test_it_is_void_and_nothing_is_posted(desk, x, reason):
    act, back, words = CASES[reason]
    before = len(x.posted_by_desk())
    draft = factories.approved(desk)
    act(desk, draft)
    voiding.void_all()
    delivery.send_due()
    fresh = Draft.objects.get(pk=draft.pk)
    assert fresh.status == back
    assert Ticket.objects.get(pk=draft.ticket_id).status == BACK[back]
    void = Void.objects.get()
    assert void.reason == reason
    assert words in void_messages.for_author(void)
    assert len(x.posted_by_desk()) == before
    if reason not in {"revoked", "text_changed"}:
        event = Event.objects.get(name="approval.void")
        assert {event.data["writer"], event.data["endorser"]} == {
            desk.aylin.person_id,
            desk.rita.person_id,
        }


def test_an_approval_older_than_a_day_is_void_and_the_text_back_in_review(desk, x, ahead):
    draft = factories.approved(desk)
    ahead("24 hours 1 minute")
    voiding.void_all()
    assert Void.objects.get().reason == "expired"
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.IN_REVIEW
    factories.approved(desk, draft.newest)
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.APPROVED


def test_a_role_given_back_does_not_revive_the_approval(desk, x):
    draft = factories.approved(desk)
    membership = desk.rita.person.membership_set.get()
    memberships.end_role(membership)
    voiding.void_all()
    memberships.give_role(desk.rita.person, role=Role.REVIEWER, department=desk.service)
    delivery.send_due()
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.IN_REVIEW


@pytest.mark.campaign
def test_both_read_why_on_their_screens(desk, client):
    draft = factories.approved(desk)
    wrote_again(desk, draft)
    voiding.void_all()
    client.force_login(desk.aylin)
    page = client.get(f"/tickets/{draft.ticket.number}/").content.decode()
    assert "Approval void" in page
    assert "wrote again today at" in page
    client.force_login(desk.rita)
    page = client.get("/review/?tab=decided").content.decode()
    assert "Approval void" in page
    assert "There is nothing for you to do." in page


@pytest.mark.campaign
def test_the_look_before_sending_finds_what_the_feed_has_not_told_yet(desk, x):
    shown = x.says("grace_adeyemi", "@AmselnetzHilfe look before sending")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    ticket = Ticket.objects.get(conversation_id=shown["id"])
    draft = factories.approved(desk, factories.submitted(desk, ticket))
    x.control("deletions", id=shown["id"])
    before = len(x.posted_by_desk())
    delivery.send_due()
    assert len(x.posted_by_desk()) == before
    assert Void.objects.get().reason == "target_deleted"
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.CHANGES_REQUESTED


@pytest.mark.campaign
def test_a_reply_by_hand_on_x_stops_ours(desk, x):
    shown = x.says("grace_adeyemi", "@AmselnetzHilfe somebody answers by hand")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    ticket = Ticket.objects.get(conversation_id=shown["id"])
    factories.approved(desk, factories.submitted(desk, ticket))
    x.control("posts", username="AmselnetzHilfe", text="I am on it!", reply_to=shown["id"])
    delivery.send_due()
    assert Void.objects.get().reason == "answered_on_x"
    assert not [
        one
        for one in x.posted_by_desk()
        if "unplug it" in one["text"] and one["reply_to"] == shown["id"]
    ]


def test_the_same_transaction_cannot_hide_a_later_context_version(desk):
    draft = factories.approved(desk)
    with transaction.atomic():
        wrote_again(desk, draft)
        assert voiding.pair_fault(draft.newest) == "context_changed"


def moves_away(desk, draft):
    [role] = desk.rita.memberships
    memberships.end_role(role, by=desk.max)
    memberships.give_role(
        desk.rita.person, role=Role.REVIEWER, department=desk.business, by=desk.max
    )


ENDS = {
    "the reviewer's role ends": lambda desk, draft: memberships.end_role(
        desk.rita.memberships[0], by=desk.max
    ),
    "the reviewer moves to another department": moves_away,
    "the writer is switched off": lambda desk, draft: memberships.deactivate(
        desk.aylin.person, by=desk.max
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_right_that_ends_between_approval_and_sending_stops_the_reply(desk, x, end):
    before = len(x.posted_by_desk())
    draft = factories.approved(desk)
    ENDS[end](desk, draft)
    voiding.void_all()
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.IN_REVIEW
    delivery.send_due()
    assert len(x.posted_by_desk()) == before


def test_a_superseded_text_does_not_leave_by_sql(desk):
    """The approval of the older text still stands.

    The newest one is derived, so nobody can point back at the older one.
    """
    draft = factories.approved(desk)
    old = draft.newest
    Revision.objects.create(
        draft=draft,
        payload=old.payload.replace("unplug", "burn"),
        user=old.user,
        person=old.person,
        membership=old.membership,
        context_version=old.context_version,
    )
    with pytest.raises(DatabaseError, match="pair"), transaction.atomic():
        made = Delivery.objects.create(
            revision=old,
            sha256=old.sha256,
            account=draft.ticket.account,
            target_id=draft.target.external_id,
        )
        Delivery.objects.filter(pk=made.pk).update(
            status=DeliveryStatus.IN_FLIGHT, claimed_at=DeskNow(), leased_until=DeskNow()
        )


def test_nothing_approves_several_at_once(desk, client):
    """No list and no address takes more than one decision.

    The lists only lead to the page with the whole text.
    """
    drafts = [
        factories.submitted(desk, one).draft
        for one in factories.arrive(desk, factories.post(), factories.post())
    ]
    client.force_login(desk.rita)
    page = client.get(reverse("queue")).content.decode()
    assert all(reverse("review", args=[one.pk]) in page for one in drafts)
    assert "approve" not in page.split("<main")[1]
    assert not re.search(r'type="checkbox"', page.split("<main")[1])
    decisions = [
        name for name in get_resolver().reverse_dict if isinstance(name, str) and "approve" in name
    ]
    assert decisions == ["api-draft-approve"]
    assert reverse("api-draft-approve", args=[1]).count("/1/") == 1
