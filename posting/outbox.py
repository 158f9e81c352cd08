"""What the outbox shows: what waits, what is in doubt, what X refused, what is public.

At its side stand the accounts, and how reading goes. Nothing here changes anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from approvals.models import Draft, Revision
from approvals.querysets import resting_on_one
from approvals.reviews import signed_text
from approvals.states import DraftStatus
from core.errors import Reason
from core.screens.truncated_lists import Cut, cut
from people.access import department_ids
from people.models import User
from posting import policies, querysets
from posting.messages import attempt_messages
from posting.models import Delivery
from posting.states import DeliveryStatus
from tickets.conversations.thread import on_x
from tickets.models import ConnectedAccount, Feed, Gap, OwnPost, ParkedPost
from tickets.policies import why_not_know, why_not_pause, why_not_resume

WITHOUT_DESK = "without"
TABS: dict[str, str | Promise] = {
    "waiting": gettext_lazy("Waiting"),
    "uncertain": gettext_lazy("Uncertain"),
    "refused": gettext_lazy("Refused"),
    "posted": gettext_lazy("Posted"),
    WITHOUT_DESK: gettext_lazy("Without desk"),
}
STATUSES = {
    "waiting": [DeliveryStatus.DUE, DeliveryStatus.IN_FLIGHT],
    "uncertain": [DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON],
    "refused": [DeliveryStatus.REFUSED],
    "posted": [DeliveryStatus.POSTED],
}
MOST_ROWS = 50
MOST_GAPS = 10
MOST_PARKED = 20


@dataclass(frozen=True)
class DoubtRow:
    """A post on X that may be the reply, and its address there."""

    external_id: str
    text: str
    written_at: datetime
    address: str


@dataclass(frozen=True)
class DeliveryRow:
    """How one delivery stands in words, and what this person may do with it."""

    delivery: Delivery
    sentence: str
    trail: list[attempt_messages.Station]
    doubts: list[DoubtRow]
    why_not_absent: Reason | None
    why_not_take_down: Reason | None


@dataclass(frozen=True)
class WaitingRow:
    """An approved reply of which no delivery has begun."""

    draft: Draft
    revision: Revision


@dataclass(frozen=True)
class AccountRow:
    """An account, and why this person may not pause or resume it."""

    account: ConnectedAccount
    why_not_pause: Reason | None
    why_not_resume: Reason | None


@dataclass(frozen=True)
class Health:
    """How the accounts stand, and how reading from X goes."""

    accounts: list[AccountRow]
    feeds: list[Feed]
    gaps: Cut
    parked: Cut


@dataclass(frozen=True)
class Outbox:
    """One tab of the outbox with health at its side; lists of other tabs are empty.

    `deliveries` and `approved` say how many there are besides `rows` and `waiting`.
    """

    tab: str
    health: Health
    deliveries: Cut = field(default_factory=Cut)
    rows: list[DeliveryRow] = field(default_factory=list)
    approved: Cut = field(default_factory=Cut)
    waiting: list[WaitingRow] = field(default_factory=list)
    resting_on_one: frozenset[int] = frozenset()
    own_posts: Cut = field(default_factory=Cut)
    to_be_known: list[OwnPost] = field(default_factory=list)

    @property
    def tabs(self) -> Mapping[str, str | Promise]:
        """The name of each tab by its key in the address."""
        return TABS

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands under this tab."""
        return not (self.rows or self.waiting or self.own_posts)


def outbox_for(user: User, asked: QueryDict) -> Outbox:
    """Build what this person sees under the tab that the address asks for.

    `tab` is one of `TABS`, "waiting" for any other; `list` says how many rows
    (`core.screens.truncated_lists`).
    """
    tab = asked.get("tab", "waiting")
    if tab not in TABS:
        tab = "waiting"
    accounts = accounts_of(user)
    health = health_of(accounts, user, asked)
    if tab == WITHOUT_DESK:
        own_posts = own_posts_of(accounts, asked)
        to_be_known = unknown_among(own_posts, accounts, user)
        return Outbox(tab, health, own_posts=own_posts, to_be_known=to_be_known)
    departments = department_ids(user)
    deliveries = deliveries_under(tab, departments, asked)
    approved = not_begun(departments, asked) if tab == "waiting" else Cut()
    signed_text.addressed([delivery.revision for delivery in deliveries])
    waiting = waiting_rows(approved)
    return Outbox(
        tab,
        health,
        deliveries=deliveries,
        rows=[row_of(delivery, user) for delivery in deliveries],
        approved=approved,
        waiting=waiting,
        resting_on_one=frozenset(
            resting_on_one(
                [delivery.revision_id for delivery in deliveries]
                + [row.revision.pk for row in waiting]
            )
        ),
    )


def accounts_of(user: User) -> list[ConnectedAccount]:
    """Return the accounts whose sending this person sees.

    Their departments', or all of them for an administrator of none.
    """
    accounts = ConnectedAccount.objects.select_related(
        "department__parent", "paused_by__person"
    ).order_by("id")
    own = list(accounts.filter(department__in=department_ids(user)))
    return own or (list(accounts) if user.is_administrator else [])


def health_of(accounts: list[ConnectedAccount], user: User, asked: QueryDict) -> Health:
    """Return how these accounts stand and how their reading goes, the newest gaps first."""
    feeds = (
        Feed.objects.filter(account__in=accounts)
        .select_related("account__department")
        .prefetch_related("account__troubles__account__department")
    )
    gaps = Gap.objects.filter(account__in=accounts).select_related("account")
    parked = ParkedPost.objects.filter(account__in=accounts, read_at__isnull=True)
    return Health(
        accounts=[
            AccountRow(account, why_not_pause(account, user), why_not_resume(account, user))
            for account in accounts
        ],
        feeds=list(feeds),
        gaps=cut(gaps.order_by("-before_at", "-id"), "gaps", MOST_GAPS, asked),
        parked=cut(parked.order_by("-at", "-id"), "parked", MOST_PARKED, asked),
    )


def own_posts_of(accounts: list[ConnectedAccount], asked: QueryDict) -> Cut:
    """Return the accounts' posts that did not come through the desk, the newest first."""
    posts = OwnPost.objects.filter(through_desk=False, account__in=accounts).select_related(
        "account", "known__by__person"
    )
    return cut(posts.order_by("-written_at", "-position"), "posts", MOST_ROWS, asked)


def unknown_among(
    own_posts: Iterable[OwnPost], accounts: list[ConnectedAccount], user: User
) -> list[OwnPost]:
    """Return those of the posts that nobody has marked as known and this person may mark."""
    may_know = {account.pk for account in accounts if why_not_know(account, user) is None}
    return [own for own in own_posts if not hasattr(own, "known") and own.account_id in may_know]


def deliveries_under(tab: str, departments: list[int], asked: QueryDict) -> Cut:
    """Return the departments' deliveries under this tab, what changed last first."""
    story = querysets.with_story(
        Delivery.objects.filter(
            status__in=STATUSES[tab], revision__draft__ticket__department__in=departments
        )
    )
    return cut(story.order_by("-updated_at", "-id"), "rows", MOST_ROWS, asked)


def not_begun(departments: list[int], asked: QueryDict) -> Cut:
    """Return the approved drafts without a row of their own, by age, as they are sent.

    A delivery that has begun has its row here or under Uncertain.
    """
    begun = [*STATUSES["waiting"], *STATUSES["uncertain"]]
    approved: QuerySet[Draft] = (
        Draft.objects.filter(status=DraftStatus.APPROVED, ticket__department__in=departments)
        .exclude(revisions__delivery__status__in=begun)
        .select_related("ticket__customer", "ticket__account", "writer__person")
    )
    return cut(approved.order_by("id"), "waiting", MOST_ROWS, asked)


def waiting_rows(approved: Iterable[Draft]) -> list[WaitingRow]:
    """Return each draft with its newest revision, target and account at hand."""
    drafts = {draft.pk: draft for draft in approved}
    revisions = signed_text.addressed(
        [newest for draft in drafts.values() if (newest := draft.newest)]
    )
    return [WaitingRow(drafts[revision.draft_id], revision) for revision in revisions]


def row_of(delivery: Delivery, by: User) -> DeliveryRow:
    """Return one row: how it stands in words, the stations of an uncertain one, its doubts.

    And why this person may not say that it is absent, or take it down.
    """
    why_not_absent = None
    if delivery.status == DeliveryStatus.FOR_A_PERSON:
        why_not_absent = policies.why_not_say_absent(delivery)
    return DeliveryRow(
        delivery=delivery,
        sentence=attempt_messages.sentence(delivery),
        trail=attempt_messages.trail(delivery),
        doubts=[
            DoubtRow(
                doubt.external_id,
                doubt.text,
                doubt.written_at,
                on_x(delivery.account.handle, doubt.external_id),
            )
            for doubt in attempt_messages.open_doubts(delivery)
        ],
        why_not_absent=why_not_absent,
        why_not_take_down=policies.why_not_take_down(delivery, by),
    )
