"""Where each thing of an installation is set up, with one sentence on how it stands."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.applicable_guidelines import current
from approvals.models import SavedReply
from core.text import formatting
from people import company
from people.models import Department, Membership, User
from servicedesk.operations import first_steps, monitoring
from tickets.models import ConnectedAccount, RoutingVersion
from tickets.states import AccountState


@dataclass(frozen=True)
class Place:
    """One thing: its name, how it stands, whether somebody should look, and the way to it."""

    name: str
    stands: str
    link: str
    act: str
    well: bool = True


def of(user: User) -> list[Place]:
    """Return all of them, in the order in which one sets up an installation."""
    return [
        _first_steps(user),
        _health(),
        _keep_elsewhere(),
        _company(),
        _people(),
        *_departments(),
        _accounts(),
        _guideline(),
        _routing(),
        _saved_replies(),
        _trail(),
    ]


def _first_steps(user: User) -> Place:
    steps = first_steps.steps(user)
    done = sum(one.done for one in steps)
    stands = (
        _("All done.")
        if done == len(steps)
        else _("{done} of {all} done.").format(done=done, all=len(steps))
    )
    return Place(
        _("First steps"), stands, reverse("first-steps"), _("First steps"), done == len(steps)
    )


def _health() -> Place:
    ill = [one.name for one in monitoring.signs() if not one.well]
    stands = _("Look at: {names}.").format(names=", ".join(ill)) if ill else _("Everything is OK.")
    return Place(_("Health"), stands, reverse("health"), _("Health"), not ill)


def _keep_elsewhere() -> Place:
    stands = _("Keys and places without which no backup helps, to print.")
    return Place(_("Keep elsewhere"), stands, reverse("keep-elsewhere"), _("What to keep"))


def _company() -> Place:
    name = company.name()
    return Place(
        _("Company"), name or _("No name yet."), reverse("company"), _("Change"), bool(name)
    )


def _people() -> Place:
    people = Membership.objects.filter(ended_at__isnull=True).values("person").distinct().count()
    stands = ngettext("{n} person has a role.", "{n} people have a role.", people).format(n=people)
    return Place(_("People and roles"), stands, reverse("people"), _("People"), people > 1)


def _departments() -> list[Place]:
    return [
        Place(
            one.name,
            _("{policy}; {minutes} minutes for a review; {zone}; {hours}.").format(
                policy=one.get_review_policy_display(),
                minutes=one.clock_minutes,
                zone=one.time_zone,
                hours=_("service by hours") if one.hours else _("round the clock"),
            ),
            reverse("department", args=[one.pk]),
            _("Department and hours"),
        )
        for one in Department.objects.all()
    ] or [
        Place(
            _("Departments"),
            _("No department yet."),
            reverse("department-new"),
            _("New department"),
            well=False,
        )
    ]


def _accounts() -> Place:
    accounts = list(ConnectedAccount.objects.exclude(status=AccountState.REVOKED).order_by("id"))
    paused = [str(one) for one in accounts if one.status == AccountState.PAUSED]
    stands = ", ".join(map(str, accounts)) or _("None connected yet.")
    if paused:
        stands = _("{names}. Paused: {paused}.").format(names=stands, paused=", ".join(paused))
    return Place(
        _("Accounts on X"),
        stands,
        reverse("account-new"),
        _("Connect an account"),
        bool(accounts) and not paused,
    )


def _guideline() -> Place:
    held = current(None)
    if held is None:
        stands = _("None yet. The editor offers one to start from, with checks.")
        return _place_of_guideline(stands, well=False)
    checks = sum(len(one["checks"]) for one in held.paragraphs)
    stands = _("Version {n} of {day}, with {checks} checks.").format(
        n=held.number, day=formatting.day(held.at), checks=checks
    )
    return _place_of_guideline(stands, well=True)


def _place_of_guideline(stands: str, *, well: bool) -> Place:
    link = reverse("guideline-edit", args=["company"])
    return Place(_("Guideline of the company"), stands, link, _("Write the guideline"), well)


def _routing() -> Place:
    live = RoutingVersion.objects.order_by("-number").first()
    rules: list[Any] = live.rules if live else []
    stands = (
        ngettext("{n} rule.", "{n} rules.", len(rules)).format(n=len(rules))
        if rules
        else _("No rules; every post goes to the department of its account.")
    )
    return Place(_("Routing rules"), stands, reverse("routing"), _("Routing rules"))


def _saved_replies() -> Place:
    number = SavedReply.objects.filter(retired_at__isnull=True).count()
    stands = ngettext("{n} saved reply.", "{n} saved replies.", number).format(n=number)
    return Place(_("Saved replies"), stands, reverse("saved-replies"), _("Saved replies"))


def _trail() -> Place:
    stands = _("Who did what, and when.")
    return Place(_("Audit trail"), stands, reverse("audit"), _("Audit trail"))
