"""The blind sample: chance chooses, a second person judges and is shown no first word."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core.errors import DeskError
from core.models import Event
from people.models import PersonLink
from satisfaction import checking
from satisfaction.models import OutcomeCheck
from tickets.conversations import notes, timeline
from tickets.models import Outcome, UndoEntry
from tickets.states import LeftAs
from tickets.undo import undoing

pytestmark = pytest.mark.django_db


def code(outcome, by, value="content"):
    """The code with which this check is refused."""
    with pytest.raises(DeskError) as refused:
        checking.check_outcome(outcome, value=value, by=by)
    return refused.value.code


def test_reviewers_of_the_department_are_offered_what_was_drawn_and_not_their_own(desk, resolved):
    drawn = resolved(by=desk.rita)
    resolved(by=desk.aylin, drawn=False)
    waits = {
        who: [one.pk for one in checking.waiting_for(getattr(desk, who))]
        for who in ("aylin", "rita", "tomasz", "lena", "farida", "henrik", "max")
    }
    assert {who for who, offered in waits.items() if offered == [drawn.pk]} == {"tomasz", "lena"}
    assert sum(map(len, waits.values())) == 2


@pytest.mark.parametrize("value", LeftAs.values)
def test_the_page_shows_the_conversation_and_never_the_first_value(desk, resolved, client, value):
    outcome = resolved(value, by=desk.aylin)
    notes.add_note(outcome.ticket, text="She was not content at all.", by=desk.aylin)
    client.force_login(desk.rita)
    pages = {}
    for other in LeftAs.values:
        page = client.get(reverse("outcome-checks")).content.decode()
        pages[other] = page.split("<main")[1]
    said = pages[value]
    assert "the router blinks orange" in said
    assert "not content at all" not in said
    assert "Aylin" not in said
    # Each of the four stands there once, as a choice; the first word would stand out
    for one in LeftAs.values:
        assert said.count(f'value="{one}"') == 1
    assert "checked" not in said.replace("to be checked", "")


def test_no_page_of_the_ticket_says_the_first_value(desk, resolved, client):
    outcome = resolved("not_content", by=desk.aylin)
    client.force_login(desk.rita)
    number = outcome.ticket.number
    for address in (
        reverse("ticket", args=[number]),
        f"/audit/?ticket={number}&everything=on&raw=on",
        f"/api/v1/tickets/{number}/",
    ):
        said = client.get(address).content.decode()
        assert 'not_content"' not in said.replace('value="not_content"', "")
        assert "left: not content" not in said.lower()


def test_a_check_is_kept_once_with_an_event_that_tells_no_value(desk, resolved, client):
    outcome = resolved("content", by=desk.aylin)
    client.force_login(desk.rita)
    address = reverse("outcome-check", args=[outcome.pk])
    for _click in range(2):
        answer = client.post(address, {"value": "neutral"}, follow=True)
        assert "Nothing to check" in answer.content.decode()
    made = OutcomeCheck.objects.get()
    assert (made.outcome, made.value, made.by) == (outcome, "neutral", desk.rita)
    event = Event.objects.get(name="outcome.checked")
    assert (event.topic_id, event.data) == (outcome.ticket_id, {"outcome": outcome.pk})
    assert "as a second person" in str(timeline.words_of(event))
    assert Outcome.objects.get(pk=outcome.pk).value == "content"


def test_who_may_not_check_is_told_why(desk, resolved):
    outcome, other = resolved(by=desk.rita), resolved(by=desk.aylin, drawn=False)
    assert code(outcome, desk.aylin) == "no_right"
    assert code(outcome, desk.farida) == "no_right"
    assert code(outcome, desk.rita) == "own_outcome"
    assert code(other, desk.tomasz) == "not_drawn"
    assert code(outcome, desk.tomasz, "delighted") == "outcome_unknown"
    checking.check_outcome(outcome, value="content", by=desk.tomasz)
    assert code(outcome, desk.lena) == "checked_already"
    assert OutcomeCheck.objects.count() == 1


def test_another_sign_in_of_the_same_person_does_not_check(desk, resolved):
    outcome = resolved(by=desk.rita)
    PersonLink.objects.create(person=desk.tomasz.person, same_as=desk.rita.person, by=desk.max)
    assert code(outcome, desk.tomasz) == "own_outcome"
    assert not checking.waiting_for(desk.tomasz).exists()


def test_what_was_taken_back_is_not_checked(desk, resolved):
    outcome = resolved(by=desk.aylin)
    undoing.undo(UndoEntry.objects.get(ticket=outcome.ticket), by=desk.aylin)
    assert not checking.waiting_for(desk.rita).exists()
    assert code(outcome, desk.rita) == "taken_back"


def test_the_database_takes_no_check_by_the_recorder_nor_of_what_was_not_drawn(desk, resolved):
    outcome, other = resolved(by=desk.rita), resolved(by=desk.aylin, drawn=False)
    taken = resolved(by=desk.aylin)
    undoing.undo(UndoEntry.objects.get(ticket=taken.ticket), by=desk.aylin)
    for of, by in ((outcome, desk.rita), (other, desk.tomasz), (taken, desk.tomasz)):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            OutcomeCheck.objects.create(outcome=of, value="content", by=by)
        assert refused.value.__cause__.diag.constraint_name == "satisfaction_outcomecheck_rule"
    assert not OutcomeCheck.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_check_at_once_one_is_told_that_it_is_done(desk, resolved):
    outcome, said = resolved(by=desk.aylin), []
    start = threading.Barrier(2)

    def check(who):
        start.wait()
        try:
            checking.check_outcome(outcome, value="content", by=who)
            said.append("kept")
        except DeskError as error:
            said.append(error.code)
        finally:
            connection.close()

    both = [threading.Thread(target=check, args=[who]) for who in (desk.rita, desk.tomasz)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(said) == ["checked_already", "kept"]
