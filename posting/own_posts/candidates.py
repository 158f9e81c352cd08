"""Posts of ours at the place of a reply whose outcome is unknown: the reply, or doubt for a person.

A post there that says the same is the reply. One that does not is never taken for a stranger
while the reply is in doubt: X may have rewritten our words in a way that the desk does not
know, and then a second reply would follow the first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from core.audit import record
from core.database.transitions import move
from networks.contract import Post
from networks.ids import external_id_of, number_of, position_of
from networks.pages import KnownPost
from networks.registry import network_of
from posting import events
from posting.locking import locked_delivery, newest_attempt
from posting.models import Delivery, Doubt
from posting.states import DELIVERY_MOVES, DeliveryStatus
from tickets.ingestion import refresh
from tickets.models import ConnectedAccount, PostVersion

MARGIN = timedelta(minutes=10)  # so far may X's clock and ours be apart
UNKNOWN = (DeliveryStatus.IN_FLIGHT, DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON)
IN_DOUBT = (DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON)


def is_this(post: Post, delivery: Delivery) -> bool:
    """Whether this post of ours is the delivery's reply.

    The same place, the same words as X writes them.
    """
    if not stands_there(post, delivery):
        return False
    return network_of(delivery.network).says_the_same(delivery.revision.text, post)


def stands_there(post: Post, delivery: Delivery) -> bool:
    """Whether the post answers the post that the delivery answers, in whichever of its versions.

    One of which X does not say what it answers stands there if it stands in the same conversation.
    """
    if post.replied_to is None:
        return external_id_of(post.conversation_id) == delivery.revision.target.conversation_id
    return external_id_of(post.replied_to) in versions_of(delivery)


def versions_of(delivery: Delivery) -> set[str]:
    """Return the ids of every version of the post that is answered.

    X names the newest, the approved words one of them.
    """
    versions = PostVersion.objects.filter(
        mention__versions__network=delivery.network,
        mention__versions__external_id=delivery.target_id,
    )
    return {delivery.target_id, *versions.values_list("external_id", flat=True)}


def unknown_at(posts: Iterable[Post], account: ConnectedAccount) -> list[tuple[Post, Delivery]]:
    """Those of the posts that stand where a reply of unknown outcome belongs, each with that reply.

    Those that a person has called another post are left out.
    """
    tried = Delivery.objects.filter(account=account, status__in=UNKNOWN, attempts__isnull=False)
    waiting = list(tried.distinct().select_related("revision__draft__ticket"))
    said = Doubt.objects.filter(delivery__in=waiting, another_at__isnull=False)
    others = set(said.values_list("external_id", flat=True))
    unsaid = [post for post in posts if external_id_of(post.id) not in others]
    return [
        (post, delivery) for post in unsaid for delivery in waiting if stands_there(post, delivery)
    ]


def doubtful(found: list[tuple[Post, Delivery]]) -> dict[Delivery, list[Post]]:
    """Return the posts at such places that are not the reply, by reply.

    None where the reply itself is among them.
    """
    there = {delivery for post, delivery in found if is_this(post, delivery)}
    made: dict[Delivery, list[Post]] = {}
    for post, delivery in found:
        if delivery not in there:
            made.setdefault(delivery, []).append(post)
    return made


@transaction.atomic
def raise_doubt(delivery: Delivery, posts: list[Post]) -> bool:
    """Name these posts to a person, who says what they are.

    Returns whether the delivery is in doubt.
    """
    delivery, draft = locked_delivery(newest_attempt(delivery))
    if delivery.status not in IN_DOUBT:
        return False
    if delivery.status == DeliveryStatus.UNCERTAIN:
        move(delivery, DeliveryStatus.FOR_A_PERSON, moves=DELIVERY_MOVES)
    for post in posts:
        external_id = external_id_of(post.id)
        seen = {
            "position": position_of(external_id),
            "text": refresh.with_long_links(post),
            "written_at": post.created_at,
        }
        _doubt, new = Doubt.objects.get_or_create(
            delivery=delivery, external_id=external_id, defaults=seen
        )
        if new:
            record(
                events.REPLY_FOR_A_PERSON,
                delivery,
                topic=draft.ticket,
                department_id=draft.ticket.department_id,
                post=external_id,
            )
    return True


def end(delivery: Delivery, *, but: str) -> None:
    """End the doubts: the reply is found.

    Whatever else stood at its place did not come through the desk, and is kept so.
    """
    others = delivery.doubts.filter(another_at__isnull=True).exclude(external_id=but)
    for doubt in others.order_by("position"):
        become_stranger(doubt, delivery)


def become_stranger(doubt: Doubt, delivery: Delivery) -> None:
    """Keep the post as one that did not come through the desk; its tickets' context changes."""
    refresh.appear(as_shown(doubt, delivery), delivery.account, through_desk=False)


def as_shown(doubt: Doubt, delivery: Delivery) -> Post:
    """Return the doubtful post once more as it was read."""
    return post_of(delivery, doubt.external_id, doubt.text, doubt.written_at)


def post_of(delivery: Delivery, external_id: str, text: str, written_at: datetime) -> Post:
    """Return a post of ours with this id and these words at the place of this reply.

    It stands in the conversation of the post that it answers, which may be that of a merged ticket.
    """
    number = number_of(external_id)
    return KnownPost(
        id=number,
        version_ids=(number,),
        author_id=number_of(delivery.account.external_id),
        text=text,
        created_at=written_at,
        conversation_id=number_of(delivery.revision.target.conversation_id),
        replied_to=number_of(delivery.target_id),
    )
