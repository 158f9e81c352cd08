"""The same asked twice, by a double click, a client that tries again, or four at once.

One effect, one event, the same answer.
"""

import json

import pytest
from django.db import transaction
from django.urls import reverse

from approvals.drafts import drafting, repeated_replies
from approvals.escalation import escalation
from approvals.models import Draft, Review, Revision, SavedReply, Void
from approvals.reviews import decisions, taking_back
from approvals.states import DraftStatus
from core.errors import DeskError
from core.models import Event
from people.identity.tokens import issue
from people.models import ApiToken
from tests import factories
from tests.approvals.test_attachments import brought
from tests.approvals.test_findings import REFUND, published
from tests.approvals.test_four_eyes import guard_refuses, screen
from tests.approvals.test_payload import insert
from tests.approvals.test_races import at_once
from tests.approvals.test_saved_replies import kept
from tickets import incidents, lifecycle
from tickets.conversations import notes
from tickets.merging import merging
from tickets.models import CustomerNote, Incident, Note, Ticket

WORDS = "Hi Grace, unplug it for 30 seconds."


def again(revision, by, text=WORDS, context_version=1, **more):
    """The same request once more."""
    return drafting.submit(
        Draft.objects.get(pk=revision.draft_id),
        text=text,
        context_version=context_version,
        by=by,
        **more,
    )


@pytest.mark.campaign
def test_four_submits_of_one_text_at_once_make_one_revision(open_desk):
    ticket = factories.a_ticket(open_desk)
    draft = drafting.open_draft(ticket, by=open_desk.aylin)
    aylin = open_desk.aylin
    found = at_once(
        *(
            lambda: drafting.submit(draft, text=WORDS, context_version=1, by=aylin)
            for _click in range(4)
        )
    )
    assert {getattr(one, "pk", one) for one in found} == {Revision.objects.get().pk}
    assert Event.objects.filter(name="draft.submitted").count() == 1


@pytest.mark.campaign
def test_four_submits_of_a_text_with_pictures_make_one_revision(open_desk):
    draft = drafting.open_draft(factories.a_ticket(open_desk), by=open_desk.aylin)
    one = brought(draft, open_desk.aylin)
    aylin = open_desk.aylin
    at_once(
        *(
            lambda: drafting.submit(
                draft, text=WORDS, context_version=1, by=aylin, alts={one.pk: "A lamp."}
            )
            for _click in range(4)
        )
    )
    assert Revision.objects.get().attachments[0]["alt"] == "A lamp."


@pytest.mark.campaign
def test_the_same_text_by_its_writer_leaves_the_approval_standing(desk, client):
    revision = factories.submitted(desk)
    factories.approved(desk, revision)
    events = Event.objects.count()
    assert again(revision, desk.aylin) == revision
    key = {"Authorization": f"Token {issue(desk.aylin, name='mine')}"}
    answer = client.post(
        f"/api/v1/drafts/{revision.draft_id}/submit/",
        {"text": f"{WORDS} ^AN ", "context_version": 1},
        content_type="application/json",
        headers=key,
    )
    assert answer.status_code == 200
    assert [one["sha256"] for one in answer.json()["revisions"]] == [revision.sha256]
    client.force_login(desk.aylin)
    page = client.post(
        reverse("draft-submit", args=[revision.draft.ticket.number]),
        {"text": WORDS, "context_version": 1},
    )
    assert page.status_code == 302
    assert not Void.objects.exists()
    assert Draft.objects.get().status == DraftStatus.APPROVED
    assert (
        Event.objects.exclude(name__startswith="token").exclude(name__startswith="person").count()
        == events
    )


@pytest.mark.campaign
def test_an_approval_between_parallel_submits_is_not_void(open_desk):
    for _round in range(3):
        revision = factories.submitted(
            open_desk, factories.a_ticket(open_desk, f"@AmselnetzHilfe round {_round}")
        )
        aylin, rita = open_desk.aylin, open_desk.rita
        at_once(
            lambda r=revision: decisions.approve(r, sha256=r.sha256, context_version=1, by=rita),
            *(lambda r=revision: again(r, aylin) for _click in range(3)),
        )
        assert Draft.objects.get(pk=revision.draft_id).status == DraftStatus.APPROVED
    assert not Void.objects.exists()


@pytest.mark.campaign
def test_what_differs_is_a_new_revision(desk):
    revision = factories.submitted(desk)
    assert again(revision, desk.aylin, text="Hi Grace, unplug it.").number == 2
    draft = revision.draft
    brought(draft, desk.aylin)
    assert again(revision, desk.aylin, text="Hi Grace, unplug it.").number == 3
    [one] = draft.attachments.all()
    assert (
        again(
            revision, desk.aylin, text="Hi Grace, unplug it.", alts={one.pk: "Another lamp."}
        ).number
        == 4
    )
    assert (
        again(
            revision, desk.aylin, text="Hi Grace, unplug it.", alts={one.pk: "Another lamp."}
        ).number
        == 4
    )


def test_on_a_moved_context_version_the_same_text_is_a_new_revision(desk):
    revision = factories.submitted(desk)
    factories.approved(desk, revision)
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe and now?", conversation=revision.draft.ticket.conversation_id
        ),
    )
    assert again(revision, desk.aylin, context_version=2).number == 2
    assert Void.objects.get().reason == "text_changed"


def test_after_changes_were_requested_one_key_submits_the_same_text_again(desk):
    revision = factories.submitted(desk)
    decisions.request_changes(revision, **screen(revision, desk.rita), comment="Why 30?")
    new = again(revision, desk.aylin)
    assert new.number == 2
    assert new.sha256 == revision.sha256
    assert again(revision, desk.aylin) == new


def test_after_a_correction_the_authors_old_text_is_a_new_revision(desk):
    revision = factories.submitted(desk)
    decisions.correct(revision, text="Hi Grace, unplug it once.", **screen(revision, desk.rita))
    assert again(revision, desk.aylin).number == 3


@pytest.mark.campaign
def test_a_text_that_needs_the_lead_is_escalated_once(open_desk):
    published(open_desk)
    draft = drafting.open_draft(factories.a_ticket(open_desk), by=open_desk.aylin)
    aylin = open_desk.aylin
    at_once(
        *(
            lambda: drafting.submit(draft, text=REFUND, context_version=1, by=aylin)
            for _click in range(4)
        )
    )
    assert Revision.objects.count() == 1
    assert Ticket.objects.get().escalations.count() == 1


@pytest.mark.campaign
def test_two_equal_corrections_at_once_are_one(open_desk):
    revision = factories.submitted(open_desk)
    rita = open_desk.rita
    seen = {"sha256": revision.sha256, "context_version": 1}
    found = at_once(
        *(
            lambda: decisions.correct(revision, text="Hi Grace, unplug it once.", by=rita, **seen)
            for _click in range(3)
        )
    )
    assert {getattr(one, "number", one) for one in found} == {2}
    assert Revision.objects.count() == 2


def test_the_database_takes_the_same_text_once(desk):
    revision = factories.submitted(desk)
    guard_refuses(
        lambda: insert(revision, revision.payload, context_version=1), "approvals_revision_stamp"
    )
    factories.approved(desk, revision)
    guard_refuses(
        lambda: insert(revision, revision.payload, context_version=1), "approvals_revision_stamp"
    )
    with transaction.atomic():
        insert(revision, revision.payload, context_version=2)
        transaction.set_rollback(True)
    taking_back.revoke(revision.draft, by=desk.rita)
    guard_refuses(
        lambda: insert(revision, revision.payload, context_version=1), "approvals_revision_stamp"
    )
    decisions.request_changes(revision, **screen(revision, desk.rita), comment="Shorter.")
    insert(revision, revision.payload, context_version=1)


def test_a_client_that_tries_again_after_the_post_hears_of_the_same_revision(desk):
    revision = factories.submitted(desk)
    draft = factories.approved(desk, revision)
    draft.status = DraftStatus.POSTED
    assert repeated_replies.already_posted(draft, WORDS, by=desk.aylin) == revision
    assert repeated_replies.already_posted(draft, "Other words.", by=desk.aylin) is None
    assert repeated_replies.already_posted(draft, WORDS, by=desk.bastian) is None


def in_review(desk):
    """(draft, what names the newest text)."""
    revision = factories.submitted(desk)
    return revision.draft, {"sha256": revision.sha256, "context_version": 1}


def of_ticket(verb, who="aylin", **body):
    """A case on a new ticket."""
    return lambda desk: (who, f"/api/v1/tickets/{factories.a_ticket(desk).number}/{verb}/", body)


def of_draft(verb, who, **body):
    """A case on a draft in review."""

    def made(desk):
        draft, seen = in_review(desk)
        return (
            who,
            f"/api/v1/drafts/{draft.pk}/{verb}/",
            seen | body if body.pop("seen", True) else body,
        )

    return made


def bare(verb, who, prepare=lambda desk, draft: None):
    """A case on a draft, without a body."""

    def made(desk):
        draft, _seen = in_review(desk)
        prepare(desk, draft)
        return who, f"/api/v1/drafts/{draft.pk}/{verb}/", {}

    return made


def resolved(desk):
    """A resolved ticket's number."""
    ticket = factories.a_ticket(desk)
    lifecycle.resolve(ticket, reason="thanks", by=desk.aylin)
    return ticket.number


def taken(desk):
    """The number of a ticket that Aylin took."""
    return lifecycle.take(factories.a_ticket(desk), by=desk.aylin).number


def merged(desk):
    """The number of a ticket that Aylin merged into another one."""
    ticket = factories.a_ticket(desk)
    merging.merge(ticket, into=factories.a_ticket(desk), by=desk.aylin)
    return ticket.number


def escalated(desk):
    """An escalated ticket's number."""
    draft, _seen = in_review(desk)
    escalation.escalate(draft.ticket, reason="Hard.", by=desk.aylin)
    return draft.ticket.number


# Every verb of the API: what it is called with, and that the second call answers as the first and
# leaves no further event.
TWICE = {
    "api-ticket-take": of_ticket("take"),
    "api-ticket-assign": lambda desk: (
        "aylin",
        f"/api/v1/tickets/{factories.a_ticket(desk).number}/assign/",
        {"person": desk.bastian.person_id},
    ),
    "api-ticket-hand-off": lambda desk: (
        "aylin",
        f"/api/v1/tickets/{factories.a_ticket(desk).number}/hand-off/",
        {"department": desk.business.pk, "note": "Yours."},
    ),
    "api-ticket-snooze": lambda desk: (
        "aylin",
        f"/api/v1/tickets/{factories.a_ticket(desk).number}/snooze/",
        {"until": factories.ago(hours=-3).isoformat()},
    ),
    "api-ticket-resolve": of_ticket("resolve", reason="thanks"),
    "api-ticket-reopen": lambda desk: ("aylin", f"/api/v1/tickets/{resolved(desk)}/reopen/", {}),
    "api-ticket-tags": of_ticket("tags", tags=["router", "outage"]),
    "api-ticket-priority": of_ticket("priority", priority="high"),
    "api-ticket-notes": of_ticket("notes", text="She called, too. @bastian"),
    "api-ticket-undo": lambda desk: ("aylin", f"/api/v1/tickets/{taken(desk)}/undo/", {}),
    "api-ticket-merge": lambda desk: (
        "aylin",
        f"/api/v1/tickets/{factories.a_ticket(desk).number}/merge/",
        {"into": factories.a_ticket(desk).number},
    ),
    "api-ticket-unmerge": lambda desk: (
        "aylin",
        f"/api/v1/tickets/{merged(desk)}/unmerge/",
        {},
    ),
    "api-ticket-escalate": of_ticket("escalate", reason="Hard."),
    "api-ticket-hand-back": lambda desk: (
        "lena",
        f"/api/v1/tickets/{escalated(desk)}/hand-back/",
        {"reason": "Easy after all."},
    ),
    "api-ticket-drafts": of_ticket("drafts", text="Hello."),
    "api-draft-submit": lambda desk: (
        "aylin",
        f"/api/v1/drafts/{in_review(desk)[0].pk}/submit/",
        {"text": "Hello again.", "context_version": 1},
    ),
    "api-draft-withdraw": bare("withdraw", "aylin"),
    "api-draft-claim": bare("claim", "rita"),
    "api-draft-release": bare(
        "release", "rita", lambda desk, draft: decisions.claim(draft, by=desk.rita)
    ),
    "api-draft-take-back-changes": bare(
        "take-back-changes",
        "rita",
        lambda desk, draft: decisions.request_changes(
            draft.newest, **screen(draft.newest, desk.rita), comment="Shorter."
        ),
    ),
    "api-draft-revoke": bare(
        "revoke", "rita", lambda desk, draft: factories.approved(desk, draft.newest)
    ),
    "api-draft-take-over": bare(
        "take-over",
        "bastian",
        lambda desk, draft: decisions.request_changes(
            draft.newest, **screen(draft.newest, desk.rita), comment="No."
        ),
    ),
    "api-draft-approve": of_draft("approve", "rita"),
    "api-draft-countersign": of_draft("countersign", "rita"),
    "api-draft-request-changes": of_draft("request-changes", "rita", comment="Shorter."),
    "api-draft-reject": of_draft("reject", "rita", comment="No."),
    "api-draft-correct": of_draft("correct", "rita", text="Hi Grace, unplug it once."),
    "api-account-pause": lambda desk: (
        "lena",
        f"/api/v1/accounts/{desk.account.pk}/pause/",
        {"reason": "Storm."},
    ),
}


@pytest.mark.parametrize("name", TWICE)
def test_a_verb_of_the_api_sent_twice_is_done_once_and_answers_alike(desk, client, name):
    who, address, body = TWICE[name](desk)
    key = {"Authorization": f"Token {issue(getattr(desk, who), name='mine')}"}
    first = client.post(address, json.dumps(body), content_type="application/json", headers=key)
    assert first.status_code in {200, 201}, (address, first.content)
    before = Event.objects.count()
    second = client.post(address, json.dumps(body), content_type="application/json", headers=key)
    assert second.status_code == first.status_code, second.content
    assert Event.objects.count() == before
    without = {"updated_at", "at"}
    assert {k: v for k, v in second.json().items() if k not in without} == {
        k: v for k, v in first.json().items() if k not in without
    }


def test_the_same_note_is_left_once_and_another_day_once_more(desk, ahead):
    ticket = factories.a_ticket(desk)
    assert notes.add_note(ticket, text="Called.", by=desk.aylin) == notes.add_note(
        ticket, text=" Called. ", by=desk.aylin
    )
    notes.add_note(ticket, text="Called.", by=desk.bastian)
    notes.add_note(ticket, text="Called.", by=desk.aylin)
    ahead("11 minutes")
    notes.add_note(ticket, text="Called.", by=desk.aylin)
    assert Note.objects.count() == 4


@pytest.mark.campaign
def test_four_notes_at_once_are_one(open_desk):
    ticket = factories.a_ticket(open_desk)
    aylin = open_desk.aylin
    at_once(
        *(lambda: notes.add_note(ticket, text="Called.", by=aylin) for _click in range(4)),
        *(
            lambda: notes.add_person_note(
                ticket.customer, text="Friendly.", ticket=ticket, by=aylin
            )
            for _click in range(4)
        ),
    )
    assert (Note.objects.count(), CustomerNote.objects.count()) == (1, 1)


def test_an_incident_and_a_saved_reply_are_made_once(desk):
    first = incidents.open_incident(name="Storm in Kiel", department=desk.service, by=desk.aylin)
    assert (
        incidents.open_incident(name="Storm in  Kiel", department=desk.service, by=desk.bastian)
        == first
    )
    assert kept(desk) == kept(desk)
    assert (Incident.objects.count(), SavedReply.objects.count()) == (1, 1)
    incidents.end_incident(first, by=desk.aylin)
    assert (
        incidents.open_incident(name="Storm in Kiel", department=desk.service, by=desk.aylin)
        != first
    )


def test_who_asks_for_something_else_than_before_is_still_refused(desk):
    revision = factories.submitted(desk)
    decisions.reject(revision, **screen(revision, desk.rita), comment="No.")
    with pytest.raises(DeskError):
        decisions.reject(revision, **screen(revision, desk.rita), comment="Another reason.")
    with pytest.raises(DeskError):
        decisions.reject(revision, **screen(revision, desk.tomasz), comment="No.")
    assert Review.objects.count() == 1
    assert ApiToken.objects.count() == 0
