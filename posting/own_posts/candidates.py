"""Posts of ours at the place of a reply whose outcome is unknown: the reply, or doubt for a person.

A post there that says the same is the reply. One that does not is never taken for a stranger
while the reply is in doubt: X may have rewritten our words in a way that the desk does not
know, and then a second reply would follow the first.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from approvals.models import Draft
from core.audit import record
from core.database.transitions import move
from posting import events
from posting.locking import locked_delivery, newest_attempt
from posting.models import Delivery, Doubt
from posting.states import DELIVERY_MOVES, DeliveryStatus
from tickets.ingestion import refresh
from tickets.models import ConnectedAccount, PostVersion
from xapi.comparison import says_the_same
from xapi.payloads import XPost

MARGIN = timedelta(minutes=10)  # so far may X's clock and ours be apart
UNKNOWN = (DeliveryStatus.IN_FLIGHT, DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON)
IN_DOUBT = (DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON)


def is_this(post: XPost, delivery: Delivery) -> bool:
    """Whether this post of ours is the delivery's reply.

    The same place, the same words as X writes them.
    """
    if not stands_there(post, delivery):
        return False
    return says_the_same(delivery.revision.text, post.text, post.written)


def stands_there(post: XPost, delivery: Delivery) -> bool:
    """Whether the post answers the post that the delivery answers, in whichever of its versions.

    One of which X does not say what it answers stands there if it stands in the same conversation.
    """
    if post.replied_to is None:
        return post.conversation_id == delivery.revision.draft.ticket.conversation_id
    return post.replied_to in versions_of(delivery.target_id)


def versions_of(target: int) -> set[int]:
    """Return the ids of every version of the post that is answered.

    X names the newest, the approved words one of them.
    """
    versions = PostVersion.objects.filter(mention__versions__x_id=target)
    return {target, *versions.values_list("x_id", flat=True)}


def unknown_at(posts: Iterable[XPost], account: ConnectedAccount) -> list[tuple[XPost, Delivery]]:
    """Those of the posts that stand where a reply of unknown outcome belongs, each with that reply.

    Those that a person has called another post are left out.
    """
    tried = Delivery.objects.filter(account=account, status__in=UNKNOWN, attempts__isnull=False)
    waiting = list(tried.distinct().select_related("revision__draft__ticket"))
    said = Doubt.objects.filter(delivery__in=waiting, another_at__isnull=False)
    others = set(said.values_list("x_id", flat=True))
    pairs = [(post, delivery) for post in posts if post.id not in others for delivery in waiting]
    return [(post, delivery) for post, delivery in pairs if stands_there(post, delivery)]


def doubtful(found: list[tuple[XPost, Delivery]]) -> dict[Delivery, list[XPost]]:
    """Return the posts at such places that are not the reply, by reply.

    None where the reply itself is among them.
    """
    there = {delivery for post, delivery in found if is_this(post, delivery)}
    made: dict[Delivery, list[XPost]] = {}
    for post, delivery in found:
        if delivery not in there:
            made.setdefault(delivery, []).append(post)
    return made


@transaction.atomic
def raise_doubt(delivery: Delivery, posts: list[XPost]) -> bool:
    """Name these posts to a person, who says what they are.

    Returns whether the delivery is in doubt.
    """
    delivery, draft = locked_delivery(newest_attempt(delivery))
    if delivery.status not in IN_DOUBT:
        return False
    if delivery.status == DeliveryStatus.UNCERTAIN:
        move(delivery, DeliveryStatus.FOR_A_PERSON, moves=DELIVERY_MOVES)
    for post in posts:
        seen = {"text": refresh.with_long_links(post), "written_at": post.created_at}
        _doubt, new = Doubt.objects.get_or_create(delivery=delivery, x_id=post.id, defaults=seen)
        if new:
            record(
                events.REPLY_FOR_A_PERSON,
                delivery,
                topic=draft.ticket,
                department_id=draft.ticket.department_id,
                post=str(post.id),
            )
    return True


def end(delivery: Delivery, draft: Draft, *, but: int) -> None:
    """End the doubts: the reply is found.

    Whatever else stood at its place did not come through the desk, and is kept so.
    """
    for doubt in delivery.doubts.filter(another_at__isnull=True).exclude(x_id=but).order_by("x_id"):
        become_stranger(doubt, delivery, draft)


def become_stranger(doubt: Doubt, delivery: Delivery, draft: Draft) -> None:
    """Keep the post as one that did not come through the desk; its tickets' context changes."""
    refresh.appear(as_shown(doubt, delivery, draft), delivery.account, through_desk=False)


def as_shown(doubt: Doubt, delivery: Delivery, draft: Draft) -> XPost:
    """Return the doubtful post once more as it was read."""
    return XPost(
        id=doubt.x_id,
        version_ids=(doubt.x_id,),
        author_id=delivery.account.x_id,
        text=doubt.text,
        created_at=doubt.written_at,
        conversation_id=draft.ticket.conversation_id,
        replied_to=delivery.target_id,
    )
