"""What lower packages' screens show of deliveries."""

from django import template
from django.utils.translation import gettext as _

from approvals.drafts import attachments
from approvals.models import Review
from approvals.states import Decision
from core.text.formatting import quoted
from people.models import User
from posting.messages import attempt_messages, read_failure_messages
from posting.models import Delivery, TakeDown
from posting.querysets import with_story
from tickets.conversations.thread import on_x
from tickets.models import ConnectedAccount, Mention, OwnPost, Ticket, Trouble
from tickets.policies import why_not_read_pause
from tickets.querysets import conversations_of

register = template.Library()


@register.simple_tag
def deliveries_of(ticket: Ticket) -> list[dict]:
    """How the sending of this ticket's replies stands, the newest first, each with its sentence."""
    rows = with_story(Delivery.objects.filter(revision__draft__ticket=ticket)).order_by("-id")
    return [{"delivery": one, "sentence": attempt_messages.sentence(one)} for one in rows]


@register.simple_tag
def posted_pictures(ticket: Ticket) -> dict[str, list[dict]]:
    """Return the pictures that went with our replies of this conversation.

    By the post on X.

    Each with its ticket's number.
    """
    conversations = conversations_of(ticket)
    posted = (
        Delivery.objects.filter(
            network=ticket.account.network,
            revision__draft__ticket__conversation_id__in=conversations,
            external_id__isnull=False,
        )
        .exclude(revision__payload__contains='"attachments":[]')
        .select_related("revision__draft__ticket")
    )
    return {
        one.external_id: [  # type: ignore[misc]
            {"number": one.revision.draft.ticket.number, **picture}
            for picture in attachments.shown(one.revision)
        ]
        for one in posted
    }


@register.simple_tag
def posted_pairs(ticket: Ticket) -> dict[str, tuple[str, str]]:
    """Return who wrote and who approved each posted reply of this conversation: their initials.

    By the post on X. Two queries.
    """
    conversations = conversations_of(ticket)
    posted = Delivery.objects.filter(
        network=ticket.account.network,
        revision__draft__ticket__conversation_id__in=conversations,
        external_id__isnull=False,
    ).select_related("revision__person")
    endorsers = dict(
        Review.objects.filter(
            revision__in=[one.revision_id for one in posted], decision=Decision.APPROVE
        )
        .order_by("id")
        .values_list("revision", "initials")
    )
    return {
        str(one.external_id): (
            one.revision.person.initials or "",
            endorsers.get(one.revision_id, ""),
        )
        for one in posted
    }


@register.simple_tag
def paused_sentence(account: ConnectedAccount, user: User) -> str:
    """Return what is the matter with a paused account, and what to do.

    To people of other departments only who knows.
    """
    if reason := why_not_read_pause(account, user):
        return str(reason)
    known = attempt_messages.PAUSED.get(account.pause_code)
    if known or not account.pause_reason:
        return str(known()) if known else ""
    return _("The reason given: {reason}.").format(reason=quoted(account.pause_reason.rstrip(". ")))


@register.simple_tag
def rest_sentence(account: ConnectedAccount) -> str:
    """Why an account sends nothing for the moment, and until when; empty where it does not rest."""
    return attempt_messages.resting(account)


@register.simple_tag
def waits_for(target: Mention) -> str:
    """Why an approved reply to this post waits; empty where nothing keeps it back."""
    return attempt_messages.waiting(target)


@register.simple_tag
def take_down_sentence(order: TakeDown) -> str:
    """How the order to delete a reply on X stands."""
    return attempt_messages.taken_down(order)


@register.simple_tag
def trouble_sentence(trouble: Trouble, user: User, banner: bool = False) -> str:
    """Say what cannot be read, why, and what to do.

    Not since when, in a banner; to people of other departments only what.
    """
    if why_not_read_pause(trouble.account, user):
        return read_failure_messages.for_others(trouble)
    return (
        read_failure_messages.shortly(trouble)
        if banner
        else read_failure_messages.sentence(trouble)
    )


@register.simple_tag
def address_on_x(own: OwnPost) -> str:
    """Where a post of ours stands for everybody."""
    return on_x(own.account.handle, own.external_id)
