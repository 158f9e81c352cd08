"""The request of somebody who is signed in, as screens and API take it.

For annotations alone; what comes in is Django's, or the REST framework's, own request.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request

from people.models import User


class DeskRequest(HttpRequest):
    """A request to a screen: the middleware lets nobody there who is not signed in."""

    user: User
    # How far the audit trail had come before the page was read; answers to programs have none
    position: int
    # The newest notice there was then; 0 where there was none
    latest_notice: int


class PasswordRequest(HttpRequest):
    """A request with a password in it: django-axes reads from it whether they must wait."""

    axes_locked_out: bool
    axes_credentials: Mapping[str, Any]


class ApiRequest(Request):
    """A request to the API, by a session or a token of ours."""

    user: User
