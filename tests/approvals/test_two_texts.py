"""Two texts of one reply, and a customer who writes meanwhile."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from approvals.drafts import drafting
from approvals.drafts.three_way_merge import merged
from approvals.models import Draft, Revision
from core.errors import Stale
from tests import factories
from tickets.models import Ticket


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        (
            "First words.",
            "First words. Mine.",
            "First words. Theirs.",
            "First words. Theirs. Mine.",
        ),
        (
            "Hello Pat, we look into it.",
            "Hi Pat, we look into it.",
            "Hello Pat, we look into it today.",
            "Hi Pat, we look into it today.",
        ),
        ("a b c", "a x c", "a y c", None),
        ("a b c", "a x c", "a x c", "a x c"),
        ("a b c", "a c", "a b c d", "a c d"),
        ("", "mine", "theirs", "theirs mine"),
        ("one two", "one two", "one two three", "one two three"),
        ("one two three", "one", "one two 3", None),
    ],
)
def test_both_changes_stand_in_one_text_where_they_do_not_touch(base, mine, theirs, both):
    assert merged(base, mine, theirs) == both


WORDS = st.lists(st.sampled_from(["wir", "sehen", "die", "Störung", "heute", "."]), max_size=8).map(
    " ".join
)


@given(WORDS, WORDS)
def test_where_only_one_changed_that_one_s_text_is_the_outcome(base, changed):
    assert merged(base, changed, base) == changed
    assert merged(base, base, changed) == changed
    assert merged(base, changed, changed) == changed


def test_a_second_window_hears_what_differs_and_gets_both_in_one(desk):
    draft = drafting.open_draft(
        factories.a_ticket(desk), by=desk.aylin, text="Hello Grace, we look into it."
    )
    drafting.save(draft, text="Hello Grace, we look into it today.", saved=0, by=desk.aylin)
    with pytest.raises(Stale) as refused:
        drafting.save(
            draft,
            text="Hi Grace, we look into it.",
            saved=0,
            by=desk.aylin,
            base="Hello Grace, we look into it.",
        )
    assert refused.value.detail["merged"] == "Hi Grace, we look into it today."
    assert ["removed", "Hello "] in refused.value.detail["pieces"]
    assert Draft.objects.get().text == "Hello Grace, we look into it today."


def submit(client, ticket, context_version):
    """As the form of the ticket's page does it."""
    return client.post(
        reverse("draft-submit", args=[ticket.number]),
        {"text": "Hi Grace, please unplug it.", "context_version": context_version},
    )


@pytest.mark.campaign
def test_submitting_stops_while_the_customer_s_new_post_was_not_on_the_screen(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    shown = ticket.context_version
    later = factories.post(
        "@AmselnetzHilfe never mind, it works again", conversation=ticket.conversation_id
    )
    factories.arrive(desk, later)
    answer = submit(client, ticket, shown)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The customer wrote again" in page
    assert "Hi Grace, please unplug it." in page
    assert not Revision.objects.exists()
    now = Ticket.objects.get(pk=ticket.pk).context_version
    assert now > shown
    assert f'name="context_version" value="{now}"' in page
    assert submit(client, ticket, now).status_code == 302
    assert Revision.objects.get().context_version == now


def test_what_a_colleague_did_does_not_stop_submitting(desk, client):
    from approvals.escalation import escalation

    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    shown = Ticket.objects.get(pk=ticket.pk).context_version
    escalation.escalate(ticket, reason="Difficult.", by=desk.bastian)
    assert Ticket.objects.get(pk=ticket.pk).context_version > shown
    assert submit(client, ticket, shown).status_code == 302
