"""Makes notices from the audit trail.

For each event of interest, whom it concerns and which page it opens.

The chain's links come in the order of commits, so a position in it passes nothing over; running
twice, late or at the same time makes no notice twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from approvals import applicable_guidelines
from approvals import events as approval_events
from approvals.escalation.reminder_email import page_of, ticket_of
from approvals.models import Call, Draft, GuidelineVersion, Review
from core.broker import page_updates
from core.database.db_time import desk_now
from core.models import Event, Link
from notices import role_notices
from notices.kinds import NoticeKind
from notices.models import Notice, NoticePosition
from notices.subscriptions import quiet_until, ways_of
from people import access
from people.models import Department, Invitation, Membership, User
from people.roles import LEADS, WRITERS, Role, Standing
from posting import events as posting_events
from posting.models import Delivery, TakeDown
from tickets import events as ticket_events
from tickets.conversations import external_posts
from tickets.models import Escalation, Ticket

AT_ONCE = 500
KEPT_DAYS = 30
UNDOING = {approval_events.CHANGES_TAKEN_BACK, ticket_events.TICKET_UNDONE}
AT_THE_OUTBOX = {ticket_events.ACCOUNT_PAUSED, ticket_events.ACCOUNT_RENAMED}


@dataclass(frozen=True)
class Telling:
    """One thing to say about an event: to whom, and which page it opens.

    `departmental`: only to who may see the event's department; `own_too`: also to who did it, for
    it may have been somebody else.
    """

    kind: NoticeKind
    people: Iterable[int]
    path: str
    number: int | None = None
    departmental: bool = True
    what: str = ""
    own_too: bool = False


def tell() -> int:
    """Make the notices that are missing; returns how many were made."""
    made = 0
    while True:
        found, more = _some()
        made += found
        if not more:
            return made


@transaction.atomic
def _some() -> tuple[int, bool]:
    position = NoticePosition.objects.select_for_update().filter(pk=1).first()
    if position is None:  # a desk that was set up before there were notices begins at its present
        NoticePosition.objects.get_or_create(
            pk=1, defaults={"link": Link.objects.aggregate(n=Max("number"))["n"] or 0}
        )
        return 0, False
    links = list(
        Link.objects.filter(number__gt=position.link)
        .order_by("number")[:AT_ONCE]
        .values_list("number", "event_id")
    )
    if not links:
        return 0, False
    made = 0
    for event in (
        Event.objects.filter(pk__in=[event for _number, event in links], name__in=SOURCES)
        .exclude(pk__in=_undone_of([event for _number, event in links]))
        .select_related("by__person")
        .order_by("id")
    ):
        for telling in SOURCES[event.name](event):
            made += say(event, telling)
    NoticePosition.objects.filter(pk=1).update(link=links[-1][0])
    return made, len(links) == AT_ONCE


def _undone_of(events: list[int]) -> list[int]:
    """Return those of these events whose deed was undone before anybody was told."""
    undoing = Event.objects.filter(pk__gt=min(events), name__in=UNDOING)
    return [number for one in undoing if (number := one.data.get("event")) in events]


def say(event: Event, telling: Telling) -> int:
    """One notice for each sign-in of these people that wants it.

    Not about one's own deed, and never about what one may not see.
    """
    now, by = desk_now(), event.by.person_id if event.by and not telling.own_too else None
    rows = []
    for user in (
        User.objects.filter(person__in=set(telling.people) - {by}, is_active=True)
        .select_related("person")
        .order_by("id")
    ):
        ways = ways_of(user, telling.kind)
        if not ways or (
            telling.departmental and event.department_id not in access.department_ids(user)
        ):
            continue
        rows.append(
            Notice(
                user=user,
                kind=telling.kind,
                what=telling.what or event.name,
                event=event,
                path=telling.path,
                ticket_number=telling.number,
                ways=ways,
                held_until=quiet_until(user, now),
            )
        )
    known = set(Notice.objects.filter(event=event).values_list("user_id", "what", "path"))
    new = [one for one in rows if (one.user_id, one.what, one.path) not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    for person in {one.user.person_id for one in new}:
        message = {
            "id": 0,
            "department": None,
            "person": person,
            "topic": f"person:{person}",
            "name": "notice.made",
        }
        transaction.on_commit(partial(page_updates.publish, message), robust=True)
    return len(new)


def remind() -> int:
    """Once half of the time for confirming a guideline is over, remind those who have not."""
    made, now = 0, desk_now()
    scopes: list[Department | None] = [None, *Department.objects.all()]
    for version in filter(None, (applicable_guidelines.current(one) for one in scopes)):
        allowed = timedelta(hours=version.confirm_within_hours)
        if version.at + allowed / 2 > now or version.at + allowed < now - timedelta(days=KEPT_DAYS):
            continue
        event = Event.objects.filter(
            name=approval_events.GUIDELINE_PUBLISHED,
            subject_kind="approvals.guidelineversion",
            subject_id=version.pk,
        ).first()
        if event and (people := unconfirmed(version)):
            made += say(
                event,
                Telling(
                    NoticeKind.GUIDELINE,
                    people,
                    confirmation_page(version),
                    departmental=False,
                    what="guideline.reminder",
                ),
            )
    return made


def unconfirmed(version: GuidelineVersion) -> set[int]:
    """Return the people who write under this guideline and have not confirmed it."""
    writers = Membership.objects.filter(
        ended_at__isnull=True, role__in=WRITERS, person__users__is_active=True
    )
    if version.department_id:
        writers = writers.filter(department_id=version.department_id)
    return set(writers.values_list("person_id", flat=True)) - set(
        version.confirmation_set.values_list("person_id", flat=True)
    )


def confirmation_page(version: GuidelineVersion) -> str:
    """Where somebody confirms it."""
    return reverse("guideline-confirm", args=[version.pk])


def _called(event: Event) -> list[Telling]:
    calls = Call.objects.filter(pk__in=event.data.get("calls", [])).select_related(
        "revision__draft__ticket", "escalation__ticket"
    )
    return [
        Telling(
            NoticeKind.CALLED,
            [call.person_id],
            page_of(call),
            ticket_of(call).number,
            departmental=False,
        )
        for call in calls
    ]


def _returned(event: Event) -> list[Telling]:
    draft = _draft_of(event)
    return (
        [
            Telling(
                NoticeKind.RETURNED,
                [draft.writer.person_id],
                ticket_page(draft.ticket),
                draft.ticket.number,
            )
        ]
        if draft
        else []
    )


def _revoked(event: Event) -> list[Telling]:
    """Tell nobody of an approval that was revoked before the reply could leave."""
    return [] if event.data.get("in_time") else _returned(event)


def _handed_back(event: Event) -> list[Telling]:
    escalation = (
        Escalation.objects.filter(pk=event.subject_id or 0).select_related("by", "ticket").first()
    )
    if event.subject_kind != "tickets.escalation" or escalation is None:
        return []
    return [
        Telling(
            NoticeKind.RETURNED,
            [escalation.by.person_id],
            ticket_page(escalation.ticket),
            escalation.ticket.number,
        )
    ]


def _named(event: Event) -> list[Telling]:
    return [
        Telling(NoticeKind.NAMED, event.data.get("named", []), ticket_page(one), one.number)
        for one in _ticket(event)
    ]


def _assigned(event: Event) -> list[Telling]:
    return [
        Telling(NoticeKind.ASSIGNED, [event.data["person"]], ticket_page(one), one.number)
        for one in _ticket(event)
        if event.data.get("person")
    ]


def _customer_wrote(event: Event) -> list[Telling]:
    waiting: dict[int, int] = dict(event.data.get("waiting", []))
    return [
        Telling(
            NoticeKind.CUSTOMER, [waiting[one.pk]], ticket_page(one), one.number, departmental=False
        )
        for one in Ticket.objects.filter(pk__in=waiting).order_by("pk")
    ]


def _submitted(event: Event) -> list[Telling]:
    draft = (
        Draft.objects.filter(pk=event.data.get("draft"))
        .select_related("ticket__department")
        .first()
    )
    if draft is None:
        return []
    escalated = draft.ticket.escalations.filter(ended_at__isnull=True).exists()
    people = access.entitled(
        draft.ticket.department, lead_side=escalated, owner=draft.ticket.account.department
    ).values_list("pk", flat=True)
    return [
        Telling(NoticeKind.REVIEW, people, reverse("review", args=[draft.pk]), draft.ticket.number)
    ]


def _delivery(event: Event) -> list[Telling]:
    delivery = (
        Delivery.objects.filter(pk=event.subject_id or 0)
        .select_related("revision__draft__ticket__department", "revision__draft__writer")
        .first()
    )
    if delivery is None:
        return []
    draft = delivery.revision.draft
    if event.name == posting_events.REPLY_REFUSED:
        return [
            Telling(
                NoticeKind.DELIVERY,
                [draft.writer.person_id],
                ticket_page(draft.ticket),
                draft.ticket.number,
            )
        ]
    entitled = access.entitled(draft.ticket.department, owner=draft.ticket.account.department)
    people = {draft.writer.person_id, *entitled.values_list("pk", flat=True)}
    return [Telling(NoticeKind.DELIVERY, people, reverse("outbox"), draft.ticket.number)]


def _take_down(event: Event) -> list[Telling]:
    order = (
        TakeDown.objects.filter(pk=event.subject_id or 0)
        .select_related("by", "delivery__revision__draft__ticket")
        .first()
    )
    return (
        [
            Telling(
                NoticeKind.DELIVERY,
                [order.by.person_id],
                reverse("outbox"),
                order.delivery.revision.draft.ticket.number,
            )
        ]
        if order
        else []
    )


def _published(event: Event) -> list[Telling]:
    version = GuidelineVersion.objects.filter(pk=event.subject_id or 0).first()
    return (
        [
            Telling(
                NoticeKind.GUIDELINE,
                unconfirmed(version),
                confirmation_page(version),
                departmental=False,
            )
        ]
        if version
        else []
    )


def _account(event: Event) -> list[Telling]:
    department = Department.objects.filter(pk=event.department_id or 0).first()
    held = Membership.objects.filter(ended_at__isnull=True)
    people = set(held.filter(role=Role.ADMINISTRATOR).values_list("person_id", flat=True))
    if department:
        people |= set(
            held.filter(role__in=LEADS, department__in=access.chain(department)).values_list(
                "person_id", flat=True
            )
        )
    return [
        Telling(
            NoticeKind.ACCOUNT,
            people,
            reverse("outbox") if event.name in AT_THE_OUTBOX else reverse("health"),
            departmental=False,
        )
    ]


def _renamed(event: Event) -> list[Telling]:
    """Another handle of an account of ours: it may have been somebody who should not.

    Another name is no news.
    """
    return _account(event) if event.data["was"] != event.data["now"] else []


def _outside(event: Event) -> list[Telling]:
    own = (
        external_posts.unknown()
        .filter(pk=event.subject_id or 0)
        .select_related("account__department__parent")
        .first()
    )
    if own is None:
        return []
    people = leads_of(own.account.department)
    page = f"{reverse('outbox')}?tab=without#post-{own.pk}"
    return [Telling(NoticeKind.OUTSIDE, people, page, departmental=False)]


def leads_of(department: Department) -> set[int]:
    """Return the lead and the deputy of the department.

    Where it has none at work, those of the next one above that has.
    """
    for above in access.chain(department):
        held = Membership.objects.filter(
            ended_at__isnull=True, role__in=LEADS, department=above, person__users__is_active=True
        )
        if people := set(held.counting().values_list("person_id", flat=True)):
            return people
    return set()


def _role(event: Event) -> list[Telling]:
    membership = role_notices.membership_of(event)
    if membership is None:
        return []
    opened = event.name == "membership.opened"
    what = "membership.by_one" if opened and membership.standing == Standing.BY_ONE else event.name
    people = (
        role_notices.concerned(membership)
        if opened
        else {membership.person_id, membership.given_by_id or 0}
    )
    return [
        Telling(
            NoticeKind.ROLE,
            people,
            reverse("person", args=[membership.person_id]),
            departmental=False,
            what=what,
        )
    ]


def _draft_of(event: Event) -> Draft | None:
    if event.subject_kind == "approvals.review":
        review = (
            Review.objects.filter(pk=event.subject_id or 0)
            .select_related("revision__draft__ticket", "revision__draft__writer")
            .first()
        )
        return review.revision.draft if review else None
    return (
        Draft.objects.filter(pk=event.data.get("draft")).select_related("ticket", "writer").first()
    )


def _ticket(event: Event) -> list[Ticket]:
    return (
        list(Ticket.objects.filter(pk=event.topic_id or 0))
        if event.topic_kind == "tickets.ticket"
        else []
    )


def ticket_page(ticket: Ticket) -> str:
    """Where the ticket is."""
    return reverse("ticket", args=[ticket.number])


def _into_a_sign_in(event: Event) -> list[Telling]:
    """Whose sign-ins it leads into; who only just comes to the desk is told nothing."""
    if event.topic_kind != "people.person" or (
        event.name == "sign_in.added" and User.objects.filter(person=event.topic_id).count() < 2
    ):
        return []
    invitation = (
        Invitation.objects.filter(pk=event.subject_id or 0).first()
        if event.subject_kind == "people.invitation"
        else None
    )
    if event.name == "invitation.accepted" and (
        invitation is None or not (invitation.user_id or invitation.person_id)
    ):
        return []
    return [_access(event, own_too=True)]


def _by_another(event: Event) -> list[Telling]:
    return (
        [_access(event, own_too=False)] if event.by and event.topic_kind == "people.person" else []
    )


def _access(event: Event, *, own_too: bool) -> Telling:
    return Telling(
        NoticeKind.ACCESS,
        [event.topic_id or 0],
        reverse("sign-ins"),
        departmental=False,
        own_too=own_too,
    )


SOURCES: dict[str, Callable[[Event], list[Telling]]] = {
    "membership.opened": _role,
    "membership.confirmed": _role,
    "membership.refused": _role,
    approval_events.LEAD_CALLED: _called,
    approval_events.REVIEW_CHANGES_REQUESTED: _returned,
    approval_events.REVIEW_REJECTED: _returned,
    approval_events.REVIEW_CORRECTED: _returned,
    approval_events.APPROVAL_REVOKED: _revoked,
    approval_events.APPROVAL_VOID: _returned,
    approval_events.TICKET_HANDED_BACK: _handed_back,
    approval_events.DRAFT_SUBMITTED: _submitted,
    approval_events.GUIDELINE_PUBLISHED: _published,
    ticket_events.NOTE_ADDED: _named,
    ticket_events.TICKET_ASSIGNED: _assigned,
    ticket_events.MENTIONS_INGESTED: _customer_wrote,
    ticket_events.ACCOUNT_RENAMED: _renamed,
    ticket_events.ACCOUNT_PAUSED: _account,
    ticket_events.FEED_SILENT: _account,
    ticket_events.GAP_FOUND: _account,
    ticket_events.OWN_POST_APPEARED: _outside,
    posting_events.REPLY_REFUSED: _delivery,
    posting_events.REPLY_FOR_A_PERSON: _delivery,
    posting_events.TAKE_DOWN_FAILED: _take_down,
    "invitation.made": _into_a_sign_in,
    "invitation.accepted": _into_a_sign_in,
    "sign_in.added": _into_a_sign_in,
    "password.changed": _into_a_sign_in,
    "sign_in.email_changed": _by_another,
    "session.ended": _by_another,
    "sessions.ended": _by_another,
    "token.revoked": _by_another,
}


def forget_old() -> int:
    """Throw notices of more than a month ago away."""
    return Notice.objects.filter(at__lt=desk_now() - timedelta(days=KEPT_DAYS)).delete()[0]
