"""Keep line breaks and control characters out of what stands on one line.

Whichever door it came by; the doors are found by themselves.

Each column of the database, each field of the API and each verb that keeps a name is
tried with five characters.
"""

import contextlib
import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from rest_framework import serializers

from approvals.drafts import saved_replies
from approvals.guidelines import editing
from core.api.base import StrictSerializer
from core.database import grants
from core.database.one_line import BREAKS
from core.errors import DeskError
from people import company
from people.api import Tokens  # noqa: F401 - its serializers are known once it is read
from people.identity import persons, provisioning, tokens
from people.invitations import email_addresses, invitations
from people.memberships import departments
from people.models import Department
from people.roles import Role
from tests import factories
from tickets import incidents, lifecycle
from tickets.accounts import accounts, connecting
from tickets.conversations import notes
from tickets.inbox import saved_views
from tickets.models import ConnectedAccount, Ticket
from tickets.routing import rule_editing
from xapi.payloads import XUser

OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in grants.OURS and not model._meta.proxy
]
BREAKING = ["\n", "\r", "\x00", "\x85", "\u2028"]
NAMES = [f"U+{ord(one):04X}" for one in BREAKING]

WRITTEN_BY_THE_DESK = "the desk's own word, nobody types it"
A_FACT = (
    "a fact that was written once: rows from before keep what they hold, and the door refuses it"
)
OF_X = "X's word: taken in whatever it holds, shown without what hides"
SENTENCES = "words of somebody, which may have several lines"
WITHOUT_GUARD = {
    "core.Event": WRITTEN_BY_THE_DESK,
    "core.Link": WRITTEN_BY_THE_DESK,
    "core.ChainHead": WRITTEN_BY_THE_DESK,
    "core.Heartbeat": WRITTEN_BY_THE_DESK,
    "core.DeskMark": WRITTEN_BY_THE_DESK,
    "core.Lineage": WRITTEN_BY_THE_DESK,
    "people.AccessChange": WRITTEN_BY_THE_DESK,
    "people.UsedInitials": WRITTEN_BY_THE_DESK,
    "people.LoginName": WRITTEN_BY_THE_DESK,
    "people.PasswordWish": WRITTEN_BY_THE_DESK,
    "notices.Notice": WRITTEN_BY_THE_DESK,
    "people.RoleConfirmation": WRITTEN_BY_THE_DESK,
    "people.Membership": WRITTEN_BY_THE_DESK,
    "people.BrowserSession": "what a browser says of itself; shown, never in a header",
    "people.User.language": WRITTEN_BY_THE_DESK,
    "people.User.time_zone": WRITTEN_BY_THE_DESK,
    "people.User.password": WRITTEN_BY_THE_DESK,
    "people.Person.initials": "a to z alone, by another wall",
    "people.Department.holiday_country": "one of a list",
    "people.ApiToken.sha256": WRITTEN_BY_THE_DESK,
    "people.Invitation.sha256": WRITTEN_BY_THE_DESK,
    "tickets.ConnectedAccount.external_id": OF_X,
    "tickets.ConnectedAccount.avatar_url": OF_X,
    "tickets.ConnectedAccount.pause_code": WRITTEN_BY_THE_DESK,
    "tickets.ConnectedAccount.pause_reason": SENTENCES,
    "tickets.ConnectedAccount.rest_code": WRITTEN_BY_THE_DESK,
    "tickets.Feed": OF_X,
    "tickets.Trouble": OF_X,
    "tickets.ParkedPost": WRITTEN_BY_THE_DESK,
    "tickets.Gap": OF_X,
    "tickets.Customer": OF_X,
    "tickets.Mention": OF_X,
    "tickets.PostVersion": OF_X,
    "tickets.OwnPost": OF_X,
    "tickets.Ticket": WRITTEN_BY_THE_DESK,
    "tickets.ContextChange": WRITTEN_BY_THE_DESK,
    "tickets.Escalation": WRITTEN_BY_THE_DESK,
    "satisfaction.Asking": WRITTEN_BY_THE_DESK,
    "tickets.HandOff": WRITTEN_BY_THE_DESK,
    "approvals.GuidelineVersion": A_FACT,
    "approvals.Review": A_FACT,
    "approvals.Void": WRITTEN_BY_THE_DESK,
    "approvals.Attachment": WRITTEN_BY_THE_DESK,
    "approvals.Finding": SENTENCES,
    "approvals.Revision": WRITTEN_BY_THE_DESK,
    "posting.Delivery": WRITTEN_BY_THE_DESK,
    "posting.Attempt": WRITTEN_BY_THE_DESK,
    "posting.Result": OF_X,
    "posting.Doubt": OF_X,
    "posting.TakeDown": SENTENCES,
}


def lines_of(model) -> list[models.Field]:
    """Its columns of a single line that people may fill.

    No choice from a list, nothing that the database works out.
    """
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, models.CharField) and not one.choices
    ]


def guarded(model) -> set[str]:
    """The columns of a model that its wall keeps on one line."""
    return {
        name
        for part in model._meta.constraints
        if part.name.endswith("_on_one_line")
        for name in (one.name for one in lines_of(model))
        if f"('{name}__regex', {BREAKS!r})" in str(part.condition)
        or f"{name}__regex" in str(part.condition)
    }


def test_every_line_of_the_database_is_walled_or_says_why_not():
    for model in OURS:
        for column in lines_of(model):
            place = f"{model._meta.label}.{column.name}"
            assert (
                column.name in guarded(model)
                or model._meta.label in WITHOUT_GUARD
                or place in WITHOUT_GUARD
            ), place


@pytest.mark.parametrize(
    "breaking",
    [one for one in BREAKING if one != "\x00"],
    ids=[one for one in NAMES if one != "U+0000"],
)
def test_the_wall_refuses_it_in_every_column_by_raw_sql(desk, breaking):
    factories.a_ticket(desk)
    tokens.issue(desk.aylin, name="mine")
    incidents.open_incident(name="Outage", department=desk.service, by=desk.aylin)
    saved_views.keep(name="Mine", query="tag=bill", department=None, by=desk.aylin)
    saved_replies.keep(
        None,
        department=desk.service,
        title="Restart",
        language="en",
        text="Hi {customer}, restart it.",
        by=desk.max,
    )
    company.keep(name="Amselnetz", language="de", by=None)
    editing.draft_of(None, by=desk.max)
    tried = 0
    for model in OURS:
        for name in guarded(model):
            if (
                "UPDATE" not in model.app_may
                or not model.objects.exists()
                or ("(" in model.app_may.split("UPDATE")[1][:2] and name not in model.app_may)
            ):
                continue
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                model.objects.filter(pk=model.objects.first().pk).update(**{name: f"a{breaking}b"})
            assert "_on_one_line" in str(refused.value), f"{model}.{name}"
            tried += 1
    assert tried >= 12


def inputs() -> list[tuple[type, str, serializers.Field]]:
    """Every field of the API's bodies that holds a text: serializer, name, field."""
    found, waiting = [], [StrictSerializer]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("tests"):
            continue
        for name, field in kind._declared_fields.items():
            field = getattr(field, "child", field)
            if isinstance(field, serializers.CharField):
                found.append((kind, name, field))
    return found


MANY_LINES = {"text", "note", "reason", "comment", "alt", "explanations", "picture"}


def test_every_single_line_of_the_api_refuses_it():
    lines = [(kind, name, field) for kind, name, field in inputs() if name not in MANY_LINES]
    assert {name for _kind, name, _field in lines} >= {"name", "tags", "paragraph", "sha256"}
    for kind, name, field in lines:
        for breaking in BREAKING:
            with pytest.raises(serializers.ValidationError):
                field.run_validation(f"a{breaking}b")
                pytest.fail(f"{kind.__name__}.{name} takes U+{ord(breaking):04X}")


def doors_of_accounts(desk):
    """Yield the verbs about accounts."""

    def account(text):
        owner = XUser(id=88, handle="Another1", name="Another")
        return connecting.kept(
            owner,
            {"bearer_token": "t"},
            handle="Another1",
            name=text,
            department=desk.service,
            by=desk.max,
        ).name

    def from_x(text):
        return accounts.connect(
            external_id="77",
            handle="FromX",
            name=text,
            department=desk.service,
            credentials={"bearer_token": "t"},
        ).name

    yield "account", account
    yield "account of X", from_x


def doors_of_departments(desk):
    """Yield the verbs about departments."""

    def department(text):
        kept = departments.keep(
            None,
            by=desk.max,
            name_en=text,
            name_de=text,
            parent=None,
            review_policy="reviewers",
            clock_minutes=10,
            reply_minutes=30,
            time_zone="Europe/Berlin",
            hours={},
            holiday_country="",
            holiday_state="",
            holidays_by_hand=[],
        )
        return kept.name_en + kept.name_de

    def zone(text):
        return departments.keep(
            None,
            by=desk.max,
            name_en="Zone",
            name_de="Zone",
            parent=None,
            review_policy="reviewers",
            clock_minutes=10,
            reply_minutes=30,
            time_zone=f"Europe/{text}",
            hours={},
            holiday_country="DE",
            holiday_state=text,
            holidays_by_hand=[],
        ).time_zone

    yield "department", department
    yield "time zone", zone


def doors_of_what_holds(desk):
    """Yield the verbs about what holds for the company."""

    def rule(text):
        draft = rule_editing.draft_of(by=desk.max)
        rule_editing.save_rule(
            draft, key="", name=text, when={}, then={"priority": "high"}, saved=None, by=desk.max
        )
        return rule_editing.draft_of(by=desk.max).rules[-1]["name"]

    def summary(text):
        draft = editing.draft_of(None, by=desk.max)
        return editing.save_draft(
            draft,
            saved=None,
            by=desk.max,
            text_en="## 1 Kind\n\nBe kind.",
            text_de="## 1 Nett\n\nNett sein.",
            summary=text,
        ).summary

    yield "rule", rule
    yield "summary", summary
    yield "company", lambda text: company.keep(name=text, language="en", by=desk.max).name


def doors_of_people(desk):
    """Yield the verbs about people and their access."""

    def token(text):
        tokens.issue(desk.aylin, name=text)
        return desk.aylin.tokens.latest("id").name

    def invitation(text):
        return invitations.invite(
            name=text,
            initials="",
            email="zoe@example.com",
            role=Role.AGENT,
            department=desk.service,
            by=desk.max,
        )[0].name

    def address(text):
        email_addresses.set_email(desk.aylin, email=f"{text}@example.com", by=desk.aylin)
        return desk.aylin.email

    def renamed(text):
        persons.rename(
            desk.aylin.person, name=text, initials="an", is_listed_by_name=False, by=desk.max
        )
        return desk.aylin.person.name

    yield "token", token
    yield "invitation", invitation
    yield "address", address
    yield "rename", renamed
    yield "person", lambda text: persons.add_person(text, initials="zq").name
    yield (
        "sign-in",
        lambda text: (
            provisioning.add_sign_in(
                text, person=persons.add_person("Zoe", initials="zo"), password="a-long-password"
            ).username
        ),
    )


def doors_of_tickets(desk, ticket: Ticket):
    """Yield the verbs about tickets and what is written there."""

    def customer_tags(text):
        notes.tag_customer(ticket.customer, tags=[text], ticket=ticket, by=desk.aylin)
        ticket.customer.refresh_from_db()
        return "".join(ticket.customer.tags)

    yield "tags of a customer", customer_tags
    yield (
        "incident",
        lambda text: (
            incidents.open_incident(name=text, department=desk.service, by=desk.aylin).name
        ),
    )
    yield (
        "view",
        lambda text: (
            saved_views.keep(name=text, query="tag=bill", department=None, by=desk.aylin).name
        ),
    )
    yield (
        "saved reply",
        lambda text: (
            saved_replies.keep(
                None, department=desk.service, title=text, language="en", text="Hi.", by=desk.max
            )[0].title
        ),
    )
    yield "tags", lambda text: "".join(lifecycle.tag(ticket, tags=[text], by=desk.aylin).tags)


def doors(desk, ticket: Ticket):
    """Every verb that keeps a text of one line.

    Its name, and what keeps the text and gives back what is kept.
    """
    yield from doors_of_accounts(desk)
    yield from doors_of_departments(desk)
    yield from doors_of_what_holds(desk)
    yield from doors_of_people(desk)
    yield from doors_of_tickets(desk, ticket)


@pytest.mark.parametrize("breaking", BREAKING, ids=NAMES)
def test_every_verb_refuses_it_or_keeps_one_line(desk, settings, breaking):
    settings.X_IS_SIMULATED = True
    ticket = factories.a_ticket(desk)
    for name, keep in doors(desk, ticket):
        try:
            with transaction.atomic():
                kept = keep(f"One{breaking}Two")
        except DeskError:
            continue  # a sentence; the name stays what it was
        assert not set(kept) & set(BREAKING), f"{name}: {kept!r}"


@pytest.mark.parametrize("breaking", BREAKING, ids=NAMES)
@pytest.mark.parametrize("part", ["company", "departments", "people", "accounts"])
def test_a_file_that_is_set_up_brings_none_in_either(db, tmp_path, settings, part, breaking):
    settings.X_IS_SIMULATED = True
    name = f"One{breaking}Two"
    file = tmp_path / "desk.json"
    entries = {
        "company": {"name": name},
        "departments": [{"name_en": name, "name_de": name}],
        "people": [{"name": name, "role": "administrator", "email": "a@example.com"}],
        "accounts": [{"handle": "Amsel", "name": name, "department": "Service"}],
    }
    file.write_text(
        json.dumps(
            {"departments": [{"name_en": "Service", "name_de": "Service"}], part: entries[part]}
            if part != "accounts"
            else {
                "departments": [{"name_en": "Service", "name_de": "Service"}],
                "accounts": entries[part],
            }
        )
    )
    with contextlib.suppress(CommandError):
        call_command("set_up", str(file))
    for model in (Department, ConnectedAccount):
        for row in model.objects.values_list(
            "name_en" if model is Department else "name", flat=True
        ):
            assert not set(row) & set(BREAKING)


@pytest.mark.parametrize("breaking", BREAKING, ids=NAMES)
def test_the_form_that_connects_an_account_takes_none(desk, client, settings, breaking):
    settings.X_IS_SIMULATED = True
    client.force_login(desk.max)
    answer = client.post(
        reverse("account-new"),
        {"handle": "Another1", "name": f"One{breaking}Two", "department": desk.service.pk},
    )
    assert answer.status_code in {302, 400}
    assert not set(ConnectedAccount.objects.order_by("-id").first().name) & set(BREAKING)


def test_no_reason_for_a_missing_wall_has_outlived_its_column():
    known = {model._meta.label for model in OURS} | {
        f"{model._meta.label}.{one.name}" for model in OURS for one in lines_of(model)
    }
    assert set(WITHOUT_GUARD) - known == set()
