"""What a refusal becomes on a page, and which errors are none and stay what they are."""

import pytest
from django.db import DataError, connection, transaction
from django.http import HttpResponse

from approvals.states import DRAFT_MOVES, DraftStatus
from core.database.transitions import move
from core.errors import IllegalMove, NotAllowed, Reason, Stale, refusal
from servicedesk.live import streams
from servicedesk.middleware import Refusals
from tests import factories


def test_a_status_moves_only_as_its_table_says_and_from_where_it_was(desk):
    draft = factories.submitted(desk).draft
    with pytest.raises(IllegalMove):
        move(draft, DraftStatus.POSTED, moves=DRAFT_MOVES)
    draft.status = DraftStatus.CHANGES_REQUESTED  # as somebody saw it before
    with pytest.raises(Stale):
        move(draft, DraftStatus.WITHDRAWN, moves=DRAFT_MOVES)


def test_an_error_of_the_database_that_is_no_guards_stays_one(db):
    with pytest.raises(DataError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    with pytest.raises(DataError):
        refusal(error.value)


def test_only_a_refusal_on_a_page_is_answered_with_a_page(rf, desk):
    middleware = Refusals(lambda _request: HttpResponse())
    refused = NotAllowed(Reason("no_right", "Not you."))
    request = rf.get("/inbox/", headers={"x-requested-with": "fetch"})
    assert middleware.process_exception(request, refused).status_code == 403
    assert middleware.process_exception(request, ValueError("a fault of ours")) is None
    assert middleware.process_exception(rf.get("/api/v1/tickets/"), refused) is None


def test_a_stream_is_for_who_is_signed_in_and_looks_at_what_they_see(
    desk, client, monkeypatch, django_assert_num_queries
):
    # A test's own connection stays
    monkeypatch.setattr(streams, "close_old_connections", lambda: None)
    ticket = factories.a_ticket(desk)
    with django_assert_num_queries(0):
        assert streams.rights_of("", ticket.number) is None
    assert streams.rights_of("nobody", ticket.number) is None
    for name, seen in (("aylin", ticket), ("nele", None)):
        client.force_login(getattr(desk, name))
        assert streams.rights_of(client.session.session_key, ticket.number)[1] == seen
