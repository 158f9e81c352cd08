"""An empty list says what it is that is missing, and what will stand here."""

import pytest

from servicedesk.screens.list_parts import TABS
from tests import factories
from tickets.inbox.empty_lists import NARROWED, NOT_FOUND, NOTHING, nothing_in


def test_every_tab_has_a_heading_and_a_sentence_of_its_own():
    assert set(NOTHING) == set(TABS)
    assert len({str(one.heading) for one in NOTHING.values()}) == len(TABS)
    for one in [*NOTHING.values(), NOT_FOUND, NARROWED]:
        assert str(one.words).endswith(".")


@pytest.mark.parametrize("tab", TABS)
def test_the_page_of_an_empty_tab_says_it(desk, client, tab):
    client.force_login(desk.rita)
    page = client.get("/inbox/", {"tab": tab}).content.decode()
    assert str(NOTHING[tab].heading) in page
    assert str(NOTHING[tab].words) in page


def test_where_filters_leave_nothing_the_page_says_that_it_was_they(desk, client):
    factories.a_ticket(desk)
    client.force_login(desk.rita)
    page = client.get("/inbox/", {"tab": "open", "tag": "no-such-tag"}).content.decode()
    assert str(NARROWED.heading) in page
    page = client.get("/inbox/", {"tab": "open", "q": "xylophone"}).content.decode()
    assert str(NOT_FOUND.heading) in page


def test_words_looked_for_weigh_more_than_filters():
    assert nothing_in("mine", words="router", filtering=True) is NOT_FOUND
