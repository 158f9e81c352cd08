"""Each reason why somebody may not do something with a ticket, an account or the rules."""

from people.models import Membership
from people.roles import ReviewPolicy, Role
from tests import factories
from tests.refusals import code, off
from tickets import incidents, policies
from tickets.conversations import notes
from tickets.models import CustomerNote, Incident, Ticket
from tickets.states import AccountState, TicketStatus


def reasons(ask, users):
    """The code that each of these people gets, by name."""
    return {name: code(ask(user)) for name, user in users.items()}


def people(desk, *names):
    """Those of the cast, by name."""
    return {name: getattr(desk, name) for name in names}


def test_who_works_on_a_ticket_and_keeps_incidents(desk):
    ticket = factories.a_ticket(desk)
    cast = people(desk, "aylin", "lena", "nele", "max")
    assert reasons(lambda by: policies.why_not_work(ticket, by), cast) == {
        "aylin": None,
        "lena": None,
        "nele": "other_department",
        "max": "no_right",
    }
    assert reasons(lambda by: policies.why_not_keep_incidents(desk.service, by), cast) == {
        "aylin": None,
        "lena": None,
        "nele": "no_right",
        "max": "no_right",
    }
    assert code(policies.why_not_note(ticket, desk.nele)) is None
    assert code(policies.why_not_note(ticket, off(desk.nele))) == "no_right"


def test_which_incident_a_ticket_joins(desk):
    ticket = factories.a_ticket(desk)
    here = incidents.open_incident(name="Here", department=desk.service, by=desk.aylin)
    there = incidents.open_incident(name="There", department=desk.business, by=desk.nele)
    assert code(policies.why_not_join(ticket, here, desk.aylin)) is None
    assert code(policies.why_not_join(ticket, here, desk.nele)) == "other_department"
    assert code(policies.why_not_join(ticket, there, desk.aylin)) == "incident_elsewhere"
    incidents.end_incident(here, by=desk.aylin)
    assert (
        code(policies.why_not_join(ticket, Incident.objects.get(pk=here.pk), desk.aylin))
        == "incident_over"
    )


def test_who_routes_and_connects(desk):
    for ask in (policies.why_not_route, policies.why_not_connect):
        assert reasons(ask, people(desk, "max", "lena", "aylin")) == {
            "max": None,
            "lena": "no_right",
            "aylin": "no_right",
        }
        assert code(ask(off(desk.max))) == "no_right"
    assert code(policies.why_not_connect(None)) is None


def test_whose_remark_about_a_customer_it_is(desk):
    ticket = factories.a_ticket(desk)
    ours = notes.add_person_note(
        ticket.customer, text="Prefers to be called.", ticket=ticket, by=desk.aylin
    )
    nobodys = CustomerNote(customer=ticket.customer, department=None)
    cast = people(desk, "aylin", "rita", "lena", "nele")
    end, share = policies.why_not_end_person_note, policies.why_not_share_person_note
    assert reasons(lambda by: end(ours, by), cast) == {
        "aylin": None,
        "rita": None,
        "lena": None,
        "nele": "other_department",
    }
    assert reasons(lambda by: share(ours, by), cast) == {
        "aylin": "no_right",
        "rita": "no_right",
        "lena": None,
        "nele": "no_right",
    }
    assert reasons(lambda by: end(nobodys, by), cast) == dict.fromkeys(cast)
    assert reasons(lambda by: share(nobodys, by), cast) == dict.fromkeys(cast, "no_right")


def test_who_reads_why_an_account_is_paused_and_who_stops_and_starts_it(desk):
    account = desk.account
    cast = people(desk, "aylin", "rita", "lena", "henrik", "max")
    seen = reasons(lambda by: policies.why_not_read_pause(account, by), cast)
    assert seen == {
        "aylin": None,
        "rita": None,
        "lena": None,
        "henrik": "other_department",
        "max": None,
    }
    pausing = {"aylin": "no_right", "rita": None, "lena": None, "henrik": "no_right", "max": None}
    resuming = {
        "aylin": "no_right",
        "rita": "no_right",
        "lena": None,
        "henrik": "no_right",
        "max": None,
    }
    assert reasons(lambda by: policies.why_not_pause(account, by), cast) == pausing
    assert code(policies.why_not_resume(account, desk.lena)) == "not_paused"
    account.status = AccountState.PAUSED
    assert reasons(lambda by: policies.why_not_resume(account, by), cast) == resuming
    assert code(policies.why_not_pause(account, desk.lena)) == "paused_already"


def test_to_whom_a_ticket_is_given(desk):
    ticket = factories.a_ticket(desk)
    for to, by, wanted in (
        (desk.rita.person, desk.aylin, None),
        (None, desk.aylin, None),
        (desk.nele.person, desk.aylin, "not_a_member"),
        (desk.nele.person, desk.nele, "other_department"),
    ):
        assert code(policies.why_not_assign(ticket, to, by)) == wanted
    for to, by, wanted in (
        (desk.business, desk.aylin, None),
        (desk.service, desk.aylin, "same_department"),
        (desk.business, desk.nele, "other_department"),
    ):
        assert code(policies.why_not_hand_off(ticket, to, by)) == wanted


def test_only_a_stricter_rule_that_goes_along_is_said(desk):
    ticket = Ticket.objects.select_related("account__department").get(
        pk=factories.a_ticket(desk).pk
    )
    assert "The stricter rule goes along" in policies.said_before_hand_off(ticket, desk.business)
    desk.business.review_policy = ReviewPolicy.REVIEWERS
    assert policies.said_before_hand_off(ticket, desk.business) == ""


def test_when_a_ticket_is_resolved_and_opened_again(desk):
    ticket = factories.a_ticket(desk)
    for status, wanted in (
        (TicketStatus.OPEN, None),
        (TicketStatus.IN_APPROVAL, "reply_waits"),
        (TicketStatus.SENDING, "reply_waits"),
        (TicketStatus.RESOLVED, "resolved_already"),
    ):
        ticket.status = status
        assert code(policies.why_not_resolve(ticket, desk.aylin)) == wanted
        assert code(policies.why_not_resolve(ticket, desk.nele)) == "other_department"
    ticket.status = TicketStatus.OPEN
    assert code(policies.why_not_reopen(ticket, desk.aylin)) == "not_resolved"
    assert code(policies.why_not_reopen(ticket, desk.nele)) == "other_department"


def test_only_an_open_ticket_of_the_same_customer_and_conversation_keeps_one_closed(desk):
    other = factories.XUser(id=7002, handle="dirk", name="Dirk", followers=3)
    first = factories.a_ticket(desk)
    Ticket.objects.filter(pk=first.pk).update(
        status=TicketStatus.RESOLVED, resolved_at=factories.ago(days=30), resolved_reason="spam"
    )
    first = Ticket.objects.select_related("department").get(pk=first.pk)
    factories.a_ticket(desk, "@AmselnetzHilfe something else altogether")
    factories.arrive(
        desk,
        factories.post("@AmselnetzHilfe mine too", by=other, conversation=first.conversation_id),
        users=(other,),
    )
    assert code(policies.why_not_reopen(first, desk.aylin)) is None
    factories.arrive(
        desk, factories.post("@AmselnetzHilfe again", conversation=first.conversation_id)
    )
    assert code(policies.why_not_reopen(first, desk.aylin)) == "newer_ticket"


def test_who_left_a_department_is_not_given_its_tickets(desk):
    Membership.objects.filter(person=desk.chiara.person, role=Role.AGENT).update(
        ended_at=factories.ago(hours=0)
    )
    assert (
        code(policies.why_not_assign(factories.a_ticket(desk), desk.chiara.person, desk.aylin))
        == "not_a_member"
    )
