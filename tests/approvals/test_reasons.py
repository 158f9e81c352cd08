"""Each reason why somebody may not do something with a draft, and to whom it is given."""

import pytest

from approvals import policies
from approvals.drafts import drafting
from approvals.escalation import escalation
from approvals.models import Draft
from approvals.reviews import decisions, taking_back
from approvals.states import DraftStatus
from people.memberships import memberships
from people.models import Department, Membership, Person, User
from people.roles import Role
from posting.sending import delivery
from tests import factories
from tests.refusals import code, off, refused
from tickets.models import Ticket
from tickets.states import ContextCause, TicketStatus


def nameless(user):
    """The same person without initials."""
    user.person.initials = ""
    return user


def seen(draft, **fields):
    """The draft as it stands now, with these values in memory alone."""
    fresh = Draft.objects.select_related(
        "ticket__department__parent", "ticket__account__department", "writer__person"
    ).get(pk=draft.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    return fresh


@pytest.fixture
def leaving(desk):
    """An approved draft whose reply is on its way to X."""
    draft = factories.approved(desk)
    account = type(desk.account).objects.select_related("department").get(pk=desk.account.pk)
    assert delivery.claim(draft, account)
    return seen(draft)


def test_who_begins_a_reply(desk):
    ticket = factories.a_ticket(desk)
    assert code(policies.why_not_draft(ticket, desk.aylin)) is None
    assert code(policies.why_not_draft(ticket, desk.nele)) == "other_department"
    assert code(policies.why_not_draft(ticket, desk.max)) == "no_right"
    assert code(policies.why_not_draft(ticket, off(desk.aylin))) == "other_department"
    assert code(policies.why_not_draft(ticket, nameless(desk.aylin))) == "initials_missing"
    ticket.status = TicketStatus.RESOLVED
    assert code(policies.why_not_draft(ticket, desk.aylin)) == "ticket_resolved"


def test_who_saves_submits_takes_over_and_withdraws(desk):
    ticket = factories.a_ticket(desk)
    draft = seen(drafting.open_draft(ticket, by=desk.aylin))
    for verb in (policies.why_not_save, policies.why_not_submit):
        assert code(verb(draft, desk.aylin)) is None
        assert code(verb(draft, desk.bastian)) == "not_your_draft"
        assert code(verb(draft, desk.nele)) == "other_department"
        assert code(verb(seen(draft, status=DraftStatus.POSTED), desk.aylin)) == "not_open"
    assert code(policies.why_not_take_over(draft, desk.bastian)) is None
    assert code(policies.why_not_take_over(draft, desk.nele)) == "other_department"
    assert (
        code(policies.why_not_take_over(seen(draft, status=DraftStatus.IN_REVIEW), desk.bastian))
        == "not_open"
    )
    for name, wanted in {
        "aylin": None,
        "lena": None,
        "bastian": "not_your_draft",
        "rita": "not_your_draft",
    }.items():
        assert code(policies.why_not_withdraw(draft, getattr(desk, name))) == wanted
    assert (
        code(policies.why_not_withdraw(seen(draft, status=DraftStatus.REJECTED), desk.aylin))
        == "not_open"
    )


def test_nothing_is_taken_back_once_it_is_on_its_way(leaving, desk):
    assert code(policies.why_not_submit(leaving, desk.aylin)) == "too_late"
    assert code(policies.why_not_withdraw(leaving, desk.aylin)) == "too_late"
    assert code(policies.why_not_revoke(leaving, desk.rita)) == "too_late"
    assert code(policies.why_not_escalate(leaving.ticket, desk.aylin)) == "too_late"
    assert (
        refused(
            lambda: drafting.submit(leaving, text="Other words.", context_version=2, by=desk.aylin)
        )
        == "too_late"
    )


def test_only_who_approved_revokes_and_only_an_approval_that_counts(desk):
    draft = factories.approved(desk)
    assert code(policies.why_not_revoke(seen(draft), desk.rita)) is None
    assert code(policies.why_not_revoke(seen(draft), desk.tomasz)) == "not_your_approval"
    taking_back.revoke(draft, by=desk.rita)
    assert code(policies.why_not_revoke(seen(draft), desk.rita)) == "not_approved"
    assert (
        code(policies.why_not_revoke(seen(draft, status=DraftStatus.APPROVED), desk.rita))
        == "not_your_approval"
    )


def test_a_decision_against_a_text_is_no_approval_to_revoke(desk):
    revision = factories.submitted(desk)
    draft = decisions.request_changes(
        revision, sha256=revision.sha256, context_version=1, by=desk.rita, comment="Kinder, please."
    )
    assert (
        code(policies.why_not_revoke(seen(draft, status=DraftStatus.APPROVED), desk.rita))
        == "not_your_approval"
    )


@pytest.mark.campaign
def test_who_escalates_and_hands_back(desk):
    draft = factories.approved(desk)
    ticket = seen(draft).ticket
    assert code(policies.why_not_escalate(ticket, desk.aylin)) is None
    assert code(policies.why_not_escalate(ticket, desk.nele)) == "other_department"
    assert code(policies.why_not_hand_back(ticket, desk.lena)) == "not_escalated"
    orphan = Department.objects.create(name_en="Alone", name_de="Allein")
    Membership.objects.create(person=desk.aylin.person, role=Role.AGENT, department=orphan)
    ticket.department = orphan
    assert code(policies.why_not_escalate(ticket, desk.aylin)) == "nobody_entitled"
    ticket = seen(draft).ticket
    ticket.status = TicketStatus.RESOLVED
    assert code(policies.why_not_escalate(ticket, desk.aylin)) == "not_open"
    ticket = seen(draft).ticket

    def escalate(by, reason="Difficult."):
        return escalation.escalate(ticket, reason=reason, by=by)

    def hand_back(by, reason="Easy."):
        return escalation.hand_back(ticket, reason=reason, by=by)

    assert refused(lambda: escalate(desk.nele)) == "other_department"
    assert refused(lambda: escalate(desk.aylin, " \u200b ")) == "reason_missing"
    escalate(desk.aylin)
    assert refused(lambda: hand_back(desk.rita)) == "needs_lead"
    assert refused(lambda: hand_back(desk.lena, " \u200b ")) == "hand_back_reason"
    ticket = seen(draft).ticket
    assert code(policies.why_not_escalate(ticket, desk.aylin)) == "escalated_already"
    assert code(policies.why_not_hand_back(ticket, desk.lena)) is None
    assert code(policies.why_not_hand_back(ticket, desk.rita)) == "needs_lead"


def test_who_keeps_guidelines_and_saved_replies(desk):
    assert code(policies.why_not_publish(desk.max)) is None
    assert code(policies.why_not_publish(desk.lena)) == "no_right"
    assert code(policies.why_not_publish(off(desk.max))) == "no_right"
    allowed = [
        (desk.service, "lena"),
        (desk.service, "samuel"),
        (desk.business, "lena"),
        (desk.service, "max"),
        (None, "max"),
    ]
    refused = [
        (desk.service, "rita"),
        (desk.service, "aylin"),
        (desk.service, "henrik"),
        (None, "lena"),
    ]
    for department, name in allowed:
        assert code(policies.why_not_save_replies(department, getattr(desk, name))) is None
        assert (
            code(policies.why_not_save_replies(department, off(getattr(desk, name)))) == "no_right"
        )
    for department, name in refused:
        assert code(policies.why_not_save_replies(department, getattr(desk, name))) == "no_right"


def test_only_what_the_customer_did_since_is_to_be_read_first(desk, django_assert_num_queries):
    ticket = factories.a_ticket(desk)
    escalation.escalate(ticket, reason="Difficult.", by=desk.aylin)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert code(policies.why_read_first(ticket, 1)) is None
    with django_assert_num_queries(0):
        assert code(policies.why_read_first(ticket, None)) is None
        assert code(policies.why_read_first(ticket, ticket.context_version)) is None
    factories.arrive(
        desk, factories.post("@AmselnetzHilfe and now?", conversation=ticket.conversation_id)
    )
    escalation.hand_back(ticket, reason="You can do it.", by=desk.lena)
    escalation.escalate(ticket, reason="More difficult.", by=desk.aylin)
    ticket = Ticket.objects.get(pk=ticket.pk)
    wrote = ticket.context_changes.filter(cause=ContextCause.WROTE).latest("number").number
    assert code(policies.why_read_first(ticket, wrote - 1)) == "customer_meanwhile"
    assert code(policies.why_read_first(ticket, wrote)) is None


def test_only_who_wrote_an_earlier_text_countersigns(desk):
    first = factories.submitted(desk, by=desk.rita)
    second = drafting.submit(
        first.draft, text="Hi Grace, other words.", context_version=1, by=desk.rita
    )
    assert code(policies.why_not_second_person(second, desk.bastian, approving=True)) == "no_right"
    decisions.request_changes(
        second, sha256=second.sha256, context_version=1, by=desk.tomasz, comment="Kinder, please."
    )
    drafting.take_over(first.draft, by=desk.bastian)
    drafting.submit(
        seen(first.draft), text="Hi Grace, kinder words.", context_version=1, by=desk.bastian
    )
    assert code(policies.why_not_second_person(second, desk.bastian, approving=True)) == "no_right"


def test_whose_role_waits_is_told_so_also_where_the_lead_decides(desk):
    memberships.give_role(
        desk.bastian.person, role=Role.DEPUTY, department=desk.service, by=desk.max
    )
    revision = factories.submitted(desk)
    assert (
        code(policies.why_not_second_person(revision, desk.bastian, approving=True)) == "role_waits"
    )
    escalation.escalate(revision.draft.ticket, reason="Difficult.", by=desk.aylin)
    assert (
        code(policies.why_not_second_person(revision, desk.bastian, approving=True)) == "role_waits"
    )
    assert (
        code(policies.why_not_second_person(revision, desk.chiara, approving=True)) == "needs_lead"
    )


def test_who_has_no_initials_reads_which_administrator_can_give_some(desk):
    gone = Person.objects.create(name="Greta Gone", initials="gg")
    User.objects.create(username="greta", person=gone, is_active=False)
    Membership.objects.create(person=gone, role=Role.ADMINISTRATOR)
    reason = policies.why_not_second_person(
        factories.submitted(desk), nameless(desk.rita), approving=True
    )
    assert reason.code == "initials_missing"
    assert "signed. Max Albers can give" in reason


def test_a_right_is_lost_only_where_it_was_held_and_has_ended(desk):
    revision = factories.submitted(desk)
    for name, department in (("nele", desk.business), ("bastian", desk.service)):
        Membership.objects.create(
            person=getattr(desk, name).person, role=Role.REVIEWER, department=department
        )
        Membership.objects.filter(person=getattr(desk, name).person, role=Role.REVIEWER).update(
            ended_at=factories.ago(hours=1)
        )
    Membership.objects.filter(person=desk.chiara.person).update(ended_at=factories.ago(hours=1))
    Membership.objects.create(person=desk.chiara.person, role=Role.AGENT, department=desk.service)
    wanted = {
        "nele": "other_department",
        "chiara": "no_right",
        "bastian": "lost_right",
        "max": "administrator",
    }
    assert {
        name: code(policies.why_not_second_person(revision, getattr(desk, name), approving=True))
        for name in wanted
    } == wanted
    assert (
        code(policies.why_not_second_person(revision, off(desk.tomasz), approving=True))
        == "other_department"
    )
