"""A page that swaps its panes asks for them alone: its list stays as it is.

The address is that of the whole page; the header `X-Panes: 1` asks for the parts that change with
what is open: title, bar, alarms, panes without the list, messages (`templates/panes.html`).
A verb for a row of the list is answered with its messages alone.
"""

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from core.screens.form_token import form_token
from core.screens.form_values import posted


def is_asked(request: HttpRequest) -> bool:
    """Whether the page swaps its panes, and has its list already."""
    return request.headers.get("X-Panes") == "1"


def said_to_row(request: HttpRequest) -> HttpResponse | None:
    """Return what a row of a list is told after a verb: the messages alone; None for a page."""
    if posted(request, "row") != "1":
        return None
    context = {"messages": get_messages(request), "csrf_token": form_token(request)}
    return JsonResponse({"toasts": render_to_string("components/messages.html", context)})
