"""What a verb raises when it does not do what it was asked.

Each with a stable code and a sentence for a person.
"""

from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _


class DeskError(Exception):
    """A refusal: `status` is the HTTP status, `code` stable, the message a sentence.

    `detail` is data for the answer.
    """

    status = 400

    def __init__(self, reason: "Reason", **detail: Any) -> None:
        super().__init__(str(reason))
        self.reason, self.code, self.detail = reason, reason.code, detail


class NotAllowed(DeskError):
    """This person may not do this (403)."""

    status = 403


class IllegalMove(DeskError):
    """The thing is not in a state from which this is possible (409)."""

    status = 409


class Stale(DeskError):
    """Somebody was faster, or the text on the screen is no longer the newest (409)."""

    status = 409


class Invalid(DeskError):
    """What was sent cannot be used as it is (400). `field` names the place, where there is one."""

    status = 400

    def __init__(self, reason: "Reason", field: str = "", **detail: Any) -> None:
        super().__init__(reason, **detail)
        self.field = field


class Reason(str):
    """A sentence that says why not, with the stable `code` that the API returns.

    `kind` is the error that it becomes: `NotAllowed` unless said otherwise. `field` names the place
    for an `Invalid`.
    """

    code: str
    kind: type[DeskError]
    field: str

    def __new__(
        cls, code: str, sentence: str, *, kind: type[DeskError] = NotAllowed, field: str = ""
    ) -> "Reason":
        """`sentence` is already translated for the person who asked."""
        made = super().__new__(cls, sentence)
        made.code, made.kind, made.field = code, kind, field
        return made

    def error(self) -> DeskError:
        """Return the refusal to raise."""
        if self.kind is Invalid:
            return Invalid(self, self.field)
        return self.kind(self)


WALL = "DK403"
ON_ONE_LINE = "_on_one_line"  # how the names of those constraints end


def refused_by_a_guard(error: DatabaseError) -> bool:
    """Whether a guard of the database refused (its SQLSTATE is ours)."""
    return getattr(error.__cause__, "pgcode", None) == WALL


def breaks_a_line(error: BaseException) -> bool:
    """Whether the database refused a control character in a column of one line.

    See `core.database.one_line`.
    """
    return isinstance(error, DatabaseError) and guard_of(error).endswith(ON_ONE_LINE)


def on_one_line() -> Invalid:
    """Return the refusal of such a text, which only a guard of the database stopped."""
    sentence = _(
        "A name, a title or an address takes one line: remove the line break or control "
        "character. Nothing was changed."
    )
    return Invalid(Reason("one_line", sentence))


def guard_of(error: DatabaseError) -> str:
    """Which guard refused, or an empty text."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return (diagnostics.constraint_name if diagnostics else "") or ""


def refusal(error: DatabaseError) -> NotAllowed:
    """Return the guard's refusal as the desk's own.

    Raises the error again where it is no guard's.
    """
    if not refused_by_a_guard(error):
        raise error
    sentence = _(
        "The desk stopped this: no two people stand behind exactly these words. Nothing "
        "was posted or changed."
    )
    return NotAllowed(Reason("guard", sentence), guard=guard_of(error))
