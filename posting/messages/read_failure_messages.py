"""What X does not let us read just now, in sentences: for the banner, the outbox and health."""

from django.utils.translation import gettext as _

from core.text.formatting import when
from posting.messages.attempt_messages import PAUSED
from tickets.models import Trouble
from tickets.states import Asked


def what(trouble: Trouble) -> str:
    """Return what cannot be read."""
    return str(
        {
            Asked.MENTIONS: _("The mentions of {account} cannot be read."),
            Asked.POSTS: _("The posts of open tickets of {account} cannot be looked up."),
            Asked.TIMELINE: _("The posts of {account} itself cannot be read."),
            Asked.GAPS: _("The gaps of {account} cannot be filled."),
            Asked.COMPARISON: _("The daily comparison of {account} with X could not be finished."),
        }[Asked(trouble.asked)]
    ).format(account=trouble.account)


def why(trouble: Trouble) -> str:
    """Return what stands in the way, and what to do."""
    if known := PAUSED.get(trouble.code):
        return str(known())
    return str(WHY.get(trouble.code, WHY["refused"])()).format(reason=trouble.said.rstrip(". "))


def shortly(trouble: Trouble) -> str:
    """Both, for a banner."""
    return f"{what(trouble)} {why(trouble)}"


def sentence(trouble: Trouble) -> str:
    """Both, and since when."""
    since = _("Since {time}; last asked {at}.").format(
        time=when(trouble.since), at=when(trouble.at)
    )
    return f"{shortly(trouble)} {since}"


def for_others(trouble: Trouble) -> str:
    """Return the same for people of other departments: X's own words are not for them."""
    return what(trouble)


WHY = {
    "errors_alone": lambda: _(
        "X answers only with errors: “{reason}”. If that goes on, look at the account on X: it "
        "may be suspended or renamed."
    ),
    "loop": lambda: _(
        "X names the same page again and again. What was read is kept; the desk starts over."
    ),
    "endless": lambda: _(
        "X names more and more pages. What was read is kept; the desk starts over."
    ),
    "429": lambda: _("X’s limit is used up; the desk goes on by itself once it resets."),
    "not_x": lambda: _(
        "Something between the desk and X answers in its place: “{reason}”. Ask whoever runs "
        "the network."
    ),
    "no_connection": lambda: _("X cannot be reached; the desk keeps asking."),
    "no_answer": lambda: _("X does not answer; the desk keeps asking."),
    "server": lambda: _("X has trouble of its own; the desk keeps asking."),
    "unreadable": lambda: _("X’s answer cannot be understood: “{reason}”. The desk keeps asking."),
    "refused": lambda: _("X refuses and says: “{reason}”. The desk keeps asking."),
}
