"""Finding out what became of an uncertain reply.

Our own timeline is read until it is found, or was absent twice.

A reading counts as absent only if it was complete, not before the settle time after the attempt
ended, and the second at least some time after the first. Then one more try; then a person. What
stands at its place in other words is for a person at once.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from approvals.models import Draft
from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.database.transitions import move
from core.errors import Invalid, Reason, Stale
from networks.contract import Connection, Post
from networks.errors import NetworkError
from networks.ids import external_id_of, id_at, number_of, position_of
from networks.paging import turn
from people.models import User
from posting import events, policies
from posting.locking import locked_delivery
from posting.models import Attempt, Delivery, Doubt, Result, TimelineCheck
from posting.own_posts import candidates
from posting.own_posts.timeline import settle_time
from posting.sending.delivery import note_account_trouble, record_posted
from posting.states import DELIVERY_MOVES, DeliveryStatus, Outcome
from tickets.accounts.credentials import client_for
from tickets.ingestion import refresh
from tickets.models import ConnectedAccount

log = logging.getLogger(__name__)
WATCHED = timedelta(minutes=1)
MOST_PAGES = 32
MOST_TRIES = 2


def look_up_uncertain() -> int:
    """Read our timeline for every delivery in doubt that is due for a look.

    Returns how many were settled.

    Also while a person is asked: what X shows late then needs no answer any more.
    """
    settled = 0
    for delivery in (
        Delivery.objects.filter(status__in=candidates.IN_DOUBT, look_at__lte=desk_now())
        .select_related("account", "revision__draft__ticket")
        .order_by("look_at")[:50]
    ):
        client = client_for(delivery.account)
        try:
            settled += look_up(delivery, client)
        except NetworkError as error:
            log.warning("Looking for %s: %s", delivery, error)
            note_account_trouble(delivery.account, error)
            look_again(delivery, timedelta(seconds=3 * settings.BACKOFF_SECONDS))
        finally:
            client.close()
    return settled


def look_up(delivery: Delivery, client: Connection) -> bool:
    """One complete reading for one delivery; returns whether it is settled now.

    Raises `NetworkError` for an incomplete one.
    """
    attempt = delivery.attempts.order_by("-number").first()
    if attempt is None:
        return False
    began = desk_now()
    found, others = find(delivery, client)
    if found:
        record_posted(attempt, external_id_of(found.id), Outcome.FOUND, shown=found)
        return True
    if others and candidates.raise_doubt(delivery, others):
        look_again(delivery, WATCHED)
        return False
    return note_absent(delivery, attempt, began)


def find(delivery: Delivery, client: Connection) -> tuple[Post | None, list[Post]]:
    """Return the reply on our own timeline, read completely back to before the first attempt.

    And what else stands at its place. Raises `NetworkError` where it cannot be read completely.
    """
    first = delivery.attempts.order_by("number").first()
    since = id_at((first.at if first else desk_now()) - candidates.MARGIN)
    others: list[Post] = []
    number = number_of(delivery.account.external_id)
    for page in turn(
        lambda token: client.own_posts(number, since_id=since, token=token),
        most=MOST_PAGES,
    ):
        there = [
            post
            for post in not_known(page.posts, delivery.account)
            if candidates.stands_there(post, delivery)
        ]
        if found := next((post for post in there if candidates.is_this(post, delivery)), None):
            return found, []
        others += there
        if page.unreadable:
            raise NetworkError(
                "unreadable", outcome="uncertain", said="our own timeline cannot be read completely"
            )
    return None, others


def not_known(posts: list[Post], account: ConnectedAccount) -> list[Post]:
    """Those of our posts that the desk does not have.

    Neither sent nor kept, nor called another by a person.
    """
    rest = refresh.not_kept(posts, account)
    sent = set(
        Delivery.objects.filter(
            network=account.network, external_id__in=[external_id_of(post.id) for post in rest]
        ).values_list("external_id", flat=True)
    )
    return [post for post in rest if external_id_of(post.id) not in sent]


@transaction.atomic
def note_absent(delivery: Delivery, attempt: Attempt, began: datetime) -> bool:
    """Note that the reply was not there.

    Count the reading if it was late enough; after the second one decide what comes next.
    """
    delivery, draft = locked_delivery(attempt)
    if delivery.status == DeliveryStatus.FOR_A_PERSON:
        look_again(delivery, WATCHED)
        return False
    if delivery.status != DeliveryStatus.UNCERTAIN:
        return True
    if wait := until_absence_counts(delivery, began):
        look_again(delivery, wait)
        return False
    pause = timedelta(seconds=settings.SECOND_READING_SECONDS)
    first = attempt.timeline_checks.order_by("at").first()
    if first is None:
        TimelineCheck.objects.create(delivery=delivery, attempt=attempt)
        look_again(delivery, pause)
        return False
    if began < first.at + pause:
        look_again(delivery, first.at + pause - began)
        return False
    TimelineCheck.objects.create(delivery=delivery, attempt=attempt)
    conclude_absent(delivery, draft, attempt)
    return True


def until_absence_counts(delivery: Delivery, began: datetime) -> timedelta | None:
    """How long to wait until X can be believed to show what it has; None if it can be already."""
    settle = settle_time(delivery.account)
    settled_at = (delivery.uncertain_since or began) + settle
    if began >= settled_at:
        return None
    least = timedelta(seconds=max(settings.TICK_SECONDS, settle.total_seconds() / 6))
    return min(settled_at - began, least)


def conclude_absent(delivery: Delivery, draft: Draft, attempt: Attempt) -> None:
    """After the second reading order one more try, or a person.

    A person where tries are used up, or where X says that it has the reply.
    """
    place: dict[str, Any] = {"topic": draft.ticket, "department_id": draft.ticket.department_id}
    duplicate = attempt.results.filter(code="duplicate").exists()
    doubtful = Result.objects.filter(attempt__delivery=delivery, outcome=Outcome.UNCERTAIN).count()
    if doubtful >= MOST_TRIES or duplicate:
        move(delivery, DeliveryStatus.FOR_A_PERSON, moves=DELIVERY_MOVES)
        record(events.REPLY_FOR_A_PERSON, delivery, **place)
        return
    Result.objects.create(attempt=attempt, outcome=Outcome.ABSENT)
    move(delivery, DeliveryStatus.DUE, moves=DELIVERY_MOVES, due_at=DeskNow())
    record(events.REPLY_ABSENT, delivery, attempt=attempt.pk, **place)


def look_again(delivery: Delivery, after: timedelta) -> None:
    """Plan the next look."""
    Delivery.objects.filter(pk=delivery.pk, status__in=candidates.IN_DOUBT).update(
        look_at=desk_now() + after
    )


def look_now(delivery: Delivery, *, by: User) -> None:
    """Look at once, as a person asked."""
    if reason := policies.why_not_look_again(delivery, by):
        raise reason.error()
    look_again(delivery, timedelta())


@transaction.atomic
def say_public(delivery: Delivery, *, external_id: str, by: User) -> None:
    """Record that a person saw the reply on X, under this id.

    Said twice, it is said once.
    """
    if said_already(delivery, Outcome.SEEN, by, external_id=external_id):
        return
    delivery, attempt = _for_a_person(delivery, by)
    known = Delivery.objects.filter(network=delivery.network, external_id=external_id)
    if position_of(external_id) <= 0 or known.exists():
        raise Invalid(
            Reason(
                "post_known",
                _("This post belongs to another reply. Look at the address of the post once more."),
            ),
            "post",
        )
    named = delivery.doubts.filter(external_id=external_id).first()
    shown = candidates.as_shown(named, delivery) if named else None
    record_posted(attempt, external_id, Outcome.SEEN, shown=shown, by=by)


@transaction.atomic
def say_another(delivery: Delivery, *, external_id: str, by: User) -> None:
    """Record what a person says of a post that the desk could not tell from the reply.

    It is another, that did not come through the desk.
    """
    delivery, attempt = _for_a_person(delivery, by)
    doubt = delivery.doubts.filter(external_id=external_id, another_at__isnull=True).first()
    if doubt is None:
        raise Stale(
            Reason(
                "no_doubt",
                _(
                    "What this post is has already been settled. Load again to see where it "
                    "stands now."
                ),
            )
        )
    Doubt.objects.filter(pk=doubt.pk).update(another_by=by, another_at=DeskNow())
    draft = delivery.revision.draft
    candidates.become_stranger(doubt, delivery)
    record(
        events.REPLY_DOUBT_ENDED,
        delivery,
        by=by,
        topic=draft.ticket,
        department_id=draft.ticket.department_id,
        attempt=attempt.pk,
        post=external_id,
    )


@transaction.atomic
def say_absent(delivery: Delivery, *, by: User) -> None:
    """Record that a person looked and the reply is not on X.

    It is sent again, if the approval still holds.

    Said twice, it is said once.
    """
    if delivery.status == DeliveryStatus.DUE and said_already(delivery, Outcome.UNSEEN, by):
        return
    delivery, attempt = _for_a_person(delivery, by)
    if reason := policies.why_not_say_absent(delivery):
        raise Stale(reason)
    Result.objects.create(attempt=attempt, outcome=Outcome.UNSEEN, by=by)
    move(delivery, DeliveryStatus.DUE, moves=DELIVERY_MOVES, due_at=DeskNow())
    ticket = delivery.revision.draft.ticket
    record(
        events.REPLY_SAID,
        delivery,
        by=by,
        topic=ticket,
        department_id=ticket.department_id,
        attempt=attempt.pk,
    )


def said_already(delivery: Delivery, outcome: Outcome, by: User, **more: str) -> bool:
    """Whether this person said this of the newest attempt before."""
    attempt = delivery.attempts.order_by("-number").first()
    return attempt is not None and attempt.results.filter(outcome=outcome, by=by, **more).exists()


def _for_a_person(delivery: Delivery, by: User) -> tuple[Delivery, Attempt]:
    attempt = delivery.attempts.order_by("-number").first()
    assert attempt
    fresh, draft = locked_delivery(attempt)
    fresh.revision.draft = draft
    if reason := policies.why_not_say(fresh, by):
        raise reason.error()
    return fresh, attempt
