"""Many tickets for a bench: copies that the database makes, with every index it had before."""

import psycopg2
import pytest
from django.conf import settings as django_settings
from psycopg2.extensions import make_dsn

from servicedesk.demo import copying
from tests import factories
from tickets.models import ContextChange, Mention, PostVersion, Ticket
from tickets.states import ContextCause

INDEXES = "SELECT indexname FROM pg_indexes WHERE tablename LIKE 'tickets_%' ORDER BY indexname"


@pytest.fixture
def owner_dsn(owner):
    theirs = django_settings.DATABASES["default"]["TEST"]["OWNER"]
    given = owner.connection.get_dsn_parameters()
    return make_dsn(
        dbname=given["dbname"],
        host=theirs["HOST"] or None,
        user=theirs["USER"],
        password=theirs["PASSWORD"] or None,
        port=theirs["PORT"] or None,
    )


def indexes(cursor) -> list[str]:
    cursor.execute(INDEXES)
    return [row[0] for row in cursor.fetchall()]


def test_copies_are_tickets_with_posts_of_their_own_and_no_index_is_missing(
    committed, owner, owner_dsn
):
    ticket = factories.a_ticket(committed)
    factories.a_ticket(committed, "@AmselnetzHilfe and another one")
    before = indexes(owner)
    assert copying.multiply(owner_dsn, 3) == 6
    assert indexes(owner) == before
    assert Ticket.objects.count() == 8
    assert Ticket.objects.values("number").distinct().count() == 8
    copied = Mention.objects.filter(ticket_id=ticket.pk + copying.STEP).get()
    assert copied.newest_id == copied.versions.get().pk
    assert copied.newest.text == ticket.last_mention.newest.text
    assert PostVersion.objects.values("external_id").distinct().count() == 8


def test_a_second_time_the_first_tickets_are_copied_and_not_their_copies(
    committed, owner, owner_dsn
):
    factories.a_ticket(committed)
    assert copying.multiply(owner_dsn, 1) == 1
    assert copying.multiply(owner_dsn, 1) == 1
    assert Ticket.objects.count() == 3


def test_what_happened_to_a_copy_since_is_not_copied(committed, owner, owner_dsn):
    ticket = factories.a_ticket(committed)
    copying.multiply(owner_dsn, 1)
    copied = ticket.pk + copying.STEP
    newest = ContextChange.objects.filter(ticket=copied).count()
    ContextChange.objects.create(ticket_id=copied, number=newest + 1, cause=ContextCause.WROTE)
    assert copying.multiply(owner_dsn, 2) == 2
    found = ContextChange.objects.exclude(ticket=ticket).order_by("ticket_id", "number")
    assert [one.ticket_id for one in found] == sorted(
        [*[copied] * (newest + 1), *[ticket.pk + n * copying.STEP for n in (2, 3)] * newest]
    )


def test_what_fails_on_the_way_leaves_everything_as_it_was(
    committed, owner, owner_dsn, monkeypatch
):
    factories.a_ticket(committed)
    before = indexes(owner)
    monkeypatch.setitem(vars(copying), "TABLES", (*copying.TABLES, "no_such_table"))
    with pytest.raises(psycopg2.errors.SyntaxError):
        copying.multiply(owner_dsn, 1)
    assert Ticket.objects.count() == 1
    assert indexes(owner) == before
