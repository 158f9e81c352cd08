"""Named reads over the outbox."""

from django.db.models import Exists, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from approvals.models import Draft, Review, Revision
from approvals.states import DraftStatus
from core.database.db_time import desk_now
from people.hours import pace
from posting.models import Delivery
from posting.states import DeliveryStatus
from tickets.models import ConnectedAccount, PostVersion
from tickets.states import AccountState

NOT_FREE = (
    DeliveryStatus.IN_FLIGHT,
    DeliveryStatus.UNCERTAIN,
    DeliveryStatus.FOR_A_PERSON,
    DeliveryStatus.POSTED,
)


def accounts_free_to_send() -> QuerySet[ConnectedAccount]:
    """Accounts that are active, do not rest, and have nothing in flight.

    In any order, so that several workers begin apart.
    """
    now = desk_now()
    flying = Delivery.objects.filter(account=OuterRef("pk"), status=DeliveryStatus.IN_FLIGHT)
    return (
        ConnectedAccount.objects.filter(
            ~Exists(flying),
            Q(rests_until__isnull=True) | Q(rests_until__lte=now),
            status=AccountState.ACTIVE,
        )
        .select_related("department")
        .order_by("?")
    )


def ready_to_send(account: ConnectedAccount) -> QuerySet[Draft]:
    """Approved drafts of this account whose delay is over, the oldest approval first.

    Account and target are what the newest text names. Those whose delivery is not free wait, and
    those to a post (in whatever version) that another reply is uncertain about.
    """
    now = desk_now()
    fresh = Review.objects.filter(revision__draft=OuterRef("pk"), at__gt=now - pace.send_delay())
    own = Delivery.objects.filter(revision__draft=OuterRef("pk"))
    doubtful = Delivery.objects.filter(
        network=account.network,
        status__in=[DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON],
    )
    versions = PostVersion.objects.filter(
        mention__versions__network=account.network,
        mention__versions__external_id=OuterRef(OuterRef("answered")),
    ).values("external_id")
    doubtful = doubtful.filter(Q(target_id=OuterRef("answered")) | Q(target_id__in=versions))
    drafts = Draft.objects.annotate(answered=named("target"), sent_from=named("account"))
    return (
        drafts.filter(
            ~Exists(fresh),
            ~Exists(doubtful),
            ~Exists(
                own.filter(Q(status__in=NOT_FREE) | Q(status=DeliveryStatus.DUE, due_at__gt=now))
            ),
            status=DraftStatus.APPROVED,
            sent_from=account.external_id,
        )
        .select_related("ticket", "target__newest")
        .order_by("id")
    )


def named(key: str) -> Subquery:
    """Return the id that a draft's newest text names as its `target` or `account`."""
    newest = Revision.objects.filter(draft=OuterRef("pk")).order_by("-number")
    content = Cast("payload", JSONField())
    return Subquery(newest.annotate(named=KeyTextTransform(key, content)).values("named")[:1])


def with_story(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """With everything a row of the outbox shows."""
    return deliveries.select_related(
        "account",
        "revision__draft__ticket__customer",
        "revision__draft__ticket__department",
        "revision__draft__writer__person",
        "takedown__by__person",
    ).prefetch_related("attempts__results", "timeline_checks", "doubts")
