"""The inbox: lists of tickets behind plain addresses."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from people.access import department_ids, departments_of
from people.models import User
from tickets import querysets
from tickets.models import Mention, Ticket
from tickets.states import ACTIVE, Fate, ResolvedReason, TicketStatus

TABS = {
    "mine": _("My turn"), "unassigned": _("Unassigned"), "open": _("All open"), "approval": _("In approval"), "snoozed": _("Snoozed"),
    "answered": _("Answered"), "resolved": _("Resolved"), "filtered": _("Filtered out"),
}
PAGE = querysets.PAGE


def inbox(request: HttpRequest) -> HttpResponse:
    """The list, and beside it a word on what to do."""
    return render(request, "tickets/inbox.html", listing(request))


def inbox_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for a page that was told that something changed."""
    return render(request, "tickets/_list.html", listing(request))


def listing(request: HttpRequest, current: Ticket | None = None) -> dict[str, Any]:
    """Everything the list shows, from the address alone."""
    user: User = request.user  # type: ignore[assignment]
    asked = {name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("tab", "q", "department", "assignee", "tag", "status", "after")}
    tab = asked["tab"] if asked["tab"] in TABS else "open"
    kept = {name: value for name, value in asked.items() if value and name != "after"}
    context = {"tab": tab, "tabs": TABS, "asked": asked, "query": urlencode(kept), "departments": departments_of(user), "current": current,
               "filtering": any(asked[name] for name in ("q", "department", "assignee", "tag", "status"))}
    if tab == "filtered" and not asked["q"]:
        return context | {"groups": [], "filtered": Mention.objects.exclude(fate=Fate.TICKET).filter(
            account__department__in=department_ids(user)).select_related("customer", "newest").order_by("-id")[:PAGE]}
    rows = list(querysets.for_rows(narrowed(asked, chosen(user, tab, asked), user))[:PAGE + 1])
    following = rows[PAGE - 1] if len(rows) > PAGE else None
    rows = rows[:PAGE]
    several = [row for row in rows if row.status in {TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.ANSWERED}]
    return context | {"several": several if len(several) > 1 else [], "reasons": ResolvedReason.choices,
                      "groups": grouped(rows, user, tab), "rows": rows, "next": place_of(following, tab) if following else ""}


def chosen(user: User, tab: str, asked: dict[str, str]) -> QuerySet[Ticket]:
    """The tickets of this tab, in its order."""
    ids = department_ids(user)
    if asked["department"].isdecimal() and len(asked["department"]) < 19:
        ids = [one for one in ids if one == int(asked["department"])]
    if asked["q"]:
        return querysets.search(user, asked["q"]).filter(department__in=ids).order_by("-id") if asked["department"] else \
            querysets.search(user, asked["q"]).order_by("-id")
    awake = Ticket.objects.filter(status__in=ACTIVE, snoozed_until__isnull=True, department__in=ids)
    if tab == "mine":
        return by_due(querysets.my_turn(user, ids), asked)
    if tab == "unassigned":
        return by_due(awake.filter(assignee__isnull=True, status__in=[TicketStatus.NEW, TicketStatus.OPEN]), asked)
    if tab == "approval":
        return Ticket.objects.filter(status=TicketStatus.IN_APPROVAL, department__in=ids).order_by("waiting_since", "id")
    if tab == "snoozed":
        return Ticket.objects.filter(snoozed_until__isnull=False, department__in=ids).order_by("snoozed_until", "id")
    if tab in {"answered", "resolved"}:
        return Ticket.objects.filter(status=tab, department__in=ids).order_by("-updated_at", "-id")
    narrow = asked["assignee"] or asked["tag"] or asked["status"] or asked["after"]
    return by_due(awake if narrow else querysets.of_departments(ids), asked)


def by_due(tickets: QuerySet[Ticket], asked: dict[str, str]) -> QuerySet[Ticket]:
    """The most urgent first, from where the last page ended (a row comparison, so that every page costs the same)."""
    due, _sign, pk = asked["after"].rpartition("_")
    after = parsed(due)
    if after and pk.isdecimal() and len(pk) < 19:
        tickets = tickets.extra(where=["(tickets_ticket.due_at, tickets_ticket.id) > (%s::timestamptz, %s)"], params=[after, int(pk)])
    return tickets.order_by("due_at", "id")


def parsed(text: str) -> datetime | None:
    """A time from an address, None if it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def narrowed(asked: dict[str, str], tickets: QuerySet[Ticket], user: User) -> QuerySet[Ticket]:
    """The further filters of the address."""
    if asked["assignee"] == "me":
        tickets = tickets.filter(assignee=user.person_id)
    elif asked["assignee"] == "nobody":
        tickets = tickets.filter(assignee__isnull=True)
    elif asked["assignee"].isdecimal() and len(asked["assignee"]) < 19:
        tickets = tickets.filter(assignee=int(asked["assignee"]))
    if asked["tag"]:
        tickets = tickets.filter(tags__contains=[asked["tag"].lower()])
    if asked["status"] in TicketStatus.values:
        tickets = tickets.filter(status=asked["status"])
    return tickets


def place_of(ticket: Ticket, tab: str) -> str:
    """Where the next page begins."""
    return f"{ticket.due_at.isoformat()}_{ticket.pk}" if tab in {"mine", "unassigned", "open"} else ""


def grouped(rows: list[Ticket], user: User, tab: str) -> list[dict[str, Any]]:
    """Under plain headings: your turn, with a colleague, the customer's turn."""
    groups: dict[str, list[Ticket]] = {"yours": [], "colleague": [], "customer": [], "nobody": []}
    own = {one.department_id for one in user.memberships}
    for row in rows:
        free = row.assignee_id in {None, user.person_id} and row.department_id in own
        if row.status in {TicketStatus.NEW, TicketStatus.OPEN}:
            groups["yours" if free else "colleague"].append(row)
        elif row.status in {TicketStatus.IN_APPROVAL, TicketStatus.SENDING}:
            groups["colleague"].append(row)
        else:
            groups["customer" if row.status == TicketStatus.ANSWERED else "nobody"].append(row)
    names = {"yours": _("Your turn"), "colleague": _("With a colleague"), "customer": _("Customer’s turn"), "nobody": _("Resolved")}
    return [{"key": key, "name": names[key], "rows": found} for key, found in groups.items() if found]
