"""Two tickets of one customer are merged: one reply answers both, nothing moves, and they part."""

import hypothesis
import pytest
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from hypothesis import strategies as st

from approvals.drafts import drafting
from approvals.escalation import escalation
from approvals.models import Draft, Void
from approvals.reviews import decisions, voiding
from approvals.states import DraftStatus
from core.errors import DeskError
from core.models import Event
from people.identity import tokens
from posting import takedown
from posting.models import Delivery
from posting.sending import delivery
from servicedesk.screens.ticket_screen import screen_of
from tests import factories
from tests.by_sql import answer
from tests.support.replies import replies
from tickets import incidents, lifecycle, querysets
from tickets.conversations import notes, timeline
from tickets.ingestion import intake, polling, refresh, retention
from tickets.merging import merging
from tickets.models import ContextChange, Feed, Mention, Ticket, UndoEntry
from tickets.states import MentionState, TicketStatus
from tickets.undo import undoing
from tickets.views.lookup import load
from xapi.payloads import Page, XUser

pytestmark = pytest.mark.django_db

# What rises and never sinks, and when a row was last touched
FREE = {"context_version", "updated_at"}
DIRK = XUser(id=7002, handle="dirk", name="Dirk")
OURS = XUser(id=901, handle="amselnetzhilfe", name="Amselnetz")
AGAIN = "@AmselnetzHilfe and in this conversation too"


@pytest.fixture
def pair(desk):
    """Two tickets of Grace, each of a conversation of its own; the second one stays."""
    other = factories.a_ticket(desk, at=factories.ago(hours=2))
    into = factories.a_ticket(desk, AGAIN, at=factories.ago(hours=1))
    return other, into


def fresh(ticket):
    """The ticket as the database has it."""
    return Ticket.objects.select_related("merged_into").get(pk=ticket.pk)


def code(act):
    """The code of the refusal."""
    with pytest.raises(DeskError) as refused:
        act()
    assert str(refused.value)
    return refused.value.code


def rows():
    """Every row of tickets and what hangs on them, but events and what only rises."""
    tables = (Ticket, Mention, Draft)
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in FREE}
            for row in model.objects.order_by("pk").values()
        ]
        for model in tables
    }


def written_in(desk, ticket, text="@AmselnetzHilfe are you there?", **fields):
    """Grace writes once more in the conversation of this ticket."""
    return factories.arrive(
        desk, factories.post(text, conversation=ticket.conversation_id, **fields)
    )


# The journey


def test_the_ticket_that_stays_is_about_the_posts_of_both_and_the_other_one_rests(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    rests, stays = fresh(other), fresh(into)
    assert (rests.merged_into, rests.status) == (into, TicketStatus.RESOLVED)
    assert rests.unanswered_since is None
    assert stays.unanswered_since == other.unanswered_since
    assert stays.due_at == other.due_at
    assert stays.context_version == into.context_version + 1
    assert [one.ticket for one in querysets.mentions_of(stays).order_by("written_at")] == [
        other,
        into,
    ]
    assert {one.ticket for one in Mention.objects.all()} == {other, into}


def test_one_reply_to_the_newest_post_answers_both_and_the_other_one_stays_merged(ready, x, desk):
    draft, shown = ready
    drafting.withdraw(draft, by=desk.aylin)
    into = fresh(draft.ticket)
    newer = x.says("grace_adeyemi", "@AmselnetzHilfe and the telephone is dead")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    other = Ticket.objects.get(conversation_id=newer["id"])
    merging.merge(other, into=into, by=desk.aylin)
    factories.approved(desk, factories.submitted(desk, fresh(into)))
    delivery.send_due()
    assert len(replies(x, newer)) == 1
    assert replies(x, shown) == []
    assert fresh(into).status == TicketStatus.ANSWERED
    assert fresh(into).unanswered_since is None
    assert (fresh(other).status, fresh(other).merged_into) == (TicketStatus.RESOLVED, into)

    merging.unmerge(other, by=desk.aylin)
    assert fresh(other).status == TicketStatus.ANSWERED, "the one reply answered it"
    assert fresh(into).status == TicketStatus.ANSWERED


def test_a_reply_that_goes_opens_the_ticket_that_answers(ready, x, desk):
    draft, _shown = ready
    answered = fresh(draft.ticket)
    delivery.send_due()
    newer = x.says("grace_adeyemi", AGAIN)
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    into = Ticket.objects.get(conversation_id=newer["id"])
    merging.merge(answered, into=into, by=desk.aylin)
    lifecycle.resolve(into, reason="done", by=desk.aylin)
    sent = Delivery.objects.get()
    takedown.order(sent, reason="Wrong tariff.", confirmed=True, by=desk.lena)
    assert fresh(into).status == TicketStatus.OPEN
    assert fresh(answered).merged_into == into


# The safety rule


def test_a_new_post_in_the_merged_conversation_opens_the_other_ticket(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    lifecycle.assign(into, to=desk.bastian.person, by=desk.aylin)
    lifecycle.resolve(into, reason="done", by=desk.aylin)
    before = fresh(into)
    concerned = written_in(desk, other)
    assert concerned == [other, into]
    rests, stays = fresh(other), fresh(into)
    assert stays.status == TicketStatus.OPEN
    assert stays.context_version == before.context_version + 1
    assert stays.last_mention.ticket == other
    assert stays.unanswered_since == stays.last_mention.written_at
    assert (rests.merged_into, rests.unanswered_since) == (into, None)
    event = Event.objects.filter(name="mentions.ingested").latest("pk")
    assert event.data["waiting"] == [[into.pk, desk.bastian.person_id]]


def edit(desk, mention):
    post = factories.post("@AmselnetzHilfe edited", key=mention.external_id)
    version = int(mention.external_id) + 7
    edited = factories.post(
        "@AmselnetzHilfe edited",
        key=mention.external_id,
        id=version,
        version_ids=(post.id, version),
        conversation=mention.conversation_id,
    )
    factories.arrive(desk, edited)


CHANGES = {
    "wrote": lambda desk, mention: written_in(desk, mention.ticket),
    "edited": edit,
    "deleted": lambda desk, mention: refresh.note_gone(mention, MentionState.DELETED),
    "hidden": lambda desk, mention: refresh.note_gone(mention, MentionState.HIDDEN),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_happens_to_a_post_of_the_merged_one_voids_the_approval_of_the_other(
    desk, pair, change
):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    draft = factories.approved(desk, factories.submitted(desk, fresh(into)))
    before = fresh(into).context_version
    CHANGES[change](desk, Mention.objects.get(ticket=other))
    assert fresh(into).context_version == before + 1
    assert voiding.pair_fault(draft.newest) == "context_changed"
    assert voiding.void_all() == 1
    cause = ContextChange.objects.filter(ticket=into).latest("number").cause
    assert Void.objects.get().reason == cause
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.CHANGES_REQUESTED


def test_who_reviews_has_to_read_a_post_of_the_merged_one_first(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    revision = factories.submitted(desk, fresh(into))
    seen = fresh(into).context_version
    written_in(desk, other)

    def approve():
        decisions.approve(revision, sha256=revision.sha256, context_version=seen, by=desk.rita)

    assert code(approve) == "context_changed"


def test_merging_voids_what_was_approved_before(desk, pair):
    other, into = pair
    revision = factories.submitted(desk, into)
    seen = fresh(into).context_version
    merging.merge(other, into=into, by=desk.aylin)

    def approve():
        decisions.approve(revision, sha256=revision.sha256, context_version=seen, by=desk.rita)

    assert code(approve) == "context_changed"


def test_the_posts_of_the_merged_one_are_looked_up_while_the_other_is_worked_on(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    Mention.objects.update(seen_at=factories.ago(hours=1))
    assert {one.ticket for one in refresh.due_of(desk.account)} == {other, into}
    lifecycle.resolve(into, reason="done", by=desk.aylin)
    assert refresh.due_of(desk.account) == []


def test_our_reply_in_the_merged_conversation_moves_the_context_of_the_other(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    before = fresh(into).context_version
    ours = factories.post(
        "by hand",
        by=OURS,
        conversation=other.conversation_id,
    )
    refresh.appear(ours, desk.account, through_desk=False)
    assert fresh(into).context_version == before + 1


def test_long_after_the_other_was_resolved_a_post_begins_a_ticket_of_its_own(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    lifecycle.resolve(into, reason="done", by=desk.aylin)
    Ticket.objects.filter(pk=into.pk).update(resolved_at=factories.ago(days=40))
    [new] = written_in(desk, other)
    assert new not in {other, into}
    assert new.follows == other
    assert code(lambda: merging.unmerge(other, by=desk.aylin)) == "newer_ticket"


# Refusals


def of_another_customer(desk, other, into):
    return factories.arrive(desk, factories.post(by=DIRK), users=(DIRK,))[0]


def handed_over(desk, other, into):
    return lifecycle.hand_off(other, to=desk.business, note="", by=desk.aylin)


def with_a_draft(desk, other, into):
    drafting.open_draft(other, by=desk.aylin)
    return other


def resolved(desk, other, into):
    return lifecycle.resolve(other, reason="thanks", by=desk.aylin)


def into_resolved(desk, other, into):
    lifecycle.resolve(into, reason="thanks", by=desk.aylin)
    return other


def into_leaving(desk, other, into):
    factories.approved(desk, factories.submitted(desk, into))
    return other


def escalated(desk, other, into):
    escalation.escalate(other, reason="Delicate.", by=desk.aylin)
    return other


def merged_already(desk, other, into):
    third = factories.a_ticket(desk, AGAIN)
    merging.merge(other, into=third, by=desk.aylin)
    return other


def has_merged(desk, other, into):
    merging.merge(factories.a_ticket(desk, AGAIN), into=other, by=desk.aylin)
    return other


REFUSED = {
    "merge_customer": of_another_customer,
    "other_department": handed_over,
    "merge_draft": with_a_draft,
    "merge_resolved": resolved,
    "merge_sending": into_leaving,
    "merge_escalated": escalated,
    "merged": merged_already,
    "merge_chain": has_merged,
    "merge_itself": lambda desk, other, into: into,
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_does_not_belong_together_is_refused_with_a_sentence(desk, pair, why):
    other, into = pair
    other = REFUSED[why](desk, other, into)
    before = rows()
    assert code(lambda: merging.merge(other, into=into, by=desk.aylin)) == why
    assert rows() == before


def test_a_resolved_ticket_takes_no_other_one(desk, pair):
    other, into = pair
    into_resolved(desk, other, into)
    assert code(lambda: merging.merge(other, into=into, by=desk.aylin)) == "merge_resolved"


def test_two_departments_of_one_person_are_two_departments(desk, pair):
    other, into = pair
    lifecycle.hand_off(other, to=desk.business, note="", by=desk.aylin)
    assert code(lambda: merging.merge(other, into=into, by=desk.lena)) in {
        "merge_department",
        "other_department",
    }


def test_on_a_merged_ticket_nothing_is_done(desk, pair):
    other, into = pair
    incident = incidents.open_incident(name="Cable", department=desk.service, by=desk.aylin)
    merging.merge(other, into=into, by=desk.aylin)
    for act in (
        lambda: drafting.open_draft(other, by=desk.aylin),
        lambda: lifecycle.take(other, by=desk.aylin),
        lambda: lifecycle.reopen(other, by=desk.aylin),
        lambda: lifecycle.snooze(other, until=factories.ago(hours=-2), by=desk.aylin),
        lambda: lifecycle.hand_off(other, to=desk.business, note="", by=desk.aylin),
        lambda: lifecycle.tag(other, tags=["router"], by=desk.aylin),
        lambda: incidents.join(other, incident=incident, by=desk.aylin),
        lambda: escalation.escalate(other, reason="Delicate.", by=desk.aylin),
    ):
        assert code(act) == "merged"
    notes.add_note(other, text="A note is always possible.", by=desk.aylin)


def test_the_one_that_stays_keeps_its_department_while_another_is_merged(desk, pair):
    other, into = pair
    lifecycle.hand_off(into, to=desk.business, note="", by=desk.aylin)
    handed = UndoEntry.objects.filter(ticket=into).latest("pk")
    third, fourth = factories.a_ticket(desk), factories.a_ticket(desk, AGAIN)
    merging.merge(third, into=fourth, by=desk.aylin)

    def hand_over():
        lifecycle.hand_off(fourth, to=desk.business, note="", by=desk.aylin)

    assert code(hand_over) == "has_merged"
    lifecycle.hand_off(other, to=desk.business, note="", by=desk.aylin)
    merging.merge(other, into=into, by=desk.nele)
    with pytest.raises(DeskError):
        undoing.undo(handed, by=desk.aylin)


# The way back

LIKE = {
    "new": lambda desk, one: None,
    "taken": lambda desk, one: lifecycle.take(one, by=desk.bastian),
    "snoozed": lambda desk, one: lifecycle.snooze(
        one, until=factories.ago(hours=-3), by=desk.aylin
    ),
    "answered": lambda desk, one: lifecycle.mark_answered(fresh(one)),
    "tagged": lambda desk, one: lifecycle.tag(one, tags=["router"], by=desk.aylin),
    "urgent": lambda desk, one: lifecycle.set_priority(one, priority="high", by=desk.aylin),
}


@hypothesis.settings(
    max_examples=25, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(data=st.data())
def test_merged_and_unmerged_every_row_stands_as_before(desk, data):
    with transaction.atomic():
        other, into = (
            factories.a_ticket(desk, AGAIN, at=factories.ago(hours=data.draw(st.integers(1, 40))))
            for _ in range(2)
        )
        for one in (other, into):
            LIKE[data.draw(st.sampled_from(sorted(LIKE)))](desk, one)
        before, events = rows(), Event.objects.count()
        merging.merge(other, into=into, by=desk.aylin)
        assert rows() != before
        merging.unmerge(other, by=desk.aylin)
        assert rows() == before
        assert Event.objects.count() == events + 4
        transaction.set_rollback(True)


def test_a_post_that_came_meanwhile_goes_back_to_its_own_ticket(desk, pair):
    other, into = pair
    lifecycle.mark_answered(other)
    merging.merge(fresh(other), into=into, by=desk.aylin)
    written_in(desk, other)
    merging.unmerge(other, by=desk.aylin)
    alone, stays = fresh(other), fresh(into)
    assert alone.status == TicketStatus.OPEN
    assert stays.last_mention.ticket == into
    assert stays.unanswered_since == stays.last_mention.written_at
    assert ContextChange.objects.filter(ticket=into).latest("number").cause == "unmerged"


def test_a_ticket_that_was_answered_is_so_again_when_only_the_other_had_opened_it(desk, pair):
    other, into = pair
    lifecycle.mark_answered(into)
    merging.merge(other, into=fresh(into), by=desk.aylin)
    assert fresh(into).status == TicketStatus.OPEN
    assert fresh(into).unanswered_since == other.unanswered_since
    merging.unmerge(other, by=desk.aylin)
    assert fresh(into).status == TicketStatus.ANSWERED


def test_nothing_is_parted_under_a_reply_that_answers_it(desk, pair):
    into, other = pair  # the merged one has the newest post
    merging.merge(other, into=into, by=desk.aylin)
    draft = drafting.open_draft(fresh(into), by=desk.aylin)
    assert draft.target.ticket == other
    assert code(lambda: merging.unmerge(other, by=desk.aylin)) == "merge_answered"
    revision = drafting.submit(draft, text="Both at once.", context_version=None, by=desk.aylin)
    assert code(lambda: merging.unmerge(other, by=desk.aylin)) == "merge_answered"
    factories.approved(desk, revision)
    assert code(lambda: merging.unmerge(other, by=desk.aylin)) == "merge_sending"


def test_what_is_not_merged_is_not_parted(desk, pair):
    other, _into = pair
    assert code(lambda: merging.unmerge(other, by=desk.aylin)) == "not_merged"


def test_both_trails_say_it_in_both_languages(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    merging.unmerge(other, by=desk.aylin)
    for ticket in pair:
        told = Event.objects.filter(topic_kind="tickets.ticket", topic_id=ticket.pk)
        merged, unmerged = told.order_by("pk")[:2]
        assert (merged.name, unmerged.name) == ("ticket.merged", "ticket.unmerged")
        english = [timeline.plain_words_of(one) for one in (merged, unmerged)]
        with translation.override("de"):
            german = [timeline.plain_words_of(one) for one in (merged, unmerged)]
        assert all(english)
        assert all(german)
        assert not set(english) & set(german)


def test_undo_leaves_a_pair_of_events_and_both_as_before(desk, pair):
    other, into = pair
    before = rows()
    merging.merge(other, into=into, by=desk.aylin)
    entry = undoing.latest_of(into, desk.aylin)
    assert entry.event.name == "ticket.merged"
    assert undoing.undo(entry, by=desk.aylin) == into
    assert rows() == before
    for ticket in pair:
        first, second = Event.objects.filter(
            topic_kind="tickets.ticket", topic_id=ticket.pk
        ).order_by("pk")
        assert (first.name, second.name) == ("ticket.merged", "ticket.undone")
        assert timeline.words_of(second)
    assert undoing.undo(entry, by=desk.aylin) == into, "asked twice it is done once"
    assert Event.objects.filter(name="ticket.undone").count() == 2


def test_what_was_parted_by_hand_is_not_undone(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    entry = undoing.latest_of(into, desk.aylin)
    merging.unmerge(other, by=desk.bastian)
    assert code(lambda: undoing.undo(entry, by=desk.aylin)) == "moved_on"


def test_asked_twice_it_is_merged_once(desk, pair):
    other, into = pair
    for _ in range(2):
        merging.merge(other, into=into, by=desk.aylin)
    assert Event.objects.filter(name="ticket.merged").count() == 2, "one in each trail"
    for _ in range(2):
        merging.unmerge(other, by=desk.aylin)
    assert Event.objects.filter(name="ticket.unmerged").count() == 2


def test_a_merged_post_that_is_surely_gone_is_emptied(desk, pair, ahead):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    mention = Mention.objects.get(ticket=other)
    refresh.note_gone(mention, MentionState.DELETED)
    assert fresh(into).status == TicketStatus.NEW, "its own post stands"
    ahead("2 hours")
    refresh.note_gone(mention, MentionState.DELETED)
    assert retention.empty_gone() == 1
    merging.unmerge(other, by=desk.aylin)
    assert fresh(other).merged_into is None


def test_where_no_post_of_either_stands_the_new_ticket_is_resolved_and_comes_back(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    for mention in Mention.objects.all():
        refresh.note_gone(mention, MentionState.DELETED)
    assert (fresh(into).status, fresh(into).resolved_reason) == ("resolved", "post_gone")
    mention = Mention.objects.get(ticket=other)
    refresh.stand_again(mention, factories.post(key=mention.external_id))
    assert fresh(into).status == TicketStatus.OPEN
    assert fresh(other).merged_into == into


# What people see


def shown(ticket, who):
    """The page of the ticket for this person, prepared."""
    return screen_of(load(who, ticket.number), who, QueryDict(""))


def test_the_page_shows_the_posts_of_both_and_where_each_conversation_goes_on(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    written_in(desk, into)
    written_in(desk, other)
    screen = shown(into, desk.aylin)
    assert [entry.kind for entry in screen.entries] == ["post"] * 4
    assert [entry.begins for entry in screen.entries] == [
        other.number,
        into.number,
        None,
        other.number,
    ]
    assert screen.target == screen.entries[-1].item
    alone = shown(other, desk.aylin)
    assert [entry.item.ticket for entry in alone.entries] == [other, other]
    assert {entry.begins for entry in alone.entries} == {None}
    assert (alone.work.why_not.code, alone.work.may_unmerge) == ("merged", True)


def test_beside_the_other_tickets_stands_which_can_be_merged(desk, pair):
    other, into = pair
    lifecycle.resolve(factories.a_ticket(desk, AGAIN), reason="done", by=desk.aylin)
    about = shown(into, desk.aylin).customer
    assert [one.number for one in about.mergeable] == [other.number]
    merging.merge(other, into=into, by=desk.aylin)
    about = shown(into, desk.aylin).customer
    assert about.mergeable == []
    assert [one.status for one in about.earlier] == ["Resolved", "Merged"]


def test_pages_merge_and_unmerge_and_offer_to_undo(desk, pair, client):
    other, into = pair
    client.force_login(desk.aylin)
    act = reverse("ticket-act", args=[into.number, "merge"])
    page = client.post(act, {"other": other.number}, follow=True).content.decode()
    assert f"Ticket {other.number} is merged into this one" in page
    assert "In the conversation of ticket" in page
    assert 'data-key="u"' in page
    assert f"ticket:{other.pk}" in page, "what happens there wakes this page"
    page = client.get(reverse("ticket", args=[other.number])).content.decode()
    assert "Its posts are answered in" in page
    assert "Reopen" not in page
    assert "The reply goes to this post" not in page
    assert shown(fresh(other), desk.aylin).light is None, "nothing is answered here"
    assert str(into.number) not in client.get("/inbox/?tab=resolved").content.decode()
    page = client.post(reverse("ticket-act", args=[other.number, "unmerge"]), follow=True)
    assert "Unmerged." in page.content.decode()
    assert fresh(other).merged_into is None


def test_a_merged_ticket_is_in_no_open_list_and_does_not_count(desk, pair):
    other, into = pair
    incident = incidents.open_incident(name="Cable", department=desk.service, by=desk.aylin)
    for one in pair:
        incidents.join(one, incident=incident, by=desk.aylin)
        lifecycle.take(one, by=desk.aylin)
    merging.merge(other, into=into, by=desk.aylin)
    ids = [desk.service.pk]
    assert list(querysets.of_departments(ids)) == [into]
    assert list(querysets.my_turn(desk.aylin, ids)) == [into]
    wave = incidents.wave_of(incident)
    assert (wave.waiting, wave.answered) == (1, 0)


def test_who_reads_only_one_of_the_two_sees_nothing_of_the_other(desk, pair):
    other, _into = pair
    theirs = factories.a_ticket(desk, "@AmselnetzHilfe about my bill")
    lifecycle.hand_off(theirs, to=desk.business, note="", by=desk.aylin)
    lifecycle.hand_off(theirs, to=desk.service, note="", by=desk.nele)
    merging.merge(other, into=theirs, by=desk.aylin)
    screen = shown(theirs, desk.nele)
    assert [entry.item.ticket for entry in screen.entries] == [theirs]
    assert len(shown(theirs, desk.aylin).entries) == 2


def test_the_api_merges_unmerges_and_names_the_other(desk, pair, client):
    other, into = pair
    headers = {"authorization": f"Token {tokens.issue(desk.aylin, name='merging')}"}

    def ask(verb, **body):
        return client.post(
            f"/api/v1/tickets/{other.number}/{verb}/",
            body,
            content_type="application/json",
            headers=headers,
        )

    done = ask("merge", into=into.number)
    assert (done.status_code, done.json()["merged_into"]) == (200, into.number)
    assert done.json()["status"] == "resolved"
    refused = ask("take")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "merged")
    assert ask("merge", into=99999).status_code == 404
    assert ask("unmerge").json()["merged_into"] is None
    assert ask("unmerge", into=1).status_code == 400
    assert ask("merge", into=other.number).json()["error"]["code"] == "merge_itself"


# What the database refuses by itself

SET = "UPDATE tickets_ticket SET "
MERGE = (
    SET + "merged_into_id = {into}, before_merge = '{{}}', status = 'resolved', "
    "resolved_at = now(), unanswered_since = NULL WHERE id = {other}"
)
UNMERGE = (
    SET + "merged_into_id = NULL, before_merge = NULL, status = 'open', resolved_at = NULL "
    "WHERE id = {other}"
)
GUARD = "tickets_ticket_merged: "


def said(statement, **words):
    """What the database answers to the application; nothing where it goes through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(**words))
    except DatabaseError as error:
        return answer(error.__cause__)
    return ""


BY_SQL = {
    "another customer": (of_another_customer, "another customer, department or account"),
    "another department": (handed_over, "another customer, department or account"),
    "a draft": (with_a_draft, "it has an open draft"),
    "resolved": (resolved, "one of the two is not open"),
    "into resolved": (into_resolved, "one of the two is not open"),
    "into sending": (into_leaving, "one of the two is not open"),
    "escalated": (escalated, "it is with the lead"),
    "merged": (merged_already, "it is merged already"),
    "chain": (has_merged, "merging makes no chain"),
    "itself": (lambda desk, other, into: into, "merging makes no chain"),
}


@pytest.mark.parametrize("what", BY_SQL)
def test_the_database_refuses_what_does_not_belong_together(desk, pair, what):
    other, into = pair
    make, sentence = BY_SQL[what]
    other = make(desk, other, into)
    assert said(MERGE, other=other.pk, into=into.pk) == GUARD + sentence


def test_the_database_keeps_a_merged_ticket_at_rest(desk, pair):
    other, into = pair
    assert said(MERGE, other=other.pk, into=into.pk) == ""
    words = {"other": other.pk, "into": into.pk, "elsewhere": desk.business.pk}
    rests = "ticket_merged_rests"
    for change, wanted in {
        "status = 'open', resolved_at = NULL": rests,
        "unanswered_since = now()": rests,
        "snoozed_until = now()": rests,
        "merged_into_id = NULL": rests,
        "before_merge = '[]'": GUARD + "how both stood before is kept as it was",
        "department_id = {elsewhere}": GUARD + "merged tickets stay in their department",
    }.items():
        assert said(SET + change + " WHERE id = {other}", **words) == wanted
    assert (
        said(SET + "department_id = {elsewhere} WHERE id = {into}", **words)
        == GUARD + "merged tickets stay in their department"
    )
    draft = (
        "INSERT INTO approvals_draft (ticket_id, target_id, status, text, saved, writer_id, "
        "is_follow_up) VALUES ({other}, {target}, 'writing', '', 0, {writer}, false)"
    )
    target = Mention.objects.get(ticket=other).pk
    assert (
        said(draft, target=target, writer=desk.aylin.pk, **words)
        == "approvals_draft_moves: a merged ticket is answered in the other one"
    )
    assert said(UNMERGE, **words) == ""


def test_the_database_parts_nothing_that_a_reply_answers(desk, pair):
    into, other = pair
    merging.merge(other, into=into, by=desk.aylin)
    revision = factories.submitted(desk, fresh(into))
    sentence = GUARD + "an open draft answers one of its posts"
    assert said(UNMERGE, other=other.pk) == sentence
    own = Mention.objects.get(ticket=into).pk
    turned = "UPDATE approvals_draft SET target_id = {own} WHERE id = {draft}"
    assert said(turned, own=own, draft=revision.draft_id) == ""
    assert said(UNMERGE, other=other.pk) == sentence, "the words that wait still answer it"


def test_the_database_takes_no_text_for_a_post_of_a_ticket_that_is_not_merged(desk, pair):
    into, other = pair
    merging.merge(other, into=into, by=desk.aylin)
    revision = factories.submitted(desk, fresh(into))
    third = factories.a_ticket(desk, AGAIN)
    target = Mention.objects.get(ticket=third).pk
    Draft.objects.filter(pk=revision.draft_id).update(target=target)

    def submit():
        drafting.freeze(
            Draft.objects.select_related("writer__person", "ticket__account", "target__newest").get(
                pk=revision.draft_id
            ),
            "Another text. ^an",
            by=desk.aylin,
            context_version=None,
            pictures=[],
        )

    with pytest.raises(DeskError) as refused, transaction.atomic():
        submit()
    assert refused.value.code == "guard"


def test_a_ticket_is_not_born_merged(desk, pair):
    _other, into = pair
    one = Ticket(
        customer=into.customer,
        account=into.account,
        department=into.department,
        conversation_id="1",
        status=TicketStatus.RESOLVED,
        resolved_at=factories.ago(),
        due_at=factories.ago(),
        last_inbound_at=factories.ago(),
        merged_into=into,
        before_merge={},
    )
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        one.save()
    assert answer(refused.value.__cause__) == GUARD + "a ticket begins by itself"


def test_one_page_may_write_in_both_conversations(desk, pair):
    other, into = pair
    merging.merge(other, into=into, by=desk.aylin)
    before = fresh(into).context_version
    posts = [
        factories.post(AGAIN, conversation=one.conversation_id) for one in (other, into, other)
    ]
    taken = intake.ingest(
        Page(posts=posts, users={factories.GRACE.id: factories.GRACE}), desk.account
    )
    assert taken.tickets == {other.pk, into.pk}
    assert fresh(into).context_version == before + 3
    assert fresh(into).last_mention == Mention.objects.latest("position")
