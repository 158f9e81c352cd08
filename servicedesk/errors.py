"""Pages for what went wrong: they say what happened and what to do now."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.screens.form_token import form_token
from core.screens.typed_values import others_in, words_in


def odd(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what came is not a request that the desk can read.

    What was typed is given back where it can be.
    """
    sentence = str(
        _(
            "This call cannot be read: its address, a header or a field is damaged, or "
            "there are too many fields. "
            "Nothing was changed."
        )
    )
    if is_for_scripts(request):
        return error_of_api("bad_request", sentence, 400)
    # Rendered without the request: whoever sends a broken one may not be asked who they are, nor
    # at which host.
    return HttpResponse(
        render_to_string("400.html", {"sentence": sentence, "LANGUAGE_CODE": get_language()}),
        status=400,
    )


def error_of_api(code: str, sentence: str, status: int) -> JsonResponse:
    """Return an error in the API's one form."""
    return JsonResponse({"error": {"code": code, "message": sentence}}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: it does not exist, or not for this person.

    In the API's own shape where that was asked.
    """
    if request.path.startswith("/api/"):
        return error_of_api("not_found", str(_("This does not exist, or not for you.")), 404)
    return render(request, "404.html", {"typed": words_in(request)}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: for others; what was typed is given back."""
    return render(request, "403.html", {"typed": words_in(request)}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our own fault; 503 where the database does not answer."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    if is_for_scripts(request):
        return error_of_api(
            "failed",
            str(
                _(
                    "Something failed in the desk. This was our fault, not yours; nothing "
                    "half-done was kept."
                )
            ),
            500,
        )
    return render(request, "500.html", {"typed": words_in(request)}, status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database hangs, is away, or is too busy.

    The page asks it nothing and keeps what was typed.
    """
    sentence = _(
        "It is frozen, busy or away just now, and so nobody can read or save. What you "
        "sent last may not have been saved. "
        "Wait a moment, then try again: what was done already is not done twice."
    )
    if is_for_scripts(request):
        message = f"{_('The desk’s database does not answer')}. {sentence}"
        answer: HttpResponse = JsonResponse(
            {"error": {"code": "unavailable", "message": message}}, status=503
        )
    else:
        context = {
            "sentence": sentence,
            "typed": words_in(request),
            "others": others_in(request),
            "path": request.get_full_path(),
            "csrf_token": form_token(request),
            "LANGUAGE_CODE": get_language(),
        }
        answer = HttpResponse(render_to_string("503.html", context), status=503)
    answer["Retry-After"] = "5"
    return answer


def is_for_scripts(request: HttpRequest) -> bool:
    """Whether a script reads the answer, and no person."""
    return request.path.startswith("/api/") or request.headers.get("X-Requested-With") == "fetch"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show a form from an old page, or after signing out.

    What was typed is shown, so that it is not lost.
    """
    return render(request, "csrf.html", {"typed": words_in(request)}, status=403)
