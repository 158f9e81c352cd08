"""The sender: claim, commit, call X, record, commit.

Never a network call inside a transaction, never a blind second try.
"""

import hashlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction

from approvals.locking import locked as locked_draft
from approvals.models import Draft, Revision
from approvals.reviews import voiding
from approvals.states import DRAFT_MOVES, DraftStatus
from core.audit import record
from core.database import lineage
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.database.transitions import move
from core.errors import refused_by_a_guard
from networks.contract import Connection, Post
from networks.errors import ACCOUNT_WIDE, NOT_SENT, REFUSED, NetworkError
from networks.ids import external_id_of, number_of
from people.models import User
from posting import events, querysets
from posting.locking import locked_delivery, newest_attempt
from posting.models import Attempt, Delivery, Result
from posting.own_posts import candidates
from posting.sending import backoff
from posting.sending.media_upload import UploadedMedia, hand_over
from posting.sending.precheck import (
    LOOK,
    TARGET,
    PrecheckFailed,
    is_unclear,
    look_before_sending,
    read_mentions,
    target_of,
)
from posting.states import DELIVERY_MOVES, DeliveryStatus, Outcome
from tickets import lifecycle
from tickets.accounts import accounts, failover
from tickets.accounts.credentials import client_for
from tickets.ingestion import refresh
from tickets.models import ConnectedAccount
from tickets.states import AccountState, ContextCause

log = logging.getLogger(__name__)
MOST_PER_RUN = 20
MENTIONS_FRESH_SECONDS = 10
LONGEST_HOLD = timedelta(minutes=15)  # X's limits of reading open again within that
EXPECTS = {
    Outcome.POSTED: {DeliveryStatus.IN_FLIGHT},
    Outcome.FOUND: {DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON},
    Outcome.SEEN: {DeliveryStatus.FOR_A_PERSON},
}


@dataclass
class Claimed:
    """What this process alone may send now, and until when."""

    delivery: Delivery
    attempt: Attempt
    text: str
    target: str
    until: float
    sha256: str = ""
    pictures: int = 0


def send_due() -> int:
    """Send what is approved and due, account by account, one reply at a time.

    Returns how many attempts were made.
    """
    if failover.notice():
        log.error("The database is on another server or timeline: every account is paused.")
    release_expired_leases()
    drop_superseded()
    attempts = 0
    for account in querysets.accounts_free_to_send():
        ready = list(querysets.ready_to_send(account)[:MOST_PER_RUN])
        if not ready:
            continue
        client = client_for(account)
        try:
            for made in deliver_in_turn(ready, account, client):
                attempts += made
                if not querysets.accounts_free_to_send().filter(pk=account.pk).exists():
                    break
        except PrecheckFailed as failed:
            hold(account, failed)
        finally:
            client.close()
    return attempts


def deliver_in_turn(
    ready: list[Draft], account: ConnectedAccount, client: Connection
) -> Iterator[bool]:
    """Send each of these drafts after the other.

    The account's mentions are read once more before the first and whenever that is a while ago.
    """
    read_at: float | None = None
    for draft in ready:
        if read_at is None or time.monotonic() - read_at > MENTIONS_FRESH_SECONDS:
            read_mentions(account, client)
            read_at = time.monotonic()
        yield deliver(draft, account, client)


def hold(account: ConnectedAccount, failed: PrecheckFailed) -> None:
    """X could not be asked before sending, so nothing is sent.

    People read why, and when the next try is.
    """
    error = failed.error
    if error.code in ACCOUNT_WIDE:
        return note_account_trouble(account, error)
    now = desk_now()
    again = error.retry_at or now + backoff.wait_before(1, settings.BACKOFF_SECONDS)
    is_limit = failed.asked == LOOK and error.code == "429"
    accounts.rest(
        account, until=min(again, now + LONGEST_HOLD), code=error.code if is_limit else failed.asked
    )


def deliver(draft: Draft, account: ConnectedAccount, client: Connection) -> bool:
    """Try to post one approved draft, its pictures uploaded before.

    Returns whether X was asked to post.

    While X does not say whether the post that it answers stands, this one waits and the others go
    on.
    """
    if is_unclear(target_of(draft)):
        return False
    newest = draft.newest
    handed_over = hand_over(newest, client) if newest and newest.attachments else None
    looked = time.monotonic()
    try:
        look_before_sending(draft, account, client)
    except PrecheckFailed as failed:
        if failed.asked != TARGET:
            raise
        log.info("Draft %s is not sent: %s", draft.pk, failed)
        return False
    voiding.void_if_it_no_longer_holds(draft)
    claimed = claim(draft, account, looked)
    if claimed is None:
        return False
    send(claimed, client, handed_over)
    return True


def claim(draft: Draft, account: ConnectedAccount, looked: float | None = None) -> Claimed | None:
    """Make the delivery in flight and write the attempt down.

    Under the locks of account, ticket and draft.

    `looked` is when X was asked (monotonic clock): who falls asleep between the look and the
    request sends nothing. None if another worker is at it, the account was paused, no valid pair
    stands behind the words (then they are void), or this transaction is on another server than the
    desk knows.
    """
    looked = time.monotonic() if looked is None else looked
    with transaction.atomic():
        if not lock_free_account(account) or lineage.is_other():
            return None
        draft = locked_draft(draft)
        revision = draft.newest
        if draft.status != DraftStatus.APPROVED or revision is None:
            return None
        if (revision.network, revision.account_external_id) != (
            account.network,
            account.external_id,
        ):
            return None
        delivery = delivery_of(revision, account)
        now = desk_now()
        if delivery.status != DeliveryStatus.DUE or delivery.due_at > now:
            return None
        if not put_in_flight(delivery, now):
            return None
        attempt = Attempt.objects.create(delivery=delivery)
        record_sending(events.REPLY_SENDING, attempt, draft, sha256=revision.sha256)
    require_approved_text(delivery, revision)
    return Claimed(
        delivery,
        attempt,
        revision.text,
        revision.target_external_id,
        looked + settings.LEASE_SECONDS - settings.X_TIMEOUT_SECONDS,
        revision.sha256,
        len(revision.attachments),
    )


def lock_free_account(account: ConnectedAccount) -> bool:
    """Lock the account, unless another worker has it or it does not send; whether it is locked."""
    return (
        ConnectedAccount.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(pk=account.pk, status=AccountState.ACTIVE)
        .first()
        is not None
    )


def delivery_of(revision: Revision, account: ConnectedAccount) -> Delivery:
    """Return the delivery of this revision, made if there is none yet."""
    delivery, _new = Delivery.objects.get_or_create(
        revision=revision,
        defaults={
            "sha256": revision.sha256,
            "account": account,
            "network": revision.network,
            "surface": revision.surface,
            "target_id": revision.target_external_id,
        },
    )
    return delivery


def put_in_flight(delivery: Delivery, now: datetime) -> bool:
    """Give the delivery its lease; whether the database let it, which judges the pair."""
    try:
        with transaction.atomic():
            move(
                delivery,
                DeliveryStatus.IN_FLIGHT,
                moves=DELIVERY_MOVES,
                tries=delivery.tries + 1,
                code="",
                said="",
                leased_until=now + timedelta(seconds=settings.LEASE_SECONDS),
            )
    except DatabaseError as error:
        if not refused_by_a_guard(error) and "delivery_one_in_flight" not in str(error):
            raise
        log.info("%s is not sent: %s", delivery, error)
        return False
    return True


def require_approved_text(delivery: Delivery, revision: Revision) -> None:
    """Refuse to go on with bytes that are not those that were approved."""
    sha256 = hashlib.sha256(revision.payload.encode()).hexdigest()
    if sha256 != delivery.sha256 or revision.sha256 != delivery.sha256:
        raise RuntimeError(f"the text of {delivery} is not the approved one")


def record_sending(name: str, attempt: Attempt, draft: Draft, **more: Any) -> None:
    """Record what became of an attempt, under the ticket of its reply."""
    record(
        name,
        attempt.delivery,
        topic=draft.ticket,
        department_id=draft.ticket.department_id,
        attempt=attempt.pk,
        **more,
    )


def send(claimed: Claimed, client: Connection, handed_over: UploadedMedia | None = None) -> None:
    """Call X once and write down what came of it.

    Nothing is sent by a process that slept through its lease, and nothing without the very pictures
    that were approved with the text.
    """
    if handed_over is not None and handed_over.trouble:
        return record_trouble(claimed, handed_over.trouble)
    pictures_of = handed_over.sha256 if handed_over else ""
    approved_with = claimed.sha256 if claimed.pictures else ""
    if time.monotonic() >= claimed.until or pictures_of != approved_with:
        return record_trouble(claimed, NetworkError("late", outcome=NOT_SENT))
    try:
        number = client.create_post(
            claimed.text,
            reply_to=number_of(claimed.target),
            pictures=handed_over.pictures if handed_over else (),
        )
    except NetworkError as error:
        return record_trouble(claimed, error)
    record_posted(
        claimed.attempt,
        external_id_of(number),
        Outcome.POSTED,
        shown=shown_post(number, client),
    )


def shown_post(number: int, client: Connection) -> Post | None:
    """Return the post as X shows it, handles in front and all.

    None where X does not show it yet.
    """
    try:
        return next(iter(client.posts([number]).page().posts), None)
    except (NetworkError, ValueError):
        return None


@transaction.atomic
def record_posted(
    attempt: Attempt,
    external_id: str,
    outcome: Outcome,
    *,
    shown: Post | None,
    by: User | None = None,
) -> None:
    """Record that the reply is public.

    Delivery, draft, ticket, conversation and escalation follow, in one transaction.
    """
    delivery, draft = locked_delivery(attempt)
    if delivery.status == DeliveryStatus.POSTED:
        return
    if delivery.status in EXPECTS[Outcome.FOUND] and outcome == Outcome.POSTED:
        outcome = Outcome.FOUND
    if delivery.status not in EXPECTS[outcome] or attempt.pk != newest_attempt(delivery).pk:
        return keep_late_post(delivery, attempt, external_id, shown)
    write_result(attempt, outcome, external_id, by=by)
    move(
        delivery,
        DeliveryStatus.POSTED,
        moves=DELIVERY_MOVES,
        external_id=external_id,
        leased_until=None,
        code="",
        said="",
    )
    move(draft, DraftStatus.POSTED, moves=DRAFT_MOVES)
    turn_ticket(draft)
    post = as_posted(delivery, attempt, external_id, shown)
    refresh.appear(post, delivery.account, through_desk=True)
    candidates.end(delivery, but=external_id)
    record(
        IS_PUBLIC.get(outcome, events.REPLY_POSTED),
        delivery,
        by=by,
        topic=draft.ticket,
        department_id=draft.ticket.department_id,
        attempt=attempt.pk,
        post=external_id,
    )


def write_result(attempt: Attempt, outcome: Outcome, external_id: str, *, by: User | None) -> None:
    """Write down that the attempt led to this post."""
    status = 201 if outcome == Outcome.POSTED else None
    Result.objects.create(
        attempt=attempt, outcome=outcome, external_id=external_id, http_status=status, by=by
    )


IS_PUBLIC = {Outcome.FOUND: events.REPLY_FOUND, Outcome.SEEN: events.REPLY_SAID}


def turn_ticket(draft: Draft) -> None:
    """Mark the ticket answered, or the agent's turn where the customer wrote since the approval."""
    ticket, revision = draft.ticket, draft.newest
    assert revision
    approvals = revision.reviews.filter(void__isnull=True, decision="approve")
    since = approvals.values_list("context_version", flat=True).first() or 0
    by_customer = ticket.context_changes.filter(
        number__gt=since, cause__in=[ContextCause.WROTE, ContextCause.EDITED]
    )
    wrote = by_customer.order_by("number").first()
    if wrote:
        lifecycle.await_author_again(ticket, wrote, approved_on=since)
    else:
        lifecycle.mark_answered(ticket)
    lifecycle.end_escalation(ticket, how="approved", by=None)


def as_posted(delivery: Delivery, attempt: Attempt, external_id: str, shown: Post | None) -> Post:
    """Return the post as X shows it, or as it must look."""
    return shown or candidates.post_of(delivery, external_id, delivery.revision.text, attempt.at)


def keep_late_post(
    delivery: Delivery, attempt: Attempt, external_id: str, shown: Post | None
) -> None:
    """Keep a post that is confirmed after the desk had given the attempt up.

    The post is kept and the context version moves, so nothing more is sent.
    """
    log.error("%s of %s is public as %s, after it was given up", attempt, delivery, external_id)
    refresh.appear(
        as_posted(delivery, attempt, external_id, shown),
        delivery.account,
        through_desk=False,
    )


@transaction.atomic
def record_trouble(claimed: Claimed, error: NetworkError) -> None:
    """No success: not sent, refused or uncertain, each with its consequence."""
    delivery, draft = locked_delivery(claimed.attempt)
    if delivery.status != DeliveryStatus.IN_FLIGHT:
        return
    if claimed.attempt.pk != newest_attempt(delivery).pk:
        return
    outcome = Outcome.NOT_SENT if error.code in ACCOUNT_WIDE else Outcome(error.outcome)
    Result.objects.create(
        attempt=claimed.attempt,
        outcome=outcome,
        code=error.code,
        said=error.said,
        http_status=error.status,
    )
    name = FOLLOWS.get(outcome, stay_uncertain)(delivery, draft, error)
    record(
        name,
        delivery,
        topic=draft.ticket,
        department_id=draft.ticket.department_id,
        attempt=claimed.attempt.pk,
        code=error.code,
    )


def try_later(delivery: Delivery, _draft: Draft, error: NetworkError) -> str:
    """Make it due again after a wait, since it was not sent.

    What concerns the whole account holds it back.
    """
    wait = backoff.wait_before(delivery.tries, settings.BACKOFF_SECONDS)
    due = error.retry_at or desk_now() + wait
    move(
        delivery,
        DeliveryStatus.DUE,
        moves=DELIVERY_MOVES,
        due_at=due,
        code=error.code,
        said=error.said,
        leased_until=None,
    )
    if error.code != "picture_waits":  # replies without pictures go on
        note_account_trouble(delivery.account, error)
    return events.REPLY_NOT_SENT


def give_back(delivery: Delivery, draft: Draft, error: NetworkError) -> str:
    """X refused it: the approval is void, and the author reads why."""
    move(
        delivery,
        DeliveryStatus.REFUSED,
        moves=DELIVERY_MOVES,
        code=error.code,
        said=error.said,
        leased_until=None,
    )
    voiding.void_refused(draft, said=error.said)
    return events.REPLY_REFUSED


def stay_uncertain(delivery: Delivery, _draft: Draft, error: NetworkError) -> str:
    """Nobody knows whether X has it: it is looked up from now on."""
    move(
        delivery,
        DeliveryStatus.UNCERTAIN,
        moves=DELIVERY_MOVES,
        uncertain_since=DeskNow(),
        look_at=DeskNow(),
        code=error.code,
        said=error.said,
        leased_until=None,
    )
    return events.REPLY_UNCERTAIN


FOLLOWS = {Outcome.NOT_SENT: try_later, Outcome.REFUSED: give_back}


def note_account_trouble(account: ConnectedAccount, error: NetworkError) -> None:
    """Pause the whole account, or let it rest until the limit opens."""
    if error.code in ACCOUNT_WIDE:
        accounts.pause_by_x(account, code=error.code, said=error.said)
    elif error.retry_at:
        accounts.rest(account, until=error.retry_at, code=error.code)
    elif error.outcome in {NOT_SENT, REFUSED} or error.code == "server":
        again = desk_now() + backoff.wait_before(1, settings.BACKOFF_SECONDS)
        accounts.rest(account, until=again, code=error.code)


def release_expired_leases() -> int:
    """Return a sender that died or fell asleep.

    Its attempt is uncertain from here on, and the account free.
    """
    expired = Delivery.objects.filter(
        status=DeliveryStatus.IN_FLIGHT, leased_until__lt=desk_now()
    ).order_by("id")
    for delivery in expired:
        attempt = delivery.attempts.order_by("-number").first()
        if attempt:
            record_trouble(
                Claimed(delivery, attempt, "", delivery.target_id, 0),
                NetworkError("lease", outcome="uncertain"),
            )
    return len(expired)


def drop_superseded() -> None:
    """Deliveries that wait for a draft which went another way are void."""
    for delivery in (
        Delivery.objects.filter(status=DeliveryStatus.DUE)
        .exclude(revision__draft__status__in=[DraftStatus.APPROVED, DraftStatus.IN_REVIEW])
        .order_by("id")
    ):
        with transaction.atomic():
            draft = locked_draft(delivery.revision.draft)
            if draft.status not in {DraftStatus.APPROVED, DraftStatus.IN_REVIEW}:
                move(
                    Delivery.objects.select_for_update().get(pk=delivery.pk),
                    DeliveryStatus.VOID,
                    moves=DELIVERY_MOVES,
                )
