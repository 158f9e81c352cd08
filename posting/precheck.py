"""The look at X before sending: is the target still what was read, and did somebody of ours answer by hand meanwhile?"""

from datetime import timedelta

from approvals.models import Draft
from core.clock import desk_now
from posting.models import Delivery
from posting.states import DeliveryStatus
from tickets import following
from tickets.models import ConnectedAccount, OwnPost
from xapi.client import XClient
from xapi.errors import XError
from xapi.payloads import XPost, id_at, read_page
from xapi.text import comparable

UNSETTLED = (DeliveryStatus.IN_FLIGHT, DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON)


class PrecheckFailed(Exception):
    """X could not be asked; nothing is sent now. `error` says why."""

    def __init__(self, error: XError) -> None:
        super().__init__(str(error))
        self.error = error


def look_before_sending(draft: Draft, account: ConnectedAccount, client: XClient) -> None:
    """Look the target up and read our newest posts; what changed is kept, and the ticket's ground moves with it."""
    try:
        following.look_up([draft.target], client)
        since = OwnPost.objects.filter(account=account).order_by("-x_id").values_list("x_id", flat=True).first()
        page = read_page(client.own_posts(account.x_id, since_id=since or id_at(desk_now() - timedelta(days=1))))
    except XError as error:
        raise PrecheckFailed(error) from error
    except ValueError as unreadable:
        raise PrecheckFailed(XError("unreadable", outcome="not_sent", said=str(unreadable))) from unreadable
    unsettled = list(Delivery.objects.filter(account=account, status__in=UNSETTLED).select_related("revision"))
    page.posts = [post for post in page.posts if not any(is_this(post, delivery) for delivery in unsettled)]
    following.note_own_posts(page, account)


def is_this(post: XPost, delivery: Delivery) -> bool:
    """Whether this post of ours is the reply of the delivery: same target, same words."""
    return post.replied_to == delivery.target_id and comparable(post.text, post.expansions) == comparable(delivery.revision.text)


