"""API tokens: made, found, revoked. The key is shown once; the database holds its hash."""

import hashlib
import secrets

from django.db import transaction
from django.db.models import QuerySet

from core.audit import record
from core.guards import DeskNow
from people.models import ApiToken, User


def hashed(key: str) -> str:
    """SHA-256 of the key, hexadecimal; keys have 256 bits of chance, so no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue(user: User, *, name: str, key: str = "", by: User | None = None) -> str:
    """Make a token for this sign-in and return its key."""
    key = key or "paraph_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, name=name[:80], sha256=hashed(key))
    record("token.issued", token, by=by or user)
    return key


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> None:
    """The token stops working with its next use."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=DeskNow())
    record("token.revoked", token, by=by)


def find(key: str) -> QuerySet[ApiToken]:
    """The living token of this key, its sign-in active."""
    return ApiToken.objects.select_related("user__person").filter(
        sha256=hashed(key), revoked_at__isnull=True, user__is_active=True)
