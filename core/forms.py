"""Reading what a form brings: numbers that are none, or far too long, are no reason to fail."""

from django.http import HttpRequest

LONGEST = 12
LONGEST_ID = 18  # digits; the database's own numbers have no more


def is_number(text: str, most: int = LONGEST_ID) -> bool:
    """Whether this is a whole number in plain digits, not those of other scripts, and not too long."""
    return text.isascii() and text.isdigit() and len(text) <= most


def whole(text: str) -> int | None:
    """A whole number out of what was typed; None if it is none, or longer than any number of ours."""
    text = text.strip()
    return int(text) if is_number(text, LONGEST - 1) else None


def whole_number(request: HttpRequest, name: str) -> int | None:
    """The number in a field of the form, likewise."""
    return whole(request.POST.get(name, ""))
