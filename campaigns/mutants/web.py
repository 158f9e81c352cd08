"""Damages to the settings that keep the web side safe.

Each line of the policy, each middleware, each switch.
"""

import copy
from collections.abc import Iterator

from django.conf import settings

from campaigns.mutants import WEB, Mutant
from servicedesk.launcher.running import ROOT

MATTERS = (
    "security",
    "csp",
    "BodyLimit",
    "csrf",
    "LoginRequired",
    "ActingThroughSession",
    "clickjacking",
    "axes",
)
SWITCHES: dict[str, object] = {
    "SESSION_COOKIE_SAMESITE": None,
    "CSRF_COOKIE_SAMESITE": None,
    "SECURE_REFERRER_POLICY": None,
    "X_FRAME_OPTIONS": "SAMEORIGIN",
    "SECURE_CONTENT_TYPE_NOSNIFF": False,
    "SESSION_COOKIE_HTTPONLY": False,
    "AXES_FAILURE_LIMIT": 1000,
    "AUTH_PASSWORD_VALIDATORS": [],
    "AXES_LOCKOUT_PARAMETERS": ["username"],
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 1_000_000_000,
    "WHITENOISE_ALLOW_ALL_ORIGINS": True,
}


def mutants() -> Iterator[Mutant]:
    """Every damage to the settings."""
    for directive in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]:
        policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        del policy["DIRECTIVES"][directive]
        yield of("CONTENT_SECURITY_POLICY", policy, f"without {directive}")
    for name in settings.MIDDLEWARE:
        if any(word in name for word in MATTERS):
            yield of(
                "MIDDLEWARE",
                [other for other in settings.MIDDLEWARE if other != name],
                f"without {name}",
            )
    for name, value in SWITCHES.items():
        yield of(name, value, f"is {value!r}")
    for name in ("DEFAULT_AUTHENTICATION_CLASSES", "DEFAULT_PERMISSION_CLASSES"):
        yield of(
            "REST_FRAMEWORK",
            {key: value for key, value in settings.REST_FRAMEWORK.items() if key != name},
            f"without {name}",
        )


def of(name: str, value: object, what: str) -> Mutant:
    """One setting with another value."""
    source = (ROOT / "tests" / "settings.py").read_text() + f"\n{name} = {value!r}\n"
    return Mutant(
        f"settings: {name} {what}",
        module="tests.settings",
        source=source,
        part=repr(value),
        functions=frozenset({WEB}),
    )
