"""A conversation of hundreds.

What is decided upon is on the screen, what is folded has its number and a way to it,
and time is the order.
"""

import re
import time
from datetime import timedelta

import html5lib
import pytest
from django.urls import reverse

from approvals.drafts import drafting
from tests import factories
from tickets.conversations import folding, thread
from tickets.ingestion import refresh
from tickets.models import Customer, Mention, OwnPost, PostVersion, Ticket
from xapi.payloads import XUser

pytestmark = [pytest.mark.campaign, pytest.mark.table]

LARGE = 463


def people_and_their_post(desk, ticket, begun, by):
    """Make the people, and the post that they answer."""
    people = (
        [by]
        if by
        else Customer.objects.bulk_create(
            [
                Customer(external_id=str(80_000 + one), handle=f"crowd_{one}", name=f"Crowd {one}")
                for one in range(20)
            ]
        )
    )
    host = (
        Ticket.objects.bulk_create(
            [
                Ticket(
                    customer=one,
                    account=desk.account,
                    department=desk.service,
                    conversation_id=ticket.conversation_id,
                    created_at=begun,
                    last_inbound_at=begun,
                    due_at=begun,
                )
                for one in people
            ]
        )
        if not by
        else [ticket]
    )
    return people, host


def fill(desk, ticket, number: int, *, before: timedelta = timedelta(0), by=None) -> list[Mention]:
    """Take so many posts by others into the ticket's conversation, a second apart.

    Before the customer's own last ones or after.
    """
    begun = ticket.created_at - timedelta(days=1) + before
    people, host = people_and_their_post(desk, ticket, begun, by)
    mentions = Mention.objects.bulk_create(
        [
            Mention(
                external_id=str(int(ticket.conversation_id) + 10_000 + one),
                position=int(ticket.conversation_id) + 10_000 + one,
                account=desk.account,
                customer=people[one % len(people)],
                ticket=host[one % len(host)],
                conversation_id=ticket.conversation_id,
                written_at=begun + timedelta(seconds=one),
            )
            for one in range(number)
        ]
    )
    versions = PostVersion.objects.bulk_create(
        [
            PostVersion(
                mention=one,
                external_id=one.external_id,
                position=one.position,
                text=f"@AmselnetzHilfe crowd {place} here",
                written_at=one.written_at,
            )
            for place, one in enumerate(mentions)
        ]
    )
    for mention, version in zip(mentions, versions, strict=True):
        mention.newest = version
    Mention.objects.bulk_update(mentions, ["newest"], batch_size=1000)
    return mentions


@pytest.fixture
def storm(desk):
    """Grace asked.

    Hundreds of others came; we answered in between; Grace's last words reached us as the
    last of all.
    """
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe my very first words")
    refresh.appear(
        factories.post(
            "Hello all ^an", conversation=ticket.conversation_id, at=factories.ago(hours=20)
        ),
        desk.account,
        through_desk=False,
    )
    fill(desk, ticket, LARGE)
    factories.arrive(
        desk,
        factories.post("@AmselnetzHilfe my very last words", conversation=ticket.conversation_id),
    )
    ticket.refresh_from_db()
    return ticket


def numbers(page: str) -> list[int]:
    """What the folds of a page say."""
    return [int(one) for one in re.findall(r"(\d+) more posts in between", page)]


def test_the_post_that_is_answered_is_on_ticket_and_review(desk, storm, client):
    client.force_login(desk.rita)
    revision = factories.submitted(desk, storm)
    assert "last words" in revision.draft.target.newest.text
    for address in (
        reverse("ticket", args=[storm.number]),
        reverse("conversation", args=[storm.number]),
        reverse("review", args=[revision.draft_id]),
        reverse("review-state", args=[revision.draft_id]),
    ):
        page = client.get(address).content.decode()
        for words in (
            "my very first words",
            "my very last words",
            "Hello all",
            f"crowd {LARGE - 1} here",
        ):
            assert words in page, (address, words)
        assert "The reply goes to this post" in page


def test_what_is_folded_is_counted_and_every_post_can_be_read(desk, storm, client):
    client.force_login(desk.rita)
    page = client.get(reverse("ticket", args=[storm.number])).content.decode()
    shown = set(re.findall(r"crowd \d+ here", page))
    assert sum(numbers(page)) + len(shown) == LARGE
    assert len(shown) < 2 * folding.NEWEST
    ways = [
        one.attrib["href"]
        for one in html5lib.parse(page, namespaceHTMLElements=False).iter("a")
        if "/between/" in one.attrib.get("href", "")
    ]
    while ways:
        answer = client.get(ways.pop())
        assert answer.status_code == 200
        part = answer.content.decode()
        shown |= set(re.findall(r"crowd \d+ here", part))
        ways += [
            one.attrib["href"]
            for one in html5lib.parse(part, namespaceHTMLElements=False).iter("a")
            if "/between/" in one.attrib.get("href", "")
        ]
    assert len(shown) == LARGE


def test_a_small_conversation_is_shown_whole(desk, client):
    ticket = factories.a_ticket(desk)
    fill(desk, ticket, folding.SMALL - 1)
    entries = thread.of_ticket(ticket)
    assert len(entries) == folding.SMALL
    assert "crowd" not in {one.kind for one in entries}


def test_time_is_the_order_whatever_reached_us_first(desk):
    """Posts come newest first, and a gap is filled later: the ids of our rows say nothing."""
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe one", at=factories.ago(hours=3))
    at = factories.ago(hours=1).replace(microsecond=0)
    later = factories.post(
        "@AmselnetzHilfe four",
        conversation=ticket.conversation_id,
        at=at,
        key=int(ticket.conversation_id) + 900,
    )
    earlier = factories.post(
        "@AmselnetzHilfe three",
        conversation=ticket.conversation_id,
        at=at,
        key=int(ticket.conversation_id) + 800,
    )
    factories.arrive(desk, later)
    factories.arrive(desk, earlier)
    refresh.appear(
        factories.post("two ^an", conversation=ticket.conversation_id, at=factories.ago(hours=2)),
        desk.account,
        through_desk=False,
    )
    assert [str(one.html).split()[-1] for one in thread.of_ticket(ticket) if one.kind != "own"] == [
        "one",
        "three",
        "four",
    ]
    assert [one.kind for one in thread.of_ticket(ticket)] == ["post", "own", "post", "post"]
    assert drafting.default_target(ticket).external_id == str(later.key)


def test_what_the_customer_answers_and_the_first_post_stay(desk):
    other = XUser(id=7050, handle="opener", name="Opener")
    first = factories.arrive(
        desk,
        factories.post("@AmselnetzHilfe who else", by=other, at=factories.ago(days=3)),
        users=(other,),
    )[0]
    fill(desk, first, 200)
    middle = Mention.objects.filter(conversation_id=first.conversation_id).order_by("written_at")[
        60
    ]
    ticket = factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe me too",
            conversation=first.conversation_id,
            replied_to=middle.external_id,
        ),
    )[0]
    entries = thread.of_ticket(ticket)
    shown = {one.item.external_id for one in entries if one.kind == "third"}
    assert {first.conversation_id, middle.external_id} <= shown
    assert [one.item.count for one in entries if one.kind == "crowd"] == [
        59,
        200 - 60 - (folding.NEWEST - 1),
    ]


def test_a_target_is_never_folded_even_in_a_flood_by_its_own_customer(desk, client):
    """Whoever writes thousands of posts cannot push the words that we answer off the screen.

    Nor keep the page from opening.
    """
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe the words we answer")
    draft = factories.submitted(desk, ticket).draft
    fill(desk, ticket, folding.MOST + 300, before=timedelta(days=2), by=ticket.customer)
    assert draft.target.newest.text.endswith("we answer")
    client.force_login(desk.rita)
    page = client.get(reverse("review", args=[draft.pk])).content.decode()
    assert "the words we answer" in page
    assert numbers(page)


def test_a_fold_between_posts_that_are_not_there_is_not_found(desk, storm, client):
    client.force_login(desk.rita)
    for query in ("?first=1", "?first=x&last=y", "?last=99999999999999999999"):
        assert client.get(reverse("between", args=[storm.number]) + query).status_code == 404
    assert client.get(reverse("between", args=[storm.number])).status_code == 200
    client.force_login(desk.nele)
    assert client.get(reverse("between", args=[storm.number])).status_code == 404


def test_a_conversation_of_thousands_costs_as_many_queries_and_opens_quickly(
    desk, client, django_assert_max_num_queries
):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe my first words")
    fill(desk, ticket, 5000)
    draft = factories.submitted(desk, ticket).draft
    loaded = Ticket.objects.select_related("account").get(pk=ticket.pk)  # as the pages do
    with django_assert_max_num_queries(9):
        thread.of_ticket(loaded)
    client.force_login(desk.rita)
    for address in (reverse("ticket", args=[ticket.number]), reverse("review", args=[draft.pk])):
        client.get(address)
        began = time.process_time()  # our own work; a busy machine makes us wait besides
        page = client.get(address).content.decode()
        assert time.process_time() - began < 5
        assert sum(numbers(page)) > 4900


def test_our_replies_stay_among_hundreds(desk):
    ticket = factories.a_ticket(desk)
    OwnPost.objects.bulk_create(
        [
            OwnPost(
                external_id=str(int(ticket.conversation_id) + 50_000 + one),
                position=int(ticket.conversation_id) + 50_000 + one,
                account=desk.account,
                conversation_id=ticket.conversation_id,
                text=f"reply {one}",
                written_at=ticket.created_at + timedelta(seconds=one),
            )
            for one in range(250)
        ]
    )
    fill(desk, ticket, 300)
    entries = thread.of_ticket(ticket)
    assert len([one for one in entries if one.kind == "own"]) == 250
    assert (
        sum(one.item.count for one in entries if one.kind == "crowd")
        + len([one for one in entries if one.kind == "third"])
        == 300
    )
