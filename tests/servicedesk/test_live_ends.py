"""A stream ends with its session, whatever ended it.

At once by the broker's word, and by the clock where the broker said nothing.
"""

import asyncio

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from core.broker import page_updates
from people.identity import sessions
from people.memberships import memberships
from people.models import BrowserSession
from servicedesk.live import hub as hubs
from servicedesk.live.hub import END, Hub, Listener
from servicedesk.live.streams import ASKING

pytestmark = [pytest.mark.campaign, pytest.mark.table]

OLD = "a-long-password"
NEW = "four words nobody knows"
WAYS = {
    "signing out": lambda desk, here, there: there.post("/sign-out/"),
    "a new password": lambda desk, here, there: here.post(
        "/sign-ins/password/", {"old": OLD, "password": NEW}
    ),
    "switched off": lambda desk, here, there: memberships.deactivate(desk.rita.person, by=desk.max),
    "ended from another browser": lambda desk, here, there: here.post("/sign-ins/end-others/"),
    "ended by an administrator": lambda desk, here, there: sessions.end_all_of(
        desk.rita.person, by=desk.max
    ),
}


def signed_in(username: str) -> tuple[Client, str]:
    """A browser with a session, and the session's key."""
    browser = Client()
    assert browser.post("/sign-in/", {"username": username, "password": OLD}).status_code == 302
    return browser, browser.cookies[settings.SESSION_COOKIE_NAME].value


def only_the_colleague_listens_on(key, colleague):
    """See that the session is gone, and that nobody else's stream ended."""
    for _thread in range(8):
        ASKING.submit(connections.close_all).result()
    assert not BrowserSession.objects.filter(session_key=key).exists()
    assert END not in [
        colleague.waiting.get_nowait() for _number in range(colleague.waiting.qsize())
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["the broker", "the clock"])
@pytest.mark.parametrize("way", WAYS)
def test_a_stream_ends_whatever_ended_its_session(open_desk, monkeypatch, way, by):
    page_updates._silent_until = 0.0
    here, _key = signed_in("rita")
    there, key = signed_in("rita")
    _other, stays = signed_in("aylin")
    theirs = Listener(open_desk.rita.person_id, frozenset(), key)
    colleague = Listener(open_desk.aylin.person_id, frozenset(), stays)
    monkeypatch.setattr(hubs, "QUIET_SECONDS", 3600 if by == "the broker" else 0.3)

    def act() -> None:
        try:
            if by == "the clock":
                page_updates.fall_silent(OSError("the broker cannot be reached"))
                # Nor does the chain say it
                monkeypatch.setattr(hubs, "since", lambda position: (0, []))
            WAYS[way](open_desk, here, there)
        finally:
            connections.close_all()

    async def run() -> list[str]:
        line, got = Hub(), []
        for one in (theirs, colleague):
            assert await line.join(one)
        await asyncio.to_thread(act)
        async with asyncio.timeout(30):
            while END not in got:
                got.append(await theirs.waiting.get())
        for one in (theirs, colleague):
            line.leave(one)
        await line.client.aclose()
        return got

    asyncio.run(run())
    page_updates._silent_until = 0.0
    only_the_colleague_listens_on(key, colleague)
