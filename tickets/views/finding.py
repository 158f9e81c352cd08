"""What the palette finds beside the page itself: tickets, customers, colleagues."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.text.characters import revealed
from people import access
from people.models import User
from people.requests import DeskRequest
from tickets.conversations import post_contents
from tickets.inbox import search
from tickets.models import Ticket

MOST_TICKETS = 6
MOST_COLLEAGUES = 3
LONGEST = 80


@require_GET
def find(request: DeskRequest) -> HttpResponse:
    """Answer with what fits some letters, as the palette lists it: name, hint and address each."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if not words:
        return JsonResponse({"found": []})
    tickets = tickets_for(request.user, words)
    found = [*customers_in(tickets, words), *map(as_hit, tickets)]
    return JsonResponse({"found": [*found, *colleagues_for(request.user, words)]})


def tickets_for(user: User, words: str) -> list[Ticket]:
    """Return the newest tickets that fit, by number, customer or words."""
    rows = search.looked_for(user, words).tickets.select_related("customer", "last_mention__newest")
    return list(rows.order_by("-created_at", "-id")[:MOST_TICKETS])


def as_hit(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket as the palette lists it."""
    mention = ticket.last_mention
    words = ""
    if mention and not mention.is_gone:
        words = revealed(post_contents.in_a_line(mention.newest))[:LONGEST]
    return {
        "name": f"{ticket.number} {ticket.customer.name}: {words}".removesuffix(": "),
        "hint": _("Ticket"),
        "url": reverse("ticket", args=[ticket.number]),
    }


def customers_in(tickets: list[Ticket], words: str) -> list[dict[str, Any]]:
    """Return those customers of these tickets who are called so, each once."""
    typed = words.lower().lstrip("@＠")
    customers = {ticket.customer_id: ticket.customer for ticket in tickets}
    return [
        {
            "name": f"{one.name} @{one.handle}",
            "hint": _("Customer"),
            "url": f"{reverse('inbox')}?{urlencode({'q': f'@{one.handle}'})}",
        }
        for one in customers.values()
        if typed in one.handle.lower() or typed in one.name.lower()
    ]


def colleagues_for(user: User, words: str) -> list[dict[str, Any]]:
    """Return colleagues who are called so; what is found of them are their open tickets."""
    people = access.colleagues(user).filter(name__icontains=words)
    return [
        {
            "name": one.name,
            "hint": _("Colleague"),
            "url": f"{reverse('inbox')}?{urlencode({'assignee': one.pk})}",
        }
        for one in people[:MOST_COLLEAGUES]
    ]
