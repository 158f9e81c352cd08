"""`manage.py first_administrator`.

The link by which the first administrator comes to an empty desk. Refused once there is one.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from core.channel import acting_through
from people.invitations import invitations
from people.models import Membership
from people.roles import Role


class Command(BaseCommand):
    """Prints the link alone, so that a script can hand it on."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Who it is for; the person can say otherwise when joining."""
        parser.add_argument("--name", default="Administration")
        parser.add_argument("--initials", default="")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the invitation."""
        if Membership.objects.filter(
            role=Role.ADMINISTRATOR, ended_at__isnull=True, person__users__is_active=True
        ).exists():
            raise CommandError("There is an administrator already; people are invited in the desk.")
        with acting_through("command:first_administrator"):
            _invitation, key = invitations.invite(
                name=options["name"],
                initials=options["initials"],
                email=options["email"],
                role=Role.ADMINISTRATOR,
                department=None,
                by=None,
            )
        self.stdout.write(settings.DESK_URL + reverse("invitation", args=[key]))
