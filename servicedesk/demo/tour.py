"""The guided tour of the demo: five steps through the main job, left at any time.

Where somebody stands in it is a cookie of their browser, since the tour goes through two
people's hands.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people import demo

COOKIE = "tour"
LEFT = "0"


@dataclass(frozen=True)
class Step:
    """What to do, and the part of a page (a CSS selector) whose presence shows that it is done.

    `link` is a named address, or the simulated X.
    """

    sentence: Promise
    done: str
    link: str = ""
    link_words: Promise | str = ""


STEPS = (
    Step(
        _("Open a ticket that is your turn; the yellow edge marks it."),
        "#composer",
        "inbox",
        _("To the inbox"),
    ),
    Step(
        _("Write an answer. Your initials are added below it and count; Ctrl ↵ submits it."),
        ".reply__bar a[href^='/review/']",
    ),
    Step(
        _("Nobody signs their own words. Sign out, sign in as Rita, and open Review."),
        "[data-review] .decide__main [data-decision]",
        "queue",
        _("To the review"),
    ),
    Step(
        _("Read both sides, then press A: the second signature is yours."),
        ".toast form[action$='/draft/revoke/']",
    ),
    Step(
        _(
            "In a few seconds the reply is public, word for word. Look at it where the "
            "customer does."
        ),
        "[data-tour-end]",
        "x",
        _("To the simulated X"),
    ),
)


def standing(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the strip shows.

    The offer (step 0) on the inbox of who has not answered it, the present step, or nothing; never
    outside the demo.
    """
    kept = request.COOKIES.get(COOKIE, "")
    if kept == LEFT or not demo.is_demo():
        return None
    step = int(kept) if kept in {str(number) for number in range(1, len(STEPS) + 1)} else 0
    if step == 0 and not request.path.startswith("/inbox/"):
        return None
    return {"step": step, "steps": STEPS, "of": len(STEPS)}
