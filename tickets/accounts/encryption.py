"""An account's access to X, encrypted and bound to its account.

Sealed for one it opens for no other.

AES-256-GCM with the account's id on X as associated data. The first key of
`DESK_CREDENTIALS_KEYS` seals, every key opens: so keys can be changed. In front of the sealed
values stands, readable, whose they are; by that the database refuses those of another account.
"""

import base64
import hashlib
import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from tickets.models import ConnectedAccount

MARK = b"1:"
NONCE = 12


def keys() -> list[AESGCM]:
    """From `DESK_CREDENTIALS_KEYS` (comma-separated, 32 bytes each in URL-safe base64).

    In development derived from the secret key.
    """
    written = [key.strip() for key in settings.CREDENTIALS_KEYS.split(",") if key.strip()]
    given = [base64.urlsafe_b64decode(key) for key in written]
    derived = hashlib.sha256(b"credentials:" + settings.SECRET_KEY.encode()).digest()
    return [AESGCM(key) for key in given or [derived]]


def front(external_id: str) -> bytes:
    """Return what stands in front of the access of this account, and what it is bound to."""
    return MARK + external_id.encode() + b":"


def sealed(credentials: dict[str, str], *, external_id: str) -> bytes:
    """Return the values encrypted for this account and no other."""
    nonce = os.urandom(NONCE)
    closed = keys()[0].encrypt(nonce, json.dumps(credentials).encode(), front(external_id))
    return front(external_id) + nonce + closed


def opened(account: ConnectedAccount) -> dict[str, str]:
    """Return the account's values; empty where they are another's or no key opens them.

    The account then needs to be connected again.
    """
    kept, mine = bytes(account.credentials), front(account.external_id)
    if not kept.startswith(mine):
        return {}
    nonce, closed = kept[len(mine) : len(mine) + NONCE], kept[len(mine) + NONCE :]
    for key in keys():
        try:
            return json.loads(key.decrypt(nonce, closed, mine))
        except (InvalidTag, ValueError):
            continue
    return {}
