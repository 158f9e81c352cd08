"""Say at a list that stops how many there are, and show the way to the rest.

On every screen that has one.
"""

import re
from datetime import timedelta

import html5lib
import pytest
from django.http import QueryDict
from django.urls import reverse

from approvals.models import Draft
from core.models import Event
from core.screens import truncated_lists
from core.text import formatting
from notices.kinds import NoticeKind
from notices.models import Notice
from people.identity import tokens
from people.models import Person
from tests import factories
from tickets import incidents
from tickets.inbox import search
from tickets.models import Gap, Mention, OwnPost, ParkedPost
from tickets.states import IntakeOutcome

pytestmark = [pytest.mark.campaign, pytest.mark.table]

MANY = 63


def posts_without_desk(desk) -> None:
    """Posts of ours past the desk."""
    OwnPost.objects.bulk_create(
        [
            OwnPost(
                external_id=str(1000 + one),
                position=1000 + one,
                account=desk.account,
                conversation_id="1",
                text=f"row {one} of ours",
                written_at=factories.ago(minutes=one),
            )
            for one in range(MANY)
        ]
    )


def filtered_out(desk) -> None:
    """Posts that no ticket was made of."""
    customer = factories.a_ticket(desk).customer
    Mention.objects.bulk_create(
        [
            Mention(
                external_id=str(1000 + one),
                position=1000 + one,
                account=desk.account,
                customer=customer,
                conversation_id=str(one),
                intake_outcome=IntakeOutcome.REPOST,
                written_at=factories.ago(minutes=one),
            )
            for one in range(MANY)
        ]
    )


def parked(desk) -> None:
    """Posts that could not be read."""
    ParkedPost.objects.bulk_create(
        [
            ParkedPost(
                account=desk.account,
                raw={"n": one},
                mark=f"row {one} of parked",
                why=f"row {one} of parked",
            )
            for one in range(MANY)
        ]
    )


def gaps(desk) -> None:
    """Gaps in what was read."""
    at = factories.ago(hours=3)
    Gap.objects.bulk_create(
        [
            Gap(
                account=desk.account,
                after_position=one + 1,
                before_position=one + 2,
                after_at=at,
                before_at=at + timedelta(minutes=1),
            )
            for one in range(MANY)
        ]
    )


def reviews(desk) -> None:
    """Drafts that wait for a second signature."""
    for one in range(52):
        factories.submitted(
            desk,
            factories.a_ticket(desk, by=factories.XUser(5000 + one, f"asks_{one}", f"Asks {one}")),
            text=f"row {one} of reviews",
        )


@pytest.mark.parametrize(
    ("fill", "who", "path", "total"),
    [
        (posts_without_desk, "lena", "/outbox/?tab=without", MANY),
        (filtered_out, "lena", "/inbox/?tab=filtered", MANY),
        (parked, "lena", "/outbox/", MANY),
        (gaps, "lena", "/outbox/", MANY),
        (reviews, "rita", "/review/", 52),
    ],
)
def test_every_list_that_stops_says_so_and_shows_the_way(desk, client, fill, who, path, total):
    fill(desk)
    client.force_login(getattr(desk, who))
    for _page in range(5):
        page = client.get(path).content.decode()
        said = re.search(rf"(\d+) of {total} are shown", page)
        if said is None:
            break
        ways = [
            one.attrib["href"]
            for one in html5lib.parse(page, namespaceHTMLElements=False).iter("a")
            if "list=" in one.attrib.get("href", "")
        ]
        assert ways
        path = path.split("?")[0] + ways[-1]
    else:
        raise AssertionError("the way never ends")
    assert "list=" in path


def test_a_cut_counts_only_where_something_is_left_out(desk, django_assert_num_queries):
    rows = Person.objects.order_by("pk")
    with django_assert_num_queries(1):
        assert truncated_lists.cut(rows, "people", 50, QueryDict("")).is_whole
    with django_assert_num_queries(2):
        found = truncated_lists.cut(rows, "people", 5, QueryDict(""))
    assert (len(found), found.total, found.next) == (5, 12, 12)
    for asked in ("list=people.9", "list=others.2&list=people.9", "list=people.x&list=people.9"):
        assert len(truncated_lists.cut(rows, "people", 5, QueryDict(asked))) == 9
    assert truncated_lists.kept(QueryDict("tab=a&list=people.9&list=others.2"), found) == [
        ("tab", "a"),
        ("list", "others.2"),
    ]


def test_looking_at_notices_marks_those_that_were_shown(desk, client):
    factories.a_ticket(desk)
    event = Event.objects.order_by("-id").first()
    Notice.objects.bulk_create(
        [
            Notice(
                user=desk.rita,
                event=event,
                kind=NoticeKind.values[0],
                what="draft.submitted",
                path=f"/inbox/?{one}",
                ways=[],
            )
            for one in range(130)
        ]
    )
    client.force_login(desk.rita)
    assert (
        truncated_lists.cut(
            Notice.objects.filter(user=desk.rita), "notices", 100, QueryDict("")
        ).total
        == 130
    )
    client.get(reverse("notices"))
    assert Notice.objects.filter(user=desk.rita, seen_at=None).count() == 30
    client.get(reverse("notices") + "?list=notices.130")
    assert not Notice.objects.filter(user=desk.rita, seen_at=None).exists()


def test_of_many_names_the_others_are_counted():
    names = ["Rita", "Lena", "Samuel", "Tomasz", "Farida", "Henrik"]
    assert formatting.listed(names, 4) == "Rita, Lena, Samuel, Tomasz or 2 others"
    assert formatting.listed(names[:5], 4) == "Rita, Lena, Samuel, Tomasz or Farida"


def test_a_search_that_looks_through_a_part_says_so(desk, client, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 2)
    for one in range(3):
        factories.a_ticket(
            desk,
            f"@AmselnetzHilfe the router {one}",
            by=factories.XUser(5000 + one, f"asks_{one}", f"Asks {one}"),
        )
    client.force_login(desk.rita)
    assert "not all were looked through" in client.get("/inbox/?q=router").content.decode()
    assert "not all were looked through" not in client.get("/inbox/?q=nothing").content.decode()


def test_too_many_chosen_tickets_are_refused_whole(desk, client):
    client.force_login(desk.lena)
    answer = client.post(
        reverse("several"),
        {"number": [str(one) for one in range(1, 300)], "act": "tag", "tags": "x"},
    )
    assert answer.status_code == 400
    assert "at most 200 tickets" in answer.content.decode()


def test_all_open_incidents_stand_on_their_page_and_the_list_says_how_many(desk, client):
    for one in range(7):
        incidents.open_incident(name=f"Wave {one}", department=desk.service, by=desk.aylin)
    client.force_login(desk.aylin)
    assert all(f"Wave {one}" in client.get("/incidents/").content.decode() for one in range(7))
    assert "5 of 7 incidents are shown" in client.get("/inbox/").content.decode()


def test_a_list_of_a_thousand_drafts_is_read_to_its_end_while_another_comes(desk, client):
    first = factories.approved(desk)
    [ticket] = factories.arrive(desk, factories.post("@AmselnetzHilfe hello again"))

    def one_more():
        draft = Draft.objects.create(
            ticket=ticket, target=ticket.last_mention, writer=desk.aylin, status="writing"
        )
        Draft.objects.filter(pk=draft.pk).update(status="withdrawn")

    for _number in range(999):
        one_more()
    headers = {"authorization": f"Bearer {tokens.issue(desk.rita, name='test')}"}
    address, seen = "/api/v1/drafts/?page_size=150", []
    while address:
        answer = client.get(address, headers=headers).json()
        seen += [one["id"] for one in answer["results"]]
        address = answer["next"]
        if len(seen) == 300:
            one_more()
    assert len(seen) == len(set(seen)) == 1000
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == first.pk
    empty = client.get("/api/v1/deliveries/", headers=headers).json()
    assert empty == {"next": None, "previous": None, "results": []}
    assert client.get("/api/v1/drafts/?cursor=nonsense", headers=headers).status_code == 404
