"""The token that the forms of one page send back, the same in all of them."""

from django.http import HttpRequest
from django.middleware.csrf import get_token


def form_token(request: HttpRequest) -> str:
    """Return the token; Django would mask it anew for each form of the page."""
    secret, token = getattr(request, "form_token", (None, ""))
    if secret is None or secret != request.META.get("CSRF_COOKIE"):
        token = get_token(request)
        request.form_token = (request.META["CSRF_COOKIE"], token)  # type: ignore[attr-defined]
    return token
