"""Rows of the inbox are prepared in Python, and drawn without asking anything."""

import re
from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from approvals import querysets
from approvals.escalation import escalation
from approvals.reviews import decisions
from core.text import formatting
from people.access import department_ids
from servicedesk.launcher.running import ROOT
from tests import factories
from tests.support.components import draws
from tests.support.markup import rows_in
from tickets import incidents, lifecycle
from tickets.conversations import post_contents
from tickets.inbox import rows
from tickets.models import Customer, Mention, Ticket
from tickets.querysets import for_rows
from tickets.states import MentionState

FLAT = ("screens/_row_inside.html",)


def listed(**conditions) -> list[Ticket]:
    """Tickets as a list has them, with all that a row shows."""
    return list(for_rows(Ticket.objects.filter(**conditions)).order_by("id"))


def reader(user, **fields) -> rows.Reader:
    departments = department_ids(user)
    return rows.Reader(
        user=user, now=fields.pop("now", timezone.now()), departments=departments, **fields
    )


def row(ticket, user, **fields) -> rows.Row:
    return rows.row_of(listed(pk=ticket.pk)[0], reader(user, **fields))


def test_a_row_has_all_that_is_shown_of_a_new_ticket(desk):
    ticket = factories.arrive(desk, factories.post(at=factories.ago(minutes=8)))[0]
    lifecycle.tag(ticket, tags=["bill", "router", "tariff", "urgent"], by=desk.aylin)
    shown = row(ticket, desk.aylin, query="tab=open&tag=bill", unread={ticket.pk})
    assert shown.address == f"/tickets/{ticket.number}/?tab=open&tag=bill"
    assert (shown.name, shown.handle) == ("Grace Adeyemi", "grace_adeyemi")
    assert shown.words == "the router blinks orange"
    assert shown.since.startswith("waits since ")
    assert not shown.wrote_again
    assert (shown.status.status, shown.status.word) == ("new", "New")
    assert "#dot" in shown.status.icon
    assert shown.wait.words == "8 min"
    assert (shown.light.colour, "X will accept a reply" in shown.light.icon) == ("green", True)
    assert (shown.tags, shown.further_tags) == (("bill", "router"), ("tariff", "urgent"))
    assert (shown.is_unread, shown.is_current, shown.pair) == (True, False, None)
    assert (shown.assignee, shown.incident) == (None, "")


def test_a_row_says_what_became_of_a_ticket(desk):
    ticket = factories.a_ticket(desk)
    outage = incidents.open_incident(
        name="Outage in Kranstedt and around it", department=desk.service, by=desk.aylin
    )
    incidents.join(ticket, incident=outage, by=desk.aylin)
    lifecycle.take(ticket, by=desk.aylin)
    shown = row(ticket, desk.aylin, current=ticket.pk)
    assert (shown.assignee.name, shown.assignee.stamp) == ("Aylin Nergiz", "an")
    assert (shown.incident, len(shown.incident)) == ("Outage in Kranstedt and…", 24)
    assert shown.is_current
    lifecycle.tag(ticket, tags=["bill", "router"], by=desk.aylin)
    chips = row(ticket, desk.aylin)
    assert (chips.tags, chips.further_tags) == (("bill",), ("router",)), (
        "the incident is a chip too"
    )
    Mention.objects.update(status=MentionState.DELETED, gone_at=timezone.now())
    gone = row(ticket, desk.aylin)
    assert (gone.words, gone.light.colour) == ("This post is gone.", "red")
    lifecycle.resolve(ticket, reason="thanks", by=desk.aylin)
    resolved = row(ticket, desk.aylin)
    assert (resolved.light, resolved.wait.bar, resolved.wait.state) == (None, "", "")


def test_what_is_escalated_and_in_approval_is_with_the_lead(desk):
    revision = factories.submitted(desk)
    ticket = revision.draft.ticket
    assert row(ticket, desk.aylin).status.word == "In approval"
    escalation.escalate(ticket, reason="Hard.", by=desk.aylin)
    assert row(ticket, desk.aylin).status.status == "lead"
    assert row(ticket, desk.aylin).status.word == "With the lead"


def test_a_row_speaks_the_language_of_its_reader(desk):
    ticket = factories.arrive(desk, factories.post(at=factories.ago(minutes=8)))[0]
    with translation.override("de"):
        (group,) = rows.groups_of(listed(), reader(desk.aylin))
        bare = rows.with_pairs([group], {ticket.pk: ""})[0].rows[0]
    assert (group.name, group.count) == ("Noch frei", 1)
    assert group.rows[0].since.startswith("wartet seit ")
    assert group.rows[0].status.word == "Neu"
    assert group.rows[0].wait.words == "8 Min."
    assert "X nimmt eine Antwort an" in group.rows[0].light.icon
    assert bare.pair == rows.Pair("", "zweites Kürzel offen")


def test_words_of_others_are_text_or_escaped_and_marked(desk):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe <b>router</b> routers")
    Customer.objects.update(name="<i>Router Rob</i>")
    plain = row(ticket, desk.aylin)
    assert plain.name == "<i>Router Rob</i>"
    assert plain.words == "<b>router</b> routers"
    assert not isinstance(plain.name, SafeString)
    assert not isinstance(plain.words, SafeString)
    found = row(ticket, desk.aylin, terms=["router"])
    assert found.name == "&lt;i&gt;<mark>Router</mark> Rob&lt;/i&gt;"
    assert "&lt;b&gt;<mark>router</mark>&lt;/b&gt; <mark>routers</mark>" in found.words
    drawn = render_to_string("screens/_row.html", {"row": plain})
    assert "&lt;i&gt;Router Rob&lt;/i&gt;" in drawn
    assert "&lt;b&gt;router" in drawn
    assert found.name in render_to_string("screens/_row.html", {"row": found})


def test_tickets_stand_under_whose_turn_it_is(desk):
    free, mine, colleague, approval, done = (
        factories.a_ticket(desk, f"@AmselnetzHilfe number {n}") for n in range(5)
    )
    lifecycle.take(mine, by=desk.aylin)
    lifecycle.take(colleague, by=desk.bastian)
    factories.submitted(desk, approval)
    lifecycle.resolve(done, reason="thanks", by=desk.aylin)
    groups = rows.groups_of(listed(), reader(desk.aylin))
    assert [(one.key, [row.ticket for row in one.rows]) for one in groups] == [
        ("yours", [mine.pk]),
        ("free", [free.pk]),
        ("colleague", [colleague.pk, approval.pk]),
        ("nobody", [done.pk]),
    ]
    assert turn(free, desk.nele) == "colleague", "another department’s"


def turn(ticket, user) -> str:
    """Whose turn it is with this ticket, as this person’s list has it."""
    (group,) = rows.groups_of(listed(pk=ticket.pk), reader(user, signing=querysets.to_sign(user)))
    return group.key


def test_a_text_is_the_turn_of_who_may_sign_it_and_never_of_its_writer(desk):
    ticket = factories.submitted(desk).draft.ticket
    turns = {name: turn(ticket, getattr(desk, name)) for name in ("aylin", "bastian", "rita")}
    assert turns == {"aylin": "colleague", "bastian": "colleague", "rita": "yours"}
    escalation.escalate(ticket, reason="Hard.", by=desk.aylin)
    assert (turn(ticket, desk.rita), turn(ticket, desk.lena)) == ("colleague", "yours")


def test_a_corrected_text_is_the_turn_of_its_first_writer(desk):
    revision = factories.submitted(desk)
    ticket = revision.draft.ticket
    decisions.correct(
        revision,
        text="Hello Grace, a better one.",
        sha256=revision.sha256,
        context_version=ticket.context_version,
        by=desk.rita,
    )
    assert (turn(ticket, desk.aylin), turn(ticket, desk.rita)) == ("yours", "colleague")


def test_a_snoozed_ticket_says_when_it_wakes(desk):
    ticket = factories.a_ticket(desk)
    lifecycle.take(ticket, by=desk.aylin)
    lifecycle.snooze(ticket, until=timezone.now() + timedelta(days=1), by=desk.aylin)
    assert turn(ticket, desk.aylin) == "snoozed"
    shown = row(ticket, desk.aylin)
    assert shown.status.word.startswith("wakes tomorrow at ")
    assert "#moon" in shown.status.icon


def test_how_often_somebody_wrote_counts_what_stands_and_has_no_answer(desk):
    ticket = factories.arrive(desk, factories.post(at=factories.ago(minutes=30)))[0]
    for minutes in (20, 10):
        factories.arrive(
            desk,
            factories.post(
                "@AmselnetzHilfe hello?",
                conversation=ticket.conversation_id,
                at=factories.ago(minutes=minutes),
            ),
        )
    ticket.refresh_from_db()
    since = formatting.short(ticket.unanswered_since)
    assert row(ticket, desk.aylin).since == f"wrote 3 times, waits since {since}"
    newest = ticket.mentions.order_by("-written_at").first()
    Mention.objects.filter(pk=newest.pk).update(status=MentionState.DELETED, gone_at=timezone.now())
    assert row(ticket, desk.aylin).since.startswith("wrote 2 times")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("@AmselnetzHilfe no line", "no line"),
        ("@amselnetzhilfe\nno line", "no line"),
        ("@grace @AmselnetzHilfe no line", "@grace no line"),
        ("no line, @AmselnetzHilfe", "no line, @AmselnetzHilfe"),
        ("@AmselnetzHilfe", "@AmselnetzHilfe"),
        ("@AmselnetzHilfe ", "@AmselnetzHilfe "),
        ("@AmselnetzHilfeX no line", "@AmselnetzHilfeX no line"),
    ],
)
def test_our_handle_in_front_is_left_out(words, left):
    assert post_contents.without_handle(words, "AmselnetzHilfe") == left


def test_a_heading_has_a_number_only_where_it_is_the_whole_number(desk):
    factories.a_ticket(desk)
    assert [one.count for one in rows.groups_of(listed(), reader(desk.aylin))] == [1]
    assert [one.count for one in rows.groups_of(listed(), reader(desk.aylin), {})] == [None]
    assert [one.count for one in rows.groups_of(listed(), reader(desk.aylin), {"free": 61})] == [61]


def test_a_row_is_not_changed_once_it_is_there(desk):
    shown = row(factories.a_ticket(desk), desk.aylin)
    with pytest.raises(FrozenInstanceError):
        shown.is_unread = True


@pytest.mark.campaign
@pytest.mark.parametrize("number", [2, 30])
def test_rows_ask_nothing_and_their_list_asks_who_writes(desk, django_assert_num_queries, number):
    for count in range(number):
        factories.a_ticket(desk, f"@AmselnetzHilfe number {count}")
    factories.submitted(desk, Ticket.objects.order_by("id").first())
    tickets, asked_by = listed(), reader(desk.aylin)
    assert asked_by.user.memberships  # asked once in a request, for whatever
    with django_assert_num_queries(0):
        groups = rows.groups_of(tickets, asked_by)
    with django_assert_num_queries(1):
        page = render_to_string("screens/_rows.html", {"groups": groups, "query": ""})
    assert rows_in(page) == number
    assert page.count('class="pair"') == 1


def test_who_writes_the_open_draft_is_in_the_row(desk):
    ticket = factories.submitted(desk).draft.ticket
    other = factories.a_ticket(desk, "@AmselnetzHilfe another one")
    writers = querysets.writers_of([ticket.pk, other.pk])
    assert writers == {ticket.pk: "an"}
    groups = rows.with_pairs(rows.groups_of(listed(), reader(desk.aylin)), writers)
    pairs = {row.ticket: row.pair for group in groups for row in group.rows}
    assert pairs == {ticket.pk: rows.Pair("an", "second signature open"), other.pk: None}


@pytest.mark.parametrize("initials", ["an", ""])
@pytest.mark.parametrize("picture", ["https://pbs.twimg.com/a.jpg", ""])
def test_a_row_draws_its_parts_as_the_components_do(desk, initials, picture):
    ticket = factories.submitted(desk).draft.ticket
    Customer.objects.update(avatar_url=picture)
    groups = rows.groups_of(listed(), reader(desk.aylin))
    shown = rows.with_pairs(groups, {ticket.pk: initials})[0].rows[0]
    drawn = render_to_string("screens/_row.html", {"row": shown})
    parts = {
        "pair": {"writer": initials, "endorser": ""},
        "status": {"mark": shown.status},
        "avatar": {"url": picture, "size": 34},
    }
    for name, context in parts.items():
        assert draws(drawn, name, context), name


@pytest.mark.parametrize("name", FLAT)
def test_a_row_is_drawn_without_a_tag_that_asks_or_works_anything_out(name):
    text = (ROOT / "templates" / name).read_text()
    tags = set(re.findall(r"{%\s*(\w+)", text))
    assert tags <= {"if", "elif", "else", "endif", "for", "endfor"}
    filters = {part.split(":")[0] for part in re.findall(r"\|(\w+:?)", text)}
    assert filters <= {"join", "length"}
