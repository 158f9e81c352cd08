"""Since when the customer of a ticket waits: the oldest of their posts without an answer of ours.

A reply in one conversation answers the posts of the tickets that are merged, from then on.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, Min, Q

from tickets.models import OwnPost, Ticket
from tickets.states import GONE


def oldest_unanswered(ticket: Ticket, *, but: str = "") -> datetime | None:
    """When the oldest post without an answer was written, here or in a ticket merged into it.

    `but` is the id of a reply of ours that goes, and so answers nothing any more. None where all
    are answered.
    """
    together = [ticket, *ticket.merged.all()]
    times = [oldest_of_its_own(one, together, but=but) for one in together]
    return min((at for at in times if at), default=None)


def oldest_of_its_own(
    ticket: Ticket, together: Sequence[Ticket], *, but: str = ""
) -> datetime | None:
    """When the oldest post of this very ticket was written that has no answer.

    Our newest post in its conversation answers it, and so does one in the conversation of another
    of those `together`, if it was written since both were merged.
    """
    places = Q(conversation_id=ticket.conversation_id)
    for other in together:
        since = [at for at in (merged_at(ticket), merged_at(other)) if at]
        if other.pk != ticket.pk and since:
            places |= Q(conversation_id=other.conversation_id, written_at__gt=max(since))
    ours = OwnPost.objects.filter(
        places, network=ticket.account.network, through_desk=True, gone_at__isnull=True
    )
    answered = ours.exclude(external_id=but).aggregate(at=Max("written_at"))["at"]
    posts = ticket.mentions.exclude(status__in=GONE)
    posts = posts.filter(written_at__gt=answered) if answered else posts
    return posts.aggregate(at=Min("written_at"))["at"]


def merged_at(ticket: Ticket) -> datetime | None:
    """Since when the ticket is merged; None where it is not."""
    return ticket.resolved_at if ticket.merged_into_id else None
