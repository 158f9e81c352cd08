"""What lower packages' screens show of deliveries."""

from dataclasses import dataclass

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
from tickets.conversations.thread import Entry, on_x
from tickets.models import ConnectedAccount, Mention, OwnPost, Ticket, Trouble
from tickets.policies import why_not_read_pause

register = template.Library()


@register.simple_tag
def deliveries_of(ticket: Ticket) -> list[dict]:
    """How the sending of this ticket's replies stands, the newest first, each with its sentence."""
    rows = with_story(Delivery.objects.filter(revision__draft__ticket=ticket)).order_by("-id")
    return [{"delivery": one, "sentence": attempt_messages.sentence(one)} for one in rows]


@dataclass(frozen=True)
class PostedReplies:
    """What went with our replies of a conversation, by the post on X.

    `pictures` are each with its ticket's number; `pairs` are the initials of who wrote and who
    approved.
    """

    pictures: dict[str, list[dict]]
    pairs: dict[str, tuple[str, str]]


@register.simple_tag
def posted_replies(ticket: Ticket, entries: list[Entry]) -> PostedReplies:
    """Return what went with our replies among these entries; two queries, none without replies."""
    ours = [one.item.external_id for one in entries if one.kind == "own"]
    if not ours:
        return PostedReplies({}, {})
    posted = Delivery.objects.filter(
        network=ticket.account.network, external_id__in=ours
    ).select_related("revision__person", "revision__draft__ticket")
    endorsers = dict(
        Review.objects.filter(
            revision__in=[one.revision_id for one in posted], decision=Decision.APPROVE
        )
        .order_by("id")
        .values_list("revision", "initials")
    )
    return PostedReplies(
        pictures={
            str(one.external_id): [
                {"number": one.revision.draft.ticket.number, **picture}
                for picture in attachments.shown(one.revision)
            ]
            for one in posted
            if '"attachments":[]' not in one.revision.payload
        },
        pairs={
            str(one.external_id): (
                one.revision.person.initials or "",
                endorsers.get(one.revision_id, ""),
            )
            for one in posted
        },
    )


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
