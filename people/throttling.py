"""Too many wrong passwords: whose they are and where they come from. The counting is django-axes'."""

import contextlib
import hashlib
import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.audit import record
from core.clock import desk_now
from core.models import Event
from people.models import User


def client_address(request: HttpRequest) -> str:
    """Where the request came from. Behind the proxy of production: what that proxy saw, the last entry; the ones before it anybody can write."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
    if settings.PRODUCTION:
        with contextlib.suppress(ValueError):  # some proxies add a port, or say "unknown"; what is no address cannot be counted by
            return str(ipaddress.ip_address(forwarded))
    return str(request.META.get("REMOTE_ADDR", ""))


def name_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Whose password was tried: the user name, however it was written; of what belongs to nobody only a hash, for it may be a password."""
    typed = str((credentials or {}).get("username") or request.POST.get("username") or "")
    try:
        return User.objects.get_by_natural_key(typed).username
    except (User.DoesNotExist, ValueError):
        return f"nobody:{hashlib.sha256(typed.encode(errors='replace')).hexdigest()[:16]}"


def note_lock(sender: Any, request: HttpRequest, username: str, **_more: Any) -> None:
    """An event, where the name is somebody's; one for each time of waiting, however often they try."""
    user = User.objects.filter(username=username).select_related("person").first()
    since = desk_now() - settings.AXES_COOLOFF_TIME
    if user and not Event.objects.filter(name="sign_in.throttled", subject_kind="people.user", subject_id=user.pk, at__gt=since).exists():
        record("sign_in.throttled", user, topic=user.person)
