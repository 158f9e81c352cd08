"""What lies in the broker and nobody can read is dropped, counted, and ends nothing.

Queue, notes of it, live channel, marks.
"""

import asyncio
import base64
import json
from threading import Timer

import pytest
import redis
from django.conf import settings
from kombu import Queue

from core.broker import page_updates, presence, read_receipts, unreadable
from servicedesk.celery import app
from servicedesk.live.hub import Hub, Listener
from servicedesk.operations.broker import QuickConnection
from servicedesk.operations.monitoring import gauges, signs

TASK = "posting.tasks.send_due"
QUEUE = "unreadable"
OPTIONS = app.conf.broker_transport_options | {"global_keyprefix": settings.LIVE_PREFIX}


def message(**fields) -> dict:
    """A message as Celery writes it, with some of it changed."""
    good = {
        "body": base64.b64encode(b"[[], {}, {}]").decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"task": TASK, "id": "1", "lang": "py"},
        "properties": {
            "delivery_tag": "1",
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": QUEUE},
        },
    }
    return {**good, **fields}


UNREADABLE = {
    "no JSON": b"not json at all",
    "no letters": b"\xff\xfe\x00\x80",
    "nothing": b"",
    "a list": b"[1, 2, 3]",
    "a number": b"7",
    "null": b"null",
    "an empty object": b"{}",
    "too deep": b"[" * 50_000,
    "20 MB of junk": b"x" * 20_000_000,
    "20 MB in a good message": json.dumps(message(body="x" * 20_000_000)).encode(),
    "an unknown task": json.dumps(message(headers={"task": "os.system", "id": "1"})).encode(),
    "a task of Celery's own": json.dumps(
        message(headers={"task": "celery.map", "id": "1"})
    ).encode(),
    "a name that is a list": json.dumps(message(headers={"task": ["a"], "id": "1"})).encode(),
    "headers that are a list": json.dumps(message(headers=[TASK])).encode(),
}
TAKEN_AS_THE_NAME_ALONE = {
    "a pickled body": message(
        body=base64.b64encode(b"\x80\x04.").decode(),
        **{"content-type": "application/x-python-serialize"},
    ),
    "a body that is no base64": message(body="%%%"),
    "arguments": message(body=base64.b64encode(b'[[1], {"a": 2}, {}]').decode()),
    "no properties": {key: value for key, value in message().items() if key != "properties"},
    "properties of another kind": message(properties="x"),
    "times of another kind": message(
        headers={
            "task": TASK,
            "id": "1",
            "expires": "soon",
            "eta": [],
            "timelimit": "x",
            "retries": {},
        }
    ),
    "a number that is none": message(headers={"task": TASK, "id": {"a": 1}}),
}


@pytest.fixture
def broker():
    """The broker of this test process, without count and queue."""
    line = redis.Redis.from_url(settings.REDIS_URL)
    page_updates._silent_until = 0.0
    for key in (
        unreadable.key(),
        settings.LIVE_PREFIX + QUEUE,
        settings.LIVE_PREFIX + "unacked",
        settings.LIVE_PREFIX + "unacked_index",
    ):
        line.delete(key)
    yield line
    line.delete(settings.LIVE_PREFIX + QUEUE)


@pytest.fixture
def reader(broker):
    """A consumer as a worker has it; its list holds the names that came."""
    app.loader.import_default_modules()
    came: list[str] = []
    with QuickConnection(settings.CELERY_BROKER_URL, transport_options=OPTIONS) as line:
        with line.Consumer(
            Queue(QUEUE),
            accept=["json"],
            on_message=lambda one: (came.append(one.headers["task"]), one.decode(), one.ack()),
        ):

            def until(number: int) -> list[str]:
                while len(came) < number:
                    line.drain_events(timeout=30)
                return came

            yield until


@pytest.mark.parametrize("what", UNREADABLE)
def test_an_unreadable_message_is_dropped_and_the_next_one_read(broker, reader, what, caplog):
    broker.lpush(settings.LIVE_PREFIX + QUEUE, UNREADABLE[what])
    broker.lpush(settings.LIVE_PREFIX + QUEUE, json.dumps(message()))
    assert reader(1) == [TASK]
    assert unreadable.counted()[0] == 1
    assert "Dropped, since nobody can read it: a message in the queue" in caplog.text
    assert len(caplog.text) < 4000
    assert broker.llen(settings.LIVE_PREFIX + QUEUE) == 0


@pytest.mark.parametrize("what", TAKEN_AS_THE_NAME_ALONE)
def test_of_a_message_only_the_tasks_name_counts(broker, reader, what):
    broker.lpush(settings.LIVE_PREFIX + QUEUE, json.dumps(TAKEN_AS_THE_NAME_ALONE[what]))
    assert reader(1) == [TASK]


@pytest.mark.campaign
def test_something_else_in_the_place_of_the_queue_is_cleared_away(broker, reader):
    broker.set(settings.LIVE_PREFIX + QUEUE, "a string")
    Timer(1.5, lambda: broker.lpush(settings.LIVE_PREFIX + QUEUE, json.dumps(message()))).start()
    assert reader(1) == [TASK]
    assert unreadable.counted()[0] == 1


def test_an_unreadable_note_of_what_was_handed_out_is_dropped(broker):
    broker.zadd(settings.LIVE_PREFIX + "unacked_index", {"tag": 1})
    broker.hset(settings.LIVE_PREFIX + "unacked", "tag", b"no json")
    with QuickConnection(settings.CELERY_BROKER_URL, transport_options=OPTIONS) as line:
        line.channel().qos.restore_visible()
    assert broker.zcard(settings.LIVE_PREFIX + "unacked_index") == 0
    assert unreadable.counted()[0] == 1


def test_nobody_steers_the_workers_over_the_broker():
    assert app.conf.worker_enable_remote_control is False
    assert app.conf.broker_channel_error_retry is True


GOOD = {"id": 9, "department": None, "topic": "ticket:1", "name": "ticket.taken"}


@pytest.mark.parametrize(
    "raw",
    [
        b"no json",
        b"\xff",
        b"7",
        b"[]",
        b"{}",
        b"x" * 20_000_000,
        b"[" * 50_000,
        json.dumps({**GOOD, "id": "9"}),
        json.dumps({**GOOD, "department": "7"}),
        json.dumps({**GOOD, "topic": 1}),
        json.dumps({**GOOD, "name": None}),
        json.dumps({**GOOD, "person": []}),
        json.dumps({**GOOD, "id": True}),
    ],
)
def test_a_poisoned_message_ends_no_stream(broker, raw):
    async def run() -> list[str]:
        line, page = Hub(), Listener(1, frozenset())
        assert await line.join(page)
        broker.publish(page_updates.channel(), raw)
        page_updates.publish(GOOD | {"more": "<script>"})
        got = await asyncio.wait_for(page.waiting.get(), 30)
        line.leave(page)
        await line.client.aclose()
        return [got, page.waiting.qsize()]

    got, waiting = asyncio.run(run())
    assert json.loads(got.split("data: ")[1]) == GOOD
    assert waiting == 0
    assert unreadable.counted()[0] == 1


def test_poisoned_marks_of_who_looks_and_who_read_end_no_page(broker):
    broker.delete(presence.key("ticket:1"), presence.key("ticket:2"), read_receipts.key(1))
    broker.zadd(
        presence.key("ticket:1"),
        {
            b"\xff": presence.ends_at(),
            "1; DROP": presence.ends_at(),
            "9" * 40: presence.ends_at(),
            "5": presence.ends_at(),
        },
    )
    broker.set(presence.key("ticket:2"), "a string")
    assert presence.who(["ticket:1", "ticket:2"]) == {"ticket:1": [5]}
    broker.hset(
        read_receipts.key(1),
        mapping={"ticket:1": "soon", "ticket:2": "9" * 40, "ticket:3": "1700000000"},
    )
    assert read_receipts.up_to(1, ["ticket:1", "ticket:2", "ticket:3"]) == {
        "ticket:3": 1_700_000_000
    }
    broker.delete(presence.key("ticket:2"), read_receipts.key(1))
    assert not page_updates.is_silent()


def test_what_was_dropped_stands_on_health_and_in_the_metrics(broker, desk):
    assert next(one for one in signs() if "broker" in one.name).well
    unreadable.note("a message in the queue", b"junk")
    sign = next(one for one in signs() if "broker" in one.name)
    assert not sign.well
    assert sign.says.startswith("1 could not be read")
    assert {name: value for name, _help, value in gauges()}["broker_messages_dropped"] == 1
    broker.hset(unreadable.key(), mapping={"n": "1", "at": "9" * 17})
    assert not next(one for one in signs() if "broker" in one.name).well
    broker.hset(unreadable.key(), mapping={"n": "poison", "at": "poison"})
    assert next(one for one in signs() if "broker" in one.name).well
