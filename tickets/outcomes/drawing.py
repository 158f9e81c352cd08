"""Drawing by a hash: nobody chooses who is asked or checked, and nobody can foretell it."""

import hashlib
import hmac

from django.conf import settings


def is_drawn(purpose: str, of: str, *, percent: int) -> bool:
    """Whether this one is among the `percent` of a hundred, the same whenever it is asked.

    By SHA-256 over `of` with the desk's secret and the purpose, so that two draws about the same
    ticket have nothing to do with each other.
    """
    key = settings.SECRET_KEY.encode()
    digest = hmac.digest(key, f"drawn:{purpose}:{of}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") % 100 < percent
