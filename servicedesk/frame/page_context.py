"""What every page of somebody who is signed in begins with, and what it shows.

The stream's position; the bar with its counts, paused accounts.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.broker import page_updates
from core.database import editions, planned
from core.models import Link
from core.screens.form_token import form_token
from notices.models import Notice
from people import access, access_changes
from people.requests import DeskRequest
from servicedesk.demo import tour
from servicedesk.frame import bar as bars
from servicedesk.frame import counts, in_place
from servicedesk.live import colleagues
from servicedesk.operations import first_steps
from tickets.accounts import read_failures
from tickets.models import ConnectedAccount
from tickets.states import AccountState

ALARMS = ("paused_accounts", "reading_troubles", "access_changes")
BEGINS = (
    "SELECT (SELECT coalesce(max(number), 0) FROM {links}), "
    "(SELECT coalesce(max(id), 0) FROM {notices} WHERE user_id = %s), {edition}"
)


def begin(request: DeskRequest) -> None:
    """Note the position, the newest notice and the edition, for the page that begins now.

    What is kept counts only where nothing is changed.
    """
    sql = BEGINS.format(
        links=Link._meta.db_table, notices=Notice._meta.db_table, edition=editions.expression()
    )
    ((request.position, request.latest_notice, edition),) = planned.all_rows(
        connection.alias, sql, (request.user.pk,)
    )
    if request.method in {"GET", "HEAD"}:
        editions.begin(int(edition))
        request.user.memberships = access.memberships_of(request.user.person_id)


def known(request: HttpRequest) -> int:
    """Return the newest change of access that this session has put away."""
    said = request.session.get("known_access_change")
    return said if isinstance(said, int) and 0 <= said < 2**63 else 0


def alarms(request: HttpRequest) -> dict[str, QuerySet]:
    """Return what every page warns of, by its name in the templates."""
    paused = ConnectedAccount.objects.filter(status=AccountState.PAUSED)
    changes = access_changes.recent(request.user.person)  # type: ignore[union-attr]
    return {
        "paused_accounts": paused.select_related("department", "paused_by__person"),
        "reading_troubles": read_failures.worth_a_banner(),
        "access_changes": changes.filter(pk__gt=known(request)),
    }


def counted(
    request: HttpRequest,
    page: str = "",
    tabs: Callable[[], Mapping[str, QuerySet[Any]]] | None = None,
    signing: Collection[int] | None = None,
) -> Mapping[str, int]:
    """Return the counts of the bar and how long each alarm's list is, asked once for a page.

    Who shows a list asks first: with a name for the `page`, with its `tabs`, and with the tickets
    that wait for a signature where they are known.
    """
    if not hasattr(request, "counts"):
        request.counts = counts.of(  # type: ignore[attr-defined]
            request.user,  # type: ignore[arg-type]
            lambda: {**alarms(request), **(tabs() if tabs else {})},
            signing,
            (known(request), page),
        )
    return request.counts  # type: ignore[attr-defined]


def bar(request: DeskRequest, counted: Mapping[str, int]) -> SafeString:
    """Draw the bar of a page, with who is here unless only the panes are swapped."""
    user = request.user
    here = {} if in_place.is_asked(request) else colleagues.here(user)
    part = bars.Bar(
        tab=bars.tab_of(request.path),
        counts=bars.counts_of(counted),
        name=user.person.name,
        stamp=user.person.stamp,
        theme=user.theme,
        roles=bars.roles_of(user),
        here=tuple((one["stamp"], one["name"]) for one in here.get("people", [])),
        more=here.get("more", 0),
        is_administrator=user.is_administrator,
        first_steps=first_steps.unfinished(user),
        simulator=settings.X_API_URL if settings.X_IS_SIMULATED else "",
    )
    return bars.bar(part, form_token(request), request.get_full_path())


def desk(request: HttpRequest) -> dict[str, Any]:
    """Only for signed-in people on whole pages; fragments ask for nothing of this.

    A page that swaps its panes asks for what may have changed around them.
    """
    swaps_panes = in_place.is_asked(request)
    base: dict[str, Any] = {
        "page_frame": "panes.html" if swaps_panes else "base.html",
        "demo": settings.DEMO,
        "x_is_simulated": settings.X_IS_SIMULATED,
        "x_url": settings.X_API_URL,
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or request.headers.get("HX-Request"):
        return base
    found = counted(request)
    drawn = bar(cast(DeskRequest, request), found)
    base |= {"counts": found, "bar": drawn, "csrf_token": form_token(request)}
    if any(found[name] for name in ALARMS):
        base |= {name: rows for name, rows in alarms(request).items() if found[name]}
    if swaps_panes:
        return base
    return base | {
        "overlays": bars.overlays(found),
        "tour": tour.standing(request),
        "position": request.position if hasattr(request, "position") else page_updates.position(),
        "latest_notice": getattr(request, "latest_notice", 0),
    }
