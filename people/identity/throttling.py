"""Too many wrong passwords: whose they are and where they come from.

The counting is django-axes'.

Axes keeps one pair of name and address waiting. Many names from one address, and one name from
many addresses, are counted here, from the same rows. Who has been signed in from there lately
is not kept waiting by others.
"""

import hashlib
from collections.abc import Mapping
from copy import copy
from typing import Any, cast

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import Sum
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from core.audit import record
from core.database.db_time import desk_now
from core.models import Event
from people.models import BrowserSession, User
from people.requests import PasswordRequest

MOST_FAILURES = 30


def client_address(request: HttpRequest) -> str:
    """Where the request came from.

    The first middleware (`servicedesk/operations/proxies.py`) has seen to it that this is the
    visitor's address.
    """
    return str(request.META.get("REMOTE_ADDR", ""))


def name_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Whose password was tried: the user name, however it was written.

    Of what belongs to nobody only a hash, for it may be a password.
    """
    typed = str((credentials or {}).get("username") or request.POST.get("username") or "")
    try:
        return User.objects.get_by_natural_key(typed).username
    except (User.DoesNotExist, ValueError):
        return f"nobody:{hashlib.sha256(typed.encode(errors='replace')).hexdigest()[:16]}"


def is_password_of(user: User, password: str, *, request: HttpRequest) -> bool:
    """Whether this is the present password.

    A wrong one counts as at sign-in, and too many set `request.axes_locked_out`.

    Axes keeps what a form brought with a wrong password, so it is shown none: other fields may hold
    secrets too.
    """
    asking = copy(request)
    asking.POST = QueryDict()
    found = authenticate(asking, username=user.username, password=password)
    locked_out = getattr(asking, "axes_locked_out", False)
    cast(PasswordRequest, request).axes_locked_out = locked_out
    return found is not None


def is_too_many(address: str, username: str) -> bool:
    """Whether nobody new may try from this address, or under this name.

    So many wrong passwords came lately.
    """
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    lately = AccessAttempt.objects.filter(attempt_time__gt=since)
    for some in (lately.filter(ip_address=address), lately.filter(username=username)):
        if (some.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= MOST_FAILURES:
            return not is_known_there(address, username)
    return False


def is_known_there(address: str, username: str) -> bool:
    """Whether this name has a session that began at this address."""
    return BrowserSession.objects.filter(address=address, user__username=username).exists()


def note_lock(sender: Any, request: HttpRequest, username: str, **_more: Any) -> None:
    """Record an event, where the name is somebody's.

    One for each time of waiting, however often they try.
    """
    user = User.objects.filter(username=username).select_related("person").first()
    since = desk_now() - settings.AXES_COOLOFF_TIME
    if (
        user
        and not Event.objects.filter(
            name="sign_in.throttled", subject_kind="people.user", subject_id=user.pk, at__gt=since
        ).exists()
    ):
        record("sign_in.throttled", user, topic=user.person)
