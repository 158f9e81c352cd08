"""Notices.

Whom an event concerns, by which way they hear of it, when the desk keeps quiet, and
that nobody hears what they may not see.
"""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from approvals.escalation import escalation, reminders
from approvals.guidelines import editing
from approvals.reviews import decisions, taking_back
from notices import dispatch, notice_email, subscriptions
from notices.kinds import KINDS, NoticeKind, Way
from notices.messages import SENTENCES, sentences
from notices.models import Notice
from people import mail
from people.memberships import memberships
from people.models import Department, User
from people.roles import Role
from tests import factories
from tickets import lifecycle
from tickets.accounts import accounts, profiles
from tickets.conversations import notes
from tickets.ingestion.intake import ingest
from xapi.payloads import Page, XUser


def a_new_guideline(desk):
    """A version for the company, to be confirmed within two days."""
    draft = editing.draft_of(None, by=desk.max)
    draft = editing.save_draft(
        draft,
        saved=draft.saved,
        by=desk.max,
        confirm_within_hours=48,
        text_en="## 1 Courtesy\n\nBe kind.",
        text_de="",
        training_en="",
        training_de="",
        summary="New.",
    )
    return editing.publish(draft, by=desk.max)


@pytest.fixture
def told(desk):
    """Make the notices of what happened since.

    The chain's links are written at commit, which a test's transaction never reaches.
    """

    def tell() -> list[tuple[str, str]]:
        known = set(Notice.objects.values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        dispatch.tell()
        dispatch.remind()
        return sorted(
            (one.user.username, one.what)
            for one in Notice.objects.exclude(pk__in=known).select_related("user")
        )

    tell()
    return tell


def test_what_comes_back_is_told_to_who_wrote_it(desk, told):
    revision = factories.submitted(desk)
    assert told() == []
    decisions.request_changes(
        revision,
        sha256=revision.sha256,
        context_version=revision.context_version,
        comment="Kinder, please.",
        by=desk.rita,
    )
    assert told() == [("aylin", "review.changes_requested")]
    [(notice, said)] = sentences(Notice.objects.select_related("event__by__person"))
    assert (
        said
        == f"Ticket {revision.draft.ticket.number}: Rita Sommer asks for changes to your reply."
    )
    assert notice.path == f"/tickets/{revision.draft.ticket.number}/"
    assert told() == []  # a second run makes nothing twice


def test_an_approval_that_is_taken_back_in_time_is_told_to_nobody(desk, told, settings, ahead):
    settings.SEND_DELAY_SECONDS = 5
    draft = factories.approved(desk)
    taking_back.revoke(draft, by=desk.rita)
    assert told() == []
    draft = factories.approved(desk, draft.newest)
    ahead("6 seconds")
    taking_back.revoke(draft, by=desk.rita)
    assert told() == [("aylin", "approval.revoked")]


def test_who_was_not_told_of_a_request_for_changes_before_it_was_undone_never_is(desk, told):
    revision = factories.submitted(desk)
    seen = {"sha256": revision.sha256, "context_version": 1, "by": desk.rita}
    decisions.request_changes(revision, comment="Kinder.", **seen)
    taking_back.take_back_changes(revision.draft, by=desk.rita)
    assert told() == []
    decisions.request_changes(revision, comment="Kinder.", **seen)
    assert told() == [("aylin", "review.changes_requested")]
    taking_back.take_back_changes(revision.draft, by=desk.rita)
    assert not Notice.objects.filter(seen_at=None).exists()


def test_who_is_named_given_a_ticket_or_written_to_hears_of_it_and_nobody_of_their_own_deed(
    desk, told
):
    ticket = factories.a_ticket(desk)
    lifecycle.take(ticket, by=desk.aylin)
    notes.add_note(ticket, text="@bv and @nele and @aylin, have a look", by=desk.aylin)
    assert told() == [("bastian", "note.added")]  # nele is of another department and may not see it
    lifecycle.assign(ticket, to=desk.bastian.person, by=desk.lena)
    assert told() == [("bastian", "ticket.assigned")]
    mention = ticket.mentions.get()
    ingest(
        Page(
            posts=(
                factories.post(
                    "@AmselnetzHilfe and now it is dark",
                    conversation=mention.conversation_id or mention.external_id,
                ),
            ),
            users={factories.GRACE.id: factories.GRACE},
        ),
        desk.account,
    )
    assert told() == [("bastian", "mentions.ingested")]


def test_a_paused_account_is_told_to_the_leads_side_above_and_to_administrators(desk, told):
    accounts.pause(desk.business_account, reason="A wave of spam.", by=desk.farida)
    assert told() == [
        ("henrik", "account.paused"),
        ("lena", "account.paused"),
        ("max", "account.paused"),
        ("samuel", "account.paused"),
    ]


def test_another_handle_of_an_account_is_told_and_another_name_is_no_news(desk, told):
    profiles.follow(desk.account, XUser(901, "AmselnetzHilfe", "Another name"))
    assert told() == []
    profiles.follow(desk.account, XUser(901, "Taken_Over", "Another name"))
    assert told() == [
        ("lena", "account.renamed"),
        ("max", "account.renamed"),
        ("samuel", "account.renamed"),
    ]
    [(_notice, said), *_others] = sentences(Notice.objects.select_related("event__by__person"))
    assert said.startswith("On X an account of ours is called @Taken_Over now.")


def test_everybody_chooses_what_comes_by_which_way(desk, told, client):
    client.force_login(desk.rita)
    page = client.get(reverse("notice-choices")).content.decode()
    assert all(str(one.sentence) in page for one in KINDS)
    client.post(
        reverse("notice-choices"),
        {"ways-review": ["desk", "email", "carrier pigeon"], "quiet_from": "", "quiet_until": ""},
    )
    assert subscriptions.ways_of(desk.rita, NoticeKind.REVIEW) == ["desk", "email"]
    assert subscriptions.ways_of(desk.rita, NoticeKind.CALLED) == []
    revision = factories.submitted(desk)
    assert told() == [("rita", "draft.submitted")]
    assert (
        client.get(reverse("notices")).content.decode().count(f"/review/{revision.draft_id}/") == 1
    )
    assert Notice.objects.get().seen_at is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"quiet_from": "22:00", "quiet_until": ""}, "a beginning and an end"),
        ({"quiet_from": "7:00", "quiet_until": "7:00"}, "a beginning and an end"),
        ({"quiet_from": "late", "quiet_until": "07:00"}, "like 22:00"),
    ],
)
def test_refused_quiet_hours_keep_what_was_typed(desk, client, typed, said):
    client.force_login(desk.rita)
    answer = client.post(
        reverse("notice-choices"), typed | {"ways-named": ["email"], "quiet_days": ["6", "x"]}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert all(f'value="{one}"' in page for one in typed.values())
    assert page.count("checked") == 2  # the one tick and the one day


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-25T21:59", None),
        ("2026-11-25T22:00", "2026-11-26T07:00"),
        ("2026-11-26T06:59", "2026-11-26T07:00"),
        ("2026-11-26T07:00", None),
        (
            "2026-11-27T23:00",
            "2026-11-30T07:00",
        ),  # Friday night, then the weekend, then Monday before seven
        ("2026-10-24T12:00", "2026-10-26T07:00"),  # over the change to winter time
    ],
)
def test_quiet_hours_by_the_clock_of_the_department_over_midnight_and_weekend(desk, at, until):
    user = desk.rita
    user.quiet_from, user.quiet_until, user.quiet_days = time(22), time(7), [5, 6]
    zone = subscriptions.zone_of(user)
    moment = datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC)
    expected = datetime.fromisoformat(until).replace(tzinfo=zone).astimezone(UTC) if until else None
    assert subscriptions.quiet_until(user, moment) == expected


def test_quiet_hours_gather_e_mails_into_one_letter_and_keep_the_desktop_still(
    desk, told, ahead, settings, mailoutbox, client
):
    settings.EMAIL_HOST = "mail.example.com"
    in_three_hours = (datetime.now(subscriptions.zone_of(desk.bastian)) + timedelta(hours=3)).time()
    an_hour_ago = (datetime.now(subscriptions.zone_of(desk.bastian)) - timedelta(hours=1)).time()
    User.objects.filter(username="bastian").update(
        quiet_from=an_hour_ago, quiet_until=in_three_hours
    )
    ticket = factories.a_ticket(desk)
    for text in ("@bastian one", "@bastian two"):
        notes.add_note(ticket, text=text, by=desk.aylin)
    assert len(told()) == 2
    assert notice_email.send_due() == 0
    client.force_login(desk.bastian)
    assert [
        one["desktop"] for one in client.get(reverse("notices-new"), {"after": 0}).json()["notices"]
    ] == [False, False]
    ahead("4 hours")
    assert notice_email.send_due() == 1
    assert notice_email.send_due() == 0
    assert mailoutbox[0].to == ["bastian@example.com"]
    assert mailoutbox[0].subject == "2 notices"
    assert mailoutbox[0].body.count(f"/tickets/{ticket.number}/") == 2


def test_what_was_seen_in_the_desk_is_not_sent_and_a_deaf_mail_server_is_asked_three_times(
    desk, told, ahead, settings, monkeypatch, client
):
    settings.EMAIL_HOST = "mail.example.com"
    asked = []
    monkeypatch.setattr(
        mail,
        "send_mail",
        lambda *arguments: asked.append(arguments) or (_ for _ in ()).throw(OSError("deaf")),
    )
    ticket = factories.a_ticket(desk)
    notes.add_note(ticket, text="@bastian @rs look", by=desk.aylin)
    told()
    client.force_login(desk.rita)
    client.get(reverse("notices"))
    for minutes in range(1, 12, 2):
        ahead(f"{minutes} minutes")
        assert notice_email.send_due() == 0
    assert [arguments[3] for arguments in asked] == [["bastian@example.com"]] * 3


def test_who_is_called_gets_a_letter_in_their_language_that_tells_nothing_and_decides_nothing(
    desk, told, ahead, settings, mailoutbox
):
    settings.EMAIL_HOST = "mail.example.com"
    User.objects.filter(pk=desk.lena.pk).update(language="de")
    revision = factories.submitted(desk, text="Hi Grace, a secret word.")
    ahead("12 minutes")
    reminders.call_all()
    assert told() == [("lena", "lead.called")]
    assert notice_email.send_due() == 1
    letter = mailoutbox[0]
    assert letter.subject.startswith("Ihre Entscheidung: Ticket")
    assert letter.body.split("/review/")[1].split()[0] == f"{revision.draft_id}/"
    assert "secret word" not in letter.body
    assert "blinks orange" not in letter.body


def test_the_letter_about_an_escalated_reply_opens_its_review_and_without_a_reply_its_ticket(
    desk, told, settings, mailoutbox
):
    settings.EMAIL_HOST = "mail.example.com"
    revision = factories.submitted(desk, text="Hi Grace, a secret word.")
    escalation.escalate(revision.draft.ticket, reason="A known satirist.", by=desk.aylin)
    bare = factories.a_ticket(desk)
    escalation.escalate(bare, reason="No words for it yet.", by=desk.aylin)
    reminders.call_all()
    told()
    assert notice_email.send_due() == 1
    body = mailoutbox[0].body
    assert body.index("A known satirist.") < body.index(f"/review/{revision.draft_id}/")
    assert body.index("No words for it yet.") < body.index(f"/tickets/{bare.number}/")
    assert "secret word" not in body


def test_without_a_mail_server_nothing_is_sent(desk, told, ahead, mailoutbox):
    factories.submitted(desk)
    ahead("12 minutes")
    reminders.call_all()
    told()
    assert notice_email.send_due() == 0
    assert mailoutbox == []


def test_a_new_guideline_is_told_and_half_of_the_time_later_once_more_to_who_has_not_confirmed(
    desk, told, ahead
):
    version = a_new_guideline(desk)
    writers = {
        "aylin",
        "bastian",
        "chiara",
        "rita",
        "tomasz",
        "lena",
        "samuel",
        "nele",
        "minh",
        "farida",
        "henrik",
    }
    assert {user for user, _what in told()} == writers
    editing.confirm(version, by=desk.aylin)
    ahead("23 hours")
    assert told() == []
    ahead("25 hours")
    assert {(user, what) for user, what in told()} == {
        (user, "guideline.reminder") for user in writers - {"aylin"}
    }
    ahead("30 hours")
    assert told() == []
    [reminder] = Notice.objects.filter(user=desk.rita, what="guideline.reminder")
    assert reminder.path == reverse("guideline-confirm", args=[version.pk])


def test_somebody_without_a_role_any_more_hears_nothing(desk, told):
    ticket = factories.a_ticket(desk)
    for one in desk.bastian.memberships:
        memberships.end_role(one, by=desk.max)
    told()
    notes.add_note(ticket, text="@bastian still there?", by=desk.aylin)
    assert told() == []


def test_the_open_page_asks_for_what_is_new_and_gets_nobody_elses(desk, told, client):
    notes.add_note(factories.a_ticket(desk), text="@bastian look", by=desk.aylin)
    told()
    notice = Notice.objects.get()
    for who, expected in ((desk.bastian, [notice.pk]), (desk.chiara, [])):
        client.force_login(who)
        answer = client.get(reverse("notices-new"), {"after": 0}).json()
        assert [one["id"] for one in answer["notices"]] == expected
        assert answer["unseen"] == len(expected)
    client.force_login(desk.bastian)
    assert client.get(reverse("notices-new"), {"after": notice.pk}).json()["notices"] == []
    for odd in ("", "x", "-1", "9" * 30):
        assert client.get(reverse("notices-new"), {"after": odd}).status_code == 400


def test_every_kind_has_a_default_and_every_source_a_sentence():
    assert {one.kind for one in KINDS} == set(NoticeKind)
    assert {way for one in KINDS for way in one.ways} <= set(Way)
    assert set(dispatch.SOURCES) | {"guideline.reminder", "membership.by_one"} == set(SENTENCES)


def test_old_notices_are_thrown_away(desk, told, ahead):
    notes.add_note(factories.a_ticket(desk), text="@bastian look", by=desk.aylin)
    told()
    ahead("31 days")
    assert dispatch.forget_old() == 1


def test_a_newly_made_department_has_a_ladder_that_hears(desk, told):
    """A role given later hears of what happens later."""
    night = Department.objects.create(name_en="Night", name_de="Nacht", parent=desk.service)
    memberships.give_role(desk.chiara.person, role=Role.LEAD, department=night, by=desk.max)
    told()
    ticket = factories.a_ticket(desk)
    lifecycle.hand_off(ticket, to=night, note="", by=desk.lena)
    notes.add_note(ticket.__class__.objects.get(pk=ticket.pk), text="@chiara yours", by=desk.lena)
    assert told() == [("chiara", "note.added")]
