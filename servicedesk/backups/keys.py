"""Fingerprints of the desk's keys: whether two keys are the same, without showing either."""

import hashlib

from django.conf import settings

SHOWN = 12


def of_key(variable: str, key: str) -> str:
    """Return 12 hexadecimal digits in groups of four, another row for each variable.

    They tell two keys apart and nothing else: the desk's keys are made by chance and too long to be
    guessed from them.
    """
    digits = hashlib.sha256(f"paraph-fingerprint|{variable}|{key}".encode()).hexdigest()[:SHOWN]
    return " ".join(digits[place : place + 4] for place in range(0, SHOWN, 4))


def fingerprints() -> dict[str, list[str]]:
    """Return those of every key that is set; `DESK_CREDENTIALS_KEYS` may have several, in order."""
    known = {
        "DESK_SECRET_KEY": [settings.SECRET_KEY],
        "DESK_CREDENTIALS_KEYS": settings.CREDENTIALS_KEYS.split(","),
        "DESK_ANCHOR_KEY": [settings.ANCHOR_KEY],
    }
    return {
        variable: [of_key(variable, key.strip()) for key in found if key.strip()]
        for variable, found in known.items()
    }
