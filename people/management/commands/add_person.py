"""`manage.py add_person`: a person with a sign-in and a role.

How the first people come to an empty desk. The password is asked for.
"""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core.channel import acting_through
from core.errors import DeskError
from core.text.readable import readable_name
from people.identity import persons, provisioning
from people.memberships import memberships
from people.models import Department
from people.roles import Role


class Command(BaseCommand):
    """Set-up by command does not count as one person setting another's access."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Who."""
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--initials", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--role", choices=Role.values, required=True)
        parser.add_argument("--department", default="", help="English name; made if it is new")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make person, sign-in and membership, or nothing."""
        password = getpass.getpass("Password (at least 12 characters): ")
        if len(password) < 12:
            raise CommandError("The password needs at least 12 characters.")
        department = None
        is_administrator = options["role"] == Role.ADMINISTRATOR
        if not is_administrator and not options["department"]:
            raise CommandError("Name the department.")
        try:
            if not is_administrator:
                name = readable_name(options["department"], "department")
                department, _new = Department.objects.get_or_create(
                    name_en=name, defaults={"name_de": name}
                )
            with acting_through("command:add_person"):
                person = persons.add_person(options["name"], initials=options["initials"])
                provisioning.add_sign_in(
                    options["username"], person=person, email=options["email"], password=password
                )
                memberships.give_role(person, role=Role(options["role"]), department=department)
        except DeskError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{options['name']} can sign in as {options['username']}.")
