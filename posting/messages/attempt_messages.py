"""What became of an attempt, in sentences with the next step.

And the four stations of an uncertain reply.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from core.database.db_time import desk_now
from core.text.formatting import clock, when
from posting import takedown
from posting.models import Delivery, Doubt, TakeDown
from posting.own_posts import timeline
from posting.sending.precheck import LOOK, MENTIONS
from posting.states import DeliveryStatus, TakeDownStatus
from tickets.models import ConnectedAccount, Mention


def sentence(delivery: Delivery) -> str:
    """How this delivery stands."""
    draft = delivery.revision.draft
    words = {
        "account": f"@{delivery.account.handle}",
        "customer": f"@{delivery.revision.target.customer.handle}",
        "author": draft.writer.person.name,
        "reason": delivery.said.rstrip(". "),
        "when": when(delivery.due_at),
    }
    if delivery.status == DeliveryStatus.POSTED:
        return _("Posted {time}.").format(time=when(delivery.updated_at))
    if delivery.status == DeliveryStatus.FOR_A_PERSON and open_doubts(delivery):
        return _(
            "A post of ours is where this reply belongs, but its words may not be the approved "
            "ones. Look at it on X and say whether it is the reply. Until then nothing is sent "
            "there."
        )
    if delivery.status == DeliveryStatus.FOR_A_PERSON:
        return _(
            "The desk could not find out whether the reply is public. Look at {account} on "
            "X and say what you see."
        ).format(**words)
    if delivery.status == DeliveryStatus.UNCERTAIN and delivery.code == "duplicate":
        return _(
            "X says this text is already there. The desk is looking it up before anything "
            "else happens."
        )
    if delivery.status == DeliveryStatus.UNCERTAIN:
        return _(
            "Sent, but X did not confirm. The reply may be public. The desk is looking it "
            "up and will not send twice; first result "
            "{when}."
        ).format(when=when(delivery.look_at or delivery.updated_at))
    if delivery.status == DeliveryStatus.IN_FLIGHT:
        return _("On its way to X.")
    if delivery.status == DeliveryStatus.DUE and (waits := waiting(delivery.revision.target)):
        return waits
    known = BY_CODE.get(delivery.code)
    return str(known()).format(**words) if known else ""


def taken_down(order: TakeDown) -> str:
    """How the order to delete one of our posts on X stands."""
    if order.status == TakeDownStatus.DONE:
        return (
            _("It was already gone from X.")
            if order.code == takedown.WAS_GONE
            else _("X has deleted it.")
        )
    known = {
        "not_deleted": _("X answers that it did not delete the post, and the post is still there."),
        "refused": _("X refused to delete it and says: “{reason}”."),
    }
    if order.status == TakeDownStatus.FAILED:
        return known.get(order.code, known["refused"]).format(reason=order.said.rstrip(". "))
    if order.code == "not_deleted":
        return _("X answers that it did not delete the post. Next try {when}.").format(
            when=when(order.due_at)
        )
    return (
        _("X could not do it yet. Next try {when}.").format(when=when(order.due_at))
        if order.code
        else ""
    )


def open_doubts(delivery: Delivery) -> list[Doubt]:
    """Return the posts at its place of which nobody has said yet what they are.

    The oldest first.
    """
    return sorted(
        (one for one in delivery.doubts.all() if one.another_at is None),
        key=lambda one: one.position,
    )


BY_CODE = {
    "no_connection": lambda: _(
        "X could not be reached; nothing left the desk. Next attempt {when}."
    ),
    "late": lambda: _("X could not be reached; nothing left the desk. Next attempt {when}."),
    "401": lambda: _(
        "X no longer accepts our access to {account}. Nothing was posted; replies wait "
        "until the account is reconnected."
    ),
    "foreign_access": lambda: _(
        "The access that is kept for {account} belongs to another account on X. Nothing "
        "was posted; replies wait until "
        "the account is reconnected."
    ),
    "unopened_access": lambda: _(
        "The access that is kept for {account} cannot be opened. Nothing was posted; "
        "replies wait until the account is "
        "reconnected."
    ),
    "402": lambda: _(
        "The credit at X is used up. Nothing was posted; replies wait until it is topped up."
    ),
    "capped": lambda: _(
        "What our access may read and post at X in a month is used up. Nothing was posted; "
        "replies wait "
        "until somebody raises the cap, or the month is over, and resumes the account."
    ),
    "daily_limit": lambda: _(
        "{account} has posted as much as X allows in a day. Nothing was posted; sending goes on by "
        "itself {when}."
    ),
    "picture_waits": lambda: _(
        "X did not take the pictures just now. Nothing was posted. Next attempt {when}."
    ),
    "429": lambda: _(
        "{account} has reached one of X’s limits. Nothing was posted; sending goes on by "
        "itself {when}."
    ),
    "permission": lambda: _(
        "The desk’s access to {account} does not include posting. Nothing was posted; the "
        "account is paused until an "
        "administrator reconnects it with that right."
    ),
    "locked": lambda: _(
        "X has locked or suspended {account}. Nothing was posted; the account is paused."
    ),
    "reply_rule": lambda: _(
        "X refused: {customer} has not named {account}. Nothing was posted; the reply is "
        "back with {author}."
    ),
    "gone": lambda: _("X refused: the post is deleted or not visible to us. Nothing was posted."),
    "not_found": lambda: _(
        "X cannot find the post any more. Nothing was posted; the reply is back with {author}."
    ),
    "restricted": lambda: _("X refused: {customer} has limited who may reply. Nothing was posted."),
    "blocked": lambda: _(
        "X refused: {customer} has blocked {account}. Nothing was posted; the reply is "
        "back with {author}."
    ),
    "customer_suspended": lambda: _(
        "X refused: X has suspended {customer}. Nothing was posted; the reply is back with "
        "{author}."
    ),
    "automated": lambda: _(
        "X refused: the reply looks automated to it. Nothing was posted; the reply is back with "
        "{author}. Write it in other words, not at once."
    ),
    "cashtag": lambda: _(
        "X allows one $ ticker symbol per post. Nothing was posted; change the text and "
        "submit it again."
    ),
    "picture_refused": lambda: _(
        "X did not take a picture and says: “{reason}”. Nothing was posted; the reply is "
        "back with {author}."
    ),
    "picture_changed": lambda: _(
        "A picture that is kept here is no longer the approved one. Nothing was posted; "
        "the reply is back with {author}. Tell the "
        "administrator."
    ),
    "bad_request": lambda: _(
        "X refused and says: “{reason}”. Nothing was posted; the reply is back with {author}."
    ),
    "refused": lambda: _(
        "X refused and says: “{reason}”. Nothing was posted; the reply is back with {author}."
    ),
}
PAUSED = {
    "restore": lambda: _(
        "Sending is paused after a restore. The desk first reads what is already public; a "
        "person then resumes."
    ),
    "401": lambda: _("X no longer accepts our access. An administrator can reconnect it."),
    "402": lambda: _("The credit at X is used up. Top it up at X, then resume."),
    "capped": lambda: _(
        "What our access may read and post at X in a month is used up. Raise the cap at X, "
        "or wait for "
        "the new month, then resume."
    ),
    "permission": lambda: _(
        "Our access does not include what the desk needs: reading and posting. An "
        "administrator can "
        "reconnect it with that right."
    ),
    "foreign_access": lambda: _(
        "The access that is kept for it belongs to another account on X. Nothing is read or "
        "sent with it; an administrator reconnects the account and finds out who exchanged the "
        "access."
    ),
    "unopened_access": lambda: _(
        "The access that is kept for it cannot be opened: it was sealed for another "
        "account or with a key that is gone. "
        "An administrator connects the account again, or puts the key back."
    ),
    "locked": lambda: _(
        "X has locked it. Sign in at X with the account and follow what X asks, then resume."
    ),
}


RESTS = {
    MENTIONS: lambda: _(
        "The mentions of {account} cannot be read just now, so a customer may have written "
        "again. Nothing is sent until they can; "
        "next try {when}."
    ),
    LOOK: lambda: _(
        "X cannot tell right now whether the posts that {account} answers are still there. "
        "Nothing is sent until it can; next try {when}."
    ),
    "429": lambda: _("Rests until X’s limit resets: {when}"),
    "daily_limit": lambda: _(
        "{account} has posted as much as X allows in a day. Sending goes on by itself {when}."
    ),
}


def resting(account: ConnectedAccount) -> str:
    """Why an account sends nothing for the moment, and when it tries again.

    Empty where it does not rest.
    """
    if account.rests_until is None or account.rests_until <= desk_now():
        return ""
    known = RESTS.get(account.rest_code)
    said = (
        known()
        if known
        else _(
            "X cannot be reached, or does not answer as it should. Nothing is sent from {account} "
            "until it does; next try {when}."
        )
    )
    return str(said).format(account=account, when=when(account.rests_until))


def waiting(target: Mention) -> str:
    """Why an approved reply to this post is not sent yet; empty where nothing keeps it back."""
    if target.unclear_since is None:
        return ""
    return _(
        "X cannot tell right now whether the post that this answers is still there. The reply "
        "waits; the desk keeps asking."
    )


STATE = {True: "done", False: "to come"}


@dataclass(frozen=True)
class Station:
    """A step on the way of an uncertain reply; `state` is "done", "now" or "to come"."""

    name: str
    at: str
    state: str


def trail(delivery: Delivery) -> list[Station]:
    """Sent, first reading, second reading, then: each done, now or to come.

    Empty unless it is uncertain.
    """
    if delivery.status not in {DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON}:
        return []
    attempts = list(delivery.attempts.all())
    timeline_checks = [
        one
        for one in delivery.timeline_checks.all()
        if attempts and one.attempt_id == attempts[-1].pk
    ]
    sent = attempts[-1].at if attempts else delivery.updated_at
    first = (delivery.uncertain_since or sent) + timeline.settle_time(delivery.account)
    second = (timeline_checks[0].at if timeline_checks else first) + timedelta(
        seconds=settings.SECOND_READING_SECONDS
    )
    steps = [
        (_("Sent"), clock(sent), True),
        (
            _("First reading"),
            clock(timeline_checks[0].at if timeline_checks else first),
            bool(timeline_checks),
        ),
        (
            _("Second reading"),
            clock(timeline_checks[1].at if len(timeline_checks) > 1 else second),
            len(timeline_checks) > 1,
        ),
        (_("Then"), _("one more try, or a person"), delivery.status == DeliveryStatus.FOR_A_PERSON),
    ]
    now = next((place for place, step in enumerate(steps) if not step[2]), None)
    return [
        Station(name, at, "now" if place == now else STATE[done])
        for place, (name, at, done) in enumerate(steps)
    ]
