"""Pages for what went wrong: they say what happened and what to do now."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it does not exist, or not for this person; in the API's own shape where that was asked."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": "not_found", "message": str(_("This does not exist, or not for you."))}}, status=404)
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our own fault."""
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page, or after signing out: what was typed is shown, so that it is not lost."""
    typed = request.POST.get("text") or request.POST.get("comment") or ""
    return render(request, "csrf.html", {"typed": typed}, status=403)
