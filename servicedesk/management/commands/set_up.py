"""`manage.py set_up FILE`.

The company, departments, people, guidelines and accounts from one JSON file, for those who
deploy by script.

Safe to run again: what is there by its name stays as it is. People get invitations, whose links
are printed; nobody's password stands in a file.

    {"company": {"name", "language"},
     "departments": [{"name_en", "name_de", "parent", "review_policy", "clock_minutes",
     "reply_minutes", "time_zone", "hours", ...}],
     "people": [{"name", "initials", "email", "role", "department"}],
     "guidelines": [{"department", "text_en", "text_de", "checks": {"1": [{"kind", "severity",
     "settings"}]}}],
     "accounts": [{"handle", "name", "department", "values": {"consumer_key", ...}}]}
"""

import json
import os
from argparse import RawDescriptionHelpFormatter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)
from django.db import transaction
from django.urls import reverse

from approvals import applicable_guidelines
from approvals.guidelines import editing
from core.channel import acting_through
from core.errors import DeskError
from networks.contract import Profile
from people import company
from people.invitations import invitation_email, invitations
from people.memberships import departments
from people.models import Department, Invitation, Person
from people.roles import Role
from tickets.accounts import connecting
from tickets.models import ConnectedAccount

FORM = __doc__
DEPARTMENT = {
    "review_policy": "reviewers",
    "clock_minutes": 10,
    "reply_minutes": 30,
    "time_zone": "Europe/Berlin",
    "hours": {},
    "holiday_country": "",
    "holiday_state": "",
    "holidays_by_hand": [],
}


class AsWritten(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's order of the options, and the description as it is written."""


class Command(BaseCommand):
    """All of the file or nothing of it."""

    help = FORM

    def create_parser(self, prog_name: str, subcommand: str, **more: Any) -> CommandParser:
        """Make the parser, so that the form of the file keeps its lines."""
        return super().create_parser(prog_name, subcommand, formatter_class=AsWritten, **more)

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read it and set up part by part."""
        try:
            wanted = json.loads(options["file"].read_text())
        except (OSError, ValueError) as wrong:
            raise CommandError(f"{options['file']} cannot be read: {wrong}") from wrong
        parts: dict[str, Callable[[dict], None]] = {
            "departments": self.department,
            "people": self.person,
            "guidelines": self.guideline,
            "accounts": self.account,
        }
        self.ask_x(wanted.get("accounts", []))
        with acting_through("command:set_up"), transaction.atomic():
            if wanted.get("company") and not company.name():
                try:
                    company.keep(
                        **{"language": settings.LANGUAGE_CODE, **wanted["company"]}, by=None
                    )
                except (DeskError, TypeError) as wrong:
                    raise CommandError(f"company: {wrong}") from wrong
            for name, make in parts.items():
                for place, entry in enumerate(wanted.get(name, []), 1):
                    try:
                        make(entry)
                    except (DeskError, KeyError, TypeError, ValueError) as wrong:
                        raise CommandError(f"{name}, entry {place}: {wrong}") from wrong

    def department(self, entry: dict) -> None:
        """One department, parents first."""
        if not Department.objects.filter(name_en=entry["name_en"]).exists():
            departments.keep(
                None,
                by=None,
                **{**DEPARTMENT, "name_de": "", **entry, "parent": found(entry.get("parent"))},
            )

    def person(self, entry: dict) -> None:
        """One person, invited unless known or invited already."""
        if (
            Person.objects.filter(name=entry["name"]).exists()
            or Invitation.objects.filter(name=entry["name"], revoked_at__isnull=True).exists()
        ):
            return
        invitation, key = invitations.invite(
            name=entry["name"],
            initials=entry.get("initials", ""),
            email=entry.get("email", ""),
            role=Role(entry["role"]),
            department=found(entry.get("department")),
            by=None,
        )
        link = settings.DESK_URL + reverse("invitation", args=[key])
        if invitation.only_by_mail:  # into a person who is here already: it is shown to nobody
            invitation_email.send(invitation, link)
            link = f"sent to {invitation.email}"
        self.stdout.write(f"{entry['name']}: {link}")

    def guideline(self, entry: dict) -> None:
        """Publish the first version of a guideline, where there is none yet."""
        department = found(entry.get("department"))
        if applicable_guidelines.current(department) is None:
            paragraphs = editing.paragraphs_of(
                entry.get("text_en", ""), entry.get("text_de", ""), []
            )
            for one in paragraphs:
                one["checks"] = entry.get("checks", {}).get(one["number"], [])
            editing.first_version(
                department,
                text_en=entry.get("text_en", ""),
                text_de=entry.get("text_de", ""),
                paragraphs=paragraphs,
            )

    def ask_x(self, entries: list[dict]) -> None:
        """Ask X, before anything is written, whose access each new account's values are.

        They stand in the file or, named `$NAME`, in the environment.
        """
        self.owners: dict[str, tuple[Profile, dict[str, str]]] = {}
        for place, entry in enumerate(entries, 1):
            try:
                handle = entry["handle"].strip().lstrip("@＠")
                values = {
                    name: os.environ.get(value[1:], "") if value.startswith("$") else value
                    for name, value in entry.get("values", {}).items()
                }
                if not ConnectedAccount.objects.filter(handle__iexact=handle).exists():
                    self.owners[handle] = connecting.asked(
                        handle, values, name=entry.get("name", "")
                    )
            except (DeskError, KeyError, TypeError, AttributeError) as wrong:
                raise CommandError(f"accounts, entry {place}: {wrong}") from wrong

    def account(self, entry: dict) -> None:
        """One account that is not connected yet."""
        handle = entry["handle"].strip().lstrip("@＠")
        if handle in self.owners:
            owner, credentials = self.owners[handle]
            department = found(entry.get("department"))
            connecting.checked(handle, department, by=None)
            connecting.kept(
                owner,
                credentials,
                handle=handle,
                name=entry.get("name", ""),
                department=department,
                by=None,
            )


def found(name: str | None) -> Department | None:
    """Return the department of this English name; KeyError for one that nobody made."""
    if not name:
        return None
    department = Department.objects.filter(name_en=name).first()
    if department is None:
        raise KeyError(f"there is no department {name}")
    return department
