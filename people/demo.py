"""The demo's people, read from the demo world; used by the sign-in page and the seeding.

Empty where there is no demo.
"""

import hashlib
import hmac
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from core.database.editions import kept
from core.models import DeskMark
from people.models import User
from people.roles import Role

MAIN = ("aylin", "rita", "lena", "max")


@cache
def world() -> dict[str, Any]:
    """Return the demo world."""
    return json.loads(
        (Path(settings.BASE_DIR) / "servicedesk" / "demo" / "demo_world.json").read_text()
    )


def is_demo() -> bool:
    """Whether one-click sign-in exists here.

    The setting says so, and the database is marked as demo.
    """
    return settings.DEMO and is_marked()


@kept(DeskMark)
def is_marked() -> bool:
    """Whether this database bears the mark of the demo."""
    return DeskMark.objects.filter(kind="demo").exists()


def usernames() -> list[str]:
    """Every sign-in of the demo."""
    return [one["username"] for one in [*world()["people"], *world()["second_sign_ins"]]]


def people_to_be() -> list[dict[str, Any]]:
    """Who one can be, with a line that says who they are and what to try.

    In the order of the story.
    """
    language = "de" if (get_language() or "en").startswith("de") else "en"
    given = {one["username"]: one for one in [*world()["people"], *world()["second_sign_ins"]]}
    departments = {one["key"]: one["name"][language] for one in world()["departments"]}
    users = {
        user.username: user
        for user in User.objects.filter(username__in=given, is_active=True).select_related("person")
    }
    first = [name for name in MAIN if name in users]
    order = first + [name for name in given if name in users and name not in first]
    return [
        {
            "user": users[name],
            "line": given[name]["try"][language],
            "role": Role(given[name]["role"]).label,
            "department": departments.get(given[name]["department"], ""),
            "key": place + 1,
            "main": name in MAIN,
        }
        for place, name in enumerate(order)
    ]


def secret(purpose: str, username: str) -> str:
    """Return a password or token of a demo person, derived from the installation's own key."""
    made = hmac.new(
        settings.SECRET_KEY.encode(), f"demo:{purpose}:{username}".encode(), hashlib.sha256
    ).hexdigest()
    return made[:32]


def listing() -> list[dict[str, Any]]:
    """Everybody of the demo with what a script needs to act as them."""
    found = []
    for user in (
        User.objects.filter(username__in=usernames()).select_related("person").order_by("id")
    ):
        membership = next(
            (one for one in user.memberships if one.role != Role.ADMINISTRATOR), None
        ) or next(iter(user.memberships), None)
        found.append(
            {
                "username": user.username,
                "password": secret("password", user.username),
                "name": user.person.name,
                "role": membership.role if membership else None,
                "department": membership.department.name_en
                if membership and membership.department
                else None,
                "initials": user.person.initials,
                "token": "demo_" + secret("token", user.username),
            }
        )
    return found
