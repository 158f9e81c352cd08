"""The states of tickets, accounts and mentions, the allowed moves, and whose turn it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TicketStatus(models.TextChoices):
    """Says whose turn it is."""

    NEW = "new", pgettext_lazy("ticket", "New")
    OPEN = "open", pgettext_lazy("ticket", "Open")
    IN_APPROVAL = "in_approval", _("In approval")
    SENDING = "sending", _("Sending")
    ANSWERED = "answered", _("Answered")
    RESOLVED = "resolved", _("Resolved")


class Turn(models.TextChoices):
    """Who acts next."""

    AGENT = "agent", _("Agent")
    REVIEWER = "reviewer", _("Team lead")
    DESK = "desk", _("Desk")
    CUSTOMER = "customer", _("Customer")
    NOBODY = "nobody", _("Nobody")


S = TicketStatus
TICKET_MOVES = {
    S.NEW: {S.OPEN, S.IN_APPROVAL, S.ANSWERED, S.RESOLVED},
    S.OPEN: {S.IN_APPROVAL, S.SENDING, S.ANSWERED, S.RESOLVED},
    S.IN_APPROVAL: {S.OPEN, S.SENDING, S.ANSWERED},
    S.SENDING: {S.OPEN, S.IN_APPROVAL, S.ANSWERED},
    S.ANSWERED: {S.OPEN, S.IN_APPROVAL, S.RESOLVED},
    # New and answered: where undoing brings it back to
    S.RESOLVED: {S.OPEN, S.NEW, S.ANSWERED},
}
TURN = {
    S.NEW: Turn.AGENT,
    S.OPEN: Turn.AGENT,
    S.IN_APPROVAL: Turn.REVIEWER,
    S.SENDING: Turn.DESK,
    S.ANSWERED: Turn.CUSTOMER,
    S.RESOLVED: Turn.NOBODY,
}
ACTIVE = (S.NEW, S.OPEN, S.IN_APPROVAL, S.SENDING)


class AccountState(models.TextChoices):
    """Whether a connected account sends."""

    ACTIVE = "active", pgettext_lazy("account", "Active")
    PAUSED = "paused", _("Paused")
    REVOKED = "revoked", _("Revoked")


class MentionState(models.TextChoices):
    """How a post of somebody else stands on X."""

    LIVE = "live", _("Live")
    EDITED = "edited", _("Edited")
    DELETED = "deleted", _("Deleted")
    HIDDEN = "hidden", _("Hidden from us")


class IntakeOutcome(models.TextChoices):
    """What became of a post that was taken in; a person can look each up."""

    TICKET = "ticket", _("In a ticket")
    REPOST = "repost", _("A repost, no ticket")


class ContextCause(models.TextChoices):
    """Why an approval given before no longer fits what is on the screen."""

    WROTE = "customer_wrote", _("The customer wrote again")
    EDITED = "customer_edited", _("The customer edited the post")
    DELETED = "target_deleted", _("The customer deleted a post")
    HIDDEN = "target_hidden", _("A post is no longer visible to us")
    SHOWN_AGAIN = "shown_again", _("A post that was gone is visible to us again")
    OUR_POST = "answered_here", _("A reply of ours was posted")
    OTHER_POST = "answered_on_x", _("A post of ours appeared that did not come through the desk")
    HANDED_OVER = "handed_over", _("The ticket was handed over")
    ESCALATED = "escalated", _("The ticket was escalated")
    MERGED = "merged", _("Another ticket of the customer was merged into this one")
    UNMERGED = "unmerged", _("A merged ticket was taken out again")


# What brings or changes words of the customer; merging brings those of another ticket
BY_THE_CUSTOMER = (
    ContextCause.WROTE,
    ContextCause.EDITED,
    ContextCause.DELETED,
    ContextCause.HIDDEN,
    ContextCause.SHOWN_AGAIN,
    ContextCause.MERGED,
)
GONE = (MentionState.DELETED, MentionState.HIDDEN)


class Asked(models.TextChoices):
    """What the desk asks X for on its own; each may be in trouble."""

    MENTIONS = "mentions", _("Mentions")
    POSTS = "posts", _("Posts of open tickets")
    TIMELINE = "timeline", _("Our own posts")
    GAPS = "gaps", _("Filling of gaps")
    COMPARISON = "comparison", _("Daily comparison")
    PROFILE = "profile", _("Our own profile")


class Priority(models.TextChoices):
    """How urgent."""

    NORMAL = "normal", pgettext_lazy("priority", "Normal")
    HIGH = "high", pgettext_lazy("priority", "High")


class ResolvedReason(models.TextChoices):
    """Why no reply is needed."""

    DONE = "done", _("Done")
    THANKS = "thanks", _("Thanks")
    SPAM = "spam", _("Spam")
    NOT_FOR_US = "not_for_us", _("Not for us")
    ELSEWHERE = "answered_elsewhere", _("Answered elsewhere")
    BAITING = "baiting", _("Baiting")
    POST_GONE = "post_gone", _("The post is gone")


class LeftAs(models.TextChoices):
    """How a customer left, by what they wrote last."""

    CONTENT = "content", pgettext_lazy("outcome", "Content")
    NEUTRAL = "neutral", pgettext_lazy("outcome", "Neutral")
    NOT_CONTENT = "not_content", pgettext_lazy("outcome", "Not content")
    NO_SIGN = "no_sign", pgettext_lazy("outcome", "No sign")


class GapStatus(models.TextChoices):
    """How the filling of a gap stands."""

    FILLING = "filling", _("Being filled")
    FILLED = "filled", _("Filled")
    STAYS = "stays", _("Stays")


GAP_MOVES = {
    GapStatus.FILLING: {GapStatus.FILLED, GapStatus.STAYS},
    GapStatus.FILLED: set(),
    GapStatus.STAYS: {GapStatus.FILLING},
}
