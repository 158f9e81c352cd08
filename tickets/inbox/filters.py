"""What narrows a list of tickets: read from the address, drawn as a form, each taken off alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from core.database.editions import kept
from core.screens.form_values import day_in, whole
from core.text import formatting
from people import access
from people.models import Department, Membership, Person, User
from tickets.forms import LANGUAGES
from tickets.models import ConnectedAccount, Incident, Ticket
from tickets.states import Priority, TicketStatus

LABELS: dict[str, str | Promise] = {
    "status": gettext_lazy("Status"),
    "assignee": gettext_lazy("Assignee"),
    "department": gettext_lazy("Department"),
    "account": gettext_lazy("Account"),
    "language": gettext_lazy("Language"),
    "priority": gettext_lazy("Priority"),
    "tag": gettext_lazy("Tag"),
    "since": gettext_lazy("Wrote since"),
    "until": gettext_lazy("Wrote until"),
    "incident": gettext_lazy("Incident"),
}
NAMES = tuple(LABELS)
# These states have a list of their own, in an order of its own.
LISTS = {TicketStatus.ANSWERED: "answered", TicketStatus.RESOLVED: "resolved"}


@dataclass(frozen=True)
class Option:
    """One value of a filter, as the address has it, and its name."""

    value: str
    name: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Select:
    """A filter with values to choose from."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Fields:
    """What the form of filters offers."""

    selects: tuple[Select, ...]


@dataclass(frozen=True)
class Held:
    """A filter that holds: its label, its value in words, and the list without it."""

    label: str
    value: str
    query_without: str


@dataclass(frozen=True)
class Filters:
    """The form of filters for one person, and those that hold now.

    `query_without_any` is the list without all of them.
    """

    fields: Fields
    held: list[Held]
    query_without_any: str


def asked_for(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that an address names."""
    return {name: asked[name] for name in NAMES if asked.get(name)}


def tab_of(asked: Mapping[str, str], tabs: Mapping[str, Any]) -> str:
    """Return the list that is meant: a state that has a list of its own leads there."""
    status = asked["status"]
    if status in LISTS:
        return LISTS[TicketStatus(status)]
    tab = asked["tab"] if asked["tab"] in tabs else "open"
    return "open" if status and tab in LISTS.values() else tab


def narrowed(tickets: QuerySet[Ticket], asked: Mapping[str, str], user: User) -> QuerySet[Ticket]:
    """Return those of the tickets that fit every filter; one that cannot be read narrows nothing.

    The department is no filter of these: the list begins with it.
    """
    for name, value in asked_for(asked).items():
        if name in CONDITIONS and (condition := CONDITIONS[name](value, user)):
            tickets = tickets.filter(**condition)
    return tickets


def _assignee(value: str, user: User) -> dict[str, Any]:
    if value == "me":
        return {"assignee": user.person_id}
    if value == "nobody":
        return {"assignee__isnull": True}
    return _key("assignee")(value, user)


def _key(column: str) -> Callable[[str, User], dict[str, Any]]:
    return lambda value, _user: {column: number} if (number := whole(value)) else {}


def _one_of(column: str, values: list[str]) -> Callable[[str, User], dict[str, Any]]:
    return lambda value, _user: {column: value} if value in values else {}


def _since(value: str, _user: User) -> dict[str, Any]:
    day = day_in(value)
    return {"last_inbound_at__gte": begin_of(day)} if day else {}


def _until(value: str, _user: User) -> dict[str, Any]:
    day = day_in(value)
    return {"last_inbound_at__lt": begin_of(day + timedelta(days=1))} if day else {}


CONDITIONS: dict[str, Callable[[str, User], dict[str, Any]]] = {
    "status": _one_of("status", TicketStatus.values),
    "assignee": _assignee,
    "account": _key("account"),
    "language": lambda value, _user: {"language": value},
    "priority": _one_of("priority", Priority.values),
    "tag": lambda value, _user: {"tags__contains": [value.lower()]},
    "since": _since,
    "until": _until,
}


def begin_of(day: date) -> datetime:
    """Return the moment at which a day begins where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def filters_of(user: User, asked: Mapping[str, str]) -> Filters:
    """Return the form of filters with what this person may choose, and what holds."""
    departments = tuple(access.departments_of(user))
    held = asked_for(asked)
    seen = departments, user.person_id
    fields = fields_of(*seen, tuple(held.items())) if held else fields_of_none(*seen)
    shown = {name: value for name, value in asked.items() if value and name not in {"after"}}
    return Filters(
        fields=fields,
        held=[
            Held(
                label=str(LABELS[name]),
                value=words_of(name, value, fields, user),
                query_without=urlencode({key: shown[key] for key in shown if key != name}),
            )
            for name, value in held.items()
        ],
        query_without_any=urlencode({key: shown[key] for key in shown if key not in held}),
    )


def fields_of(
    departments: tuple[Department, ...], person: int, held: tuple[tuple[str, str], ...] = ()
) -> Fields:
    """Return what the form offers to one who sees these departments, with what holds now."""
    chosen = dict(held)
    return Fields(
        tuple(
            Select(
                name,
                str(LABELS[name]),
                tuple(Option(value, words, chosen.get(name) == value) for value, words in choices),
            )
            for name, choices in offered(departments, person)
        )
    )


@kept(ConnectedAccount, Department, Membership, Person, User)
def offered(
    departments: tuple[Department, ...], person: int
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the same for one who sees these departments; they need not choose themselves."""
    accounts = ConnectedAccount.objects.order_by("handle")
    people = access.active_people([one.pk for one in departments]).exclude(pk=person)
    return [
        ("status", [(value, str(name)) for value, name in TicketStatus.choices]),
        (
            "assignee",
            [
                ("me", _("Me")),
                ("nobody", _("Nobody")),
                *((str(one.pk), one.name) for one in people),
            ],
        ),
        ("department", [(str(one.pk), one.name) for one in departments]),
        ("account", [(str(one.pk), str(one)) for one in accounts]),
        ("language", [(code, language_name(code)) for code in LANGUAGES]),
        ("priority", [(value, str(name)) for value, name in Priority.choices]),
    ]


@kept(ConnectedAccount, Department, Membership, Person, User)
def fields_of_none(departments: tuple[Department, ...], person: int) -> Fields:
    """Return the same where nothing is filtered, as on most pages."""
    return fields_of(departments, person)


def language_name(code: str) -> str:
    """Return the name of a language, in the reader's."""
    if code == "und":
        return _("Language unknown")
    return str(get_language_info(code)["name_translated"])


def words_of(name: str, value: str, fields: Fields, user: User) -> str:
    """Return a filter's value as a person reads it."""
    for select in fields.selects:
        if select.name == name:
            return next((one.name for one in select.options if one.value == value), value)
    if name == "incident":
        seen = Incident.objects.filter(department__in=access.department_ids(user))
        incident = seen.filter(pk=whole(value) or 0).first()
        return incident.name if incident else value
    day = day_in(value) if name in {"since", "until"} else None
    return formatting.day(day) if day else value
