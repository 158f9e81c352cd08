"""What somebody can be told about, by which ways, and what holds for who has chosen nothing."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Way(models.TextChoices):
    """How a notice reaches a person.

    The list of notices has every one that is wanted by any way.
    """

    DESK = "desk", pgettext_lazy("way of a notice", "In the desk")
    EMAIL = "email", pgettext_lazy("way of a notice", "By e-mail")
    DESKTOP = "desktop", pgettext_lazy("way of a notice", "On the desktop")


class NoticeKind(models.TextChoices):
    """What a notice is about, as people choose it."""

    CALLED = "called", _("A review is overdue")
    RETURNED = "returned", _("A text of mine comes back")
    NAMED = "named", _("A colleague names me in a note")
    ASSIGNED = "assigned", _("A ticket is assigned to me")
    CUSTOMER = "customer", _("The customer writes in a ticket of mine")
    DELIVERY = "delivery", _("A reply could not be posted")
    REVIEW = "review", _("A text waits for a second pair of eyes")
    GUIDELINE = "guideline", _("A guideline is to be confirmed")
    ROLE = "role", _("A role waits for confirmation, or one person alone gave it")
    ACCOUNT = "account", _("An account is paused or its feed has trouble")
    OUTSIDE = "outside", _("A post on our account did not come through the desk")
    ACCESS = "access", _("My sign-in or my password changes")


@dataclass(frozen=True)
class Described:
    """One kind with the sentence that says what it does.

    And the ways that hold unless somebody chooses.
    """

    kind: NoticeKind
    sentence: Promise
    ways: tuple[Way, ...]


ALL_WAYS = (Way.DESK, Way.EMAIL, Way.DESKTOP)
KINDS = (
    Described(
        NoticeKind.CALLED,
        _(
            "A reply waits for me as lead, deputy or lead above longer than the department "
            "allows, or was escalated to me."
        ),
        ALL_WAYS,
    ),
    Described(
        NoticeKind.RETURNED,
        _(
            "Changes are requested, it is rejected or corrected, an approval no longer "
            "counts, or the lead hands the ticket back."
        ),
        (Way.DESK, Way.DESKTOP),
    ),
    Described(NoticeKind.NAMED, _("With @ and my user name or initials."), ALL_WAYS),
    Described(
        NoticeKind.ASSIGNED,
        _("By somebody else; not when I take it myself."),
        (Way.DESK, Way.DESKTOP),
    ),
    Described(
        NoticeKind.CUSTOMER,
        _("A new post in a ticket that is assigned to me."),
        (Way.DESK, Way.DESKTOP),
    ),
    Described(
        NoticeKind.DELIVERY,
        _(
            "X refused a text of mine, somebody has to check whether it is on X, or one of our "
            "posts could not be deleted."
        ),
        ALL_WAYS,
    ),
    Described(
        NoticeKind.REVIEW,
        _(
            "Every text that I may decide on. For a small team; in a large one the number in "
            "the bar says enough."
        ),
        (),
    ),
    Described(
        NoticeKind.GUIDELINE,
        _(
            "When a new version comes into force, and again when half the time for confirming "
            "it is over."
        ),
        (Way.DESK, Way.EMAIL),
    ),
    Described(
        NoticeKind.ROLE,
        _(
            "For leads and administrators who can confirm it, for the person who has the role, "
            "and, where one person alone gave it, for everybody in the department."
        ),
        (Way.DESK, Way.EMAIL),
    ),
    Described(
        NoticeKind.ACCOUNT,
        _(
            "For leads, deputies and administrators: nothing is sent or something may be "
            "missing until somebody acts."
        ),
        ALL_WAYS,
    ),
    Described(
        NoticeKind.OUTSIDE,
        _(
            "For leads and deputies: somebody posted with our access to X, past the second "
            "pair of eyes."
        ),
        ALL_WAYS,
    ),
    Described(
        NoticeKind.ACCESS,
        _(
            "A link into my sign-in, a new password, another address, a further sign-in; "
            "also when it was me."
        ),
        ALL_WAYS,
    ),
)
DEFAULT = {one.kind.value: one.ways for one in KINDS}
