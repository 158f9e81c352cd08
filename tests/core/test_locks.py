"""Each verb locks the rows that it judges before it writes any of them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.drafts import drafting, saved_replies
from approvals.escalation import escalation, reminders
from approvals.guidelines import editing
from core.database.db_time import desk_now
from networks.errors import NetworkError
from posting.models import Delivery
from posting.sending import delivery
from tests import factories
from tickets import incidents, lifecycle
from tickets.accounts import accounts
from tickets.conversations import notes
from tickets.ingestion import refresh
from tickets.models import Escalation, Mention, Ticket
from tickets.routing import rule_editing
from tickets.states import MentionState

LOCKS = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL)
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


def locked_first(act):
    """The tables of which this act locks rows before it writes any."""
    with CaptureQueriesContext(connection) as seen:
        act()
    locked, written = set(), set()
    for query in seen:
        if lock := LOCKS.search(query["sql"]):
            locked |= {lock[1]} - written
        elif write := WRITES.match(query["sql"]):
            written.add(write[1])
    return locked


@pytest.fixture
def ticket(desk):
    """One new ticket."""
    return factories.a_ticket(desk)


def sent(desk):
    """An approved reply in flight."""
    return delivery.claim(factories.approved(desk), desk.account)


def test_what_is_done_to_a_ticket_holds_the_ticket(desk, ticket):
    again = factories.post("@AmselnetzHilfe one more thing", conversation=ticket.conversation_id)
    post = factories.XPost(
        id=5001,
        version_ids=(5001,),
        author_id=901,
        text="By hand.",
        created_at=desk_now(),
        conversation_id=int(ticket.conversation_id),
    )
    key = ticket.last_mention.position
    edited = factories.post(
        "@AmselnetzHilfe edited", key=key, id=key + 7, version_ids=(key, key + 7)
    )
    mention = Mention.objects.select_related("account").get(external_id=key)
    acts = {
        "a verb": lambda: lifecycle.take(ticket, by=desk.aylin),
        "a note": lambda: notes.add_note(ticket, text="Call.", by=desk.aylin),
        "the customer writes again": lambda: factories.arrive(desk, again),
        "the customer edits": lambda: refresh.note_seen(mention, edited),
        "the customer deletes": lambda: refresh.note_gone(mention, MentionState.DELETED),
        "our own post": lambda: refresh.appear(post, desk.account, through_desk=False),
    }
    assert {
        name: "tickets_ticket" in locked_first(act) for name, act in acts.items()
    } == dict.fromkeys(acts, True)


def test_an_edit_of_a_post_without_a_ticket_holds_the_post(desk):
    repost = factories.post("@AmselnetzHilfe RT", reposted=17)
    factories.arrive(desk, repost)
    mention = Mention.objects.select_related("account").get(external_id=repost.key, ticket=None)
    edited = factories.post(
        "@AmselnetzHilfe RT!",
        key=repost.key,
        id=repost.id + 7,
        version_ids=(repost.key, repost.id + 7),
        reposted=17,
    )
    assert "tickets_mention" in locked_first(lambda: refresh.note_seen(mention, edited))


def test_what_is_done_to_a_draft_holds_its_ticket_and_the_draft(desk, ticket):
    draft = drafting.open_draft(ticket, by=desk.aylin)
    assert {"tickets_ticket", "approvals_draft"} <= locked_first(
        lambda: drafting.save(draft, text="Hi.", saved=None, by=desk.aylin)
    )


def test_what_became_of_a_reply_is_written_under_all_its_locks(desk):
    flying = sent(desk)
    held = {"tickets_ticket", "approvals_draft", "posting_delivery"}
    assert held <= locked_first(
        lambda: delivery.record_trouble(flying, NetworkError("429", outcome="not_sent"))
    )


def test_a_reply_is_claimed_under_the_lock_of_its_account(desk):
    draft = factories.approved(desk)
    assert {"tickets_connectedaccount", "tickets_ticket", "approvals_draft"} <= locked_first(
        lambda: delivery.claim(draft, desk.account)
    )


def test_a_superseded_reply_is_held_before_it_is_void(desk):
    draft = factories.approved(desk)
    Delivery.objects.create(
        revision=draft.newest,
        sha256=draft.newest.sha256,
        account=desk.account,
        target_id=draft.newest.target_external_id,
    )
    drafting.withdraw(draft, by=desk.aylin)
    assert "posting_delivery" in locked_first(delivery.drop_superseded)
    assert Delivery.objects.get().status == "void"


def test_an_account_is_stopped_and_started_under_its_lock(desk):
    account = desk.account
    acts = {
        "pause": lambda: accounts.pause(account, reason="Storm.", by=desk.lena),
        "resume": lambda: accounts.resume(account, by=desk.lena),
        "X": lambda: accounts.pause_by_x(account, code="402", said="Pay."),
    }
    assert {
        name: "tickets_connectedaccount" in locked_first(act) for name, act in acts.items()
    } == dict.fromkeys(acts, True)


def test_what_is_made_once_holds_what_it_belongs_to(desk, ticket):
    acts = {
        "people_department": lambda: incidents.open_incident(
            name="Berlin", department=desk.service, by=desk.aylin
        ),
        "tickets_customer": lambda: notes.add_person_note(
            ticket.customer, text="Calls.", ticket=ticket, by=desk.aylin
        ),
    }
    assert all(table in locked_first(act) for table, act in acts.items())
    kept = locked_first(
        lambda: saved_replies.keep(
            None,
            department=desk.service,
            title="Hi",
            language="en",
            text="Hello there.",
            by=desk.lena,
        )
    )
    assert "people_department" in kept


def test_guidelines_and_rules_are_written_one_after_the_other(desk):
    guideline = editing.save_draft(
        editing.draft_of(None, by=desk.max),
        saved=None,
        by=desk.max,
        text_en="## 1 Be kind",
        text_de="",
    )
    assert "approvals_guidelinedraft" in locked_first(
        lambda: editing.discard(guideline, by=desk.max)
    )
    rules = rule_editing.save_rule(
        rule_editing.draft_of(by=desk.max),
        key="",
        name="Bills",
        when={},
        then={"priority": "high"},
        saved=None,
        by=desk.max,
    )
    assert "tickets_routingdraft" in locked_first(
        lambda: rule_editing.remove_rule(rules, "x", saved=None, by=desk.max)
    )


def test_nobody_is_called_twice_for_one_thing_that_waits(desk):
    revision = factories.submitted(desk)
    assert "tickets_ticket" in locked_first(lambda: reminders.call_to_review(revision.draft_id))
    escalation.escalate(
        Ticket.objects.get(pk=revision.draft.ticket_id), reason="Difficult.", by=desk.aylin
    )
    assert "tickets_ticket" in locked_first(
        lambda: reminders.call_to_escalation(Escalation.objects.get().pk)
    )
