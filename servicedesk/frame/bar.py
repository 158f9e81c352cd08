"""What stands around every page: the bar above it, and what opens over it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from core.screens.drawn_once import drawn
from people.models import User
from people.preferences.keyboard_shortcuts import LETTERS, OTHER_KEYS, PAIRS

# Which tab a page belongs to, by how its address begins.
TABS = {
    "/first-steps/": "first-steps",
    "/inbox/": "inbox",
    "/tickets/": "inbox",
    "/incidents/": "inbox",
    "/review/": "review",
    "/lead/": "lead",
    "/outbox/": "outbox",
    "/guideline": "guidelines",
    "/saved-replies/": "guidelines",
    "/people/": "people",
    "/departments/": "people",
    "/routing/": "people",
    "/company/": "people",
    "/setup/": "setup",
    "/health/": "setup",
    "/audit/": "audit",
    "/notices/": "notices",
}


@dataclass(frozen=True)
class Counts:
    """What the bar counts for somebody, each at most 100; `leads` is 1 for who leads."""

    inbox: int = 0
    review: int = 0
    lead: int = 0
    outbox: int = 0
    notices: int = 0
    leads: int = 0


@dataclass(frozen=True)
class Bar:
    """What the bar of a page says; `tab` is the one that the page belongs to.

    `roles` has each role of the person with its department, `here` the stamp and the name of
    colleagues at the desk, `more` how many there are besides.
    """

    tab: str
    counts: Counts
    name: str
    stamp: str
    theme: str
    roles: tuple[tuple[str, str], ...]
    here: tuple[tuple[str, str], ...]
    more: int
    is_administrator: bool
    first_steps: bool
    simulator: str


@dataclass(frozen=True)
class Overlays:
    """What opens over a page: the sheet of keys, the finder, and the news of a change."""

    leads: bool

    @property
    def letters(self) -> Mapping[str, str | Promise]:
        """What each letter does."""
        return LETTERS

    @property
    def pairs(self) -> Mapping[str, str | Promise]:
        """Where G and a letter lead."""
        return PAIRS if self.leads else {key: name for key, name in PAIRS.items() if key != "e"}

    @property
    def other_keys(self) -> Any:
        """What the other keys do."""
        return OTHER_KEYS


def tab_of(path: str) -> str:
    """Return the tab that the page at an address belongs to; empty where it is none of them."""
    return next((tab for begins, tab in TABS.items() if path.startswith(begins)), "")


def counts_of(counted: Mapping[str, int]) -> Counts:
    """Return what the bar counts, out of everything that was counted for a page."""
    return Counts(**{one.name: counted.get(one.name, 0) for one in fields(Counts)})


def roles_of(user: User) -> tuple[tuple[str, str], ...]:
    """Return the person's roles in words, each with the name of its department or nothing."""
    return tuple(
        (one.get_role_display(), one.department.name if one.department else "")
        for one in user.memberships
    )


def bar(part: Bar, token: str, page: str) -> SafeString:
    """Draw the bar; the forms in it send the `token` and come back to the `page`."""
    return drawn("components/bar.html", part, csrf_token=token, page=page)


def overlays(counted: Mapping[str, int]) -> SafeString:
    """Draw what opens over the page."""
    return drawn("components/overlays.html", Overlays(leads=bool(counted.get("leads"))))
