"""People of the desk: added, renamed, and two that are one human being."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, Reason
from core.text.readable import readable_name
from people import access, access_changes, policies
from people.models import (
    Person,
    PersonLink,
    User,
)


@transaction.atomic
def add_person(name: str, *, initials: str = "", by: User | None = None) -> Person:
    """Return a new person.

    Initials must be two to four letters a–z that nobody in this installation ever had.
    """
    person = Person(name=readable_name(name), initials=initials or None)
    try:
        person.full_clean()
        with transaction.atomic():
            person.save()
    except (ValidationError, DatabaseError) as wrong:
        raise taken_or_odd() from wrong
    record("person.added", person, by=by)
    return person


@transaction.atomic
def rename(
    person: Person, *, name: str, initials: str, is_listed_by_name: bool, by: User | None = None
) -> Person:
    """Another name or other initials.

    Replies that stand on X keep the initials they bear, and nobody else ever gets them.
    """
    policies.require_administrator(by)
    changed = Person.objects.get(pk=person.pk)
    changed.name, changed.initials, changed.is_listed_by_name = (
        readable_name(name),
        initials.strip().lower() or None,
        is_listed_by_name,
    )
    try:
        changed.full_clean()
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(
                name=changed.name, initials=changed.initials, is_listed_by_name=is_listed_by_name
            )
    except (ValidationError, DatabaseError) as wrong:
        raise taken_or_odd() from wrong
    if (person.name, person.initials) != (changed.name, changed.initials):
        access_changes.note_access_change(person, kind="person", by=by)
    record("person.changed", person, by=by)
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def link(person: Person, *, same_as: Person, by: User | None = None) -> PersonLink:
    """Two persons are one human being, for ever: from now on neither endorses the other's words."""
    policies.require_administrator(by)
    if access.same_person(person.pk, same_as.pk):
        raise Invalid(Reason("linked_already", _("These two are one person already.")), "same_as")
    linked = PersonLink.objects.create(
        person=Person.objects.get(pk=access.natural(person.pk)), same_as=same_as, by=by
    )
    access_changes.note_access_change(person, kind="person", by=by)
    record("person.linked", person, by=by, same_as=same_as.pk)
    return linked


def taken_or_odd() -> Invalid:
    """Return the refusal of a name or initials."""
    return Invalid(
        Reason("initials_taken", _("These initials are taken or not two to four letters a to z.")),
        "initials",
    )
