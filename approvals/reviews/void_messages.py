"""Why an approval no longer counts and what the author does next, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Void
from approvals.states import VoidReason
from core.text.formatting import when

SENTENCES = {
    VoidReason.EXPIRED: gettext_lazy(
        "The approval by {reviewer} was older than 24 hours. The text is in review "
        "again; there is nothing for you to do."
    ),
    VoidReason.TEXT_CHANGED: gettext_lazy(
        "{name} changed the text after the approval. The new revision is waiting for review."
    ),
    VoidReason.REVOKED: gettext_lazy(
        "{name} revoked the approval. The text is in review again; there is nothing for you to do."
    ),
    VoidReason.WITHDRAWN: gettext_lazy("{name} withdrew this draft."),
    VoidReason.CUSTOMER_WROTE: gettext_lazy(
        "{customer} wrote again {time}. Read the new post; keep the text or change it, then submit."
    ),
    VoidReason.CUSTOMER_EDITED: gettext_lazy(
        "{customer} edited the post {time}. Compare before and after, then submit again."
    ),
    VoidReason.TARGET_DELETED: gettext_lazy(
        "X says that {customer} deleted the post. There is nothing left to reply to; "
        "resolve the ticket or "
        "wait for a new post. Should X show it after all, it comes back by itself."
    ),
    VoidReason.TARGET_HIDDEN: gettext_lazy(
        "{customer} has protected the account or blocked {account}, so X no longer "
        "shows us the post. Keep the text or "
        "resolve the ticket."
    ),
    VoidReason.SHOWN_AGAIN: gettext_lazy(
        "A post that X had called gone is there again. Read the conversation once "
        "more, then submit again."
    ),
    VoidReason.ANSWERED_HERE: gettext_lazy(
        "Meanwhile another reply of ours was posted here. Read that reply first."
    ),
    VoidReason.ANSWERED_ON_X: gettext_lazy(
        "A reply that did not come through the desk is already under the post. Decide whether "
        "yours is still needed."
    ),
    VoidReason.RIGHT_LOST: gettext_lazy(
        "{reviewer} no longer had the right to approve in {department} when the reply "
        "was to leave. The text is in "
        "review again."
    ),
    VoidReason.HANDED_OVER: gettext_lazy(
        "The ticket was handed over to {department}. They decide whether they take the text."
    ),
    VoidReason.ESCALATED: gettext_lazy(
        "{name} escalated the ticket after the approval. Submit the text again; then "
        "the lead decides."
    ),
    VoidReason.MERGED: gettext_lazy(
        "{name} merged another ticket of {customer} into this one after the approval. Read its "
        "posts, then submit again."
    ),
    VoidReason.UNMERGED: gettext_lazy(
        "{name} unmerged a ticket after the approval. Read the conversation once more, then "
        "submit again."
    ),
    VoidReason.ACCESS_CHANGED: gettext_lazy(
        "One of the two set up the other’s access within the last 7 days. Another "
        "person has to approve the text."
    ),
    VoidReason.REFUSED: gettext_lazy(
        "X refused and says: “{reason}”. Nothing was posted; change the text or resolve the ticket."
    ),
}


def for_author(void: Void) -> str:
    """Cause and next step."""
    revision = void.review.revision
    ticket = revision.draft.ticket
    who = void.by.person.name if void.by else _("A colleague")
    return SENTENCES[VoidReason(void.reason)].format(
        reviewer=void.review.person.name,
        name=who,
        customer=f"@{revision.target.customer.handle}",
        account=f"@{revision.account.handle}",
        department=ticket.department.name,
        time=when(void.at),
        reason=void.detail.rstrip(". "),
    )
