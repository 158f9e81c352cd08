"""What a new desk still needs, in the order in which it is best done.

Each step is seen from the rows alone, so it can be left and taken up again.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.models import GuidelineVersion
from people import company
from people.access import entitled
from people.models import Department, Membership, User
from people.roles import LEADS, WRITERS
from tickets.models import ConnectedAccount, Ticket


@dataclass(frozen=True)
class Step:
    """One step: what to do, why, where, and whether it is done."""

    title: str
    why: str
    link: str
    words: str
    done: bool


def steps(user: User) -> list[Step]:
    """All of them."""
    writers = Membership.objects.filter(
        ended_at__isnull=True, role__in=WRITERS, person__users__is_active=True
    )
    led = writers.filter(role__in=LEADS).exists()
    pairs = any(
        entitled(one).exists()
        and writers.filter(department=one).values("person").distinct().count() > 1
        for one in Department.objects.all()
    )
    return [
        Step(
            _("Name your company"),
            _(
                "It stands on the sign-in page, in invitations and over the public list of "
                "initials."
            ),
            reverse("company"),
            _("Company"),
            bool(company.name()),
        ),
        Step(
            _("Make a department"),
            _("People, accounts and tickets belong to one."),
            reverse("department-new"),
            _("New department"),
            Department.objects.exists(),
        ),
        Step(
            _("Name a lead"),
            _("Whoever leads decides what is difficult. It can be you: give yourself the role."),
            reverse("person", args=[user.person_id]),
            _("My roles"),
            led,
        ),
        Step(
            _("Invite a colleague"),
            _("Every reply needs two people: one writes, another one signs."),
            reverse("invite"),
            _("Invite somebody"),
            pairs,
        ),
        Step(
            _("Write the guideline"),
            _("A few sentences do for a start; it stands beside every reply."),
            reverse("guideline-edit", args=["company"]),
            _("Write the guideline"),
            GuidelineVersion.objects.exists(),
        ),
        Step(
            _("Connect an account"),
            _("From then on its mentions become tickets."),
            reverse("account-new"),
            _("Connect an account"),
            ConnectedAccount.objects.exists(),
        ),
        Step(
            _("Get the first ticket"),
            _("Let somebody write to the account; the ticket appears in the inbox by itself."),
            reverse("inbox"),
            _("To the inbox"),
            Ticket.objects.exists(),
        ),
    ]


def unfinished(user: User) -> bool:
    """Whether an administrator should still be led.

    Asked on every page of theirs, so as cheaply as it goes.
    """
    return user.is_administrator and not Ticket.objects.exists()
