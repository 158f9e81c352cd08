"""Open pages.

Who hears what over the one line to the broker, what happens when it breaks, and who
else is seen at a ticket.
"""

import asyncio
import json
import os

import pytest
import redis
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from core.broker import page_updates, presence
from people.memberships import memberships
from people.models import BrowserSession, Membership
from servicedesk.live import hub as hubs
from servicedesk.live.hub import END, OPEN, Hub, Listener
from servicedesk.live.streams import ASKING, application, stream
from tests import factories
from tests.support.waiting import ROOM, until


@pytest.fixture
def broker():
    """The broker of this test process, empty of our marks."""
    line = redis.Redis.from_url(settings.REDIS_URL)
    for one in line.scan_iter(f"{settings.LIVE_PREFIX}desk:presence:*"):
        line.delete(one)
    page_updates._silent_until = 0.0
    return line


def told(number: int, department: int | None = None, **more) -> dict:
    """A message as `core.audit.record` publishes it."""
    return {
        "id": number,
        "department": department,
        "topic": "ticket:1",
        "name": "ticket.taken",
        **more,
    }


def heard(lines: list[str]) -> list[int]:
    """The numbers in what was written to a page."""
    return [json.loads(one.split("data: ")[1])["id"] for one in lines if one.startswith("id:")]


async def until_marked(listener: Listener, mark: int) -> list[str]:
    """What comes to this page before the message with this number, which everybody hears."""
    got: list[str] = []
    while heard(got)[-1:] != [mark]:
        got.append(await asyncio.wait_for(listener.waiting.get(), ROOM))
    return got[:-1]


async def listening(*listeners: Listener) -> list[list[str]]:
    """Let these pages listen while five messages are published; what each got."""
    line = Hub()
    for one in listeners:
        assert await line.join(one)
    page_updates.publish(told(1, 7))
    page_updates.publish(told(2, 8))
    page_updates.publish(told(3))
    page_updates.publish(told(4, person=5))
    page_updates.publish(told(5, person=6))
    page_updates.publish(told(6))
    got = [await until_marked(one, 6) for one in listeners]
    for one in listeners:
        line.leave(one)
    assert line.task is None
    await line.client.aclose()
    return got


def test_each_page_hears_of_its_departments_and_of_what_is_for_its_person_alone(broker):
    got = asyncio.run(
        listening(
            Listener(5, frozenset({7})), Listener(6, frozenset({7, 8})), Listener(6, frozenset())
        )
    )
    assert [heard(one) for one in got] == [[1, 3, 4], [1, 2, 3, 5], [3, 5]]


def test_a_page_that_is_far_behind_is_told_to_ask():
    page = Listener(1, frozenset())
    for number in range(hubs.MOST_WAITING + 1):
        page.give(f"id: {number}")
    assert page.waiting.qsize() == 1
    assert page.waiting.get_nowait() == OPEN


def test_many_pages_share_one_line_to_the_broker(broker):
    async def run() -> int:
        line = Hub()
        pages = [Listener(one, frozenset()) for one in range(50)]
        for one in pages:
            await line.join(one)
        lines = sum(one["name"] == f"desk-live-{os.getpid()}" for one in broker.client_list())
        for one in pages:
            line.leave(one)
        await line.client.aclose()
        return lines

    assert asyncio.run(run()) == 1


def test_when_the_line_breaks_every_stream_ends_so_that_the_pages_ask(broker):
    async def run() -> list[str]:
        line, page = Hub(), Listener(1, frozenset())
        await line.join(page)
        broker.client_kill_filter(_type="pubsub")
        ended = await asyncio.wait_for(page.waiting.get(), 5)
        line.leave(page)
        await line.client.aclose()
        return [ended]

    assert asyncio.run(run()) == [END]


def test_who_comes_right_after_the_last_one_left_has_a_line_of_their_own(broker):
    async def run() -> list[str]:
        line, first, second = Hub(), Listener(1, frozenset()), Listener(1, frozenset())
        await line.join(first)
        line.leave(first)
        assert await line.join(second)
        page_updates.publish(told(9))
        page_updates.publish(told(10))
        got = await until_marked(second, 10)
        line.leave(second)
        await line.client.aclose()
        return got

    lines = asyncio.run(run())
    assert END not in lines  # the line that is given back ends nobody else's stream
    assert heard(lines) == [9]


def test_without_a_broker_there_is_no_stream_at_all(settings):
    settings.REDIS_URL = "unix:///nonexistent/valkey.sock"

    async def run() -> list[str]:
        hubs.PATIENCE_SECONDS = 0.2
        try:
            return [one async for one in stream(Listener(1, frozenset()), None)]
        finally:
            hubs.PATIENCE_SECONDS = 2.0

    assert asyncio.run(run()) == []


def test_who_looks_at_a_ticket_is_seen_by_colleagues_and_by_nobody_of_another_department(
    desk, broker, client
):
    ticket, person = factories.a_ticket(desk), desk.aylin.person_id

    async def look() -> None:
        lines = stream(Listener(person, frozenset()), ticket)
        assert await anext(lines) == OPEN
        pending = asyncio.ensure_future(anext(lines))
        await until(
            lambda: presence.who([f"ticket:{ticket.pk}"]) == {f"ticket:{ticket.pk}": [person]},
            "who looks is seen",
        )
        pending.cancel()
        await asyncio.gather(pending, return_exceptions=True)
        await lines.aclose()
        await until(
            lambda: presence.who([f"ticket:{ticket.pk}"]) == {}, "who has left is seen no more"
        )

    asyncio.run(look())
    broker.zadd(
        presence.key(f"ticket:{ticket.pk}"),
        {
            str(person): presence.ends_at(),
            "999999": presence.ends_at(),
            str(desk.rita.person_id): 1,
        },
    )
    client.force_login(desk.rita)
    seen = client.get(reverse("live-looking"), {"ticket": [ticket.number, 1, "x"]}).json()[
        "tickets"
    ]
    assert seen == {str(ticket.number): [{"stamp": "an", "name": "Aylin Nergiz", "types": False}]}
    client.force_login(desk.aylin)
    assert client.get(reverse("live-looking"), {"ticket": ticket.number}).json()["tickets"] == {
        str(ticket.number): []
    }
    client.force_login(desk.farida)
    assert client.get(reverse("live-looking"), {"ticket": ticket.number}).json()["tickets"] == {}


def test_who_types_is_seen_typing_until_a_quarter_of_a_minute_later(desk, broker, client, ahead):
    ticket = factories.a_ticket(desk)
    broker.zadd(
        presence.key(f"ticket:{ticket.pk}"), {str(desk.aylin.person_id): presence.ends_at() + 60}
    )
    client.force_login(desk.aylin)
    client.post(
        reverse("draft-save", args=[ticket.number]),
        {"text": "Hi"},
        headers={"x-requested-with": "fetch"},
    )
    client.force_login(desk.rita)

    def ask():
        seen = client.get(reverse("live-looking"), {"ticket": ticket.number}).json()
        return seen["tickets"][str(ticket.number)][0]["types"]

    assert ask() is True
    ahead("20 seconds")
    assert ask() is False


def test_who_is_at_the_desk_is_seen_by_the_departments_colleagues(desk, client, broker):
    people = (
        desk.aylin,
        desk.bastian,
        desk.chiara,
        desk.tomasz,
        desk.samuel,
        desk.rita,
        desk.farida,
    )
    broker.zadd(
        presence.key(presence.DESK),
        {str(one.person_id): presence.ends_at() for one in people} | {str(desk.lena.person_id): 1},
    )
    client.force_login(desk.rita)
    found = client.get(reverse("live-looking")).json()["here"]
    assert [one["stamp"] for one in found["people"]] == ["an", "bv", "cl"]
    assert (
        found["more"] == 2
        # Tomasz and Samuel; not Rita herself, not Farida of a department that she does not see, not
        # Lena, who left
    )
    page = client.get(reverse("queue")).content.decode()
    assert 'title="Aylin Nergiz"' in page.split("data-colleagues")[1].split("</ul>")[0]
    client.force_login(desk.farida)
    assert client.get(reverse("live-looking")).json()["here"] == {"people": [], "more": 0}


def test_an_open_page_of_any_kind_marks_its_person_as_being_at_the_desk(desk, broker):
    listener = Listener(desk.rita.person_id, frozenset({desk.service.pk}))

    async def listen():
        lines = stream(listener, None)
        assert await anext(lines) == OPEN
        await asyncio.wait_for(asyncio.ensure_future(anext(lines)), 0.1)

    with pytest.raises(TimeoutError):
        asyncio.run(listen())
    assert presence.who([presence.DESK]) == {presence.DESK: [desk.rita.person_id]}


def test_presence_waits_for_no_broker(settings, monkeypatch):
    monkeypatch.setattr(
        page_updates, "_client", redis.Redis.from_url("unix:///nonexistent/valkey.sock")
    )
    monkeypatch.setattr(page_updates, "_silent_until", 0.0)
    assert presence.who(["ticket:1"]) == {}
    assert page_updates.is_silent()


def asked(cookie: str, *, method: str = "GET", query: str = "") -> tuple[int, str]:
    """Ask for a stream as a browser would, go away once it has begun; the status and what came."""
    sent: list[dict] = []

    async def run() -> None:
        gone = asyncio.Event()

        async def receive() -> dict:
            if not sent:
                return {"type": "http.request"}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "headers": [(b"cookie", cookie.encode())],
            "query_string": query.encode(),
            "path": "/events/",
        }
        serving = asyncio.ensure_future(application(scope, receive, send))
        await until(
            lambda: serving.done() or any(one.get("body") for one in sent), "the stream begins"
        )
        gone.set()
        await asyncio.wait_for(serving, 10)

    asyncio.run(run())
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent).decode()


@pytest.mark.campaign
@pytest.mark.django_db(transaction=True)
def test_a_stream_is_for_who_is_signed_in_and_ends_for_who_is_not(open_desk, broker, client):
    client.force_login(open_desk.aylin)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    assert asked(cookie) == (200, OPEN)
    assert asked(cookie, method="POST") == (405, "")
    for odd in ("", "sessionid=nobody", "sessionid", "a=\x00b"):
        assert asked(odd) == (401, "")
    memberships.deactivate(open_desk.aylin.person, by=open_desk.max)
    assert asked(cookie) == (401, "")
    for _thread in range(8):
        ASKING.submit(connections.close_all).result()


@pytest.mark.campaign
@pytest.mark.django_db(transaction=True)
def test_a_page_asks_from_where_it_stood_before_it_read_and_misses_nothing_that_came_later(
    open_desk, client, owner
):
    """An event has its number before its transaction ends.

    Who asked by that number missed one that was open while a later one was visible already.
    """
    from core.audit import record

    ticket = factories.a_ticket(open_desk)
    client.force_login(open_desk.aylin)
    owner.execute("BEGIN")
    owner.execute(
        """INSERT INTO core_event (name, topic_kind, topic_id, subject_kind,
                     department_id, data, channel)
                     VALUES ('ticket.taken', 'tickets.ticket', %s, '', %s, '{}', '')
                     RETURNING id""",
        [ticket.pk, ticket.department_id],
    )
    early = owner.fetchone()[0]
    later = record("ticket.taken", ticket, by=open_desk.aylin, department_id=ticket.department_id)
    assert early < later.pk
    page = client.get(reverse("ticket", args=[ticket.number])).content.decode()
    position = int(page.split('data-position="')[1].split('"')[0])

    def asked(after):
        return client.get(reverse("live-since"), {"after": after}).json()

    assert asked(position) == {"events": [], "position": position, "more": False}
    owner.execute("COMMIT")
    found = asked(position)
    assert [one["id"] for one in found["events"]] == [early]
    assert found["position"] > position
    assert asked(found["position"])["events"] == []


@pytest.mark.campaign
@pytest.mark.django_db(transaction=True)
def test_what_happens_while_a_page_is_made_is_told_to_it(open_desk, client, monkeypatch):
    from core.audit import record
    from servicedesk.screens import ticket as screen

    one = factories.a_ticket(open_desk)
    client.force_login(open_desk.aylin)
    happened = []
    shown = screen.detail

    def and_meanwhile(*words, **more):
        found = shown(*words, **more)
        happened.append(
            record("ticket.taken", one, by=open_desk.aylin, department_id=one.department_id).pk
        )
        return found

    monkeypatch.setattr(screen, "detail", and_meanwhile)
    page = client.get(reverse("ticket", args=[one.number])).content.decode()
    position = page.split('data-position="')[1].split('"')[0]
    assert happened[0] in [
        event["id"]
        for event in client.get(reverse("live-since"), {"after": position}).json()["events"]
    ]


@pytest.mark.campaign
@pytest.mark.django_db(transaction=True)
def test_a_page_that_was_away_for_long_asks_until_it_has_everything(open_desk, client, monkeypatch):
    from core.audit import record
    from servicedesk.live import views

    monkeypatch.setattr(views, "AT_ONCE", 3)
    ticket = factories.a_ticket(open_desk)
    client.force_login(open_desk.aylin)
    position, more, heard_of = page_updates.position(), True, []
    made = [
        record("ticket.taken", ticket, by=open_desk.aylin, department_id=ticket.department_id).pk
        for _one in range(7)
    ]
    while more:
        answer = client.get(reverse("live-since"), {"after": position}).json()
        position, more = answer["position"], answer["more"]
        heard_of += [one["id"] for one in answer["events"]]
    assert heard_of == made


@pytest.mark.campaign
@pytest.mark.django_db(transaction=True)
def test_what_the_broker_was_never_told_is_heard_at_the_next_stroke_of_the_clock_once(
    open_desk, broker, monkeypatch
):
    from core.audit import record

    monkeypatch.setattr(hubs, "QUIET_SECONDS", 0.3)
    ticket = factories.a_ticket(open_desk)

    async def run() -> list[int]:
        line, page = Hub(), Listener(1, frozenset({ticket.department_id}))
        await line.join(page)
        await asyncio.wait_for(stroke(page), 20)
        page_updates.fall_silent(OSError("the broker cannot be reached"))
        silent = await asyncio.to_thread(noted)
        page_updates._silent_until = 0.0
        told_at_once = await asyncio.to_thread(noted)
        got: list[int] = []
        for _stroke in range(3):
            got += await asyncio.wait_for(stroke(page), 20)
        line.leave(page)
        await line.client.aclose()
        assert sorted(got) == [silent, told_at_once]
        return got

    def noted() -> int:
        try:
            return record("ticket.taken", ticket, by=None, department_id=ticket.department_id).pk
        finally:
            connections.close_all()

    async def stroke(page: Listener) -> list[int]:
        """What is heard up to the next stroke."""
        got = []
        while (lines := await page.waiting.get()) != hubs.QUIET:
            got += heard([lines])
        return got

    asyncio.run(run())
    for _thread in range(8):
        ASKING.submit(connections.close_all).result()


@pytest.mark.campaign
def test_a_stream_ends_with_its_session_and_a_page_that_may_stay_comes_back(
    open_desk, broker, client
):
    here, there = Client(), Client()
    for one in (here, there):
        one.post("/sign-in/", {"username": "rita", "password": "a-long-password"})
    keys = [one.cookies[settings.SESSION_COOKIE_NAME].value for one in (here, there)]
    listener, aylin = (
        Listener(open_desk.rita.person_id, frozenset(), keys[1]),
        Listener(open_desk.aylin.person_id, frozenset()),
    )

    async def run() -> list[str]:
        line = Hub()
        await line.join(listener)
        await line.join(aylin)
        await asyncio.get_running_loop().run_in_executor(
            ASKING, lambda: here.post("/sign-ins/end-others/")
        )
        got = [await asyncio.wait_for(listener.waiting.get(), 20)]
        while got[-1] != END:
            got.append(await asyncio.wait_for(listener.waiting.get(), 20))
        for one in (listener, aylin):
            line.leave(one)
        await line.client.aclose()
        return got

    assert hubs.AGAIN in asyncio.run(run())
    assert END not in [aylin.waiting.get_nowait() for _number in range(aylin.waiting.qsize())]
    assert asked(f"{settings.SESSION_COOKIE_NAME}={keys[1]}")[0] == 401
    assert asked(f"{settings.SESSION_COOKIE_NAME}={keys[0]}")[0] == 200
    assert there.get("/inbox/").status_code == 302
    answer = there.get("/live/since/?after=0", follow=True)
    assert answer.redirect_chain[0][0].startswith("/sign-in/")


@pytest.mark.campaign
def test_a_stream_ends_with_its_session_also_where_the_broker_said_nothing(open_desk):
    browser = Client()
    browser.force_login(open_desk.rita)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert hubs.over_by_now([key, ""]) == set()
    BrowserSession.objects.filter(user=open_desk.rita).delete()
    assert hubs.over_by_now([key, ""]) == {key}


def test_the_streams_of_who_lost_a_role_begin_anew(open_desk, broker):
    listener, membership = (
        Listener(open_desk.rita.person_id, frozenset({open_desk.service.pk})),
        Membership.objects.get(person=open_desk.rita.person),
    )

    async def run() -> list[str]:
        line = Hub()
        await line.join(listener)
        await asyncio.get_running_loop().run_in_executor(
            ASKING, lambda: memberships.end_role(membership, by=open_desk.max)
        )
        got = []
        while END not in got:
            got.append(await asyncio.wait_for(listener.waiting.get(), 20))
        line.leave(listener)
        await line.client.aclose()
        return got

    assert END in asyncio.run(run())
