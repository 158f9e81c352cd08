"""How the desk runs, in figures and in sentences.

Feeds, gaps, outbox, accounts, heartbeats, the audit chain's anchor, backups, the database's
protection.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import Review
from core import audit_chain
from core.broker import unreadable
from core.database.db_time import desk_now
from core.models import Heartbeat
from core.text.formatting import until, when
from people import access_changes, mail
from people.memberships import endorsement
from people.models import Membership
from posting.messages import attempt_messages, read_failure_messages
from posting.models import Delivery
from posting.sending.precheck import MENTIONS
from posting.states import DeliveryStatus
from servicedesk.evidence import anchors
from servicedesk.operations import backup_signs, db_hardening
from servicedesk.operations.sign import Sign
from tickets.accounts import read_failures
from tickets.conversations import external_posts
from tickets.ingestion.polling import overdue_after
from tickets.models import ConnectedAccount, Feed, Gap, ParkedPost
from tickets.states import AccountState

SLOW = timedelta(minutes=5)
ANCHOR_EVERY = timedelta(minutes=12)
LATELY_DROPPED = timedelta(hours=1)
MOST_NAMED = 20


def outbox_age(now: datetime) -> float:
    """How many seconds the oldest approval that still counts has been waiting to be sent.

    0 for an empty outbox.
    """
    oldest = Review.objects.filter(
        decision="approve", void__isnull=True, revision__draft__status="approved"
    ).aggregate(at=Min("at"))["at"]
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


def heartbeat_age(now: datetime) -> float:
    """Seconds since beat sent and a worker ran the heartbeat; a day where none was ever seen."""
    last = Heartbeat.objects.filter(name="worker").first()
    return (now - last.at).total_seconds() if last else 86_400.0


def anchor_age(now: datetime) -> float | None:
    """Seconds since the chain was anchored; None where it never was."""
    last = anchors.last()
    return (now - datetime.fromisoformat(last.at)).total_seconds() if last else None


def gauges() -> Iterator[tuple[str, str, float]]:
    """Name, help and value of every figure."""
    now = desk_now()
    for name, says, value in GAUGES:
        yield name, says, float(value(now))


GAUGES: tuple[tuple[str, str, Callable[[datetime], float]], ...] = (
    (
        "worker_heartbeat_age_seconds",
        "Since beat sent and a worker ran the heartbeat",
        lambda now: heartbeat_age(now),
    ),
    (
        "outbox_oldest_seconds",
        "Age of the oldest approval that waits to be sent",
        lambda now: outbox_age(now),
    ),
    (
        "deliveries_uncertain",
        "Replies sent, outcome unknown",
        lambda now: doubtful().filter(status=DeliveryStatus.UNCERTAIN).count(),
    ),
    (
        "deliveries_for_a_person",
        "Replies that need a person",
        lambda now: doubtful().filter(status=DeliveryStatus.FOR_A_PERSON).count(),
    ),
    (
        "accounts_paused",
        "Accounts that send nothing",
        lambda now: ConnectedAccount.objects.filter(status=AccountState.PAUSED).count(),
    ),
    ("feeds_late", "Feeds not read lately", lambda now: len(late_feeds(now))),
    (
        "feeds_silent",
        "Feeds to which nothing comes for longer than usual",
        lambda now: Feed.objects.filter(silent_since__isnull=False).count(),
    ),
    (
        "reading_troubles",
        "What X does not let us read just now",
        lambda now: read_failures.standing().count(),
    ),
    ("gaps_open", "Gaps that are being filled or stay", lambda now: open_gaps().count()),
    ("posts_parked", "Posts that could not be read", lambda now: parked_posts().count()),
    (
        "posts_past_the_desk",
        "Posts of ours that did not come through the desk and are not marked as known",
        lambda now: external_posts.unknown().count(),
    ),
    (
        "broker_messages_dropped",
        "Messages in the broker that nobody could read, dropped since it was set up",
        lambda now: unreadable.counted()[0],
    ),
    ("audit_links", "Links of the audit chain", lambda now: audit_chain.head().number),
    (
        "audit_anchor_age_seconds",
        "Since the chain was anchored outside the database; -1 if never",
        lambda now: -1.0 if (age := anchor_age(now)) is None else age,
    ),
    *backup_signs.GAUGES,
    (
        "database_hardened",
        "1 if the database's guards and rights are as declared",
        lambda now: db_hardening.state() == "ok",
    ),
)


def late_feeds(now: datetime) -> list[Feed]:
    """Return feeds that were not read lately."""
    return [
        one
        for one in Feed.objects.exclude(account__status=AccountState.REVOKED).select_related(
            "account"
        )
        if one.read_at is None or one.read_at < now - max(timedelta(seconds=60), overdue_after())
    ]


def signs() -> list[Sign]:
    """Return the health screen, line by line."""
    now = desk_now()
    late = ", ".join(str(one.account) for one in late_feeds(now))
    return [
        _beat(now),
        _outbox(now),
        _uncertain(),
        _accounts(now),
        _server(),
        _reading(late),
        _gaps(),
        _outside(),
        _letters(),
        _dropped(now),
        _access(),
        _chain(now),
        *backup_signs.signs(now),
        _roles(),
        _database(),
    ]


def _uncertain() -> Sign:
    count = doubtful().count()
    says = _("None.")
    if count:
        says = _(
            "Not settled: {n}. The outbox shows what is being looked up and what needs a person."
        ).format(n=count)
    return Sign(_("Uncertain replies"), not count, says)


def _gaps() -> Sign:
    gaps, parked = open_gaps().count(), parked_posts().count()
    says = _("None.")
    if gaps or parked:
        says = _("{gaps} gaps, {parked} parked posts; the outbox shows them.").format(
            gaps=gaps, parked=parked
        )
    return Sign(_("Gaps and parked posts"), not gaps and not parked, says)


def _database() -> Sign:
    stands = db_hardening.state()
    is_well = stands == "ok"
    return Sign(_("Protection in the database"), is_well, _("In force.") if is_well else stands)


def doubtful() -> QuerySet[Delivery]:
    """Deliveries of which nobody knows yet what became of them."""
    return Delivery.objects.filter(
        status__in=[DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON]
    )


def open_gaps() -> QuerySet[Gap]:
    """Gaps that are being filled or stay."""
    return Gap.objects.exclude(status="filled")


def parked_posts() -> QuerySet[ParkedPost]:
    """Return posts that could not be read so far."""
    return ParkedPost.objects.filter(read_at__isnull=True)


def _reading(late: str) -> Sign:
    says = (
        [
            _(
                "Not read recently: {names}. The desk keeps asking; X may refuse, see the outbox."
            ).format(names=late)
        ]
        if late
        else []
    )
    says += [read_failure_messages.sentence(one) for one in read_failures.standing()]
    return Sign(_("Mentions"), not says, " ".join(says) or _("Read recently."))


def _beat(now: datetime) -> Sign:
    age = heartbeat_age(now)
    if age < 60:
        return Sign(_("Worker and beat"), True, _("Both are running."))
    since = until(now - timedelta(seconds=age))
    return Sign(
        _("Worker and beat"),
        False,
        _(
            "No sign of life since {time}. Start worker and beat; nothing is lost in the meantime."
        ).format(time=since),
    )


def _outbox(now: datetime) -> Sign:
    age = outbox_age(now)
    if age < SLOW.total_seconds():
        return Sign(_("Outbox"), True, _("Nothing has been waiting long."))
    since = until(now - timedelta(seconds=age))
    return Sign(
        _("Outbox"),
        False,
        _(
            "The oldest approved reply has been waiting since {time}. Look at the outbox "
            "and at paused accounts."
        ).format(time=since),
    )


def _accounts(now: datetime) -> Sign:
    paused = ", ".join(map(str, ConnectedAccount.objects.filter(status=AccountState.PAUSED)))
    resting = ConnectedAccount.objects.filter(status=AccountState.ACTIVE, rests_until__gt=now)
    held = ", ".join(map(str, resting.filter(rest_code=MENTIONS)))
    others = [attempt_messages.resting(one) for one in resting.exclude(rest_code=MENTIONS)]
    says = (
        [_("Paused: {names}. The outbox says why and how to resume.").format(names=paused)]
        if paused
        else []
    )
    says += (
        [
            _(
                "Held back: {names}. Their mentions cannot be read, so nothing is sent; "
                "the desk tries again by itself."
            ).format(names=held)
        ]
        if held
        else []
    )
    says += others
    return Sign(_("Accounts"), not says, " ".join(says) or _("All are sending."))


def _server() -> Sign:
    held = ConnectedAccount.objects.filter(status=AccountState.PAUSED, pause_code="restore")
    if not held:
        return Sign(
            _("Database server"), True, _("Nothing says that it was exchanged or put back.")
        )
    says = _(
        "It was exchanged or put back to an earlier moment. What was approved or sent in the last "
        "moments before may be missing here. Nothing is sent from {names}: look at what "
        "is on X already, then resume each account in the outbox."
    ).format(names=", ".join(map(str, held)))
    return Sign(_("Database server"), False, says)


def _outside() -> Sign:
    number = external_posts.unknown().count()
    names = ", ".join(
        map(
            str,
            ConnectedAccount.objects.filter(ownpost__in=external_posts.unknown())
            .distinct()
            .order_by("handle"),
        )
    )
    return Sign(
        _("Posts past the desk"),
        not number,
        _("All are known.")
        if not number
        else ngettext(
            (
                "{n} post on {names} did not come through the desk and is not marked as known. "
                "The outbox lists it under Without desk."
            ),
            (
                "{n} posts on {names} did not come through the desk and are not marked as "
                "known. The outbox lists them under Without desk."
            ),
            number,
        ).format(n=number, names=names),
    )


def _roles() -> Sign:
    by_one, waiting = endorsement.given_by_one(), endorsement.waiting()
    said = []
    if by_one:
        said.append(
            _(
                "Given by one person alone, until a second lead or administrator confirms "
                "them: {names}."
            ).format(names=_roles_of(by_one))
        )
    if waiting:
        said.append(_("Waiting for confirmation: {names}.").format(names=_roles_of(waiting)))
    return Sign(
        _("Roles that may approve"),
        not said,
        " ".join(said) or _("All confirmed by a second person, or set up by command."),
    )


def _roles_of(memberships: list[Membership]) -> str:
    return ", ".join(
        (
            f"{one.person.name} "
            f"({one.get_role_display()}{', ' + one.department.name if one.department else ''})"
        )
        for one in memberships
    )


def _letters() -> Sign:
    unsent = list(mail.unsent()[: MOST_NAMED + 1])
    if not unsent:
        return Sign(_("E-mails"), True, _("None was set aside in the last seven days."))
    named = "; ".join(
        _("{address} ({fault}, {time})").format(
            address=one.address, fault=one.fault, time=when(one.at)
        )
        for one in unsent[:MOST_NAMED]
    )
    return Sign(
        _("E-mails"),
        False,
        _(
            "Set aside, all others went out: {letters}{more}. Correct the address on the "
            "person’s page, or ask whoever runs the mail server; the notices are in the desk, "
            "and a new link can be created there."
        ).format(letters=named, more=" …" if len(unsent) > MOST_NAMED else ""),
    )


def _dropped(now: datetime) -> Sign:
    number, second = unreadable.counted()
    at = datetime.fromtimestamp(min(second, now.timestamp()), UTC)
    if not number or at < now - LATELY_DROPPED:
        return Sign(_("Messages in the broker"), True, _("All could be read recently."))
    return Sign(
        _("Messages in the broker"),
        False,
        _(
            "{n} could not be read and were dropped, the last {time}. Nothing is lost by "
            "it; the worker’s and the web’s log say "
            "how each began. See who else writes into this broker."
        ).format(n=number, time=when(at)),
    )


def _access() -> Sign:
    changes = [
        _("{setter} for {subject}: {what}, {time}").format(
            setter=one.setter.name, subject=one.subject.name, what=one.what, time=when(one.at)
        )
        for one in access_changes.recent()
    ]
    return Sign(
        _("Access"),
        not changes,
        _("Nobody set another’s password, address or sign-in in the last seven days.")
        if not changes
        else _(
            "Set by somebody else in the last seven days; ask whom it concerns whether "
            "they know: {changes}."
        ).format(changes="; ".join(changes)),
    )


def _chain(now: datetime) -> Sign:
    age = anchor_age(now)
    if age is None:
        return Sign(
            _("Audit chain"),
            False,
            _(
                "It is not anchored outside the database. Set DESK_ANCHOR_FILE and "
                "DESK_ANCHOR_KEY, and start the worker."
            ),
        )
    said = _("Anchored outside the database {time}.").format(
        time=when(now - timedelta(seconds=age))
    )
    return Sign(_("Audit chain"), age < ANCHOR_EVERY.total_seconds(), said)
