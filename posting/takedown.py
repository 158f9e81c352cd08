"""Taking one of our posts down.

A lead orders it with a reason, the worker deletes it on X, the evidence stays.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from approvals.locking import locked as locked_draft
from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.database.transitions import move
from core.errors import Invalid, Reason
from core.text.characters import says_something
from networks.contract import Connection
from networks.errors import ACCOUNT_WIDE, REFUSED, NetworkError
from networks.ids import number_of
from networks.pages import GONE
from people.models import User
from posting import events, policies
from posting.models import Delivery, TakeDown
from posting.sending import backoff
from posting.sending.delivery import note_account_trouble
from posting.states import TAKE_DOWN_MOVES, TakeDownStatus
from tickets import lifecycle
from tickets.accounts.credentials import client_for
from tickets.merging.locking import locked_with_target
from tickets.models import OwnPost
from tickets.states import TicketStatus

WAS_GONE = "was_gone"
ASKED_FOR = timedelta(hours=1)


@transaction.atomic
def order(delivery: Delivery, *, reason: str, confirmed: bool, by: User) -> TakeDown:
    """Order that this reply be deleted on X; the ticket opens again at once.

    A failed order may be given again.
    """
    locked_with_target(delivery.revision.draft.ticket_id)
    draft = locked_draft(delivery.revision.draft)
    kept_reason = reason.strip()[:500]
    known = TakeDown.objects.filter(delivery=delivery, status=TakeDownStatus.ORDERED).first()
    if known and (known.by_id, known.reason) == (by.pk, kept_reason):
        return known
    if why := policies.why_not_take_down(delivery, by):
        raise why.error()
    refuse_unsaid(reason, confirmed)
    made, new = TakeDown.objects.get_or_create(
        delivery=delivery, defaults={"reason": kept_reason, "by": by}
    )
    if not new:
        move(
            made, TakeDownStatus.ORDERED, moves=TAKE_DOWN_MOVES, due_at=DeskNow(), code="", said=""
        )
    ticket = draft.ticket.in_charge
    if ticket.status in {TicketStatus.ANSWERED, TicketStatus.RESOLVED}:
        lifecycle.await_author(ticket, but=delivery.external_id or "")
    record(
        events.TAKE_DOWN_ORDERED,
        made,
        by=by,
        topic=draft.ticket,
        department_id=draft.ticket.department_id,
        post=delivery.external_id,
    )
    return made


def refuse_unsaid(reason: str, confirmed: bool) -> None:
    """Refuse (`Invalid`) an order without a reason, and one that was not confirmed."""
    if not says_something(reason):
        sentence = _("Say why this reply has to be deleted; the reason stays with the evidence.")
        raise Invalid(Reason("reason_missing", sentence), "reason")
    if not confirmed:
        sentence = _("Confirm that this reply is to be deleted on X. It cannot be brought back.")
        raise Invalid(Reason("confirm_missing", sentence), "confirmed")


def carry_out() -> int:
    """Delete on X what is ordered and due; returns how many posts are gone. Twice does no harm."""
    gone = 0
    for one in (
        TakeDown.objects.filter(status=TakeDownStatus.ORDERED, due_at__lte=desk_now())
        .select_related("delivery__account", "delivery__revision__draft__ticket")
        .order_by("due_at")[:20]
    ):
        client = client_for(one.delivery.account)
        try:
            note_done(one, was_gone=not delete(number_of(one.delivery.external_id) or 0, client))
            gone += 1
        except NetworkError as error:
            note_trouble(one, error)
        finally:
            client.close()
    return gone


def delete(number: int, client: Connection) -> bool:
    """Delete our post; returns whether X did it now, False where it was gone already.

    Where X answers that it did not delete it, the post is looked up: gone is gone. Raises
    `NetworkError`.
    """
    try:
        return client.delete_post(number)
    except NetworkError as error:
        if error.code not in {"not_deleted", "errors_alone"}:
            raise
        page = client.posts([number]).page()
        if page.missing.get(number) == GONE:
            return False
        raise


@transaction.atomic
def note_done(one: TakeDown, *, was_gone: bool = False) -> None:
    """Record that it is gone."""
    ticket = one.delivery.revision.draft.ticket
    move(
        one, TakeDownStatus.DONE, moves=TAKE_DOWN_MOVES, code=WAS_GONE if was_gone else "", said=""
    )
    OwnPost.objects.filter(
        network=one.delivery.network,
        external_id=one.delivery.external_id or "",
        gone_at__isnull=True,
    ).update(gone_at=DeskNow())
    record(
        events.TAKE_DOWN_DONE,
        one,
        topic=ticket,
        department_id=ticket.department_id,
        post=one.delivery.external_id,
        was_gone=was_gone,
    )


@transaction.atomic
def note_trouble(one: TakeDown, error: NetworkError) -> None:
    """Refused for good is for a person, so is a post that still stands after an hour of asking.

    Anything else is tried again.
    """
    stands = error.code == "not_deleted" and one.at < desk_now() - ASKED_FOR
    if error.outcome == REFUSED or stands:
        ticket = one.delivery.revision.draft.ticket
        move(
            one,
            TakeDownStatus.FAILED,
            moves=TAKE_DOWN_MOVES,
            code=error.code,
            said=error.said[:500],
        )
        record(
            events.TAKE_DOWN_FAILED,
            one,
            topic=ticket,
            department_id=ticket.department_id,
            code=error.code,
        )
        return
    due = error.retry_at or desk_now() + backoff.wait_before(3, settings.BACKOFF_SECONDS)
    TakeDown.objects.filter(pk=one.pk, status=TakeDownStatus.ORDERED).update(
        due_at=due, code=error.code, said=error.said[:500], updated_at=DeskNow()
    )
    if error.code in ACCOUNT_WIDE:  # a limit of deleting is none of sending
        note_account_trouble(one.delivery.account, error)
