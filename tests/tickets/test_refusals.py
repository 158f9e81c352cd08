"""What the verbs on tickets, remarks, accounts and rules refuse, each with its own code."""

from datetime import timedelta

import pytest

from core.database.db_time import desk_now
from tests import factories
from tests.refusals import off, refused
from tickets import incidents, lifecycle
from tickets.accounts import accounts, connecting
from tickets.conversations import notes
from tickets.forms import snooze_until
from tickets.inbox import saved_views
from tickets.models import (
    ConnectedAccount,
    Customer,
    CustomerNote,
    Incident,
    Note,
    RoutingDraft,
    RoutingVersion,
    SavedView,
    Ticket,
)
from tickets.routing import rule_editing
from tickets.states import TicketStatus

FOUR = {
    "consumer_key": "a",
    "consumer_secret": "b",
    "access_token": "sim-77",
    "access_token_secret": "d",
}


@pytest.fixture
def ticket(desk):
    """One new ticket of Customer Service."""
    return factories.a_ticket(desk)


def test_every_verb_on_a_ticket_is_refused_to_another_department(desk, ticket):
    ours = incidents.open_incident(name="Berlin", department=desk.service, by=desk.aylin)
    incidents.join(ticket, incident=ours, by=desk.aylin)
    before, by = Ticket.objects.filter(pk=ticket.pk).values().get(), desk.nele
    verbs = [
        lambda: lifecycle.take(ticket, by=by),
        lambda: lifecycle.hand_off(ticket, to=desk.business, note="", by=by),
        lambda: lifecycle.snooze(ticket, until=desk_now() + timedelta(hours=1), by=by),
        lambda: lifecycle.resolve(ticket, reason="spam", by=by),
        lambda: lifecycle.reopen(ticket, by=by),
        lambda: lifecycle.tag(ticket, tags=["a"], by=by),
        lambda: lifecycle.set_priority(ticket, priority="high", by=by),
        lambda: incidents.join(ticket, incident=ours, by=by),
        lambda: incidents.leave(ticket, by=by),
        lambda: notes.add_person_note(ticket.customer, text="Rude.", ticket=ticket, by=by),
        lambda: notes.tag_customer(ticket.customer, tags=["rude"], ticket=ticket, by=by),
    ]
    assert [refused(verb) for verb in verbs] == ["other_department"] * len(verbs)
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
    assert Customer.objects.get(pk=ticket.customer_id).tags == []
    assert not CustomerNote.objects.exists()


def test_a_ticket_is_put_aside_for_a_time_to_come_while_it_is_open(desk, ticket):
    now = desk_now()
    for until in (now - timedelta(minutes=1), now + timedelta(days=367)):
        assert (
            refused(lambda until=until: lifecycle.snooze(ticket, until=until, by=desk.aylin))
            == "snooze_past"
        )
    for typed in ("", "soon", "2026-13-40T10:00"):
        assert refused(lambda typed=typed: snooze_until(typed)) == "until_unreadable"
    lifecycle.resolve(ticket, reason="spam", by=desk.aylin)
    assert (
        refused(lambda: lifecycle.snooze(ticket, until=now + timedelta(hours=1), by=desk.aylin))
        == "not_now"
    )


def test_values_that_nobody_offers_are_refused(desk, ticket):
    assert (
        refused(lambda: lifecycle.resolve(ticket, reason="bored", by=desk.aylin))
        == "reason_unknown"
    )
    assert (
        refused(lambda: lifecycle.set_priority(ticket, priority="sometime", by=desk.aylin))
        == "priority_unknown"
    )
    lifecycle.resolve(ticket, reason="spam", by=desk.aylin)
    assert (
        refused(lambda: lifecycle.resolve(ticket, reason="spam", by=desk.bastian))
        == "resolved_already"
    )
    lifecycle.reopen(ticket, by=desk.aylin)
    assert refused(lambda: lifecycle.reopen(ticket, by=desk.bastian)) == "not_resolved"


@pytest.mark.parametrize(
    "tags", [[str(number) for number in range(21)], ["x" * 61]], ids=["too many", "too long"]
)
def test_tags_have_limits(desk, ticket, tags):
    assert refused(lambda: lifecycle.tag(ticket, tags=tags, by=desk.aylin)) == "tags_long"
    assert (
        refused(
            lambda: notes.tag_customer(ticket.customer, tags=tags, ticket=ticket, by=desk.aylin)
        )
        == "tags_long"
    )


def test_notes_have_words_and_limits_and_are_for_who_is_at_the_desk(desk, ticket):
    for text, wanted in ((" \u200b ", "text_empty"), ("x" * 4001, "text_long")):
        assert refused(lambda text=text: notes.add_note(ticket, text=text, by=desk.aylin)) == wanted
    assert refused(lambda: notes.add_note(ticket, text="Call.", by=off(desk.aylin))) == "no_right"
    assert not Note.objects.exists()


def test_a_remark_is_taken_down_from_a_ticket_of_ones_own_and_by_who_wrote_it(desk, ticket):
    theirs = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz hello", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    ours = notes.add_person_note(ticket.customer, text="Ours.", ticket=ticket, by=desk.aylin)
    other = notes.add_person_note(ticket.customer, text="Theirs.", ticket=theirs, by=desk.nele)
    everybodys = notes.add_person_note(
        ticket.customer, text="By command.", ticket=None, by=desk.aylin
    )
    for note, seen_in in ((ours, theirs), (other, ticket), (everybodys, ticket)):
        assert (
            refused(
                lambda note=note, seen_in=seen_in: notes.end_person_note(
                    note, ticket=seen_in, by=desk.nele
                )
            )
            == "other_department"
        )
    assert (
        refused(
            lambda: notes.share_person_note(ours, with_everybody=True, ticket=ticket, by=desk.rita)
        )
        == "no_right"
    )
    assert CustomerNote.objects.filter(ended_at=None, for_everybody=False).count() == 3
    notes.end_person_note(ours, ticket=ticket, by=desk.aylin)
    assert CustomerNote.objects.filter(ended_at=None).count() == 2


def test_an_incident_has_a_name_and_is_kept_by_its_department(desk, ticket):
    assert (
        refused(
            lambda: incidents.open_incident(name="Berlin", department=desk.service, by=desk.nele)
        )
        == "no_right"
    )
    assert (
        refused(
            lambda: incidents.open_incident(name=" \n ", department=desk.service, by=desk.aylin)
        )
        == "name_missing"
    )
    ours = incidents.open_incident(name="Berlin", department=desk.service, by=desk.aylin)
    assert refused(lambda: incidents.end_incident(ours, by=desk.nele)) == "no_right"
    incidents.end_incident(ours, by=desk.aylin)
    over = Incident.objects.select_related("department").get()
    assert refused(lambda: incidents.join(ticket, incident=over, by=desk.aylin)) == "incident_over"


def test_an_account_is_connected_with_everything_that_it_takes(desk, settings, x):
    def connect(by=desk.max, **given):
        fields = {
            "handle": "Newcomer",
            "name": "",
            "department": desk.service,
            "values": FOUR,
        } | given
        return refused(lambda: connecting.connect_by(by=by, **fields))

    assert connect(by=desk.lena) == "no_right"
    assert connect(department=None) == "department_missing"
    assert connect(handle="no handle!") == "handle_odd"
    assert (
        connect(handle="amselnetzHILFE", department=desk.business, values={}) == "account_elsewhere"
    )
    ConnectedAccount.objects.filter(pk=desk.account.pk).update(handle="Renamed")
    x.control("users", username="Renamed", id=77009, account=True)
    fields = {"name": "", "department": desk.service, "values": {}}
    assert connecting.connect_by(handle="Renamed", by=desk.max, **fields).external_id == "77009"
    desk.account.refresh_from_db()
    assert desk.account.handle == "901", "X gives the handle to another now"
    settings.X_IS_SIMULATED = False
    for missing in FOUR:
        assert connect(values=FOUR | {missing: " "}) == "values_missing"
    x.control("users", username="Newcomer", id=77, account=True)
    assert ConnectedAccount.objects.count() == 3
    assert (
        connecting.connect_by(
            handle="@Newcomer", name="", department=desk.service, values=FOUR, by=desk.max
        ).external_id
        == "77"
    )


def test_an_account_is_stopped_with_a_reason_and_started_once(desk):
    account = desk.account
    assert refused(lambda: accounts.pause(account, reason="Storm.", by=desk.aylin)) == "no_right"
    assert (
        refused(lambda: accounts.pause(account, reason=" \u200b ", by=desk.rita))
        == "reason_missing"
    )
    assert refused(lambda: accounts.resume(account, by=desk.lena)) == "not_paused"
    accounts.pause(account, reason="Storm.", by=desk.rita)
    assert (
        refused(lambda: accounts.pause(account, reason="Another.", by=desk.lena))
        == "paused_already"
    )
    assert refused(lambda: accounts.resume(account, by=desk.rita)) == "no_right"
    assert ConnectedAccount.objects.get(pk=account.pk).pause_reason == "Storm."


def test_routing_rules_are_written_by_administrators_and_say_something(desk):
    def save(draft, by=desk.max, **given):
        return rule_editing.save_rule(
            draft,
            saved=given.pop("saved", None),
            by=by,
            **{"key": "", "name": "Bills", "when": {}, "then": {"priority": "high"}} | given,
        )

    assert refused(lambda: rule_editing.draft_of(by=desk.lena)) == "no_right"
    draft = save(rule_editing.draft_of(by=desk.max))
    saved = draft.saved
    for given, wanted in (
        ({"by": desk.lena}, "no_right"),
        ({"name": " \u200b "}, "name_missing"),
        ({"then": {"priority": ""}}, "rule_idle"),
        ({"key": "nowhere"}, "rule_gone"),
        ({"saved": saved + 1}, "draft_changed"),
    ):
        assert refused(lambda given=given: save(draft, **given)) == wanted
    assert (
        save(draft, saved=saved, key=draft.rules[0]["key"], name="Invoices").rules[0]["name"]
        == "Invoices"
    )
    RoutingDraft.objects.update(
        rules=[draft.rules[0] | {"key": str(number)} for number in range(200)]
    )
    assert refused(lambda: save(RoutingDraft.objects.get())) == "rules_many"
    assert refused(lambda: rule_editing.discard(draft, by=desk.lena)) == "no_right"
    RoutingDraft.objects.update(based_on=7)
    assert (
        refused(lambda: rule_editing.put_live(draft, saved=None, by=desk.max)) == "routing_changed"
    )
    assert not RoutingVersion.objects.exists()


def test_rules_that_were_thrown_away_meanwhile_are_not_saved(desk):
    draft = rule_editing.save_rule(
        rule_editing.draft_of(by=desk.max),
        key="",
        name="Bills",
        when={},
        then={"priority": "high"},
        saved=None,
        by=desk.max,
    )
    rule_editing.discard(draft, by=desk.max)
    draft.pk = draft.pk or 1
    assert (
        refused(lambda: rule_editing.remove_rule(draft, "x", saved=None, by=desk.max))
        == "draft_changed"
    )


def test_a_person_keeps_twenty_views(desk):
    SavedView.objects.bulk_create(
        SavedView(user=desk.aylin, name=f"View {number}", query="tag=a") for number in range(20)
    )
    assert (
        refused(
            lambda: saved_views.keep(name="One more", query="tag=a", department=None, by=desk.aylin)
        )
        == "views_many"
    )
    assert (
        saved_views.keep(name="View 3", query="tag=b", department=desk.service, by=desk.aylin).query
        == "tag=b"
    )


def test_only_what_waits_for_nobody_is_moved(desk, ticket):
    revision = factories.submitted(desk, ticket)
    assert (
        refused(lambda: lifecycle.resolve(revision.draft.ticket, reason="spam", by=desk.aylin))
        == "reply_waits"
    )
    assert Ticket.objects.get(pk=ticket.pk).status == TicketStatus.IN_APPROVAL
