"""What somebody typed into a form, given back where the form was refused."""

from dataclasses import dataclass

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError

# The fields of our forms that hold somebody's words. A rule test compares them with the templates.
LINES = ("name", "initials", "email", "tags", "post", "title", "summary", "username")
TEXTS = (
    "text",
    "comment",
    "reason",
    "note",
    "text_en",
    "text_de",
    "training_en",
    "training_de",
    "words",
    "holidays_by_hand",
    "sample",
)
SECRET = ("csrfmiddlewaretoken", "password")
CHOSEN = ("/resolve/", "/several/")  # there a reason is one of a list


@dataclass(frozen=True)
class Typed:
    """One field with what stands in it."""

    name: str
    value: str
    is_line: bool = False


def posted(request: HttpRequest) -> QueryDict:
    """Return the fields that a form brought; none where the body cannot be read as a form."""
    try:
        return request.POST
    except (MultiPartParserError, SuspiciousOperation, BadRequest, OSError, ValueError):
        return QueryDict()


def words_in(request: HttpRequest) -> list[Typed]:
    """Return the fields with words that a form brought, in its order."""
    found = []
    for name, value in posted(request).items():
        if isinstance(value, str) and value.strip() and holds_words(request, name):
            found.append(Typed(name, value, name in LINES))
    return found


def holds_words(request: HttpRequest, name: str) -> bool:
    """Whether somebody writes into the field of this name, and does not choose."""
    if name == "reason" and request.path.endswith(CHOSEN):
        return False
    return name in LINES or name in TEXTS or name.startswith(("alt:", "explain:"))


def others_in(request: HttpRequest) -> list[Typed]:
    """Return what else the form brought, so that it can be sent again; no secrets."""
    return [
        Typed(name, value)
        for name, values in posted(request).lists()
        if not name.startswith(SECRET)
        for value in values
        if isinstance(value, str) and not holds_words(request, name)
    ]
