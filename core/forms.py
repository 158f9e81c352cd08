"""Reading what a form brings: numbers that are none, or far too long, are no reason to fail."""

from datetime import UTC, date, datetime

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# The first and the last day that anybody means.
EARLIEST = date(1900, 1, 1)
LATEST = date(2999, 12, 31)
LONGEST = 12
LONGEST_ID = 18  # digits; the database's own numbers have no more


def is_number(text: str, most: int = LONGEST_ID) -> bool:
    """Whether this is a whole number in plain digits, and not too long.

    Digits of other scripts do not count.
    """
    return text.isascii() and text.isdigit() and len(text) <= most


def whole(text: str) -> int | None:
    """Return a whole number out of what was typed.

    None if it is none, or longer than any number of ours.
    """
    text = text.strip()
    return int(text) if is_number(text, LONGEST - 1) else None


def is_meant(at: date) -> bool:
    """Whether a day or time lies in the centuries that people mean.

    It can then be moved by time zones and days.
    """
    day = at.date() if isinstance(at, datetime) else at
    return EARLIEST <= day <= LATEST


def moment(text: str) -> datetime | None:
    """Return a time with its zone out of an address; None if it is none, or of another age."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo and is_meant(at) else None


def day_in(text: str) -> date | None:
    """Return a day as `2026-12-24`, or as `24.12.2026`; None if it is none, or of another age."""
    text = text.strip()
    try:
        written = (
            datetime.strptime(text, "%d.%m.%Y").date() if "." in text else date.fromisoformat(text)
        )
    except ValueError:
        return None
    return written if is_meant(written) else None


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether a page of ours may be opened by this address.

    A bare word is none, though Django takes it for a view's name.
    """
    is_address = address.startswith(("/", "http://", "https://")) and not address.startswith("//")
    return is_address and url_has_allowed_host_and_scheme(address, {request.get_host()})


def whole_number(request: HttpRequest, name: str) -> int | None:
    """Return the number in a field of the form, likewise."""
    return whole(request.POST.get(name, ""))
