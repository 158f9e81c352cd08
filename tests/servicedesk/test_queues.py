"""Every task has its queue, and two beats at once do no harm."""

import threading

import pytest
from django.db import connections

from notices import dispatch
from notices.models import Notice
from people.invitations import password_reset
from posting.models import Attempt
from servicedesk.celery import app, timetable
from servicedesk.operations import queues
from servicedesk.operations.broker import ours
from tests import factories
from tests.support.replies import replies
from tickets.conversations import notes
from tickets.ingestion import polling
from tickets.models import Feed, Ticket


def test_every_task_has_a_queue_and_every_queue_has_a_task():
    app.loader.import_default_modules()
    assert set(queues.ROUTES) == {name for name in ours() if "tests" not in name}
    assert set(queues.ROUTES.values()) == set(queues.QUEUES)
    assert set(timetable()) <= set(queues.ROUTES)


def test_a_worker_that_names_no_queue_takes_all():
    assert set(app.amqp.queues) == set(queues.QUEUES)
    for task, queue in queues.ROUTES.items():
        assert app.amqp.router.route({}, task)["queue"].name == queue


def test_neither_reading_nor_letters_stand_before_a_reply():
    of_publish = {task for task, queue in queues.ROUTES.items() if queue == queues.PUBLISH}
    assert of_publish == {
        "posting.tasks.send_due",
        "posting.tasks.look_up_uncertain",
        "posting.tasks.take_down_due",
    }


@pytest.fixture
def busy(open_desk, x):
    """Something for every hand to do: a reply, two letters, a link that was asked for."""
    dispatch.tell()  # the first time only begins: notices are made from here on
    shown = x.says("grace_adeyemi", "@AmselnetzHilfe doubled ticks, please help")
    feed = Feed.objects.select_related("account__department").get(account=open_desk.account)
    polling.read(feed)
    ticket = Ticket.objects.get(conversation_id=shown["id"])
    factories.approved(open_desk, factories.submitted(open_desk, ticket))
    notes.add_note(factories.a_ticket(open_desk), text="@bastian @rs look", by=open_desk.aylin)
    password_reset.wish("rita", origin="198.51.100.7")
    return shown


def tick_twice(name: str) -> None:
    """Run a task in two workers at once."""
    together, failures = threading.Barrier(2), []

    def work() -> None:
        try:
            together.wait(60)
            app.tasks[name]()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(120)
    assert failures == [], name


@pytest.mark.campaign
def test_two_beats_at_once_post_once_write_once_and_tell_once(
    busy, x, settings, mailoutbox, tmp_path
):
    settings.EMAIL_HOST = "mail.example.com"
    settings.ANCHOR_FILE = str(tmp_path / "anchors.jsonl")
    app.loader.import_default_modules()
    for _round in range(2):
        for name in timetable():
            tick_twice(name)
    assert len(replies(x, busy)) == 1
    assert Attempt.objects.count() == 1
    letters = [(letter.to, letter.subject, letter.body) for letter in mailoutbox]
    assert {to for (to,), _subject, _body in letters} >= {"bastian@example.com", "rita@example.com"}
    assert len(letters) == len({str(one) for one in letters})
    told = list(Notice.objects.values_list("user_id", "event_id", "kind"))
    assert told
    assert len(told) == len(set(told))
