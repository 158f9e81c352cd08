"""Reading what a form brings: numbers that are none, or far too long, are no reason to fail."""

from django.http import HttpRequest

LONGEST = 12


def whole(text: str) -> int | None:
    """A whole number out of what was typed; None if it is none, or longer than any number of ours."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < LONGEST else None


def whole_number(request: HttpRequest, name: str) -> int | None:
    """The number in a field of the form, likewise."""
    return whole(request.POST.get(name, ""))
