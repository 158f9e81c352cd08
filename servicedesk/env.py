"""Typed readers of the environment. Every setting is read here once, by `settings.py`."""

import os
from ipaddress import ip_network
from urllib.parse import quote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg2.extensions import parse_dsn


def text(name: str, default: str = "") -> str:
    """Return the variable as it stands, or the default where it is missing or empty."""
    return os.environ.get(name) or default


def is_set(name: str) -> bool:
    """Whether the environment says anything about it."""
    return bool(os.environ.get(name))


def flag(name: str, *, default: bool = False) -> bool:
    """Whether the variable says 1, true, yes or on."""
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} is {value!r}; say 1 or 0.")
    return default


def number(name: str, default: float, *, least: float = 0) -> float:
    """Return the variable as a number, not below `least`."""
    try:
        value = float(text(name, str(default)))
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name} must be a number, not {text(name)!r}.") from wrong
    if value < least:
        raise ImproperlyConfigured(f"{name} must be at least {least:g}.")
    return value


def networks(name: str) -> list[str]:
    """Addresses or networks (`10.0.0.0/8`), separated by commas; none where it is empty."""
    found = [one.strip() for one in text(name).split(",") if one.strip()]
    for one in found:
        try:
            ip_network(one)
        except ValueError as wrong:
            raise ImproperlyConfigured(
                f"{name} names {one!r}, which is no address and no network."
            ) from wrong
    return found


def database(url: str, *, pooled: bool = False) -> dict:
    """Django's settings for a database address.

    Libpq's own parser reads it, so sockets and `sslmode` work. `pooled`: a pooler hands out
    connections there transaction by transaction; raises `ImproperlyConfigured` where the address
    has `options`, which would hold for whoever gets the connection.
    """
    parts = parse_dsn(url)
    if pooled and "options" in parts:
        raise ImproperlyConfigured(
            "DATABASE_URL has options, and DESK_POOLED is on: the pooler sets them, not the desk."
        )
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    named = {key: parts.pop(part, "") for key, part in names.items()}
    return {
        "ENGINE": "servicedesk.database",
        **named,
        "OPTIONS": parts,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
    }


def broker(redis_url: str) -> str:
    """Return the same server in kombu's spelling.

    A socket is `redis+socket://` there and `unix://` elsewhere.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = parts.query.replace("db=", "virtual_host=")
    return f"redis+socket://{quote(parts.path)}" + (f"?{query}" if query else "")
