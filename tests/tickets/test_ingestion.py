"""Every post that X ever showed becomes part of a ticket once, or a visible gap.

What cannot be read is parked and shown.
"""

from datetime import UTC, datetime

import pytest
from django.db import connection

from core.errors import NotAllowed
from core.models import Event
from tests import factories
from tests.approvals.test_races import at_once
from tickets import lifecycle, tasks
from tickets.ingestion import feed_comparison, feed_health, gaps, polling, refresh, retention
from tickets.ingestion.intake import ingest
from tickets.models import (
    Customer,
    Feed,
    Gap,
    Mention,
    ParkedPost,
    PostVersion,
    RawPage,
    Ticket,
    Trouble,
)
from tickets.states import IntakeOutcome, MentionState, TicketStatus
from xapi.payloads import Page, XUser, read_page

DIRK = XUser(id=7002, handle="brodersen_dirk", name="D" * 1500)


def feed_of(desk):
    return Feed.objects.select_related("account__department").get(account=desk.account)


def test_a_post_becomes_a_ticket_of_the_addressed_account(desk):
    ticket = factories.a_ticket(desk)
    assert (ticket.status, ticket.department, ticket.account) == (
        TicketStatus.NEW,
        desk.service,
        desk.account,
    )
    assert ticket.number > 10_000
    assert ticket.last_mention.newest.text == "@AmselnetzHilfe the router blinks orange"


def test_the_same_page_twice_makes_nothing_twice(desk):
    post = factories.post()
    factories.arrive(desk, post)
    factories.arrive(desk, post)
    assert (Ticket.objects.count(), Mention.objects.count(), PostVersion.objects.count()) == (
        1,
        1,
        1,
    )
    assert Event.objects.filter(name="mentions.ingested").count() == 1


def test_a_later_post_joins_the_ticket_and_moves_its_context_version(desk):
    ticket = factories.a_ticket(desk)
    factories.arrive(
        desk, factories.post("@AmselnetzHilfe hello?", conversation=ticket.conversation_id)
    )
    ticket.refresh_from_db()
    assert Ticket.objects.count() == 1
    assert ticket.context_version == 2


def test_a_resolved_ticket_reopens_within_a_week_and_then_a_new_one_links_back(desk):
    ticket = factories.a_ticket(desk)
    lifecycle.resolve(ticket, reason="thanks", by=desk.aylin)
    factories.arrive(
        desk, factories.post("@AmselnetzHilfe again", conversation=ticket.conversation_id)
    )
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.OPEN
    lifecycle.resolve(ticket, reason="done", by=desk.aylin)
    later = factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe much later",
            conversation=ticket.conversation_id,
            at=factories.ago(days=-8),
        ),
    )[0]
    assert later.follows == ticket
    assert later.status == TicketStatus.NEW


def test_a_third_person_gets_a_ticket_of_their_own_and_stands_in_the_conversation(desk, client):
    ticket = factories.a_ticket(desk)
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe we are watching", by=DIRK, conversation=ticket.conversation_id
        ),
        users=(DIRK,),
    )
    assert Ticket.objects.count() == 2
    ticket.refresh_from_db()
    assert ticket.context_version == 1
    client.force_login(desk.aylin)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Third person" in page


def test_a_repost_is_kept_with_its_intake_outcome_but_makes_no_ticket(desk, client):
    factories.arrive(desk, factories.post("RT @AmselnetzHilfe hello", reposted=5))
    assert Mention.objects.get().intake_outcome == IntakeOutcome.REPOST
    assert not Ticket.objects.exists()
    client.force_login(desk.aylin)
    assert "A repost, no ticket" in client.get("/inbox/?tab=filtered").content.decode()


def test_our_own_posts_make_no_tickets(desk):
    ours = XUser(id=902, handle="AmselnetzBiz", name="Amselnetz Business")
    factories.arrive(desk, factories.post("@AmselnetzHilfe psst", by=ours), users=(ours,))
    assert not Mention.objects.exists()


def test_an_edit_is_a_new_version_of_the_same_mention(desk):
    post = factories.post()
    ticket = factories.arrive(desk, post)[0]
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe it blinks red",
            key=post.key,
            id=post.key + 3,
            version_ids=(post.key, post.key + 3),
            conversation=ticket.conversation_id,
        ),
    )
    mention = Mention.objects.get()
    assert mention.status == MentionState.EDITED
    assert [one.text for one in mention.versions.order_by("position")] == [
        post.text,
        "@AmselnetzHilfe it blinks red",
    ]
    assert mention.newest.text == "@AmselnetzHilfe it blinks red"


def test_a_post_that_names_two_of_our_accounts_is_one_mention(desk):
    post = factories.post(
        "@AmselnetzHilfe @AmselnetzBiz who of you?", named=("amselnetzhilfe", "amselnetzbiz")
    )
    factories.arrive(desk, post)
    factories.arrive(desk, post, account=desk.business_account)
    assert Mention.objects.count() == 1


@pytest.mark.campaign
def test_two_takers_at_once_take_it_in_once(open_desk):
    posts = [
        factories.post(f"@AmselnetzHilfe number {n}", at=factories.ago(minutes=n))
        for n in range(20)
    ]
    page = Page(posts=posts, users={factories.GRACE.id: factories.GRACE})
    found = at_once(*(lambda: ingest(page, open_desk.account) for _taker in range(3)))
    assert Mention.objects.count() == 20
    assert Ticket.objects.count() == 20
    assert [one for one in found if not isinstance(one, Exception)]


def test_a_name_of_a_thousand_characters_is_kept_and_shown(desk, client):
    factories.arrive(desk, factories.post("@AmselnetzHilfe long name", by=DIRK), users=(DIRK,))
    assert len(Customer.objects.get().name) == 1500
    client.force_login(desk.aylin)
    assert client.get("/inbox/").status_code == 200


@pytest.mark.parametrize(
    "broken",
    [
        {"id": 12.5},
        {"id": "12", "text": 5},
        {"id": "12", "author_id": "7", "text": "x", "created_at": "soon"},
        "words",
        None,
        {"id": "99999999999999999999", "text": "x", "author_id": "1"},
    ],
)
def test_what_breaks_our_reading_is_parked_and_the_rest_is_taken_in(desk, client, broken):
    body = {
        "data": [
            broken,
            {"id": "2124319595115315200", "text": "@AmselnetzHilfe &lt;3", "author_id": "7001"},
        ],
        "includes": {"users": [{"id": "7001", "username": "grace_adeyemi", "name": "Grace"}]},
        "meta": {"result_count": 2},
    }
    ingest(read_page(body), desk.account)
    ingest(read_page(body), desk.account)
    assert ParkedPost.objects.count() == 1
    assert Mention.objects.get().newest.text == "@AmselnetzHilfe <3"
    client.force_login(desk.aylin)
    assert "Parked, could not be read" in client.get("/outbox/").content.decode()


def test_a_post_written_in_a_zone_that_no_database_knows_is_taken_in_at_its_time(desk):
    raw = {
        "id": "1450000000000000001",
        "author_id": "7002",
        "text": "@AmselnetzHilfe it blinks",
        "created_at": "2026-11-20T21:30:00+21:30",
        "entities": {
            "mentions": [{"start": 0, "end": 15, "username": "AmselnetzHilfe", "id": "901"}]
        },
    }
    ingest(read_page({"data": [raw]}), desk.account)
    assert Mention.objects.get().written_at == datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.campaign
def test_a_sweep_reads_every_page_and_only_then_moves_its_position(desk, empty_x):
    start = len(Mention.objects.all())
    empty_x.control("storm", account="AmselnetzHilfe", count=230, authors=7)
    feed = feed_of(desk)
    polling.read(feed)
    feed.refresh_from_db()
    assert Mention.objects.count() >= start + 230
    assert feed.newest_position == max(Mention.objects.values_list("position", flat=True))
    assert not RawPage.objects.exists()


@pytest.mark.campaign
def test_a_broken_sweep_goes_on_where_it_stopped(desk, empty_x, ahead):
    empty_x.control("storm", account="AmselnetzHilfe", count=250, authors=9)
    feed = feed_of(desk)
    client = polling.client_for(desk.account)
    polling.begin(feed)
    page = polling.take_up(RawPage.objects.create(feed=feed, body=client.mentions(901)), feed)
    polling.turn_page(feed, page)
    kept = feed_of(desk)
    assert kept.newest_position is None
    assert kept.sweep_token
    assert polling.read(kept) == 0
    ahead("1 minute")
    polling.read(kept)
    ids = {
        one["post"]["versions"][0]
        for one in empty_x.history()
        if one["what"] == "post.created" and 901 in one["post"]["named"]
    }
    assert set(Mention.objects.values_list("position", flat=True)) >= set(sorted(ids)[-250:])


def test_a_page_that_was_stored_but_not_read_is_read_later(desk, x):
    x.says("grace_adeyemi", "@AmselnetzHilfe stored, not read")
    feed = feed_of(desk)
    RawPage.objects.create(feed=feed, body=polling.client_for(desk.account).mentions(901, most=5))
    polling.take_up_stored(feed)
    assert Mention.objects.exists()
    assert not RawPage.objects.exists()


@pytest.mark.campaign
def test_more_than_x_hands_out_is_a_visible_gap(desk, empty_x, client):
    empty_x.says("grace_adeyemi", "@AmselnetzHilfe before the storm")
    feed = feed_of(desk)
    polling.read(feed)
    empty_x.control("clock", ahead_seconds=600)
    try:
        empty_x.control("storm", account="AmselnetzHilfe", count=900, authors=20)
        polling.read(feed)
        polling.read(feed)
    finally:
        empty_x.control("clock", ahead_seconds=0)
    assert Gap.objects.count() == 1
    client.force_login(desk.aylin)
    assert "more posts arrived than X hands out" in client.get("/outbox/").content.decode()


@pytest.mark.campaign
def test_a_gap_is_filled_by_search_and_says_so(desk, empty_x, client, ahead):
    empty_x.says("grace_adeyemi", "@AmselnetzHilfe before the storm")
    feed = feed_of(desk)
    polling.read(feed)
    empty_x.control("clock", ahead_seconds=600)
    ids = empty_x.control("storm", account="AmselnetzHilfe", count=1100, authors=20)["ids"]
    polling.read(feed)
    polling.read(feed)
    gap = Gap.objects.get()
    missing = set(ids) - set(Mention.objects.values_list("position", flat=True))
    assert len(missing) == 300
    assert all(gap.after_position < one < gap.before_position for one in missing)
    ahead("15 minutes")
    empty_x.control("clock", ahead_seconds=900)
    assert gaps.fill_gaps() == 300
    gap.refresh_from_db()
    assert (gap.status, gap.found) == ("filled", 300)
    assert set(ids) <= set(Mention.objects.values_list("position", flat=True))
    client.force_login(desk.aylin)
    assert "Gap filled: 300 found." in client.get("/outbox/").content.decode()


@pytest.mark.campaign
def test_a_post_that_x_shows_late_in_a_storm_is_found_too(desk, empty_x, ahead):
    empty_x.says("grace_adeyemi", "@AmselnetzHilfe before the storm")
    feed = feed_of(desk)
    polling.read(feed)
    empty_x.control("clock", ahead_seconds=600)
    empty_x.control("storm", account="AmselnetzHilfe", count=500, authors=20)
    late = empty_x.says("late_lou", "@AmselnetzHilfe in the middle of it", shown_after_seconds=20)[
        "id"
    ]
    empty_x.control("storm", account="AmselnetzHilfe", count=500, authors=20)
    polling.read(feed)
    empty_x.control("clock", ahead_seconds=630)
    empty_x.control("storm", account="AmselnetzHilfe", count=900, authors=20)
    polling.read(feed)
    polling.read(feed)
    assert not Mention.objects.filter(external_id=late).exists()
    assert Gap.objects.count() == 2, "the sweep that found nothing new makes no gap of its own"
    ahead("15 minutes")
    empty_x.control("clock", ahead_seconds=900)
    for _run in range(4):
        gaps.fill_gaps()
    assert Mention.objects.filter(external_id=late).exists()
    assert not Gap.objects.filter(status="filling").exists()


def test_a_gap_older_than_search_reaches_stays_visible(desk, x, client):
    ten_days = factories.ago(days=10)
    gap = Gap.objects.create(
        account=desk.account,
        after_position=1,
        before_position=2,
        after_at=ten_days,
        before_at=ten_days,
    )
    gaps.fill_gaps()
    gap.refresh_from_db()
    assert gap.status == "stays"
    client.force_login(desk.aylin)
    assert "may be missing; look at @AmselnetzHilfe on X" in client.get("/outbox/").content.decode()


@pytest.mark.campaign
def test_once_a_day_what_was_missed_is_found(desk, empty_x, ahead):
    empty_x.says("grace_adeyemi", "@AmselnetzHilfe known")
    feed = feed_of(desk)
    polling.read(feed)
    missed = empty_x.says(
        "grace_adeyemi", "@AmselnetzHilfe missed, as if it had appeared very late"
    )
    Feed.objects.filter(pk=feed.pk).update(newest_position=missed["id"] + (1 << 40))
    assert feed_comparison.compare_all() == 1
    assert feed_comparison.compare_all() == 0
    feed.refresh_from_db()
    assert feed.compared_found == 1
    ahead("23 hours")
    assert feed_comparison.compare_all() == 0
    assert Mention.objects.filter(external_id=missed["id"]).exists()


@pytest.mark.campaign
def test_a_feed_silent_for_longer_than_usual_raises_an_alarm_until_something_comes(
    desk, ahead, client
):
    for minute in range(30):
        ahead(f"{minute} minutes")
        factories.arrive(desk, factories.post(f"@AmselnetzHilfe number {minute}"))
    ahead("60 minutes")
    assert feed_health.notice_silence() == 0
    ahead("100 minutes")
    assert feed_health.notice_silence() == 1
    client.force_login(desk.lena)
    assert "longer than usual" in client.get("/outbox/").content.decode()
    factories.arrive(desk, factories.post("@AmselnetzHilfe at last"))
    assert feed_health.notice_silence() == 0
    assert Feed.objects.get(account=desk.account).silent_since is None


def test_the_content_of_a_deleted_post_goes_and_the_evidence_stays(desk, ahead):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe my private words")
    revision = factories.submitted(desk, ticket)
    for said_at in ("", "10 minutes", "59 minutes"):
        ahead(said_at)
        refresh.note_gone(Mention.objects.get(), MentionState.DELETED)
        assert retention.empty_gone() == 0
    assert Ticket.objects.get().context_version == 2, "said again, it moves nothing"
    ahead("61 minutes")
    assert retention.empty_gone() == 0
    refresh.note_gone(Mention.objects.get(), MentionState.DELETED)
    assert retention.empty_gone() == 1
    assert retention.empty_gone() == 0
    version = PostVersion.objects.get()
    assert (version.text, version.links, version.media) == ("", [], [])
    assert revision.draft.revisions.get().text
    assert "private" not in str(list(Event.objects.values_list("data", flat=True)))


def test_raw_pages_live_a_day_and_parked_posts_thirty(desk, ahead):
    RawPage.objects.create(feed=feed_of(desk), body={})
    ParkedPost.objects.create(account=desk.account, raw={}, mark="m", why="w")
    assert retention.forget_old_pages() == 0
    ahead("25 hours")
    assert retention.forget_old_pages() == 1
    ahead("31 days")
    assert retention.forget_old_pages() == 1


@pytest.mark.campaign
def test_what_appears_late_is_still_taken_in(desk, empty_x):
    late = empty_x.says("grace_adeyemi", "@AmselnetzHilfe shown late", shown_after_seconds=1)
    empty_x.says("grace_adeyemi", "@AmselnetzHilfe shown at once")
    feed = feed_of(desk)
    polling.read(feed)
    assert not Mention.objects.filter(external_id=late["id"]).exists()
    empty_x.control("clock", ahead_seconds=2)
    try:
        polling.read(feed)
    finally:
        empty_x.control("clock", ahead_seconds=0)
    assert Mention.objects.filter(external_id=late["id"]).exists()


def test_a_deleted_post_is_noticed_while_its_ticket_is_open(desk, x, ahead):
    shown = x.says("grace_adeyemi", "@AmselnetzHilfe soon deleted")
    polling.read(feed_of(desk))
    x.control("deletions", id=shown["id"])
    ahead("2 minutes")
    refresh.follow_open_tickets()
    assert Mention.objects.get(external_id=shown["id"]).status == MentionState.DELETED


@pytest.mark.campaign
def test_trouble_with_reading_is_written_down_and_shown(desk, x, client):
    x.control("faults", kind="401", on="GET /2/users/901/mentions")
    polling.read(feed_of(desk))
    client.force_login(desk.aylin)
    assert (
        "The mentions of @AmselnetzHilfe cannot be read." in client.get("/outbox/").content.decode()
    )
    polling.read(feed_of(desk))
    assert not Trouble.objects.exists()
    assert "cannot be read" not in client.get("/outbox/").content.decode()


def test_the_former_department_reads_on_but_does_not_act(desk, client):
    ticket = factories.a_ticket(desk)
    lifecycle.hand_off(ticket, to=desk.business, note="A bakery.", by=desk.aylin)
    client.force_login(desk.aylin)
    assert client.get(f"/tickets/{ticket.number}/").status_code == 200
    with pytest.raises(NotAllowed):
        lifecycle.take(ticket, by=desk.bastian)
    lifecycle.take(ticket, by=desk.nele)
    client.force_login(desk.max)
    assert client.get(f"/tickets/{ticket.number}/").status_code == 404


def test_a_parked_post_becomes_a_ticket_once_it_can_be_read(desk):
    raw = {
        "id": "2124319595115315200",
        "text": "@AmselnetzHilfe readable by now",
        "author_id": "7001",
    }
    readable = ParkedPost.objects.create(
        account=desk.account, raw=raw, mark="a", why="KeyError: a field of old"
    )
    still_not = ParkedPost.objects.create(
        account=desk.account, raw={"id": 12.5}, mark="b", why="ValueError: not an id"
    )
    tasks.read_parked()
    readable.refresh_from_db()
    still_not.refresh_from_db()
    assert Mention.objects.get().newest.text == "@AmselnetzHilfe readable by now"
    assert readable.read_at is not None
    assert still_not.read_at is None


def test_a_post_that_two_edit_histories_claim_is_in_a_ticket_once_and_parked_once(desk):
    first = factories.post("first of all")
    claims = factories.post(
        "the same id under another history",
        id=first.id,
        version_ids=(first.id - 5, first.id),
        key=first.id - 5,
    )
    factories.arrive(desk, first)
    factories.arrive(desk, claims, factories.post("another one"))
    assert Mention.objects.filter(ticket__isnull=False).count() == 2
    assert ParkedPost.objects.get().why == f"post {first.id} belongs to post {first.key} already"
    both = factories.post("one of two")
    factories.arrive(
        desk,
        both,
        factories.post(
            "two of two", id=both.id, version_ids=(both.id + 9, both.id), key=both.id + 9
        ),
    )
    assert Mention.objects.filter(ticket__isnull=False).count() == 3
    assert ParkedPost.objects.count() == 2


def test_a_page_of_a_hundred_asks_as_few_statements_as_a_page_of_ten(desk):
    counts = []
    for size in (10, 100):
        users = {
            number: XUser(id=number, handle=f"of_{number}", name="Somebody")
            for number in range(size * 1000, size * 1001)
        }
        posts = [factories.post(f"@AmselnetzHilfe {one.handle}", by=one) for one in users.values()]
        asked = []

        def note(execute, sql, params, many, context, asked=asked):
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            ingest(Page(posts=posts, users=users), desk.account)
        counts.append(sum("SAVEPOINT" not in sql for sql in asked))
    assert Ticket.objects.count() == 110
    assert counts == [16, 16]
