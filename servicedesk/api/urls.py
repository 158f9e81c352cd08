"""Addresses of the API, version 1."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path
from django.views.generic import View
from rest_framework.routers import SimpleRouter

from approvals.api import Drafts, TicketsWithReplies
from people.api import Departments, Me, People, Tokens
from posting.api import Deliveries
from servicedesk.api.root import Description, NoSuchAddress, Root
from tickets.api import Accounts, Customers


def at(route: str, view: type[View], name: str) -> URLPattern:
    """Make an address of the API.

    It asks for token or session itself, so the browser's sign-in page stays out of the way.
    """
    return path(route, login_not_required(view.as_view()), name=f"api-{name}")


def of_nouns() -> list[URLPattern]:
    """Return the addresses of every noun, each open to who has no session of a browser."""
    router = SimpleRouter(use_regex_path=False)
    router.register("departments", Departments, "api-department")
    router.register("people", People, "api-people")
    router.register("tokens", Tokens, "api-token")
    router.register("tickets", TicketsWithReplies, "api-ticket")
    router.register("customers", Customers, "api-customer")
    router.register("accounts", Accounts, "api-account")
    router.register("drafts", Drafts, "api-draft")
    router.register("deliveries", Deliveries, "api-delivery")
    patterns = [pattern for pattern in router.urls if isinstance(pattern, URLPattern)]
    for pattern in patterns:
        login_not_required(pattern.callback)
    return patterns


urlpatterns = [
    at("", Root, "root"),
    at("schema/", Description, "schema"),
    path("me/", login_not_required(Me.as_view({"get": "retrieve"})), name="api-me"),
    *of_nouns(),
    re_path(r"^.*$", login_not_required(NoSuchAddress.as_view())),
]
