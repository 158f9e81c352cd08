"""What a desk in production refuses to start with.

Each with a sentence of its own, all of them at once.

Pure: settings in, sentences out. `docs/reference/settings.md` has the same table; a test
compares both.
"""

import base64
import binascii
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Compared with, not listened on
LOCAL = ("127.0.0.1", "localhost", "::1", "0.0.0.0", "testserver")  # noqa: S104
LEAST_PASSWORD = 12
LEAST_TOKEN = 24
LEAST_KEY = 32
LEAST_LETTERS = 10
LEAST_SETTLE = 30
LEAST_SECOND_READING = 10
MOST_SESSION_HOURS = 168
STRONG_ROLES = ("postgres", "desk_owner", "root", "admin")
SERVES_NOBODY = ("collectstatic",)  # at building time, where there are no secrets yet
Settings = Mapping[str, Any]


def refusals(found: Settings, command: str) -> list[str]:
    """Every sentence that holds against these settings.

    `command` is the management command that runs, if one does.
    """
    if command in SERVES_NOBODY:
        return []
    return [
        sentence for sentence, is_wrong in RULES.items() if is_wrong({**found, "COMMAND": command})
    ]


def command_of(words: list[str]) -> str:
    """Return the management command in a process's arguments; empty for web, worker and beat."""
    program = Path(words[0]).name if words else ""
    return (
        words[1]
        if len(words) > 1 and program in {"manage.py", "__main__.py", "django-admin"}
        else ""
    )


def text_of(found: Settings) -> str:
    """Return the one message for who starts the desk; empty where nothing is to be said."""
    sentences = refusals(found, command_of(sys.argv))
    if not sentences:
        return ""
    return (
        f"This desk does not start in production; {len(sentences)} settings stand against it:\n"
        + "".join(f"- {one}\n" for one in sentences)
    )


def is_weak_key(found: Settings) -> bool:
    """Default, short, or of few different letters."""
    key = found["SECRET_KEY"]
    return key == found["DEVELOPMENT_KEY"] or len(key) < LEAST_KEY or len(set(key)) < LEAST_LETTERS


def is_no_key(found: Settings) -> bool:
    """None, or one that cannot seal anything."""
    return not all(is_sealing_key(one) for one in found["CREDENTIALS_KEYS"].split(","))


def is_sealing_key(written: str) -> bool:
    """32 bytes in URL-safe base64."""
    try:
        return (
            len(base64.urlsafe_b64decode(written.strip())) == LEAST_KEY
            and len(set(written)) > LEAST_LETTERS
        )
    except (ValueError, binascii.Error):
        return False


def is_weak_password(found: Settings) -> bool:
    """Over a network: none, a short one, or the role's own name."""
    role = found["APP"]
    password, over_a_socket = role["PASSWORD"], not role["HOST"] or role["HOST"].startswith("/")
    return not over_a_socket and (len(password) < LEAST_PASSWORD or password == role["USER"])


def is_open_broker(found: Settings) -> bool:
    """Over a network without a password, or with a short one."""
    parts = urlsplit(found["REDIS_URL"])
    return parts.scheme != "unix" and len(parts.password or "") < LEAST_PASSWORD


def is_simulator(found: Settings) -> bool:
    """Said to be one, or on this machine."""
    return bool(found["X_IS_SIMULATED"]) or (urlsplit(found["X_API_URL"]).hostname or "") in LOCAL


def lacks_own_host(found: Settings) -> bool:
    """Return whether the public address's host is not among those that are answered."""
    return urlsplit(found["DESK_URL"]).hostname not in found["ALLOWED_HOSTS"]


def is_any_host(found: Settings) -> bool:
    """Return whether it names a star, a whole domain, or nothing."""
    return any(
        one.strip() in {"", "*"} or one.strip().startswith(".") for one in found["ALLOWED_HOSTS"]
    )


def mails_openly(found: Settings) -> bool:
    """Return whether a password goes over a network as it stands."""
    return (
        bool(found["EMAIL_HOST"] and found["EMAIL_HOST_PASSWORD"])
        and not found["EMAIL_USE_TLS"]
        and found["EMAIL_HOST"] not in LOCAL
    )


RULES: dict[str, Callable[[Settings], bool]] = {
    (
        "DESK_SECRET_KEY must be a secret of at least 32 characters, made by chance and not "
        "the one for development."
    ): is_weak_key,
    "DESK_DEBUG is on: its pages show settings and code to everybody.": lambda found: found[
        "DEBUG"
    ],
    "DESK_DEMO is on: with it one click is enough to be anybody.": lambda found: found["DEMO"],
    "X_API_URL points to a simulator: replies would go nowhere.": is_simulator,
    "X_API_URL must begin with https://: the accounts' access goes over this line.": lambda found: (
        urlsplit(found["X_API_URL"]).scheme != "https"
    ),
    "DESK_CREDENTIALS_KEYS must name keys of 32 bytes each in URL-safe base64.": is_no_key,
    "DESK_URL must begin with https://: passwords and sessions go over this line.": lambda found: (
        urlsplit(found["DESK_URL"]).scheme != "https"
    ),
    (
        "DESK_HOSTS must name the desk's own hosts, no star and no whole domain: links in "
        "e-mails are made of them."
    ): is_any_host,
    (
        "DESK_HOSTS must have the host of DESK_URL among its names: else every page is "
        "answered with 400."
    ): lacks_own_host,
    (
        "DESK_PROXIES must name the TLS proxy, and not the whole world: else nobody is "
        "believed to come by https, or everybody."
    ): lambda found: (
        not found["PROXIES"] or any(one.partition("/")[2] == "0" for one in found["PROXIES"])
    ),
    ("DATABASE_OWNER_URL is for the migrate job alone: web and workers must not know it."): (
        lambda found: found["OWNER_IS_KNOWN"] and not found["AS_OWNER"]
    ),
    (
        "DESK_AS_OWNER is set by manage.py migrate alone: as the owner nothing would hold the "
        "desk back."
    ): lambda found: found["AS_OWNER"] and found["COMMAND"] != "migrate",
    "DATABASE_URL must name the weak role desk_app, no owner and no superuser.": lambda found: (
        found["APP"]["USER"] in STRONG_ROLES
    ),
    (
        "DATABASE_URL needs a password of at least 12 characters that is not the role's name."
    ): is_weak_password,
    (
        "REDIS_URL needs a password of at least 12 characters: who reaches the broker wakes "
        "workers and reads who is here."
    ): is_open_broker,
    (
        "DESK_SETTLE_SECONDS must be at least 30: sooner, the absence of a reply proves "
        "nothing, and it would be posted twice."
    ): lambda found: found["SETTLE_SECONDS"] < LEAST_SETTLE,
    "DESK_SECOND_READING_SECONDS must be at least 10: two timeline_checks at once are one.": (
        lambda found: found["SECOND_READING_SECONDS"] < LEAST_SECOND_READING
    ),
    "DESK_MAIL_PASSWORD goes over the network as it stands: set DESK_MAIL_TLS.": mails_openly,
    "DESK_METRICS_TOKEN must have at least 24 characters, or stay empty.": lambda found: (
        0 < len(found["METRICS_TOKEN"]) < LEAST_TOKEN
    ),
    "DESK_SESSION_HOURS must be more than 0 and at most 168.": lambda found: (
        not 0 < found["SESSION_COOKIE_AGE"] <= MOST_SESSION_HOURS * 3600
    ),
}
