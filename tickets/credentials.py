"""Encrypting an account's access to X at rest. The first key encrypts, every key decrypts: so keys can be changed."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from tickets.models import ConnectedAccount
from xapi.client import XClient


def keys() -> MultiFernet:
    """From `DESK_CREDENTIALS_KEYS` (comma-separated Fernet keys); in development derived from the secret key."""
    given = [key.strip() for key in settings.CREDENTIALS_KEYS.split(",") if key.strip()]
    derived = base64.urlsafe_b64encode(hashlib.sha256(b"credentials:" + settings.SECRET_KEY.encode()).digest()).decode()
    return MultiFernet([Fernet(key) for key in given or [derived]])


def sealed(credentials: dict[str, str]) -> bytes:
    """The values encrypted."""
    return keys().encrypt(json.dumps(credentials).encode())


def opened(account: ConnectedAccount) -> dict[str, str]:
    """The account's values; empty where they cannot be read with any key (the account then needs to be connected again)."""
    try:
        return json.loads(keys().decrypt(bytes(account.credentials)))  # type: ignore[no-any-return]
    except InvalidToken:
        return {}


def client_for(account: ConnectedAccount) -> XClient:
    """The account's own access to X."""
    return XClient(opened(account), base_url=settings.X_API_URL, vocabulary=settings.X_VOCABULARY, timeout=settings.X_TIMEOUT_SECONDS)
