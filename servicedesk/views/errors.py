"""Pages for what went wrong: they say what happened and what to do now."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.typed import words_in


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it does not exist, or not for this person; in the API's own shape where that was asked."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": "not_found", "message": str(_("This does not exist, or not for you."))}}, status=404)
    return render(request, "404.html", {"typed": words_in(request)}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: for others; what was typed is given back."""
    return render(request, "403.html", {"typed": words_in(request)}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our own fault."""
    return render(request, "500.html", {"typed": words_in(request)}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page, or after signing out: what was typed is shown, so that it is not lost."""
    return render(request, "csrf.html", {"typed": words_in(request)}, status=403)
