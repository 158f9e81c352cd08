"""The states of a delivery and the outcomes of an attempt."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeliveryStatus(models.TextChoices):
    """Where the effort to post one revision stands."""

    DUE = "due", _("Waiting")
    IN_FLIGHT = "in_flight", _("Sending")
    UNCERTAIN = "uncertain", _("Uncertain")
    FOR_A_PERSON = "for_a_person", _("Needs a person")
    REFUSED = "refused", _("Refused")
    VOID = "void", pgettext_lazy("delivery", "Void")
    POSTED = "posted", _("Posted")


D = DeliveryStatus
DELIVERY_MOVES = {
    D.DUE: {D.IN_FLIGHT, D.VOID},
    D.IN_FLIGHT: {D.POSTED, D.DUE, D.REFUSED, D.UNCERTAIN, D.VOID},
    D.UNCERTAIN: {D.POSTED, D.DUE, D.FOR_A_PERSON},
    D.FOR_A_PERSON: {D.POSTED, D.DUE},
    D.REFUSED: set(),
    D.VOID: set(),
    D.POSTED: set(),
}


class Outcome(models.TextChoices):
    """What became of an attempt.

    The first four are what was seen at once; the others are found out later.
    """

    POSTED = "posted", _("posted")
    NOT_SENT = "not_sent", _("not sent")
    REFUSED = "refused", _("refused")
    UNCERTAIN = "uncertain", _("uncertain")
    FOUND = "found", _("found on X")
    ABSENT = "absent", _("looked twice, not on X")
    SEEN = "seen", _("seen on X by a person")
    UNSEEN = "unseen", _("not on X, says a person")


AT_ONCE = (Outcome.POSTED, Outcome.NOT_SENT, Outcome.REFUSED, Outcome.UNCERTAIN)
SUCCESS = (Outcome.POSTED, Outcome.FOUND, Outcome.SEEN)


class TakeDownStatus(models.TextChoices):
    """Where the order to delete one of our posts stands."""

    ORDERED = "ordered", _("Being deleted")
    DONE = "done", _("Deleted on X")
    FAILED = "failed", _("Could not be deleted")


TAKE_DOWN_MOVES = {
    TakeDownStatus.ORDERED: {TakeDownStatus.DONE, TakeDownStatus.FAILED},
    TakeDownStatus.FAILED: {TakeDownStatus.ORDERED},
    TakeDownStatus.DONE: set(),
}
