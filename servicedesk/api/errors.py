"""One shape for every error of the API: `{"error": {"code", "message", "fields"?, ...}}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DeskError, Invalid, breaks_a_line, on_one_line, refusal, refused_by_a_guard

CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception in an API view; None leaves it to Django (500)."""
    if request := context.get("request"):
        # An error is JSON, whatever the address answers otherwise.
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
    if isinstance(error, DatabaseError) and refused_by_a_guard(error):
        error = refusal(error)
    elif breaks_a_line(error):
        error = on_one_line()
    if isinstance(error, DeskError):
        return refused(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        message = _("Something in this call cannot be used as it is; see the fields.")
        body = {"code": "invalid", "message": message, "fields": response.data}
        return Response({"error": body}, status=status.HTTP_400_BAD_REQUEST)
    code = getattr(getattr(error, "detail", None), "code", "")
    code = code if code in {"parse_error"} else CODES.get(response.status_code, "error")
    return Response(
        {"error": {"code": code, "message": message_of(error)}},
        status=response.status_code,
        headers=dict(response.headers),
    )


def refused(error: DeskError) -> Response:
    """Answer with a refusal of a verb, with its field and its details."""
    body = {"code": error.code, "message": str(error), **error.detail}
    if isinstance(error, Invalid) and error.field:
        body["fields"] = {error.field: [str(error)]}
    return Response({"error": body}, status=error.status)


def message_of(error: Exception) -> str:
    """Return the sentence for an error that is none of ours."""
    if isinstance(error, Http404):
        return _("This does not exist, or not for you.")
    if isinstance(error, PermissionDenied):
        return _("This is not open to you.")
    return str(getattr(error, "detail", error))
