"""What stands around the rows of a list and is the same on most pages; each is drawn once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.screens.drawn_once import drawn
from people.models import User
from tickets.inbox.filters import Fields
from tickets.views import verbs

TABS = {
    "mine": _("My turn"),
    "unassigned": _("Unassigned"),
    "open": _("All open"),
    "approval": _("In approval"),
    "snoozed": _("Snoozed"),
    "answered": _("Answered"),
    "resolved": _("Resolved"),
    "filtered": _("Filtered out"),
}


@dataclass(frozen=True)
class Tab:
    """A list, by its name in addresses and the reader's; how much is in it, where that is told."""

    key: str
    label: str
    number: int


@dataclass(frozen=True)
class Tabs:
    """All lists, and which one is shown."""

    shown: str
    tabs: tuple[Tab, ...]


@dataclass(frozen=True)
class Several:
    """The bar of several chosen rows: what can be done with them; it is open without script."""

    verbs: verbs.Verbs
    is_open: bool


def tabs(shown: str, counts: Mapping[str, int]) -> SafeString:
    """Draw the tabs."""
    part = Tabs(
        shown, tuple(Tab(key, str(label), counts.get(key, 0)) for key, label in TABS.items())
    )
    return drawn("screens/_tabs.html", part)


def filter_fields(fields: Fields, asked: Mapping[str, str]) -> SafeString:
    """Draw the fields of the form of filters, with what was typed into them."""
    typed = {name: asked[name] for name in ("since", "until", "tag")}
    return drawn("screens/_filter_fields.html", fields, **typed)


def several(user: User, query: str, token: str, *, is_open: bool) -> SafeString:
    """Draw the bar for several; its forms send the `token` and come back to the `query`."""
    part = Several(verbs.of_rows(user), is_open)
    return drawn("screens/_several.html", part, csrf_token=token, query=query)
