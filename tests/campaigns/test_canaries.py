"""Marked texts of one department are on no page, in no answer and in no letter of another.

See `campaigns/canaries.py`.
"""

import pytest
from django.test import Client

from campaigns.canaries import PLACES, Canaries, letters, mark, sweep
from notices import dispatch
from people.identity.tokens import issue

pytestmark = pytest.mark.campaign
READERS = ("aylin", "rita", "nele", "henrik", "max")


def test_no_marked_text_of_another_department_is_anywhere(open_desk):
    dispatch.tell()  # notices begin at the present
    canaries = Canaries(open_desk)
    clients = {"nobody": Client()} | {actor: Client() for actor in READERS}
    for actor in READERS:
        clients[actor].force_login(getattr(open_desk, actor))
    opened, found = sweep(
        canaries,
        clients,
        {actor: issue(getattr(open_desk, actor), name="test") for actor in READERS},
    )
    written, in_letters = letters(canaries)
    assert opened > 500
    assert written
    assert not found + in_letters, "\n".join(sorted({*found, *in_letters}))


def test_the_marks_are_where_their_own_people_read_them(open_desk):
    """Else the look for them would prove nothing."""
    canaries = Canaries(open_desk)
    own = Client()
    own.force_login(open_desk.lena)
    seen = "".join(
        own.get(address).content.decode()
        for address in canaries.addresses()
        if not address.startswith("/api/v1/")
    ).lower()
    assert [
        place
        for place in PLACES
        if mark("service", place)[:15] not in seen or mark("service", place) not in seen
    ] == []
