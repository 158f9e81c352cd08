"""The states of a draft, the decisions on it, and why an approval becomes void."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DraftStatus(models.TextChoices):
    """From the first word to the post."""

    WRITING = "writing", _("Writing")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", pgettext_lazy("draft", "Approved")
    POSTED = "posted", _("Posted")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


D = DraftStatus
DRAFT_MOVES = {
    D.WRITING: {D.IN_REVIEW, D.WITHDRAWN},
    D.IN_REVIEW: {D.APPROVED, D.CHANGES_REQUESTED, D.REJECTED, D.WITHDRAWN},
    D.CHANGES_REQUESTED: {D.IN_REVIEW, D.WITHDRAWN},
    D.APPROVED: {D.POSTED, D.IN_REVIEW, D.CHANGES_REQUESTED, D.WITHDRAWN},
    D.POSTED: set(),
    D.REJECTED: set(),
    D.WITHDRAWN: set(),
}
OPEN = (D.WRITING, D.IN_REVIEW, D.CHANGES_REQUESTED, D.APPROVED)


class DraftTurn(models.TextChoices):
    """Who acts next on the draft."""

    AUTHOR = "author", _("Author")
    REVIEWER = "reviewer", _("Team lead")
    DESK = "desk", _("Desk")
    NOBODY = "nobody", _("Nobody")


DRAFT_TURN = {
    D.WRITING: DraftTurn.AUTHOR,
    D.IN_REVIEW: DraftTurn.REVIEWER,
    D.CHANGES_REQUESTED: DraftTurn.AUTHOR,
    D.APPROVED: DraftTurn.DESK,
    D.POSTED: DraftTurn.NOBODY,
    D.REJECTED: DraftTurn.NOBODY,
    D.WITHDRAWN: DraftTurn.NOBODY,
}


class Decision(models.TextChoices):
    """What a review ends with."""

    APPROVE = "approve", _("Approve")
    REQUEST_CHANGES = "request_changes", _("Request changes")
    REJECT = "reject", _("Reject")


DECIDED = {
    Decision.APPROVE: pgettext_lazy("decision", "approved"),
    Decision.REQUEST_CHANGES: pgettext_lazy("decision", "returned"),
    Decision.REJECT: pgettext_lazy("decision", "rejected"),
}


class VoidReason(models.TextChoices):
    """Why an approval no longer counts. `reviews/void_messages.py` has the sentences."""

    EXPIRED = "expired", _("expired")
    TEXT_CHANGED = "text_changed", _("the text changed")
    REVOKED = "revoked", _("revoked")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CUSTOMER_WROTE = "customer_wrote", _("the customer wrote again")
    CUSTOMER_EDITED = "customer_edited", _("the customer edited the post")
    TARGET_DELETED = "target_deleted", _("the post was deleted")
    TARGET_HIDDEN = "target_hidden", _("the post is hidden from us")
    SHOWN_AGAIN = "shown_again", _("a post that was gone is there again")
    ANSWERED_HERE = "answered_here", _("answered here already")
    ANSWERED_ON_X = "answered_on_x", _("answered on X already")
    RIGHT_LOST = "right_lost", _("the right to approve was lost")
    HANDED_OVER = "handed_over", _("the ticket was handed over")
    ESCALATED = "escalated", _("the ticket was escalated")
    MERGED = "merged", _("another ticket was merged into this one")
    UNMERGED = "unmerged", _("a merged ticket was taken out again")
    ACCESS_CHANGED = "access_changed", _("access was changed between the two")
    REFUSED = "refused", _("X refused")


BACK_TO_REVIEW = {
    VoidReason.EXPIRED,
    VoidReason.RIGHT_LOST,
    VoidReason.TEXT_CHANGED,
    VoidReason.ACCESS_CHANGED,
    VoidReason.REVOKED,
}
