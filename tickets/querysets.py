"""Named reads over tickets.

Screens and the API start here; what a person may not see is not in the answer.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from core.database.prepared import PlannedValues
from people.access import department_ids
from people.models import User
from tickets.models import Customer, CustomerNote, Escalation, HandOff, Mention, Ticket
from tickets.states import ACTIVE, BY_THE_CUSTOMER, GONE, TicketStatus

PAGE = 50
OPEN_ESCALATION = Escalation.objects.filter(ticket=OuterRef("pk"), ended_at__isnull=True)

# How many posts that stand the customer wrote since the oldest without an answer.
UNANSWERED_POSTS = (
    Mention.objects.filter(ticket=OuterRef("pk"), written_at__gte=OuterRef("unanswered_since"))
    .exclude(status__in=GONE)
    .order_by()
    .values("ticket")
    .annotate(number=Count("*"))
    .values("number")
)


def visible_to(user: User) -> QuerySet[Ticket]:
    """Return the tickets this person may read.

    Of their departments, and those that were handed off from there.
    """
    ids = department_ids(user)
    handed = HandOff.objects.holding().filter(ticket=OuterRef("pk"), former__in=ids)
    return Ticket.objects.filter(Q(department__in=ids) | Exists(handed))


def open_in_conversation(ticket: Ticket) -> QuerySet[Ticket]:
    """Return what is not resolved of the customer's tickets in this ticket's conversation."""
    same = Ticket.objects.filter(
        customer=ticket.customer_id, conversation_id=ticket.conversation_id
    )
    return same.exclude(status=TicketStatus.RESOLVED)


def mentions_of(ticket: Ticket) -> QuerySet[Mention]:
    """Return the customer's posts that a reply of this ticket answers.

    Its own, and those of the tickets that are merged into it.
    """
    together = Ticket.objects.filter(Q(pk=ticket.pk) | Q(merged_into=ticket.pk))
    return Mention.objects.filter(ticket__in=together)


def conversations_of(ticket: Ticket) -> list[str]:
    """Return the conversations that the ticket is about: its own first, each once.

    Those of tickets merged into it, as far as they are at hand (`merged`), else all of them.
    """
    merged = [one.conversation_id for one in ticket.merged.all()]
    return list(dict.fromkeys([ticket.conversation_id, *merged]))


def for_rows(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With everything a row of a list shows, in one query."""
    return with_waiting(
        tickets.select_related(
            "customer", "department", "account", "assignee", "incident", "last_mention__newest"
        )
    )


def with_waiting(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With whether the lead has each, and how often the customer wrote without an answer."""
    return tickets.annotate(
        is_escalated=Exists(OPEN_ESCALATION), written=Coalesce(Subquery(UNANSWERED_POSTS), 0)
    )


# What a ticket has, so that a page asks for nothing that is not there. Our posts count in its own
# conversation; in those of merged tickets they are looked for.
HAS = """jsonb_build_object(
  'context of customer', (
    SELECT coalesce(max(move.number), 0) FROM tickets_contextchange move
    WHERE move.ticket_id = tickets_ticket.id AND move.cause = ANY (%s)),
  'open escalation', EXISTS (
    SELECT FROM tickets_escalation one
    WHERE one.ticket_id = tickets_ticket.id AND one.ended_at IS NULL),
  'escalations', EXISTS (
    SELECT FROM tickets_escalation one WHERE one.ticket_id = tickets_ticket.id),
  'merged', EXISTS (
    SELECT FROM tickets_ticket other WHERE other.merged_into_id = tickets_ticket.id),
  'notes', EXISTS (SELECT FROM tickets_note note WHERE note.ticket_id = tickets_ticket.id),
  'own posts', EXISTS (
    SELECT FROM tickets_ownpost ours WHERE ours.conversation_id = tickets_ticket.conversation_id),
  'customer notes', EXISTS (
    SELECT FROM tickets_customernote note WHERE note.customer_id = tickets_ticket.customer_id),
  'others', EXISTS (
    SELECT FROM tickets_ticket other
    WHERE other.customer_id = tickets_ticket.customer_id AND other.id <> tickets_ticket.id))"""


def with_what_it_has(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With what `known_of` and `has` say of each."""
    causes = [list(BY_THE_CUSTOMER)]
    return tickets.annotate(known=RawSQL(HAS, causes, output_field=JSONField()))  # noqa: S611


def known_of(ticket: Ticket, what: str, otherwise: Any) -> Any:
    """Return what was read with the ticket; what came later is told as news."""
    return getattr(ticket, "known", {}).get(what, otherwise)


def has(ticket: Ticket, what: str) -> bool:
    """Whether there may be any of this."""
    return bool(known_of(ticket, what, True))


def for_programs(tickets: QuerySet[Ticket], columns: Collection[str]) -> QuerySet[Ticket, Any]:
    """Return these values of each for a list of the API, and `is_escalated`; not its merging."""
    rows = tickets.annotate(is_escalated=Exists(OPEN_ESCALATION))
    found = rows.values("id", "merged_into", *(one for one in columns if one != "merged_number"))
    found._iterable_class = PlannedValues
    return found


def name_mergings(tickets: list[dict[str, Any]], user: User) -> list[dict[str, Any]]:
    """Give each of these the number that `with_merging` gives; one query where one is merged."""
    merged = {one["merged_into"] for one in tickets if one["merged_into"]}
    into = visible_to(user).filter(pk__in=merged).values_list("pk", "number") if merged else []
    numbers: dict[int | None, int] = dict(into)
    return [one | {"merged_number": numbers.get(one["merged_into"])} for one in tickets]


def with_merging(tickets: QuerySet[Ticket], user: User) -> QuerySet[Ticket]:
    """With the number of the ticket that each is merged into (`merged_number`).

    Null where it is not merged, or where this person may not read the other one.
    """
    into = visible_to(user).filter(pk=OuterRef("merged_into")).values("number")
    return tickets.annotate(merged_number=Subquery(into))


def of_departments(ids: list[int], **conditions: object) -> QuerySet[Ticket]:
    """Return the awake tickets of these departments by due time.

    Each department's first page is found by its own index.

    `IN` over departments would sort the whole open set; a union of sliced pages stays flat (see
    docs/reference/performance.md).
    """
    awake = Ticket.objects.filter(status__in=ACTIVE, snoozed_until__isnull=True, **conditions)
    if len(ids) == 1:
        return awake.filter(department=ids[0])
    pages = [
        awake.filter(department=one).order_by("due_at", "id").values("id")[: PAGE + 1]
        for one in ids
    ]
    if not pages:
        return Ticket.objects.none()
    found = pages[0].union(*pages[1:], all=True) if len(pages) > 1 else pages[0]
    return Ticket.objects.filter(id__in=list_of(found))


def others_of_customer(ticket: Ticket, user: User) -> tuple[QuerySet[Ticket], int]:
    """Return the customer's other tickets that this person may read, and how many there are in all.

    Of those elsewhere their number is known, nothing else. Where there is none, nothing is asked
    any more.
    """
    if not has(ticket, "others"):
        return Ticket.objects.none(), 0
    all_of_them = Ticket.objects.filter(customer=ticket.customer_id).exclude(pk=ticket.pk).count()
    seen = visible_to(user).filter(customer=ticket.customer_id).exclude(pk=ticket.pk)
    return seen.order_by("-created_at", "-id"), all_of_them


def customer_notes(customer: Customer, user: User) -> QuerySet[CustomerNote]:
    """Return the remarks about a customer that this person reads.

    Of the departments they see, and those for the whole company.
    """
    return (
        CustomerNote.objects.filter(customer=customer, ended_at__isnull=True)
        .filter(Q(for_everybody=True) | Q(department__in=department_ids(user)))
        .select_related("by__person", "department__parent")
        .order_by("at", "id")
    )


def list_of(rows: QuerySet) -> list:
    """Return the single column of these rows, asked now.

    A planner that folds them in walks whole tables.
    """
    return [next(iter(row.values())) for row in rows]


def my_turn(user: User, ids: list[int]) -> QuerySet[Ticket]:
    """Return the awake tickets that are assigned to this person, new or open.

    What waits for their signature is their turn too, and known to `approvals`.
    """
    return Ticket.objects.filter(
        status__in=[TicketStatus.NEW, TicketStatus.OPEN],
        snoozed_until__isnull=True,
        department__in=ids,
        assignee=user.person_id,
    )
