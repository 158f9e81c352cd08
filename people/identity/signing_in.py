"""Signing in and out, each an event.

So that every decision can be traced to a session that its person really began.
"""

import hashlib

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from core.audit import record
from core.channel import acting_through
from core.database.db_time import desk_now
from people.identity.session_engine import ADDRESS, AGENT, STARTED
from people.identity.throttling import client_address
from people.models import User

BACKEND = "people.identity.backends.ActivePeople"


def mark_of(session_key: str | None) -> str:
    """How events name a session: `session:` and the first 16 hex digits of the key's SHA-256.

    Empty without a session.
    """
    return f"session:{hashlib.sha256(session_key.encode()).hexdigest()[:16]}" if session_key else ""


@transaction.atomic
def sign_in(request: HttpRequest, user: User) -> None:
    """Begin a session for this person, and note which."""
    login(request, user, backend=BACKEND)
    if not request.session.session_key:
        request.session.create()
    request.session[STARTED] = desk_now().isoformat()
    request.session[ADDRESS] = client_address(request)
    request.session[AGENT] = request.headers.get("User-Agent", "").replace("\x00", "")[:300]
    with acting_through(mark_of(request.session.session_key)):
        record("person.signed_in", user, by=user, topic=user.person)


@transaction.atomic
def sign_out(request: HttpRequest) -> None:
    """End the session."""
    if isinstance(request.user, User):
        record("person.signed_out", request.user, by=request.user, topic=request.user.person)
    logout(request)
