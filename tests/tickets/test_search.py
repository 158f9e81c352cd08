"""Search finds what people type: the table, and what is true of every search."""

import importlib
from types import SimpleNamespace

import hypothesis
import pytest
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from core.text.search_marks import places_of
from tests import factories
from tests.support.markup import rows_in
from tests.tickets.search_table import POSTS, QUERIES
from tickets import lifecycle
from tickets.inbox import search
from tickets.models import Customer, PostVersion

NEEDED = 97


@pytest.fixture
def table(desk):
    """The tickets of the table by their keys, numbered where no query looks for a number."""
    tickets = {}
    for place, (key, (handle, name, text, link)) in enumerate(POSTS.items()):
        customer = factories.XUser(id=80_000 + place, handle=handle, name=name)
        links = ({"url": "https://t.co/a1", "expanded_url": link},) if link else ()
        post = factories.post(f"@AmselnetzHilfe {text}", by=customer, links=links)
        tickets[key] = factories.arrive(desk, post, users=(customer,))[0]
    return tickets


def found(user, words):
    return set(search.looked_for(user, words).tickets)


def test_the_table_is_found(desk, table):
    missed = {}
    for typed, (wanted, unwanted) in QUERIES.items():
        tickets = found(desk.aylin, typed)
        keys = {key for key, ticket in table.items() if ticket in tickets}
        if not wanted <= keys or unwanted & keys:
            missed[typed] = (wanted - keys, unwanted & keys)
    assert len(QUERIES) >= 100
    assert len(QUERIES) - len(missed) >= len(QUERIES) * NEEDED / 100, missed
    assert not missed


@pytest.mark.parametrize("typed", ["sersto", "serstör", "serstoer", "faserstor"])
def test_a_piece_of_a_word_is_found_however_its_umlaut_is_written(desk, typed):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe die Glasfaserstörung dauert an")
    factories.a_ticket(desk, "@AmselnetzHilfe the fibre is down")
    assert found(desk.aylin, typed) == {ticket}


def test_two_words_typed_together_are_found_together_and_one_of_them_is_not(desk):
    together = factories.a_ticket(desk, "@AmselnetzHilfe der Balkon am Zaun ist ohne Netz")
    joined = factories.a_ticket(desk, "@AmselnetzHilfe mein Balkon-Zaun ist ohne Netz")
    factories.a_ticket(desk, "@AmselnetzHilfe der Zaun ist ohne Netz")
    factories.a_ticket(desk, "@AmselnetzHilfe der Balkon ist ohne Netz")
    assert found(desk.aylin, "balkon-zaun") == {together, joined}
    assert found(desk.aylin, "zaun-balkon") == {together, joined}


def test_nothing_of_another_department_is_found_by_whatever_way(desk, table):
    lifecycle.hand_off(table["mail"], to=desk.business, note="Yours.", by=desk.aylin)
    assert found(desk.nele, "brandt") == {table["mail"]}
    for typed in QUERIES:
        assert found(desk.nele, typed) <= {table["mail"]}, typed
    for ticket in table.values():
        assert found(desk.nele, f"#{ticket.number}") <= {table["mail"]}


def test_the_number_of_a_ticket_is_found_however_its_digits_are_grouped(desk, client):
    ticket = factories.a_ticket(desk)
    number = str(ticket.number)
    assert len(number) == 5
    first, rest = number[:2], number[2:]
    other = factories.a_ticket(desk, f"@AmselnetzHilfe order {number}, and {number}1")
    longer = factories.a_ticket(desk, f"@AmselnetzHilfe order {number}1")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    for typed in (number, wide, *(f"{first}{sign}{rest}" for sign in ",. '\u202f\xa0")):
        assert ticket in found(desk.aylin, typed), typed
    assert found(desk.aylin, number) == {ticket, other}
    assert found(desk.aylin, f"#{number}") == found(desk.aylin, f"#{first},{rest}") == {ticket}
    assert found(desk.aylin, f"{number}1") == {other, longer}
    client.force_login(desk.aylin)
    page = client.get(reverse("inbox"), {"q": f"{first},{rest}"}).content.decode()
    assert reverse("ticket", args=[ticket.number]) in page


def test_an_old_ticket_whose_number_was_typed_stands_on_the_first_page(desk, client, monkeypatch):
    monkeypatch.setattr("servicedesk.screens.inbox.PAGE", 2)
    ticket = factories.a_ticket(desk)
    for _more in range(3):
        factories.a_ticket(desk, f"@AmselnetzHilfe about {ticket.number}")
    client.force_login(desk.aylin)
    page = client.get(reverse("inbox"), {"q": str(ticket.number)}).content.decode()
    assert reverse("ticket", args=[ticket.number]) in page
    assert rows_in(page) == 3


def test_what_was_emptied_is_found_no_more(committed, owner):
    desk = committed
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe Wolkenbruch")
    assert found(desk.aylin, "wolkenbruch") == found(desk.aylin, "kenbru") == {ticket}
    owner.execute(
        "SET session_replication_role = replica; UPDATE tickets_mention SET status = 'deleted', "
        "gone_at = now() - interval '3 hours', gone_confirmed_at = now()"
    )
    PostVersion.objects.update(text="", links=[], media=[], named=[], extras=[])
    assert found(desk.aylin, "wolkenbruch") == found(desk.aylin, "kenbru") == set()


def test_what_came_before_is_cut_in_batches_and_goes_on_where_it_stopped(committed, owner):
    fill = importlib.import_module("tickets.migrations.0005_search_fill")
    tickets = [factories.a_ticket(committed, f"@AmselnetzHilfe Regen {one}") for one in range(5)]
    owner.execute("DELETE FROM tickets_postwords WHERE version_id % 2 = 0")
    owner.execute("DELETE FROM tickets_customerwords")
    assert found(committed.aylin, "regen") < set(tickets)
    assert found(committed.aylin, "Adeyemi") == set()
    fill.BATCH, whole = 2, fill.BATCH
    try:
        fill.fill(None, SimpleNamespace(connection=owner.connection))
    finally:
        fill.BATCH = whole
    assert found(committed.aylin, "regen") == set(tickets)
    assert found(committed.aylin, "Adeyemi") == set(tickets)


def test_a_customer_is_found_by_the_name_of_today(desk):
    ticket = factories.a_ticket(desk)
    Customer.objects.update(name="Renée Dupré", handle="r_dupre")
    assert found(desk.aylin, "Renee") == found(desk.aylin, "rdupre") == {ticket}
    assert found(desk.aylin, "Adeyemi") == set()


def test_of_common_words_the_newest_posts_are_always_looked_through(desk, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 2)
    tickets = [factories.a_ticket(desk, f"@AmselnetzHilfe router {one}") for one in range(6)]
    answer = search.looked_for(desk.aylin, "router")
    assert answer.is_partial
    assert set(answer.tickets) == set(tickets)
    monkeypatch.setattr(search, "NEWEST", 1)
    assert tickets[-1] in found(desk.aylin, "router")


def test_the_whole_handle_is_found_among_however_many_that_begin_so(desk, monkeypatch):
    monkeypatch.setattr(search, "CUSTOMERS", 1)
    for place, handle in enumerate(("maxine", "max_power", "max")):
        customer = factories.XUser(id=81_000 + place, handle=handle, name="Somebody")
        factories.arrive(desk, factories.post(by=customer), users=(customer,))
    handles = {ticket.customer.handle for ticket in found(desk.aylin, "@max")}
    assert "max" in handles


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("störungen", "Eine Störung hier", ["Störung"]),
        ("stoerung", "Eine Störung hier", ["Störung"]),
        ("storung", "Sto\u0308rung, Störungen", ["Sto\u0308rung", "Störungen"]),
        ("router", "Router und ROUTERS", ["Router", "ROUTERS"]),
        ("030 1234567", "Tel. 030/123 45 67 bitte", ["030/123 45 67"]),
        ("返金", "ので返金して", ["返金"]),
        ("verbindung", "Internetverbindung", ["verbindung"]),
        ("Gross", "Pia Groß", ["Groß"]),
        ("🙏", "Danke 🙏🏽", ["🙏"]),
        ("der", "Dermatologe der Stadt", ["Dermatologe", "der"]),
        ("nothing", "Eine Störung", []),
    ],
)
def test_what_was_found_is_marked_as_it_is_written(db, typed, text, marked):
    terms = search.asked(typed).terms
    assert [text[begin:end] for begin, end in places_of(text, terms)] == marked


WORDS = st.sampled_from(
    [
        *(typed for typed in QUERIES if " " not in typed),
        *("a", "'", "''", "\\", "%", "_", ":*", "&", "|", "!", "<->", "((", "x'y", "'a':*"),
        *("\u200d", "\ufe0f", "\u0308", "１２", "½", "№5", "ﬁn", "İ", "\x01", "a\u0301\u0301"),
    ]
)


@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=6))
@example(["ST-204417", "0x80070005"])
@example(["ab12", "345678"])
@example(["ST204417", "0800 123456", "7a"])
def test_every_word_of_a_post_finds_it_and_nothing_typed_is_an_error(db, owner, words):
    for typed in [*words, " ".join(words)]:
        owner.execute(
            "SELECT coalesce(array_to_tsvector((SELECT array_agg(DISTINCT lexeme) "
            "FROM tickets_cut(%s))) @@ tickets_asked(%s), true), tickets_pieces(%s) !~ '[%%_]'",
            [" ".join(words), typed, typed],
        )
        assert owner.fetchone() == (True, True), (words, typed)


@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40).map(lambda one: one.replace("\x00", "")))
def test_whatever_was_typed_is_searched_for(db, typed):
    assert isinstance(search.asked(typed).terms, list)
    assert places_of(typed, search.asked(typed).terms) is not None
