"""The person's own language and times, and the channel with which a request's events are noted."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from core.channel import acting_through
from people.identity.signing_in import mark_of
from people.preferences.zones import times_as_read_by

A_YEAR = 365 * 86400


class OwnLanguage:
    """A signed-in person's language goes before the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Switch where the person has chosen."""
        chosen = getattr(request.user, "language", "")
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        # For pages that cannot ask the database
        if chosen and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != chosen:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=A_YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


class OwnTimes:
    """Times are said in a signed-in person's own zone, and by their hours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nobody signed in: as the desk does."""
        with times_as_read_by(request.user):
            return self.get_response(request)


class ActingThroughSession:
    """Events of this request name its session by a mark that cannot be used to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See `people.identity.signing_in.mark_of`. The session remembers that it was used."""
        with acting_through(mark_of(request.session.session_key)):
            response = self.get_response(request)
        request.session.note_use()  # type: ignore[attr-defined]
        return response
