"""An account's access to X is its own.

Exchanged ones are refused by the database, do not open, or pause the account; nothing
leaves with them.
"""

import ast
import contextlib

import pytest
from django.db import DatabaseError, connection, transaction

from core.models import Event
from networks.errors import NetworkError
from posting import reconciliation, takedown
from posting.messages import attempt_messages
from posting.models import Delivery
from posting.own_posts import timeline
from posting.sending import delivery
from servicedesk.evidence import facts
from servicedesk.launcher.running import ROOT
from tests import factories
from tests.support.replies import replies
from tickets.accounts import accounts, credentials
from tickets.accounts.credentials import client_for
from tickets.accounts.encryption import opened, sealed
from tickets.ingestion import feed_comparison, polling, refresh
from tickets.models import ConnectedAccount, Feed

pytestmark = [pytest.mark.campaign, pytest.mark.table]

SWAP = """UPDATE tickets_connectedaccount mine
          SET credentials = other.credentials FROM tickets_connectedaccount other
          WHERE (mine.external_id, other.external_id) IN (('901', '902'), ('902', '901'))"""
REFUSED = {
    "exchanged": SWAP,
    "emptied": "UPDATE tickets_connectedaccount SET credentials = ''",
    "another account's by the routine": """SELECT tickets_keep_access(mine.id,
                                           other.credentials, 'kept', NULL, '')
                                           FROM tickets_connectedaccount mine,
                                           tickets_connectedaccount other
                                           WHERE mine.external_id = '901'
                                           AND other.external_id = '902'""",
    "another reason": (
        "SELECT tickets_keep_access(id, credentials, 'changed', NULL, '') "
        "FROM tickets_connectedaccount"
    ),
    "of no account": (
        "SELECT tickets_keep_access(0, credentials, 'kept', NULL, '') FROM tickets_connectedaccount"
    ),
    "a new account with it": """INSERT INTO tickets_connectedaccount (external_id, handle, name,
                                avatar_url, department_id, credentials, status, pause_code,
                                pause_reason, rest_code)
                                SELECT 903, 'new', '', '', department_id, credentials,
                                'active', '', '', ''
                                FROM tickets_connectedaccount WHERE external_id = '901'""",
    "the account becomes another": (
        "UPDATE tickets_connectedaccount SET external_id = '5' WHERE external_id = '901'"
    ),
}


@pytest.fixture
def unguarded(owner):
    """Access exchanged as only the owner can, with the guard switched off.

    A way to run such a statement.
    """

    def run(statement: str, *parameters) -> None:
        owner.execute("ALTER TABLE tickets_connectedaccount DISABLE TRIGGER tickets_account_access")
        try:
            owner.execute(statement, parameters)
        finally:
            owner.execute(
                "ALTER TABLE tickets_connectedaccount ENABLE TRIGGER tickets_account_access"
            )

    return run


@pytest.fixture
def exchanged():
    """The account's access is really another's, though it is sealed for this one.

    As if the values had been mixed up before sealing.
    """

    def make(account, owner_id: int):
        accounts.keep_access(account, {"bearer_token": f"sim-{owner_id}"})
        return ConnectedAccount.objects.select_related("department").get(pk=account.pk)

    return make


def asked(x) -> int:
    """How often X was asked whose access it is."""
    return sum(line["path"] == "/2/users/me" for line in x.control("journal", method="GET"))


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
def test_the_application_does_not_exchange_the_access_of_accounts_by_sql(desk, statement):
    before = dict(ConnectedAccount.objects.values_list("pk", "credentials"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert dict(ConnectedAccount.objects.values_list("pk", "credentials")) == before


def test_the_owner_does_not_exchange_it_either_while_the_guard_stands(open_desk, owner):
    with pytest.raises(Exception, match="the access of another account"):
        owner.execute(SWAP)


def test_access_that_was_exchanged_past_the_guard_does_not_open_and_nothing_is_sent(
    open_desk, x, unguarded
):
    shown = x.says("grace_adeyemi", "@AmselnetzHilfe exchanged by the owner")
    polling.read(Feed.objects.select_related("account__department").get(account=open_desk.account))
    draft = factories.approved(
        open_desk,
        factories.submitted(open_desk, factories.Ticket.objects.get(conversation_id=shown["id"])),
    )
    assert not [fault for fault in facts.faults() if fault.place.startswith("access")]
    unguarded(SWAP)
    assert len([fault for fault in facts.faults() if fault.place.startswith("access")]) == 2
    account = ConnectedAccount.objects.get(external_id="901")
    assert opened(account) == {}
    delivery.send_due()
    account.refresh_from_db()
    assert (account.status, account.pause_code) == ("paused", "unopened_access")
    assert replies(x, shown) == []
    assert draft.newest.text not in [one["text"] for one in x.posted_by_desk(902)]


def test_access_with_another_front_does_not_open(desk):
    theirs = sealed({"bearer_token": "sim-902"}, external_id="902")
    desk.account.credentials = theirs.replace(b"1:902:", b"1:901:")
    assert opened(desk.account) == {}
    desk.account.credentials = sealed({"bearer_token": "sim-901"}, external_id="901")
    assert opened(desk.account) == {"bearer_token": "sim-901"}


def test_access_that_x_says_is_anothers_pauses_the_account_and_nothing_leaves(
    ready, x, exchanged, client, desk
):
    draft, shown = ready
    exchanged(desk.account, 902)
    before = len(x.posted_by_desk(902))
    delivery.send_due()
    delivery.send_due()
    account = ConnectedAccount.objects.get(external_id="901")
    assert (account.status, account.pause_code) == ("paused", "foreign_access")
    assert replies(x, shown) == []
    assert len(x.posted_by_desk(902)) == before
    client.force_login(desk.rita)
    assert "belongs to another account on X" in client.get("/outbox/").content.decode()
    assert attempt_messages.PAUSED["foreign_access"]()
    accounts.resume(account, by=desk.lena)
    delivery.send_due()
    account.refresh_from_db()
    assert account.status == "paused"
    accounts.keep_access(account, {"bearer_token": "sim-901"})
    accounts.resume(account, by=desk.lena)
    delivery.send_due()
    assert len(replies(x, shown)) == 1


USES = {
    "reading": lambda account: polling.read(
        Feed.objects.select_related("account__department").get(account=account)
    ),
    "following": lambda account: refresh.follow_open_tickets(),
    "the watch": lambda account: timeline.watch(),
    "comparing": lambda account: feed_comparison.compare_all(),
    "looking up": lambda account: reconciliation.look_up_uncertain(),
    "taking down": lambda account: takedown.carry_out(),
    "a picture": lambda account: client_for(account).upload_picture(b"x"),
    "a post": lambda account: client_for(account).create_post("x", reply_to=1),
    "deleting": lambda account: client_for(account).delete_post(1),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_no_request_is_made_with_the_access_of_another_account(ready, x, exchanged, use, desk):
    """Whatever the desk wants of X: it only asks whose access it is."""
    delivery.send_due()
    Feed.objects.update(newest_position=1)
    factories.Ticket.objects.update(status="open")
    exchanged(desk.account, 902)
    ConnectedAccount.objects.filter(external_id="902").update(status="revoked")
    x.control("journal", method="DELETE")
    with contextlib.suppress(NetworkError):
        use(ConnectedAccount.objects.select_related("department").get(pk=desk.account.pk))
    assert {line["path"] for line in x.control("journal", method="GET")} <= {"/2/users/me"}


def test_x_is_asked_once_for_a_process_and_once_for_a_change(ready, x, desk):
    credentials._owners.clear()
    x.control("journal", method="DELETE")
    account = ConnectedAccount.objects.select_related("department").get(pk=desk.account.pk)
    for _time in range(3):
        timeline.watch()
        delivery.send_due()
        client_for(account).posts([1])
    assert asked(x) == 2  # two accounts
    accounts.keep_access(account, {"bearer_token": "sim-901"})
    for _time in range(2):
        client_for(ConnectedAccount.objects.get(pk=account.pk)).posts([1])
    assert asked(x) == 3


@pytest.mark.parametrize("kind", ["503", "429", "garbage"])
def test_whose_access_it_is_cannot_be_asked_so_nothing_is_sent_now(ready, x, kind, ahead):
    _draft, shown = ready
    credentials._owners.clear()
    x.control("faults", kind=kind, on="GET /2/users/me")
    delivery.send_due()
    assert replies(x, shown) == []
    assert not Delivery.objects.filter(status="uncertain").exists()
    assert ConnectedAccount.objects.get(external_id="901").status == "active"
    ahead("30 minutes")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


def test_keeping_and_rotating_access_leaves_an_event(desk, settings):
    accounts.keep_access(desk.account, {"bearer_token": "sim-901"}, by=desk.max)
    event = Event.objects.filter(name="credentials.kept").latest("id")
    assert (event.by, event.topic_id, set(event.data)) == (desk.max, desk.account.pk, {"sha256"})
    accounts.keep_access(desk.account, {"bearer_token": "sim-901"}, rotated=True)
    assert Event.objects.filter(name="credentials.rotated").count() == 1


WAYS = {"open_connection", "XClient", "Transport"}


def test_every_way_to_x_goes_through_the_comparison():
    """No part of the desk makes a client of its own.

    But for what asks before an account is connected.
    """
    made = set()
    for path in ROOT.rglob("*.py"):
        package = path.relative_to(ROOT).parts[0]
        if package in {
            "core",
            "people",
            "tickets",
            "approvals",
            "posting",
            "notices",
            "servicedesk",
        }:
            calls = [
                node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
            ]
            if any(
                getattr(call.func, "id", getattr(call.func, "attr", "")) in WAYS for call in calls
            ):
                made.add(str(path.relative_to(ROOT)))
    assert made == {"tickets/accounts/credentials.py", "tickets/accounts/connecting.py"}
