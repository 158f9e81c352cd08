"""The worker is killed while a reply is being sent, and the answer is lost."""

import os
import signal

import pytest

from tests.stack import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.campaign]
SERVICE = 2400000001


def the_worker_is_killed_in_the_middle(stack, draft):
    """Kill the worker while the reply is in flight, and start another."""

    def in_the_middle():
        deliveries = stack.call("rita", "deliveries/", method="GET")[1]["results"]
        return [
            one
            for one in deliveries
            if one["draft"] == draft["id"] and one["status"] == "in_flight"
        ]

    wait_until(in_the_middle, 10, "the reply is in flight", stack.logs)
    os.kill(stack.parts["worker"].process.pid, signal.SIGKILL)
    stack.parts["worker"].process.wait(5)
    assert (
        len([one for one in stack.x.posted_by_desk(SERVICE) if "survives a kill" in one["text"]])
        == 1
    )
    stack.start_worker()


def test_after_kill_9_and_a_lost_answer_the_reply_is_on_x_once_and_the_desk_says_so(stack):
    stack.x.says("killed_kit", "@AmselnetzHilfe the worker will be killed while answering this")
    ticket = stack.ticket_of("killed_kit")
    words = "A reply that survives a kill."
    _status, draft = stack.call("aylin", f"tickets/{ticket['number']}/drafts/", text=words)
    status, draft = stack.call("aylin", f"drafts/{draft['id']}/submit/", text=words)
    assert status == 200
    stack.x.control("faults", kind="slow", seconds=2.5)
    revision = draft["revisions"][-1]
    before = len(stack.x.control("journal", method="GET"))
    status, _draft = stack.call(
        "rita",
        f"drafts/{draft['id']}/approve/",
        sha256=revision["sha256"],
        context_version=draft["context_version"],
    )
    assert status == 200

    the_worker_is_killed_in_the_middle(stack, draft)

    def settled():
        return next(
            (
                one
                for one in stack.call("rita", "deliveries/", method="GET")[1]["results"]
                if one["draft"] == draft["id"] and one["status"] == "posted"
            ),
            None,
        )

    found = wait_until(settled, 40, "the desk finds the reply", stack.logs)
    [reply] = [one for one in stack.x.posted_by_desk(SERVICE) if "survives a kill" in one["text"]]
    assert found["post"] == str(reply["id"])
    assert (
        stack.call("rita", f"tickets/{ticket['number']}/", method="GET")[1]["status"] == "answered"
    )
    assert len(stack.x.control("journal", method="GET")) > before
    page = stack.call("rita", "deliveries/", method="GET")[1]["results"]
    assert "Posted today at" in next(one for one in page if one["draft"] == draft["id"])["sentence"]
