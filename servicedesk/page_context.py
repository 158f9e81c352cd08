"""What every page shows: the bar with its counts, paused accounts, the stream's position."""

from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import HttpRequest

from core.broker import page_updates
from notices.models import Notice
from people import access_changes
from people.preferences.keyboard_shortcuts import LETTERS, OTHER_KEYS, PAIRS
from servicedesk.demo import tour
from servicedesk.live import colleagues
from servicedesk.operations import first_steps
from servicedesk.screens import counts, in_place
from tickets.accounts import read_failures
from tickets.models import ConnectedAccount
from tickets.states import AccountState


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
    lists = alarms(request)
    found = counts.of(user, besides=lists)
    base |= {"counts": found, "first_steps": first_steps.unfinished(user)}
    base |= {name: rows if found[name] else [] for name, rows in lists.items()}
    if swaps_panes:
        return base
    return base | {
        "letters": LETTERS,
        "key_pairs": PAIRS,
        "other_keys": OTHER_KEYS,
        "colleagues": colleagues.here(user),
        "tour": tour.standing(request),
        "position": request.position if hasattr(request, "position") else page_updates.position(),
        "latest_notice": Notice.objects.filter(user=user).aggregate(n=Max("id"))["n"] or 0,
    }
