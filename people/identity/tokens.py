"""API tokens: made, found, revoked. The key is shown once; the database holds its hash."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.errors import Invalid, NotAllowed, Reason
from core.text.readable import one_line
from people import policies
from people.models import ApiToken, User


def hashed(key: str) -> str:
    """SHA-256 of the key, hexadecimal; keys have 256 bits of chance, so no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue(user: User, *, name: str, key: str = "", by: User | None = None) -> str:
    """Make a token for this sign-in and return its key. Refuses one without a name."""
    key, name = key or "paraph_" + secrets.token_urlsafe(32), one_line(name)[:80]
    if not name:
        raise Invalid(
            Reason("name_missing", _("Give it a name, so that you know later what it is for.")),
            "name",
        )
    token = ApiToken.objects.create(user=user, name=name, sha256=hashed(key))
    record("token.issued", token, by=by or user, topic=user.person)
    return key


@transaction.atomic
def revoke(token: ApiToken, *, by: User | None) -> None:
    """Stop the token, for good, with its next use.

    Its owner or an administrator does it.

    Once more changes nothing.
    """
    if by and by.person_id != token.user.person_id and (reason := policies.why_not_manage(by)):
        raise NotAllowed(reason)
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=DeskNow()):
        record("token.revoked", token, by=by, topic=token.user.person)


def note_use(token: ApiToken) -> None:
    """Remember that it was used, once a minute."""
    lately = desk_now() - timedelta(minutes=1)
    if token.used_at is None or token.used_at < lately:
        ApiToken.objects.filter(pk=token.pk).update(used_at=DeskNow())


def find(key: str) -> QuerySet[ApiToken]:
    """Return the living token of this key, its sign-in active."""
    return ApiToken.objects.select_related("user__person").filter(
        sha256=hashed(key), revoked_at__isnull=True, user__is_active=True
    )
