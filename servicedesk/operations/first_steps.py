"""What a new desk still needs, in the order in which it is best done.

Each step is seen from the rows alone, so it can be left and taken up again.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

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
    """All of them, with whether they are done."""
    done = done_by_now()
    links = {
        "person": reverse("person", args=[user.person_id]),
        "guideline": reverse("guideline-edit", args=["company"]),
    }
    return [
        Step(
            str(plan.title),
            str(plan.why),
            links.get(plan.key) or reverse(plan.page),
            str(plan.words),
            done[plan.key],
        )
        for plan in PLANS
    ]


@dataclass(frozen=True)
class Plan:
    """A step before anybody asks: its key, its page's name, and its sentences."""

    key: str
    page: str
    title: Any
    why: Any
    words: Any


PLANS = (
    Plan(
        "company",
        "company",
        gettext_lazy("Name your company"),
        gettext_lazy(
            "It appears on the sign-in page, in invitations and above the public list of initials."
        ),
        gettext_lazy("Company"),
    ),
    Plan(
        "department",
        "department-new",
        gettext_lazy("Create a department"),
        gettext_lazy("People, accounts and tickets belong to one."),
        gettext_lazy("New department"),
    ),
    Plan(
        "person",
        "person",
        gettext_lazy("Name a lead"),
        gettext_lazy("The lead decides what is difficult. It can be you: give yourself the role."),
        gettext_lazy("My roles"),
    ),
    Plan(
        "pairs",
        "invite",
        gettext_lazy("Invite a colleague"),
        gettext_lazy("Every reply needs two people: one writes, another one signs."),
        gettext_lazy("Invite somebody"),
    ),
    Plan(
        "guideline",
        "guideline-edit",
        gettext_lazy("Write the guideline"),
        gettext_lazy("A few sentences are enough to begin with; they appear beside every reply."),
        gettext_lazy("Write the guideline"),
    ),
    Plan(
        "account",
        "account-new",
        gettext_lazy("Connect an account"),
        gettext_lazy("From then on its mentions become tickets."),
        gettext_lazy("Connect an account"),
    ),
    Plan(
        "ticket",
        "inbox",
        gettext_lazy("Get the first ticket"),
        gettext_lazy(
            "Let somebody write to the account; the ticket appears in the inbox by itself."
        ),
        gettext_lazy("To the inbox"),
    ),
)


def done_by_now() -> dict[str, bool]:
    """Which steps are done, by their keys, as the rows say."""
    writers = Membership.objects.filter(
        ended_at__isnull=True, role__in=WRITERS, person__users__is_active=True
    )
    pairs = any(
        entitled(one).exists()
        and writers.filter(department=one).values("person").distinct().count() > 1
        for one in Department.objects.all()
    )
    return {
        "company": bool(company.name()),
        "department": Department.objects.exists(),
        "person": writers.filter(role__in=LEADS).exists(),
        "pairs": pairs,
        "guideline": GuidelineVersion.objects.exists(),
        "account": ConnectedAccount.objects.exists(),
        "ticket": Ticket.objects.exists(),
    }


def unfinished(user: User) -> bool:
    """Whether an administrator should still be led.

    Asked on every page of theirs, so as cheaply as it goes.
    """
    return user.is_administrator and not Ticket.objects.exists()
