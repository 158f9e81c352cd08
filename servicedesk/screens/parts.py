"""The living page of the desk's parts.

Every colour, icon and component in all its states, drawn by the very templates that the screens
use.
"""

import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from approvals.drafts import word_differences
from approvals.states import DraftStatus
from core.screens.truncated_lists import Cut
from people.requests import DeskRequest
from posting.states import DeliveryStatus
from servicedesk.forms import PartsForm
from tickets.conversations.post_contents import Shape
from tickets.inbox.waits import Wait
from tickets.incidents import Wave
from tickets.states import TicketStatus

TYPE = (
    ("display", "30/36"),
    ("title", "18/24"),
    ("words-l", "20/31"),
    ("words", "16/24"),
    ("read", "14/20"),
    ("ui", "13/18"),
    ("meta", "12/16"),
    ("micro", "11/16"),
    ("hand", "16/18"),
)
SPACES = ("2", "4", "6", "8", "10", "12", "14", "16", "20", "24", "32", "48")


def parts(request: DeskRequest) -> HttpResponse:
    """Show the page, in the reader's language, theme and density."""
    before = _("The technician will come on Tuesday, promised.")
    after = _("The technician comes on Tuesday between 8 and 12.")
    context: dict[str, Any] = {
        "colours": colours(),
        "icons": icons(),
        "type": TYPE,
        "spaces": SPACES,
        "statuses": statuses(),
        "rings": [(178, 280, 102), (262, 280, 18), (286, 280, -6)],
        "waits": waiting(),
        "lights": [
            {"colour": "green", "sentence": _("X will accept a reply")},
            {"colour": "red", "sentence": _("X will not accept a reply")},
        ],
        "severities": (
            ("hint", _("Hint")),
            ("must_explain", _("Must be explained")),
            ("needs_lead", _("Needs the lead")),
            ("blocks", _("Blocks")),
        ),
        "pieces": word_differences.by_words(before, after),
        "rows": Cut(range(50), total=463, name="rows"),
        "people": ("Aylin Nergiz", "Rita Sommer", "Tomasz Zieliński"),
        "fields": PartsForm(),
        "wave": Wave(
            SimpleNamespace(pk=1, name="Kranstedt"),  # type: ignore[arg-type]
            answered=31,
            in_approval=4,
            waiting=3,
        ),
        **pictures_and_shapes(),
    }
    return render(request, "servicedesk/parts.html", context)


def statuses() -> list[tuple[str, Any]]:
    """Every status of ticket, draft and delivery, each once."""
    named: dict[str, Any] = {}
    for kind in (TicketStatus, DraftStatus, DeliveryStatus):
        for key, name in kind.choices:
            named.setdefault(key, name)
    return list(named.items())


def waiting() -> list[Wait]:
    """How long something has waited: fine, nearly over, over."""
    minutes = _("{n} of {limit} minutes")
    return [
        Wait(minutes.format(n=3, limit=10), filled=3),
        Wait(minutes.format(n=7, limit=10), "close", filled=7),
        Wait(_("{n} min over").format(n=2), "over", filled=10),
    ]


def pictures_and_shapes() -> dict[str, Any]:
    """Return what a post may have besides words."""
    mark, words = static("img/favicon.svg"), _("The mark of this desk: two carets on a line.")
    return {
        "pictures": [{"url": mark, "alt": words, "width": 300, "height": 200}],
        "shapes": [
            Shape("photo", words=words, picture=mark),
            Shape("video", words="", hint="1:12"),
            Shape("poll", options=(_("orange"), _("green"))),
            Shape("place", words="Kranstedt"),
        ],
    }


@cache
def colours() -> list[str]:
    """Return the names of the colour tokens, as the style sheet has them."""
    css = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
    return re.findall(r"--([a-z0-9-]+): (?:light-dark|oklch)\(", css)


@cache
def icons() -> list[str]:
    """Return the names in the sprite."""
    return re.findall(
        r'id="([a-z0-9-]+)"', (Path(settings.BASE_DIR) / "static" / "icons.svg").read_text()
    )
