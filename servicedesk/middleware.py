"""What holds for every request.

Bodies have a limit, and a verb's refusal becomes an answer that helps.
"""

import re
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.database import editions
from core.errors import DeskError, breaks_a_line, on_one_line, refusal, refused_by_a_guard
from core.screens.typed_values import others_in, posted, words_in
from core.text.characters import first_fault
from core.text.readable import unreadable
from people.requests import DeskRequest
from servicedesk.errors import odd
from servicedesk.frame import page_context

LIMIT = 1_000_000
LARGER = {
    re.compile(r"/people/[0-9]+/picture/"): 6_500_000,
    re.compile(r"/tickets/[0-9]+/draft/pictures/"): 12_500_000,  # photographs, and what a form adds
    re.compile(r"/api/v1/drafts/[0-9]+/pictures/"): 12_500_000,
}  # the same in base64


class Compressed(GZipMiddleware):
    """Pages, scripts and styles go out compressed; pictures and fonts are so already.

    Django varies the length, and its form tokens change with every page, so that a length tells
    nothing of what stands in it (BREACH).
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Compress what is text."""
        kind = response.get("Content-Type", "").partition(";")[0]
        worth = kind.startswith("text/") or kind in {
            "application/json",
            "application/javascript",
            "application/manifest+json",
            "image/svg+xml",
        }
        return super().process_response(request, response) if worth else response


class NotKept:
    """Nobody keeps what is private: no proxy, and no browser after signing out.

    Private is every answer of the API, and every answer to who brings a session or gets one, errors
    included. The database is not asked for it. A public page that says how long it may be kept goes
    on saying so; static files never come here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer."""
        response = self.get_response(request)
        is_private = (
            request.path.startswith("/api/")
            or settings.SESSION_COOKIE_NAME in request.COOKIES
            or settings.SESSION_COOKIE_NAME in response.cookies
        )
        if is_private and "public" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "no-store"
        return response


class BodyLimit:
    """A body over 1 MB (with a picture more) is answered with 413 before anybody reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Judge by the announced length."""
        try:
            length = int(request.headers.get("content-length") or 0)
        except ValueError:
            length = sys.maxsize
        limit = next(
            (larger for path, larger in LARGER.items() if path.fullmatch(request.path)), LIMIT
        )
        if length <= limit:
            return self.get_response(request)
        sentence = str(
            _("That is too much at once: at most {n} MB. Nothing was changed.").format(
                n=limit // 1_000_000
            )
        )
        if request.path.startswith("/api/"):
            return JsonResponse(
                {"error": {"code": "body_too_large", "message": sentence}}, status=413
            )
        return HttpResponse(sentence, status=413, content_type="text/plain; charset=utf-8")


class PageStart:
    """What is read before a page reads anything else, in one statement.

    Where the audit trail stood: what happens from then on is what the open page asks for, or hears
    of. The newest notice. The edition of what rarely changes, see `core.database.editions`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let what is kept count for this page alone, as it stood when the page began."""
        with editions.reading(None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Only for what somebody who is signed in looks at.

        Who changes something sees it at once, so nothing kept counts there; answers to programs
        and scripts have no position.
        """
        if request.path.startswith(("/api/", "/live/")) or not getattr(
            view, "login_required", True
        ):
            return
        if request.user.is_authenticated:
            page_context.begin(cast(DeskRequest, request))


class ActionAddresses:
    """Who reloads or shares the address of an action comes to the page that it belongs to.

    A refused form leaves its page at such an address; opened as a page it does nothing, and the
    next address above it that the desk knows is where somebody can go on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only for a browser that wants a page: programs are told 405."""
        response = self.get_response(request)
        wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not wants_page:
            return response
        return redirect(known_above(request.path))


def known_above(path: str) -> str:
    """Return the nearest address above `path` that the desk knows, `/` at the last."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return "/"


class Refusals:
    """A `DeskError` in a view ends on the page the person came from, with the sentence.

    Nothing typed is lost.

    Scripts (htmx, fetch) get the sentence alone with the refusal's status; a plain form gets its
    page back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Pages know GET and POST alone.

        A NUL is something that no database keeps and no reader sees, wherever it comes.
        """
        of_api = request.path.startswith("/api/")
        if request.method not in {"GET", "HEAD", "POST", "OPTIONS"} and not of_api:
            return HttpResponseNotAllowed(["GET", "POST"])
        if not of_api and any("\x00" in one for one in words_of(request.GET)):
            # A list opens all the same
            request.GET = without_nul(request.GET)  # type: ignore[assignment]
        said = [
            request.path,
            *words_of(request.GET),
            *(words_of(request.POST) if request.method == "POST" and not of_api else ()),
        ]
        if fault := first_fault(next((one for one in said if "\x00" in one), "")):
            return refused(request, unreadable(fault))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only our own refusals, and those of the database's guards."""
        if isinstance(exception, DatabaseError) and refused_by_a_guard(exception):
            exception = refusal(exception)
        elif breaks_a_line(exception):
            exception = on_one_line()
        if isinstance(exception, FieldDoesNotExist) and request.path.startswith("/admin/"):
            # Django's admin site believes what an address says of fields
            return odd(request, exception)
        if not isinstance(exception, DeskError) or request.path.startswith("/api/"):
            return None
        return refused(request, exception)


def words_of(said: QueryDict) -> list[str]:
    """All names and values."""
    return [*said, *(value for _name, values in said.lists() for value in values)]


def without_nul(said: QueryDict) -> QueryDict:
    """Return the same without the character that no database keeps."""
    kept = QueryDict(mutable=True)
    for name, values in said.lists():
        kept.setlist(name.replace("\x00", ""), [one.replace("\x00", "") for one in values])
    return kept


def refused(request: HttpRequest, error: DeskError) -> HttpResponse:
    """Show the answer to a refusal."""
    if request.headers.get("X-Requested-With") == "fetch" or request.path.startswith("/api/"):
        body: dict[str, Any] = {
            "error": {"code": error.code, "message": str(error), **error.detail}
        }
        return JsonResponse(body, status=error.status)
    back = posted(request).get("back") or request.headers.get("referer") or "/"
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    context = {
        "error": error,
        "typed": words_in(request),
        "others": others_in(request),
        "back": back,
    }
    return render(request, "refused.html", context, status=error.status)
