"""Passwords.

How a new one is kept, so that tokens and sessions end with the old one, and how a change leaves
its trace.
"""

import hashlib

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit import record
from core.errors import Invalid, Reason
from people.identity import sessions, tokens
from people.models import User


def trace_of(user: User) -> str:
    """16 hex digits that events keep of a password's salted hash.

    One that was exchanged past the verbs is found by them.
    """
    return hashlib.sha256(user.password.encode()).hexdigest()[:16]


def check(password: str) -> None:
    """Refuse a weak password."""
    try:
        validate_password(password)
    except ValidationError as weak:
        raise Invalid(Reason("password_weak", " ".join(weak.messages)), "password") from weak


@transaction.atomic
def keep(user: User, password: str, *, by: User) -> None:
    """Let this password hold from now on.

    Every token and every session of this sign-in ends for good; the caller begins a new one for who
    set it.
    """
    check(password)
    for token in user.tokens.filter(revoked_at__isnull=True):
        tokens.revoke(token, by=by)
    sessions.end_all(user, by=by)
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password)


@transaction.atomic
def change(user: User, password: str) -> None:
    """Change the person's own password, after the old one was asked."""
    keep(user, password, by=user)
    record("password.changed", user, by=user, topic=user.person, password=trace_of(user))
