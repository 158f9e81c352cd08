"""A page that swaps its panes asks for them alone: its list stays as it is.

The address is that of the whole page; the header `X-Panes: 1` asks for the parts that change with
what is open: title, bar, alarms, panes without the list, messages (`templates/panes.html`).
"""

from django.http import HttpRequest


def is_asked(request: HttpRequest) -> bool:
    """Whether the page swaps its panes, and has its list already."""
    return request.headers.get("X-Panes") == "1"
