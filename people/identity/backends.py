"""Signing in with a password, and the check on every request that the person may still be here."""

from typing import Any, cast

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from people.identity.session_engine import take_owner
from people.identity.throttling import client_address, is_too_many, name_of
from people.models import User
from people.requests import PasswordRequest


class NotTooMany:
    """Asked first.

    Nobody's password is looked at while too many wrong ones came from this address or for this
    name.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Stop here, as axes does where one pair waits.

        The middleware then answers with how long to wait.
        """
        if request is None or not is_too_many(
            client_address(request), name_of(request, credentials)
        ):
            return
        refused = cast(PasswordRequest, request)
        refused.axes_locked_out = True
        refused.axes_credentials = credentials
        raise PermissionDenied


class ActivePeople(ModelBackend):
    """Check the password as Django does, asked anew with every request.

    Who is deactivated is out at the next one.
    """

    def user_can_authenticate(self, user: User | None) -> bool:  # type: ignore[override]
        """Active sign-ins only."""
        return bool(user and user.is_active)

    def get_user(self, user_id: int) -> User | None:
        """Return the sign-in of a session with its person: as read with the session, else anew.

        None once it is switched off.
        """
        user = take_owner(user_id) or (
            User.objects.select_related("person").filter(pk=user_id).first()
        )
        return user if self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: object, obj: object = None) -> set[str]:
        """No groups and no per-object rows: rights come from memberships."""
        return set()
