"""What lower packages' screens show of deliveries."""

from django import template

from posting import attempt_words
from posting.models import Delivery
from posting.querysets import with_story
from tickets.models import ConnectedAccount, Ticket

register = template.Library()


@register.simple_tag
def deliveries_of(ticket: Ticket) -> list[dict]:
    """How the sending of this ticket's replies stands, the newest first, each with its sentence."""
    rows = with_story(Delivery.objects.filter(revision__draft__ticket=ticket)).order_by("-id")[:10]
    return [{"delivery": one, "sentence": attempt_words.sentence(one)} for one in rows]


@register.simple_tag
def paused_sentence(account: ConnectedAccount) -> str:
    """What is the matter with a paused account, and what to do."""
    known = attempt_words.PAUSED.get(account.pause_code)
    return str(known()) if known else account.pause_reason
