"""One letter's fault holds no other.

It is set aside with a line on the health page, the others go. Against a mail server
that speaks SMTP.
"""

import socketserver
import threading

import pytest
from django.db import connection
from django.urls import reverse

from notices import dispatch, notice_email
from notices.models import Notice
from people import mail
from people.invitations import password_reset
from people.models import UnsentLetter, User
from servicedesk.operations.monitoring import signs
from tests import factories
from tickets.conversations import notes

pytestmark = [pytest.mark.campaign, pytest.mark.table]


class Conversation(socketserver.StreamRequestHandler):
    """One client's letters, as SMTP has it; a recipient is answered as the server was told."""

    def handle(self) -> None:
        """Answer line by line until the client goes."""
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                self.to = line.partition("<")[2].partition(">")[0]
                self.say(self.server.answers.get(self.to, "250 ok"))
            elif verb == "DATA":
                self.say("354 go on")
                said = b""
                while not said.endswith(b"\r\n.\r\n"):
                    said += self.rfile.readline()
                self.server.taken.append((self.to, said.decode()))
                self.say("250 taken")
            else:
                self.say("221 bye" if verb == "QUIT" else "250 ok")

    def say(self, line: str) -> None:
        """One line to the client."""
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def post_office(settings):
    """A mail server on this machine.

    `answers` says what it thinks of a recipient, `taken` what it took.
    """
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
    server.daemon_threads, server.answers, server.taken = True, {}, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def two_letters(desk):
    """Bastian and Rita are each to get one."""
    told()
    notes.add_note(factories.a_ticket(desk), text="@bastian @rs look", by=desk.aylin)
    told()


def told() -> None:
    """Make the notices of what happened.

    The chain's links are written at commit, which a test's transaction never reaches.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    dispatch.tell()


def health() -> str:
    """What the health page says of e-mails; empty where all is well."""
    sign = next(one for one in signs() if one.name == "E-mails")
    return "" if sign.well else sign.says


def test_an_address_that_the_server_refuses_holds_nobody_elses_letter(
    desk, two_letters, post_office, ahead, client
):
    post_office.answers["bastian@example.com"] = "550 no such person"
    assert health() == ""
    assert notice_email.send_due() == 1
    assert [to for to, _said in post_office.taken] == ["rita@example.com"]
    assert "bastian@example.com (SMTPRecipientsRefused" in health()
    ahead("5 minutes")
    assert notice_email.send_due() == 0  # asking again is of no use
    client.force_login(desk.max)
    assert "bastian@example.com" in client.get(reverse("health")).content.decode()
    del post_office.answers["bastian@example.com"]
    assert mail.send("bastian@example.com", "Another", "one", user=desk.bastian)
    assert health() == ""


def test_who_is_refused_for_now_is_asked_three_times_and_then_set_aside(
    desk, two_letters, post_office, ahead
):
    post_office.answers["bastian@example.com"] = "451 later"
    assert notice_email.send_due() == 1
    for minutes in (2, 4):
        assert health() == ""
        ahead(f"{minutes} minutes")
        assert notice_email.send_due() == 0
    assert "bastian@example.com" in health()


@pytest.mark.parametrize("breaking", ["\n", "\r", "\r\n", "\x00", "\x85", "\u2028"])
def test_no_subject_has_a_second_line(desk, post_office, breaking):
    assert mail.send("rita@example.com", f"Paused{breaking}Bcc: all@example.com", "words")
    head = post_office.taken[0][1].partition("\r\n\r\n")[0]
    assert len([line for line in head.splitlines() if line.startswith(("Subject:", "Bcc:"))]) == 1


def test_a_letter_that_cannot_even_be_written_is_set_aside_and_the_others_go(
    desk, two_letters, post_office
):
    assert Notice.objects.filter(user=desk.bastian).delete()[0] == 1
    event = Notice.objects.get(user=desk.rita).event
    Notice.objects.create(
        user=desk.bastian,
        kind="named",
        what="nobody.knows.this",
        event=event,
        path="/",
        ways=["email"],
    )
    assert notice_email.send_due() == 1
    assert [to for to, _said in post_office.taken] == ["rita@example.com"]
    assert "bastian@example.com" in health()


def test_one_forgotten_password_does_not_hold_the_next(desk, post_office):
    post_office.answers["aylin@example.com"] = "550 no such person"
    for number, name in enumerate(("aylin", "rita")):
        password_reset.wish(name, origin=str(number))
    assert password_reset.answer() == 1
    assert [to for to, _said in post_office.taken] == ["rita@example.com"]
    assert "aylin@example.com" in health()


def test_an_address_that_no_mail_can_be_made_for_is_set_aside_too(desk, post_office):
    User.objects.filter(pk=desk.bastian.pk).update(email="@", confirmed_email="@")
    assert (
        mail.send("no address at all <", "Subject", "words") is False
        or UnsentLetter.objects.exists()
    )
    assert mail.send("rita@example.com", "Subject", "words")
