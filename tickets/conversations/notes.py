"""Internal notes and person notes: for colleagues, never posted."""

import re
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.database.locking import lock_row
from core.errors import Invalid, Reason
from core.text.characters import says_something
from core.text.readable import one_line
from people.models import Department, Person, User
from tickets import events, policies
from tickets.lifecycle import TAG_LENGTH, TAGS
from tickets.models import Customer, CustomerNote, Note, Ticket

SAME_NOTE = timedelta(minutes=10)
NAMED = re.compile(r"(?<![\w@])@([\w.-]{2,150})")


def cleaned(text: str, most: int) -> str:
    """Return the text of a note; refuses an empty or over-long one."""
    text = text.strip().replace("\x00", "")
    if not says_something(text):
        raise Invalid(
            Reason("text_empty", _("There is no text yet. Write something, then save it.")), "text"
        )
    if len(text) > most:
        raise Invalid(
            Reason(
                "text_long",
                _(
                    "The note is over the limit of {n} characters. Shorten it; nothing is lost."
                ).format(n=most),
            ),
            "text",
        )
    return text


@transaction.atomic
def add_note(ticket: Ticket, *, text: str, by: User) -> Note:
    """Leave a note on the ticket.

    Colleagues named with @ (user name or initials) are noted with it.

    The same words by the same person once more, with no other note between and within a few
    minutes, are the same note.
    """
    if reason := policies.why_not_note(ticket, by):
        raise reason.error()
    text = cleaned(text, 4000)
    lock_row(Ticket, ticket.pk)
    last = Note.objects.filter(ticket=ticket).order_by("-id").first()
    if last and (last.text, last.by_id) == (text, by.pk) and last.at > desk_now() - SAME_NOTE:
        return last
    note = Note.objects.create(ticket=ticket, text=text, by=by)
    names = [one.lower() for one in NAMED.findall(note.text)]
    named = Person.objects.filter(users__username__in=names) | Person.objects.filter(
        initials__in=names
    )
    note.named.set(named.distinct())
    record(
        events.NOTE_ADDED,
        note,
        by=by,
        topic=ticket,
        department_id=ticket.department_id,
        named=[one.pk for one in named],
    )
    return note


@transaction.atomic
def add_person_note(
    customer: Customer,
    *,
    text: str,
    ticket: Ticket | None,
    by: User,
    department: Department | None = None,
) -> CustomerNote:
    """Leave a remark about the customer that their tickets show first, to who sees the department.

    From a ticket, by somebody who works on it.

    Without a ticket (by command) `department` says whose it is. One in the same words that still
    stands there, by the same person, is the one that is meant.
    """
    department = ticket.department if ticket else department
    if ticket and (reason := policies.why_not_work(ticket, by)):
        raise reason.error()
    text = cleaned(text, 2000)
    lock_row(Customer, customer.pk)
    if known := CustomerNote.objects.filter(
        customer=customer, text=text, by=by, department=department, ended_at__isnull=True
    ).first():
        return known
    note = CustomerNote.objects.create(customer=customer, text=text, by=by, department=department)
    record(
        events.CUSTOMER_NOTE_ADDED,
        note,
        by=by,
        topic=ticket or customer,
        department_id=department.pk if department else None,
    )
    return note


@transaction.atomic
def end_person_note(note: CustomerNote, *, ticket: Ticket, by: User) -> None:
    """Take a remark down; that it stood there remains known.

    For who works in the department that wrote it.
    """
    if reason := policies.why_not_work(ticket, by) or policies.why_not_end_person_note(note, by):
        raise reason.error()
    if CustomerNote.objects.filter(pk=note.pk, ended_at__isnull=True).update(ended_at=DeskNow()):
        record(
            events.PERSON_NOTE_ENDED, note, by=by, topic=ticket, department_id=ticket.department_id
        )


@transaction.atomic
def share_person_note(
    note: CustomerNote, *, with_everybody: bool, ticket: Ticket, by: User
) -> None:
    """Show a remark to the whole company, or to its department alone again.

    By a lead of the department that wrote it.
    """
    if reason := policies.why_not_share_person_note(note, by):
        raise reason.error()
    if (
        CustomerNote.objects.filter(pk=note.pk, ended_at__isnull=True)
        .exclude(for_everybody=with_everybody)
        .update(for_everybody=with_everybody)
    ):
        record(
            events.PERSON_NOTE_SHARED,
            note,
            by=by,
            topic=ticket,
            department_id=note.department_id,
            everybody=with_everybody,
        )


@transaction.atomic
def tag_customer(customer: Customer, *, tags: list[str], ticket: Ticket, by: User) -> None:
    """Set the customer's tags."""
    if reason := policies.why_not_work(ticket, by):
        raise reason.error()
    wanted = sorted({one_line(one, "tags").lower() for one in tags if one.strip()})
    if len(wanted) > TAGS or any(len(one) > TAG_LENGTH for one in wanted):
        raise Invalid(
            Reason("tags_long", _("At most 20 tags of at most 60 characters each.")), "tags"
        )
    if not Customer.objects.filter(pk=customer.pk).exclude(tags=wanted).update(tags=wanted):
        return
    record(events.TICKET_TAGGED, customer, by=by, topic=ticket, department_id=ticket.department_id)
