"""Try to endorse past the four-eyes rule: by verb, API, shell, SQL.

Nobody endorses their own words, nor another text than the one that was read, nor past
the lead.
"""

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.drafts import drafting
from approvals.escalation import escalation
from approvals.models import Draft, Review, Revision
from approvals.reviews import decisions
from approvals.states import DraftStatus
from core.errors import NotAllowed, Stale, refused_by_a_guard
from core.models import Event
from people.identity import provisioning
from people.identity.tokens import issue
from people.memberships import memberships
from people.models import AccessChange
from people.roles import Role
from posting.models import Delivery
from tests import factories
from tickets.models import Ticket
from tickets.states import TicketStatus


def screen(revision, by):
    """What a person read."""
    return {
        "sha256": revision.sha256,
        "context_version": Ticket.objects.get(drafts=revision.draft_id).context_version,
        "by": by,
    }


def insert_review(revision, user, membership=None, **fields):
    """A raw insert as the application's role."""
    row = {
        "revision_id": revision.pk,
        "sha256": revision.sha256,
        "decision": "approve",
        "context_version": Ticket.objects.get(drafts=revision.draft_id).context_version,
        "comment": "",
        "paragraph": "",
        "user_id": user.pk,
        "person_id": user.person_id,
        "channel": "",
        "membership_id": (
            membership or user.person.membership_set.filter(ended_at=None).first()
        ).pk,
        **fields,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO approvals_review ({', '.join(row)}) "
            f"VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def guard_refuses(act, guard):
    """The act is refused by this guard of the database."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        act()
    assert refused_by_a_guard(refused.value)
    assert refused.value.__cause__.diag.constraint_name == guard


def test_the_tests_run_as_the_weak_role(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, session_user, ("
            "SELECT count(*) FROM pg_class "
            "WHERE relowner = current_user::regrole)"
        )
        assert cursor.fetchone() == ("desk_app", "desk_app", 0)


def test_a_colleague_approves_and_the_ticket_is_sending(desk):
    draft = factories.approved(desk)
    assert draft.status == DraftStatus.APPROVED
    assert draft.ticket.status == TicketStatus.SENDING
    assert Event.objects.filter(name="review.approved").count() == 1


def test_author_cannot_approve_own_draft(desk):
    revision = factories.submitted(desk, by=desk.rita)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.rita))
    assert refused.value.code == "own_words"
    assert "second person" in str(refused.value)
    assert not Review.objects.exists()


def test_author_cannot_approve_under_a_second_sign_in(desk):
    second = provisioning.add_sign_in(
        "aylin.springer", person=desk.aylin.person, password="a-long-password", by=desk.aylin
    )
    memberships.give_role(desk.aylin.person, role=Role.REVIEWER, department=desk.service)
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, second))
    assert refused.value.code == "same_person"
    guard_refuses(lambda: insert_review(revision, second), "approvals_review_rule")


@pytest.mark.parametrize("who", ["aylin", "bastian", "nele", "max"])
def test_who_is_not_entitled_cannot_approve_even_by_sql(desk, who):
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed):
        decisions.approve(revision, **screen(revision, getattr(desk, who)))
    guard_refuses(lambda: insert_review(revision, getattr(desk, who)), "approvals_review_rule")
    assert Draft.objects.get(pk=revision.draft_id).status == DraftStatus.IN_REVIEW


@pytest.mark.parametrize("who", ["rita", "tomasz", "lena", "samuel"])
def test_reviewers_leads_and_deputies_may_approve(desk, who):
    revision = factories.submitted(desk)
    assert (
        decisions.approve(revision, **screen(revision, getattr(desk, who))).status
        == DraftStatus.APPROVED
    )


def test_colleagues_approve_each_other_where_the_department_says_so(desk):
    ticket = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz hello", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    revision = factories.submitted(desk, ticket, by=desk.nele)
    assert decisions.approve(revision, **screen(revision, desk.minh)).status == DraftStatus.APPROVED


def test_the_lead_of_the_parent_department_may_approve(desk):
    ticket = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz hello", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    revision = factories.submitted(desk, ticket, by=desk.nele)
    assert decisions.approve(revision, **screen(revision, desk.lena)).status == DraftStatus.APPROVED


def test_an_escalated_draft_needs_the_lead_by_verb_and_by_sql(desk):
    revision = factories.submitted(desk)
    escalation.escalate(revision.draft.ticket, reason="A known satirist.", by=desk.aylin)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.rita))
    assert refused.value.code == "needs_lead"
    assert "Lena Brandt" in str(refused.value)
    guard_refuses(lambda: insert_review(revision, desk.rita), "approvals_review_rule")
    assert (
        decisions.approve(revision, **screen(revision, desk.samuel)).status == DraftStatus.APPROVED
    )


def test_a_lead_who_wrote_the_escalated_reply_does_not_decide(desk):
    revision = factories.submitted(desk, by=desk.lena)
    escalation.escalate(revision.draft.ticket, reason="Difficult.", by=desk.lena)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.lena))
    assert refused.value.code == "lead_wrote"
    assert "Samuel Okafor" in str(refused.value)
    assert (
        decisions.approve(revision, **screen(revision, desk.samuel)).status == DraftStatus.APPROVED
    )


def test_withdrawing_and_writing_anew_does_not_shake_the_escalation_off(desk):
    revision = factories.submitted(desk)
    escalation.escalate(revision.draft.ticket, reason="Difficult.", by=desk.aylin)
    drafting.withdraw(revision.draft, by=desk.aylin)
    again = factories.submitted(desk, revision.draft.ticket, text="Another text altogether.")
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(again, **screen(again, desk.rita))
    assert refused.value.code == "needs_lead"


def test_a_ticket_handed_back_needs_an_ordinary_review_and_shows_for_ever_that_it_was_escalated(
    desk,
):
    revision = factories.submitted(desk)
    ticket = revision.draft.ticket
    escalation.escalate(ticket, reason="Difficult.", by=desk.aylin)
    with pytest.raises(NotAllowed):
        escalation.hand_back(ticket, reason="You can do it.", by=desk.rita)
    escalation.hand_back(ticket, reason="You can do it.", by=desk.lena)
    assert decisions.approve(revision, **screen(revision, desk.rita)).status == DraftStatus.APPROVED
    kept = ticket.escalations.get()
    assert (kept.how, kept.end_reason, kept.ended_by) == (
        "handed_back",
        "You can do it.",
        desk.lena,
    )


@pytest.mark.campaign
def test_words_of_somebody_who_left_are_not_approved_but_given_back_and_taken_over(desk, client):
    revision = factories.submitted(desk)
    memberships.deactivate(desk.aylin.person)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.rita))
    assert refused.value.code == "writer_gone"
    assert "Aylin Nergiz" in str(refused.value)
    client.force_login(desk.rita)
    page = (
        client.get(f"/review/{revision.draft_id}/")
        .content.decode()
        .split("<main")[1]
        .split("</main>")[0]
    )
    assert "no longer at this desk" in page
    assert "Approve and sign" not in page
    assert "Request changes" in page
    decisions.request_changes(revision, **screen(revision, desk.rita), comment="Aylin has left.")
    drafting.take_over(Draft.objects.get(pk=revision.draft_id), by=desk.bastian)
    again = drafting.submit(
        Draft.objects.get(pk=revision.draft_id),
        text="Hi Grace, unplug it for a minute.",
        context_version=1,
        by=desk.bastian,
    )
    assert decisions.approve(again, **screen(again, desk.rita)).status == DraftStatus.APPROVED


@pytest.mark.campaign
def test_a_refusal_by_the_wall_alone_is_a_sentence_too(desk, client, monkeypatch):
    """Should the policies ever miss a case, the guard's refusal must not look like a failure."""
    revision = factories.submitted(desk)
    memberships.deactivate(desk.aylin.person)
    monkeypatch.setattr("approvals.policies.why_writer_is_gone", lambda revision: None)
    body = {"sha256": revision.sha256, "context_version": 1}
    answer = client.post(
        f"/api/v1/drafts/{revision.draft_id}/approve/",
        json.dumps(body),
        content_type="application/json",
        headers={"authorization": f"Token {issue(desk.rita, name='test')}"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "guard")
    client.force_login(desk.rita)
    page = client.post(f"/review/{revision.draft_id}/approve/", body)
    assert page.status_code == 403
    assert "no two people stand behind exactly these words" in page.content.decode()


def test_nobody_shakes_an_escalation_off_by_sql(desk):
    ticket = factories.a_ticket(desk)
    escalation.escalate(ticket, reason="Difficult.", by=desk.aylin)
    for words in (
        {"how": "handed_back", "ended_by": desk.rita, "end_reason": "Easy."},
        {"how": "handed_back", "ended_by": desk.lena},
        {"how": "approved"},
        {"how": ""},
    ):
        guard_refuses(
            lambda words=words: ticket.escalations.update(ended_at=factories.ago(hours=1), **words),
            "tickets_escalation_once",
        )
    assert (
        ticket.escalations.update(
            ended_at=factories.ago(hours=1),
            how="handed_back",
            ended_by=desk.samuel,
            end_reason="Easy.",
        )
        == 1
    )


def test_the_context_version_is_not_turned_back_by_sql(desk):
    revision = factories.approved(desk).newest
    ticket = revision.draft.ticket
    escalation.escalate(ticket, reason="Difficult.", by=desk.aylin)
    for context_version in (1, 4):
        guard_refuses(
            lambda context_version=context_version: Ticket.objects.filter(pk=ticket.pk).update(
                context_version=context_version
            ),
            "tickets_ticket_context_version",
        )


def test_who_corrected_does_not_approve_but_the_author_countersigns(desk):
    revision = factories.submitted(desk)
    corrected = decisions.correct(
        revision, text="Hi Grace, please unplug it for 30 seconds.", **screen(revision, desk.rita)
    )
    assert corrected.text.endswith(" ^an")
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(corrected, **screen(corrected, desk.rita))
    assert refused.value.code == "corrected"
    draft = decisions.approve(corrected, **screen(corrected, desk.aylin))
    assert draft.status == DraftStatus.APPROVED
    assert Event.objects.filter(name="review.countersigned").count() == 1


def test_an_agent_cannot_countersign_what_another_agent_wrote(desk):
    revision = factories.submitted(desk)
    drafting.withdraw(revision.draft, by=desk.aylin)
    mine = factories.submitted(desk, revision.draft.ticket, by=desk.bastian)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(mine, **screen(mine, desk.aylin))
    assert refused.value.code == "no_right"


def test_the_author_may_save_the_old_text_again_and_the_reviewer_approves(desk):
    revision = factories.submitted(desk)
    decisions.correct(revision, text="Something else.", **screen(revision, desk.rita))
    again = drafting.submit(
        revision.draft, text="Hi Grace, unplug it for 30 seconds.", context_version=1, by=desk.aylin
    )
    assert decisions.approve(again, **screen(again, desk.rita)).status == DraftStatus.APPROVED


def test_a_stale_hash_is_a_conflict_and_changes_nothing(desk):
    first = factories.submitted(desk)
    drafting.submit(first.draft, text="A newer text.", context_version=1, by=desk.aylin)
    with pytest.raises(Stale) as refused:
        decisions.approve(first, **screen(first, desk.rita))
    assert refused.value.code == "stale"
    guard_refuses(lambda: insert_review(first, desk.rita), "approvals_review_rule")
    assert not Review.objects.exists()


def test_a_foreign_hash_is_refused_by_verb_and_by_the_composite_key(desk):
    revision = factories.submitted(desk)
    with pytest.raises(Stale) as refused:
        decisions.approve(revision, sha256="0" * 64, context_version=1, by=desk.rita)
    assert refused.value.code == "hash_foreign"
    guard_refuses(
        lambda: insert_review(revision, desk.rita, sha256="0" * 64), "approvals_review_rule"
    )


def test_an_old_context_version_is_a_conflict(desk):
    revision = factories.submitted(desk)
    ticket = revision.draft.ticket
    factories.arrive(
        desk, factories.post("@AmselnetzHilfe one more thing", conversation=ticket.conversation_id)
    )
    with pytest.raises(Stale) as refused:
        decisions.approve(revision, sha256=revision.sha256, context_version=1, by=desk.rita)
    assert refused.value.code == "context_changed"
    guard_refuses(
        lambda: insert_review(revision, desk.rita, context_version=1), "approvals_review_rule"
    )


def test_two_whose_access_was_changed_lately_form_no_pair(desk):
    AccessChange.objects.create(setter=desk.rita.person, subject=desk.aylin.person, kind="password")
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.rita))
    assert refused.value.code == "access_changed"
    guard_refuses(lambda: insert_review(revision, desk.rita), "approvals_review_rule")
    assert (
        decisions.approve(revision, **screen(revision, desk.tomasz)).status == DraftStatus.APPROVED
    )


def test_an_approval_twice_by_one_person_is_one_approval(desk):
    revision = factories.submitted(desk)
    decisions.approve(revision, **screen(revision, desk.rita))
    decisions.approve(revision, **screen(revision, desk.rita))
    assert Review.objects.count() == 1
    with pytest.raises(Stale) as refused:
        decisions.approve(revision, **screen(revision, desk.lena))
    assert refused.value.code == "decided_already"


def test_a_status_is_not_set_past_the_rule(desk):
    revision = factories.submitted(desk)
    guard_refuses(
        lambda: Draft.objects.filter(pk=revision.draft_id).update(status="approved"),
        "approvals_draft_moves",
    )
    guard_refuses(
        lambda: Draft.objects.filter(pk=revision.draft_id).update(status="posted"),
        "approvals_draft_moves",
    )
    factories.approved(desk, revision)
    guard_refuses(
        lambda: Draft.objects.filter(pk=revision.draft_id).update(status="posted"),
        "approvals_draft_moves",
    )


def test_no_delivery_leaves_without_a_pair(desk):
    revision = factories.submitted(desk)
    delivery = Delivery.objects.create(
        revision=revision,
        sha256=revision.sha256,
        account=desk.account,
        target_id=revision.content["target"],
    )
    guard_refuses(
        lambda: Delivery.objects.filter(pk=delivery.pk).update(
            status="in_flight", leased_until=factories.ago(hours=-1)
        ),
        "posting_delivery_rule",
    )


@pytest.mark.parametrize(
    "table",
    [
        "approvals_revision",
        "approvals_review",
        "approvals_void",
        "posting_attempt",
        "posting_result",
        "core_event",
        "tickets_contextchange",
        "people_accesschange",
        "approvals_guidelineversion",
        "tickets_note",
        "tickets_handoff",
        "tickets_outcome",
        "satisfaction_outcomecheck",
    ],
)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_facts_are_not_changed_by_the_application(db, table, act):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


@pytest.mark.campaign
def test_facts_are_not_changed_by_the_owner_either(open_desk, owner):
    factories.submitted(open_desk)
    with pytest.raises(Exception, match="facts are never changed"):
        owner.execute("UPDATE approvals_revision SET payload = 'x'")


def test_the_hash_is_the_databases_own_and_equal_to_pythons(desk):
    revision = factories.submitted(desk, text="Grüße \\ ‚so‘ 🤺 \" '")
    assert revision.sha256 == hashlib.sha256(revision.payload.encode()).hexdigest()
    assert json.loads(revision.payload)["text"].endswith("^an")


def test_api_refuses_own_words_with_a_code_and_a_sentence(desk, client):
    key = issue(desk.rita, name="test")
    revision = factories.submitted(desk, by=desk.rita)
    answer = client.post(
        f"/api/v1/drafts/{revision.draft_id}/approve/",
        json.dumps({"sha256": revision.sha256, "context_version": 1}),
        content_type="application/json",
        headers={"authorization": f"Token {key}"},
    )
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "own_words"


def test_the_admin_site_offers_no_way_to_write_a_decision(desk, client):
    client.force_login(desk.max)
    assert client.get("/admin/").status_code == 200
    for path in ("approvals/review/add/", "approvals/draft/add/", "posting/delivery/add/"):
        assert client.get(f"/admin/{path}").status_code in {403, 404}


@pytest.mark.campaign
def test_a_browser_page_offers_no_approval_of_own_words(desk, client):
    revision = factories.submitted(desk, by=desk.rita)
    client.force_login(desk.rita)
    page = client.get(f"/review/{revision.draft_id}/").content.decode()
    assert "second person has to approve it" in page
    assert "/approve/" not in page
    answer = client.post(
        f"/review/{revision.draft_id}/approve/", {"sha256": revision.sha256, "context_version": 1}
    )
    assert answer.status_code == 403
    assert not Review.objects.exists()


def test_approving_by_get_is_not_possible(desk, client):
    revision = factories.submitted(desk)
    client.force_login(desk.rita)
    assert client.get(f"/review/{revision.draft_id}/approve/").status_code == 405
    assert Revision.objects.get(pk=revision.pk).draft.status == DraftStatus.IN_REVIEW


@pytest.mark.campaign
def test_an_escalated_draft_without_the_lead_is_refused_by_api_and_browser_too(desk, client):
    revision = factories.submitted(desk)
    escalation.escalate(revision.draft.ticket, reason="Difficult.", by=desk.aylin)
    named = {"sha256": revision.sha256, "context_version": 2}
    answer = client.post(
        f"/api/v1/drafts/{revision.draft_id}/approve/",
        json.dumps(named),
        content_type="application/json",
        headers={"authorization": f"Token {issue(desk.rita, name='test')}"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "needs_lead")
    client.force_login(desk.rita)
    refused = client.post(f"/review/{revision.draft_id}/approve/", named)
    assert refused.status_code == 403
    assert "the decision is with Lena Brandt or Samuel Okafor" in refused.content.decode()
    assert not Review.objects.exists()


@pytest.mark.campaign
def test_another_text_is_refused_by_the_browser_too(desk, client):
    first = factories.submitted(desk)
    drafting.submit(first.draft, text="A newer text.", context_version=1, by=desk.aylin)
    client.force_login(desk.rita)
    answer = client.post(
        f"/review/{first.draft_id}/approve/",
        {"sha256": first.sha256, "context_version": 1, "comment": "my remark"},
    )
    assert answer.status_code == 409
    assert "The text changed while you were reading" in answer.content.decode()
    assert not Review.objects.exists()


def test_who_has_left_the_department_does_not_countersign_and_is_told_so(desk):
    revision = factories.submitted(desk, by=desk.chiara)
    corrected = decisions.correct(
        revision, text="Hi Grace, unplug it for a whole minute.", **screen(revision, desk.rita)
    )
    memberships.end_role(desk.chiara.person.membership_set.get(ended_at=None))
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(corrected, **screen(corrected, desk.chiara))
    assert refused.value.code == "other_department"
