"""Internal notes and person notes: for colleagues, never posted."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.characters import says_something
from core.errors import Invalid, NotAllowed, Reason
from core.guards import DeskNow
from people.models import Person, User
from tickets import events, policies
from tickets.models import Customer, Note, PersonNote, Ticket

NAMED = re.compile(r"(?<![\w@])@([\w.-]{2,150})")


def cleaned(text: str, most: int) -> str:
    """The text of a note; refuses an empty or over-long one."""
    text = text.strip().replace("\x00", "")
    if not says_something(text):
        raise Invalid(Reason("text_empty", _("There is no text yet. Write something, then save it.")), "text")
    if len(text) > most:
        raise Invalid(Reason("text_long", _("The note is over the limit of {n} characters. Shorten it; nothing is lost.").format(n=most)), "text")
    return text


@transaction.atomic
def add_note(ticket: Ticket, *, text: str, by: User) -> Note:
    """Leave a note on the ticket; colleagues named with @ (user name or initials) are noted with it."""
    if reason := policies.why_not_note(ticket, by):
        raise NotAllowed(reason)
    note = Note.objects.create(ticket=ticket, text=cleaned(text, 4000), by=by)
    names = [one.lower() for one in NAMED.findall(note.text)]
    named = Person.objects.filter(users__username__in=names) | Person.objects.filter(initials__in=names)
    note.named.set(named.distinct())
    record(events.NOTE_ADDED, note, by=by, topic=ticket, department_id=ticket.department_id, named=[one.pk for one in named])
    return note


@transaction.atomic
def add_person_note(customer: Customer, *, text: str, ticket: Ticket | None, by: User) -> PersonNote:
    """Leave a remark about the customer that every ticket shows first; from a ticket, by somebody who works on it."""
    if ticket and (reason := policies.why_not_work(ticket, by)):
        raise NotAllowed(reason)
    note = PersonNote.objects.create(customer=customer, text=cleaned(text, 2000), by=by)
    record(events.PERSON_NOTE_ADDED, note, by=by, topic=ticket or customer, department_id=ticket.department_id if ticket else None)
    return note


@transaction.atomic
def end_person_note(note: PersonNote, *, ticket: Ticket, by: User) -> None:
    """Take a remark down; that it stood there remains known."""
    if reason := policies.why_not_work(ticket, by):
        raise NotAllowed(reason)
    if PersonNote.objects.filter(pk=note.pk, ended_at__isnull=True).update(ended_at=DeskNow()):
        record(events.PERSON_NOTE_ENDED, note, by=by, topic=ticket, department_id=ticket.department_id)


@transaction.atomic
def tag_customer(customer: Customer, *, tags: list[str], ticket: Ticket, by: User) -> None:
    """Set the customer's tags."""
    if reason := policies.why_not_work(ticket, by):
        raise NotAllowed(reason)
    wanted = sorted({" ".join(one.split()).lower()[:60] for one in tags if one.strip()})[:20]
    Customer.objects.filter(pk=customer.pk).update(tags=wanted)
    record(events.TICKET_TAGGED, customer, by=by, topic=ticket, department_id=ticket.department_id)
