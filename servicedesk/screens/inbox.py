"""The inbox: lists of tickets behind plain addresses."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from approvals.querysets import to_sign
from core.database.editions import kept
from core.screens.form_token import form_token
from core.screens.form_values import is_number, moment, whole
from core.screens.truncated_lists import Cut, cut
from people import access
from people.access import department_ids, departments_of
from people.models import Department, Membership, Person, User
from people.requests import DeskRequest
from servicedesk.frame import in_place
from servicedesk.frame.page_context import counted
from servicedesk.screens import list_parts
from servicedesk.screens.list_parts import TABS
from tickets import incidents, querysets
from tickets.inbox import filters, rows, rows_at_hand, saved_views, search
from tickets.inbox.empty_lists import nothing_in
from tickets.inbox.known_tags import known_tags
from tickets.models import Incident, Mention, Ticket
from tickets.states import ACTIVE, IntakeOutcome, TicketStatus
from tickets.views import verbs

# By which time a list is ordered, and whether the newest comes first.
ORDER = {
    "mine": ("due_at", False),
    "unassigned": ("due_at", False),
    "open": ("due_at", False),
    "approval": ("waiting_since", False),
    "snoozed": ("snoozed_until", False),
    "answered": ("updated_at", True),
    "resolved": ("updated_at", True),
}
FOUND = ("created_at", True)
GROUP_OF_TAB = {"mine": "yours", "unassigned": "free", "snoozed": "snoozed"}
PAGE = querysets.PAGE


def inbox(request: DeskRequest, *, is_through: bool = False) -> HttpResponse:
    """Show the list, and beside it a word on what to do, or that nothing waits (`is_through`).

    To a page that swaps its panes, and has its list, the word alone.
    """
    whole = {} if in_place.is_asked(request) else whole_list(request)
    return render(request, "screens/inbox.html", whole | {"is_through": is_through})


def inbox_list(request: DeskRequest) -> HttpResponse:
    """Show the list alone, for a page that was told that something changed."""
    number = whole(request.GET.get("current", ""))
    theirs = Ticket.objects.filter(department__in=department_ids(request.user))
    current = theirs.filter(number=number).first() if number else None
    return render(request, "screens/_list.html", listing(request, current))


def whole_list(request: DeskRequest, current: Ticket | None = None) -> dict[str, Any]:
    """Return the list, and what a page has besides it, once: verbs of rows and the tags in use."""
    user, context = request.user, listing(request, current)
    query, is_open, token = context["query"], context["selecting"], form_token(request)
    return context | {
        "drawn_several": list_parts.several(user, query, token, is_open=is_open),
        "drawn_verbs": drawn_verbs(tuple(department_ids(user)), tuple(known_tags(user))),
    }


@kept(Department, Incident, Membership, Person, User)
def drawn_verbs(departments: tuple[int, ...], tags: tuple[str, ...]) -> SafeString:
    """Draw the dialogs of the verbs for rows of these departments, with these tags to choose."""
    context = {"row_verbs": verbs.of_rows_in(departments), "known_tags": tags}
    return cast(SafeString, render_to_string("screens/_row_verbs.html", context))


def listing(request: DeskRequest, current: Ticket | None = None) -> dict[str, Any]:
    """Everything the list shows, from the address, and the ticket that is open beside it."""
    user = request.user
    asked = {
        name: request.GET.get(name, "").replace("\x00", "").strip()
        for name in (*saved_views.PARTS, "after", "select")
    }
    tab = filters.tab_of(asked, TABS)
    signing = to_sign(user)
    found_counts = counted(request, "inbox", lambda: counted_tabs(department_ids(user)), signing)
    tab_counts = {**found_counts, "mine": found_counts["inbox"]}
    context = frame(user, tab, asked) | {"current": current}
    context["drawn_tabs"] = list_parts.tabs(context["tab_shown"], tab_counts)
    if tab == "filtered" and not asked["q"]:
        return context | {"groups": [], "filtered": filtered(request)}
    found = search.looked_for(user, asked["q"]) if asked["q"] else None
    tickets, following_too = first_page(user, tab, asked, found, signing)
    following = following_too[PAGE - 1] if len(following_too) > PAGE else None
    shown = with_its_number(following_too[:PAGE], tickets, asked, found)
    if current and following:
        shown = with_open_one(shown, tickets, current)
    reader = rows.Reader(
        user=user,
        now=timezone.now(),
        departments=department_ids(user),
        signing=signing,
        query=context["query"],
        terms=found.terms if found else (),
        unread=rows.unread_of(shown, user),
        current=current.pk if current else None,
    )
    goes_on = following is not None or asked["after"]
    known = known_numbers(tab, context["filtering"], tab_counts) if goes_on else None
    return context | {
        "groups": rows.groups_of(shown, reader, known),
        "row_count": len(shown),
        "next": place_of(following, tab, asked) if following else "",
        "waves": incidents.waves(user) if not asked["after"] else [],
        "is_partial": found is not None and found.is_partial,
    }


def first_page(
    user: User,
    tab: str,
    asked: dict[str, str],
    found: search.Found | None,
    signing: Collection[int],
) -> tuple[Callable[[], QuerySet[Ticket]], list[Ticket]]:
    """Return the tickets of the list, and those of the page that the address asks for.

    One more of the latter where the list goes on. A search, and the open tickets of several
    departments, ask for keys first: their statement is another one each time.
    """

    def tickets() -> QuerySet[Ticket]:
        fitting = found.tickets if found else None
        return filters.narrowed(chosen(user, tab, asked, fitting, signing), asked, user)

    depends_on = (
        tab,
        tuple(sorted(signing)) if tab == "mine" else (),
        access.rights_of(user),
        tuple(asked.items()),
        timezone.get_current_timezone_name(),
    )
    asks_first = found or (tab == "open" and len(department_ids(user)) > 1)
    return tickets, rows_at_hand.listed(tickets, PAGE + 1, None if asks_first else depends_on)


def counted_tabs(departments: Collection[int]) -> dict[str, QuerySet[Ticket]]:
    """Return the tickets behind the tabs that show a number, besides my turn."""
    theirs = Ticket.objects.filter(department__in=departments)
    return {"open": theirs.filter(**AWAKE)} | {
        name: theirs.filter(**NARROWER[name]) for name in ("unassigned", "approval", "snoozed")
    }


def known_numbers(tab: str, filtering: bool, counts: Mapping[str, int]) -> dict[str, int]:
    """Return the number of the group that is the whole of this tab, if nothing narrows the list."""
    if filtering or tab not in GROUP_OF_TAB:
        return {}
    return {GROUP_OF_TAB[tab]: counts.get(tab, 0)}


def with_its_number(
    shown: list[Ticket],
    tickets: Callable[[], QuerySet[Ticket]],
    asked: dict[str, str],
    found: search.Found | None,
) -> list[Ticket]:
    """Return the first page with the ticket whose number was typed, however old it is."""
    if found is None or found.number is None or asked["after"]:
        return shown
    if any(ticket.number == found.number for ticket in shown):
        return shown
    return [*rows_at_hand.listed(lambda: tickets().filter(number=found.number)), *shown]


def with_open_one(
    shown: list[Ticket], tickets: Callable[[], QuerySet[Ticket]], current: Ticket
) -> list[Ticket]:
    """Return the page with the ticket that is open, at its end if it stands on a later one."""
    if any(ticket.pk == current.pk for ticket in shown):
        return shown
    return [*shown, *rows_at_hand.listed(lambda: tickets().filter(pk=current.pk))]


def frame(user: User, tab: str, asked: dict[str, str]) -> dict[str, Any]:
    """Return what stands around the rows: tabs, filters, kept views."""
    query = urlencode(
        {name: value for name, value in asked.items() if value and name not in {"after", "select"}}
    )
    views = saved_views.of(user)
    view = saved_views.cleaned(query)
    is_kept = any(one.query == view for one in views)
    filtering = bool(asked["q"] or filters.asked_for(asked))
    form = filters.filters_of(user, asked)
    return {
        "tab": tab,
        "tab_shown": "" if asked["q"] or is_kept else tab,
        "tabs": TABS,
        "asked": asked,
        "selecting": bool(asked["select"]),
        "query": query,
        "views": views,
        "view": view,
        "departments": departments_of(user),
        "filtering": filtering,
        "filters": form,
        "drawn_filters": list_parts.filter_fields(form.fields, asked),
        "nothing": nothing_in(tab, words=asked["q"], filtering=filtering),
    }


def filtered(request: DeskRequest) -> Cut:
    """Return the posts that became no ticket, the newest first."""
    mentions = (
        Mention.objects.exclude(intake_outcome=IntakeOutcome.TICKET)
        .filter(account__department__in=department_ids(request.user))
        .select_related("customer", "newest")
    )
    passed = cut(mentions.order_by("-written_at", "-position"), "filtered", PAGE, request.GET)
    return passed.prepared(map(rows.passed_row, passed))


def chosen(
    user: User,
    tab: str,
    asked: dict[str, str],
    found: QuerySet[Ticket] | None,
    signing: Collection[int],
) -> QuerySet[Ticket]:
    """Return the tickets of this tab in its order, or those that a search found.

    `signing` has the tickets whose reply waits for this person's signature.
    """
    ids = department_ids(user)
    if is_number(asked["department"]):
        ids = [pk for pk in ids if pk == int(asked["department"])]
    if found is not None:
        here = found.filter(department__in=ids) if asked["department"] else found
        return in_order(here, FOUND, asked)
    theirs = Ticket.objects.filter(department__in=ids)
    if incident := whole(asked["incident"]):
        return in_order(theirs.filter(incident=incident), ORDER["open"], asked)
    if tab == "mine":
        mine = querysets.my_turn(user, ids) | theirs.filter(pk__in=signing)
        return in_order(mine, ORDER[tab], asked)
    if tab in NARROWER:
        return in_order(theirs.filter(**NARROWER[tab]), ORDER[tab], asked)
    is_narrow = filters.asked_for(asked) or asked["after"]
    tickets = theirs.filter(**AWAKE) if is_narrow else querysets.of_departments(ids)
    return in_order(tickets, ORDER["open"], asked)


AWAKE: dict[str, Any] = {"status__in": ACTIVE, "snoozed_until__isnull": True}
NARROWER: dict[str, dict[str, Any]] = {
    "unassigned": {
        "status__in": [TicketStatus.NEW, TicketStatus.OPEN],
        "snoozed_until__isnull": True,
        "assignee__isnull": True,
    },
    "approval": {"status": TicketStatus.IN_APPROVAL, "waiting_since__isnull": False},
    "snoozed": {"snoozed_until__isnull": False},
    "answered": {"status": TicketStatus.ANSWERED},
    "resolved": {"status": TicketStatus.RESOLVED},
}


def in_order(
    tickets: QuerySet[Ticket], order: tuple[str, bool], asked: dict[str, str]
) -> QuerySet[Ticket]:
    """Put them in the order of the list, from where the last page ended.

    A row comparison, so that every page costs the same.
    """
    name, falling = order
    at, _sign, pk = asked["after"].rpartition("_")
    after = moment(at)
    if after and is_number(pk):
        tickets = tickets.extra(  # noqa: S610 - our names
            where=[
                (
                    f"(tickets_ticket.{name}, tickets_ticket.id) {'<' if falling else '>'} "
                    f"(%s::timestamptz, %s)"
                )
            ],
            params=[after, int(pk)],
        )
    return tickets.order_by(f"-{name}" if falling else name, "-id" if falling else "id")


def place_of(ticket: Ticket, tab: str, asked: dict[str, str]) -> str:
    """Where the next page begins."""
    order = ORDER["open" if asked["incident"] else tab]
    name, _falling = FOUND if asked["q"] else order
    return f"{getattr(ticket, name).isoformat()}_{ticket.pk}"
