"""Routing rules.

What they look at, their order, the dry run that shows exactly what the live rules then
do, and the rule that erred.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from core.errors import Invalid, NotAllowed, Stale
from people.models import Department
from tests import factories
from tickets import lifecycle
from tickets.models import Customer, RoutingDraft, Ticket
from tickets.routing import routing, rule_editing
from xapi.payloads import XUser

BERLIN = ZoneInfo("Europe/Berlin")


def rule(name="r", *, when=None, key=None, **then):
    """A rule as it is kept."""
    return {"key": key or name, "name": name, "when": when or {}, "then": then}


def put_live(desk, *rules):
    """Put these rules live."""
    draft = rule_editing.draft_of(by=desk.max)
    RoutingDraft.objects.create(rules=list(rules), based_on=draft.based_on, by=desk.max)
    return rule_editing.put_live(RoutingDraft.objects.get(), saved=None, by=desk.max)


def facts(desk, text="@AmselnetzHilfe my invoice is wrong", **fields):
    """What a rule looks at."""
    given = {
        "language": "en",
        "account": desk.account,
        "tags": (),
        "followers": 10,
        "at": datetime(2026, 11, 30, 10, 0, tzinfo=BERLIN),
    } | fields
    return routing.Facts(text=text, **given)


@pytest.mark.parametrize(
    ("when", "fields", "holds"),
    [
        ({}, {}, True),
        ({"words": ["invoice"]}, {}, True),
        ({"words": ["voice"]}, {}, False),
        ({"words": ["~invoices"]}, {}, True),
        ({"words": ["Rechnung"]}, {}, False),
        ({"languages": ["en"]}, {}, True),
        ({"languages": ["de"]}, {}, False),
        ({"tags": ["VIP"]}, {"tags": ("vip",)}, True),
        ({"tags": ["vip"]}, {}, False),
        ({"followers": 10}, {}, True),
        ({"followers": 11}, {}, False),
        ({"hours": "inside"}, {}, True),
        ({"hours": "outside"}, {}, False),
        ({"hours": "outside"}, {"at": datetime(2026, 11, 30, 22, 0, tzinfo=BERLIN)}, True),
        ({"words": ["invoice"], "languages": ["de"]}, {}, False),
    ],
)
def test_what_a_rule_looks_at(desk, when, fields, holds):
    Department.objects.filter(pk=desk.service.pk).update(
        hours={str(day): [["08:00", "18:00"]] for day in range(7)}
    )
    desk.account.department.refresh_from_db()
    assert routing.holds(when, facts(desk, **fields)) is holds


def test_the_account_the_post_came_in_on(desk):
    assert routing.holds({"accounts": [desk.account.pk]}, facts(desk))
    assert not routing.holds({"accounts": [desk.business_account.pk]}, facts(desk))


def test_the_first_rule_wins_for_each_thing_and_tags_add_up(desk):
    rules = [
        rule("a", department=desk.business.pk, tags=["one"]),
        rule("b", department=desk.service.pk, priority="high", tags=["one", "two"]),
        rule("c", priority="normal", minutes=5),
    ]
    made = routing.decide(facts(desk), rules, {desk.service.pk, desk.business.pk})
    assert (made.department, made.priority, made.tags, made.minutes, made.rules, made.by_rule) == (
        desk.business.pk,
        "high",
        ["one", "two"],
        5,
        ["a", "b", "c"],
        "a",
    )


def test_a_department_that_is_not_there_is_passed_over(desk):
    assert (
        routing.decide(facts(desk), [rule("a", department=99_999)], {desk.service.pk}).department
        == desk.service.pk
    )


def five_posts_arrive(desk):
    """Let five posts of people with more and more followers arrive."""
    posts = [
        factories.post(
            f"@AmselnetzHilfe {text}",
            by=XUser(id=8000 + n, handle=f"c{n}", name="C", followers=n * 100),
            language=language,
        )
        for n, (text, language) in enumerate(
            [
                ("my invoice is wrong", "en"),
                ("meine Rechnung stimmt nicht", "de"),
                ("no network", "en"),
                ("kein Netz", "de"),
                ("INVOICE please", "en"),
            ]
        )
    ]
    users = tuple(XUser(id=8000 + n, handle=f"c{n}", name="C", followers=n * 100) for n in range(5))
    factories.arrive(desk, *posts, users=users)
    Customer.objects.filter(handle="c2").update(tags=["press"])
    return posts, users


def test_the_live_rule_does_exactly_what_the_dry_run_showed(desk):
    posts, users = five_posts_arrive(desk)
    rules = [
        rule(
            "bills",
            when={"words": ["invoice*", "Rechnung"]},
            department=desk.business.pk,
            tags=["bill"],
        ),
        rule("press", when={"tags": ["press"]}, priority="high"),
        rule("reach", when={"followers": 400}, minutes=5),
    ]
    shown = rule_editing.dry_run(rules)
    assert shown["read"] == 5
    assert dict(shown["counts"]) == {"bills": 3, "press": 1, "reach": 1}
    assert len(shown["elsewhere"]) == 4
    put_live(desk, *rules)
    again = [
        factories.post(post.text, by=user, language=post.language, at=post.created_at)
        for post, user in zip(posts, users, strict=True)
    ]
    tickets = factories.arrive(desk, *again, users=users)
    by_customer = {
        one.customer.handle: one
        for one in Ticket.objects.filter(pk__in=[one.pk for one in tickets]).select_related(
            "customer"
        )
    }
    for post, user in zip(posts, users, strict=True):
        routed, ticket = shown["outcomes"][str(post.key)], by_customer[user.handle]
        assert (ticket.department_id, ticket.priority, ticket.tags, ticket.routed_by) == (
            routed.department,
            routed.priority,
            routed.tags,
            routed.by_rule,
        )
        assert ticket.due_at == routing.due_at(routed, ticket.department, post.created_at)


def test_a_hand_off_shows_the_rule_that_erred(desk, client):
    put_live(
        desk, rule("Bills", key="k1", when={"words": ["invoice"]}, department=desk.business.pk)
    )
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe my invoice is wrong")
    assert ticket.department_id == desk.business.pk
    lifecycle.hand_off(ticket, to=desk.service, note="Not a bill.", by=desk.nele)
    assert ticket.hand_offs.get().wrong_rule == "k1"
    client.force_login(desk.max)
    assert "1 ticket was handed over afterwards" in client.get(reverse("routing")).content.decode()


def test_an_administrator_writes_orders_tries_and_puts_rules_live_in_the_desk(desk, client):
    factories.a_ticket(desk, "@AmselnetzHilfe my invoice is wrong")
    client.force_login(desk.max)
    typed = {
        "name": "Bills",
        "words": "invoice*\nRechnung",
        "department": desk.business.pk,
        "add_tags": "bill, money",
        "priority": "high",
        "minutes": "5",
    }
    client.post(reverse("routing-rule", args=["new"]), typed)
    client.post(
        reverse("routing-rule", args=["new"]),
        {"name": "Night", "hours": "outside", "add_tags": "night"},
    )
    draft = RoutingDraft.objects.get()
    client.post(
        reverse("routing"), {"act": "up", "key": draft.rules[1]["key"], "saved": draft.saved}
    )
    assert [one["name"] for one in RoutingDraft.objects.get().rules] == ["Night", "Bills"]
    tried = client.get(reverse("routing-dry-run")).content.decode()
    assert "my invoice is wrong" in tried
    assert "Business Customers" in tried
    assert routing.live() is None
    client.post(reverse("routing"), {"act": "live", "saved": RoutingDraft.objects.get().saved})
    assert routing.live().number == 1
    page = client.get(
        reverse("routing-rule", args=[routing.live().rules[1]["key"]])
    ).content.decode()
    assert "invoice*" in page
    assert "bill, money" in page


def test_looking_at_the_rules_begins_no_draft(desk, client):
    client.force_login(desk.max)
    for path in (
        reverse("routing"),
        reverse("routing-rule", args=["new"]),
        reverse("routing-dry-run"),
    ):
        assert client.get(path).status_code == 200
    assert not RoutingDraft.objects.exists()


def test_a_refused_rule_says_why_and_keeps_what_was_typed(desk, client):
    client.force_login(desk.max)
    answer = client.post(
        reverse("routing-rule", args=["new"]), {"name": "Bills", "words": "invoice*"}
    )
    assert answer.status_code == 400
    assert "does nothing yet" in answer.content.decode()
    assert "invoice*" in answer.content.decode()
    with pytest.raises(Invalid):
        rule_editing.save_rule(
            rule_editing.draft_of(by=desk.max),
            key="",
            name=" ",
            when={},
            then={"minutes": 5},
            saved=None,
            by=desk.max,
        )


def test_only_administrators_write_rules_and_not_over_each_other(desk):
    with pytest.raises(NotAllowed):
        rule_editing.draft_of(by=desk.lena)
    draft = rule_editing.draft_of(by=desk.max)
    rule_editing.save_rule(
        draft, key="", name="a", when={}, then={"minutes": 5}, saved=draft.saved, by=desk.max
    )
    with pytest.raises(Stale):
        rule_editing.save_rule(
            draft, key="", name="b", when={}, then={"minutes": 5}, saved=draft.saved, by=desk.max
        )
