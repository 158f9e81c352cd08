"""Nobody comes into somebody else's sign-in unseen.

Sessions and tokens end for good; a forgotten password is answered alike for everybody.
"""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from core.errors import Invalid, NotAllowed
from core.models import Event
from people.identity import passwords, provisioning, sessions, tokens
from people.identity.signing_in import mark_of
from people.invitations import email_addresses, invitations, password_reset
from people.memberships import memberships
from people.models import (
    AccessChange,
    ApiToken,
    BrowserSession,
    Invitation,
    Membership,
    PasswordWish,
    User,
)
from people.roles import Role
from servicedesk.evidence import facts
from servicedesk.operations.monitoring import signs
from tests.approvals.test_four_eyes import guard_refuses

OLD = "a-long-password"
GOOD = "four words nobody knows"
BETTER = "another four words here"
LINK = re.compile(r"/invitation/[\w-]+/")


@pytest.fixture
def mail(settings, mailoutbox):
    """A desk with a mail server; the letters."""
    settings.EMAIL_HOST = "mail.example.com"
    return mailoutbox


@pytest.fixture
def max_here(desk):
    """The administrator, signed in by password."""
    return signed_in(desk.max.username)


def signed_in(username, password=OLD, **where):
    """A browser of its own in which somebody signed in."""
    browser = Client(**where)
    assert (
        browser.post("/sign-in/", {"username": username, "password": password}).status_code == 302
    )
    return browser


def invite_by_colleagues_address(browser, desk):
    """The attack: a colleague's address in an invitation."""
    return browser.post(
        reverse("invite"),
        {
            "name": "Rita S.",
            "initials": "rx",
            "email": "Rita@Example.com",
            "role": "agent",
            "department": desk.service.pk,
        },
    )


def insert_sign_in(person, **fields):
    """A sign-in by raw SQL, as the application's role."""
    row = {
        "username": "ghost",
        "email": "",
        "confirmed_email": "",
        "password": "x",
        "person_id": person.pk,
        "language": "",
        "theme": "",
        "density": "",
        "letters": True,
        "own_letters": "{}",
        "sound": False,
        "moves_on": True,
        "notices": "{}",
        "quiet_days": "{}",
        "is_active": True,
        **fields,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_user ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def test_an_administrator_does_not_come_into_a_colleagues_person_by_an_invitation(desk, max_here):
    answer = invite_by_colleagues_address(max_here, desk)
    assert answer.status_code == 400
    assert "Rita Sommer is at this desk already" in answer.content.decode()
    assert not LINK.search(answer.content.decode())
    assert not Invitation.objects.exists()


@pytest.mark.campaign
def test_with_mail_the_link_goes_to_the_colleague_alone_and_everybody_is_told(desk, max_here, mail):
    answer = invite_by_colleagues_address(max_here, desk)
    assert answer.status_code == 200
    assert not LINK.search(answer.content.decode())
    assert mail[0].to == ["rita@example.com"]
    path = LINK.search(mail[0].body).group()
    assert path not in answer.content.decode()
    refused = max_here.post(path, {"username": "ghost", "password": GOOD})
    assert refused.status_code == 403
    assert "You are signed in as Max Albers" in refused.content.decode()
    assert Client().post(path, {"username": "rita.two", "password": GOOD}).status_code == 302
    further = User.objects.get(username="rita.two")
    assert further.person_id == desk.rita.person_id
    assert [(one.setter_id, one.subject_id, one.kind) for one in AccessChange.objects.all()] == [
        (desk.max.person_id, desk.rita.person_id, "sign_in")
    ] * 2
    assert facts.foreign_sign_ins() == []
    assert (
        "<bdi>Max Albers</bdi> set your further sign-in"
        in signed_in("rita").get("/inbox/").content.decode()
    )


def test_a_letter_that_is_not_taken_leaves_no_link_behind(desk, max_here, mail, settings):
    settings.EMAIL_BACKEND = "tests.people.deaf_mail.Backend"
    answer = invite_by_colleagues_address(max_here, desk)
    assert answer.status_code == 400
    assert not LINK.search(answer.content.decode())
    assert Invitation.objects.get().revoked_at


def test_an_address_that_becomes_a_colleagues_later_leads_nowhere(desk, max_here):
    answer = max_here.post(
        reverse("invite"),
        {
            "name": "Zoe Quill",
            "initials": "zq",
            "email": "new@example.com",
            "role": "agent",
            "department": desk.service.pk,
        },
    )
    path = LINK.search(answer.content.decode()).group()
    email_addresses.set_email(desk.rita, email="new@example.com", by=desk.max)
    refused = Client().post(
        path, {"username": "ghost", "password": GOOD, "email": "new@example.com"}
    )
    assert refused.status_code == 400
    assert not User.objects.filter(username="ghost").exists()


def test_nobody_adds_a_sign_in_to_somebody_else_not_by_verb_nor_api_nor_sql(desk):
    with pytest.raises(NotAllowed, match="adds a further sign-in themselves"):
        provisioning.add_sign_in("ghost", person=desk.rita.person, password=GOOD, by=desk.max)
    with pytest.raises(NotAllowed):
        provisioning.add_sign_in("ghost", person=desk.rita.person, password=GOOD)
    key = tokens.issue(desk.max, name="t")
    for path in ("people/", "invitations/", "sign-ins/"):
        answer = Client().post(
            f"/api/v1/{path}",
            {"username": "ghost"},
            content_type="application/json",
            headers={"authorization": f"Token {key}"},
        )
        assert answer.status_code in {404, 405}
    shown, _key = invitations.invite_to_new_password(desk.rita, by=desk.max)
    for claim in ({}, {"added_by_id": desk.max.pk}, {"invitation_id": shown.pk}):
        guard_refuses(
            lambda claim=claim: insert_sign_in(desk.rita.person, **claim), "people_user_further"
        )
    assert User.objects.filter(person=desk.rita.person).count() == 1


def test_the_database_takes_no_link_into_a_person_that_was_not_mailed_to_their_own_address(desk):
    row = {
        "sha256": "0" * 64,
        "name": "Rita",
        "by": desk.max,
        "role": "agent",
        "department": desk.service,
    }
    for wrong in (
        {"person": desk.rita.person},
        {"user": desk.rita, "by": None},
        {"person": desk.rita.person, "only_by_mail": True, "email": "max@example.com"},
        {"user": desk.rita, "only_by_mail": True, "email": "max@example.com"},
    ):
        guard_refuses(
            lambda wrong=wrong: Invitation.objects.create(**row | wrong), "people_invitation_once"
        )
    email_addresses.set_email(desk.rita, email="maxs.own@example.com", by=desk.max)
    guard_refuses(
        lambda: Invitation.objects.create(
            **row | {"user": desk.rita, "only_by_mail": True, "email": "maxs.own@example.com"}
        ),
        "people_invitation_once",
    )


def test_a_sign_in_past_the_verbs_is_named_by_the_verification(desk):
    insert_sign_in(desk.rita.person, added_by_id=desk.rita.pk)
    named = User.objects.get(username="ghost")
    assert ("foreign_sign_in", f"sign-in {named.pk}") in {
        (one.code, one.place) for one in facts.foreign_sign_ins()
    }


def test_an_invitation_accepted_in_the_inviters_session_is_named_by_the_verification(
    desk, max_here
):
    answer = max_here.post(
        reverse("invite"),
        {
            "name": "Ghost",
            "initials": "gh",
            "email": "",
            "role": "agent",
            "department": desk.service.pk,
        },
    )
    path = LINK.search(answer.content.decode()).group()
    assert max_here.post(path, {"username": "ghost", "password": GOOD}).status_code == 403
    invitation = Invitation.objects.get()
    from core.channel import acting_through

    with acting_through(mark_of(max_here.session.session_key)):
        invitations.accept(invitation, username="ghost", password=GOOD)
    assert [(one.code, one.place) for one in facts.foreign_sign_ins()] == [
        ("own_invitation", f"invitation {invitation.pk}")
    ]


@pytest.mark.campaign
def test_a_link_for_a_new_password_is_shown_only_where_no_mail_goes_and_everybody_is_told(
    desk, max_here, client
):
    rita = signed_in("rita")
    key = tokens.issue(desk.rita, name="t")
    answer = max_here.post(
        reverse("person-act", args=[desk.rita.person_id, "new-password"]), {"user": desk.rita.pk}
    )
    path = LINK.search(answer.content.decode()).group()
    assert "<bdi>Max Albers</bdi> set your password" in rita.get("/inbox/").content.decode()
    assert [
        one.says for one in signs() if "Max Albers for Rita Sommer" in one.says and not one.well
    ]
    assert client.post(path, {"password": GOOD}).status_code == 302
    assert (
        AccessChange.objects.filter(
            setter=desk.max.person, subject=desk.rita.person, kind="password"
        ).count()
        == 2
    )
    assert rita.get("/inbox/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"}).status_code == 401
    told = signed_in("rita", GOOD)
    assert "<bdi>Max Albers</bdi> set your password" in told.get("/inbox/").content.decode()
    told.post("/sign-ins/known/")
    assert "<bdi>Max Albers</bdi> set your password" not in told.get("/inbox/").content.decode()
    assert (
        "<bdi>Max Albers</bdi> set your password"
        in signed_in("rita", GOOD).get("/inbox/").content.decode()
    )


def test_with_mail_a_link_for_a_new_password_is_shown_to_nobody(desk, max_here, mail):
    answer = max_here.post(
        reverse("person-act", args=[desk.rita.person_id, "new-password"]), {"user": desk.rita.pk}
    )
    assert not LINK.search(answer.content.decode())
    assert mail[0].to == ["rita@example.com"]
    assert LINK.search(mail[0].body)


@pytest.mark.campaign
def test_no_link_follows_an_address_that_somebody_else_set_before_its_owner_confirmed_it(
    desk, max_here, mail, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        max_here.post(
            reverse("person-act", args=[desk.rita.person_id, "email"]),
            {"user": desk.rita.pk, "email": "maxs.own@example.com"},
        )
    assert [(one.to, "Max Albers changed the e-mail address" in one.body) for one in mail] == [
        (["rita@example.com"], True)
    ]
    assert (
        max_here.post(
            reverse("person-act", args=[desk.rita.person_id, "new-password"]),
            {"user": desk.rita.pk},
        ).status_code
        == 403
    )
    password_reset.wish("rita", origin="here")
    assert password_reset.answer() == 0
    with pytest.raises(NotAllowed):
        email_addresses.confirm(desk.rita, by=desk.max)
    rita = signed_in("rita")
    assert "was entered by somebody else" in rita.get("/sign-ins/").content.decode()
    rita.post("/sign-ins/confirm-email/", {"user": desk.rita.pk})
    assert desk.rita.email_confirmed
    assert (
        max_here.post(
            reverse("person-act", args=[desk.rita.person_id, "new-password"]),
            {"user": desk.rita.pk},
        ).status_code
        == 200
    )


def test_an_address_that_is_put_back_is_confirmed_as_before(desk):
    email_addresses.set_email(desk.rita, email="wrong@example.com", by=desk.max)
    assert not desk.rita.email_confirmed
    email_addresses.set_email(desk.rita, email="rita@example.com", by=desk.max)
    assert desk.rita.email_confirmed


def test_somebody_adds_a_further_sign_in_of_their_own(desk):
    rita = signed_in("rita")
    assert (
        rita.post(
            "/sign-ins/add/", {"username": "rita.two", "password": GOOD, "old": "wrong"}
        ).status_code
        == 400
    )
    assert (
        rita.post(
            "/sign-ins/add/", {"username": "rita.two", "password": GOOD, "old": OLD}
        ).status_code
        == 302
    )
    added = User.objects.get(username="rita.two")
    assert (added.person_id, added.added_by_id) == (desk.rita.person_id, desk.rita.pk)
    assert facts.foreign_sign_ins() == []
    signed_in("rita.two", GOOD)


@pytest.mark.campaign
def test_a_new_password_ends_every_other_session_and_every_token_for_good(desk):
    here, there = signed_in("rita"), signed_in("rita")
    key = tokens.issue(desk.rita, name="t")
    aylins = tokens.issue(desk.aylin, name="t")
    refused = here.post("/sign-ins/password/", {"old": "wrong", "password": GOOD})
    assert refused.status_code == 400
    assert "not your present password" in refused.content.decode()
    assert here.post("/sign-ins/password/", {"old": OLD, "password": "short"}).status_code == 400
    assert here.post("/sign-ins/password/", {"old": OLD, "password": GOOD}).status_code == 302
    assert here.get("/inbox/").status_code == 200
    assert there.get("/inbox/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"}).status_code == 401
    assert (
        Client().get("/api/v1/me/", headers={"authorization": f"Token {aylins}"}).status_code == 200
    )
    User.objects.filter(pk=desk.rita.pk).update(password=desk.aylin.password)
    assert BrowserSession.objects.filter(user=desk.rita).count() == 0, "past the verbs too"
    assert "password.changed" in Event.objects.values_list("name", flat=True)


def test_a_decision_after_a_new_password_comes_through_a_session_of_its_person(desk):
    here = signed_in("rita")
    here.post("/sign-ins/password/", {"old": OLD, "password": GOOD})
    mark = mark_of(here.session.session_key)
    assert Event.objects.filter(name="person.signed_in", channel=mark, by=desk.rita).exists()


def test_sessions_and_tokens_of_who_was_switched_off_do_not_come_back(desk, max_here):
    rita = signed_in("rita")
    key = tokens.issue(desk.rita, name="t")
    link, _key = invitations.invite_to_new_password(desk.rita, by=desk.max)
    memberships.deactivate(desk.rita.person, by=desk.max)
    memberships.reactivate(desk.rita.person, by=desk.max)
    assert rita.get("/inbox/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"}).status_code == 401
    assert Invitation.objects.get(pk=link.pk).revoked_at
    signed_in("rita")


def test_switching_off_past_the_verbs_ends_them_too(desk):
    rita, key = signed_in("rita"), tokens.issue(desk.rita, name="t")
    for is_active in (False, True):
        User.objects.filter(pk=desk.rita.pk).update(is_active=is_active)
    assert rita.get("/inbox/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"}).status_code == 401


def test_a_revoked_token_is_refused_and_never_comes_back(desk):
    key = tokens.issue(desk.rita, name="t")
    token = ApiToken.objects.get()
    call = {"headers": {"authorization": f"Token {key}"}}
    assert Client().get("/api/v1/me/", **call).status_code == 200
    assert ApiToken.objects.get().used_at
    tokens.revoke(token, by=desk.rita)
    assert Client().get("/api/v1/me/", **call).status_code == 401
    guard_refuses(
        lambda: ApiToken.objects.filter(pk=token.pk).update(revoked_at=None), "people_token_once"
    )
    guard_refuses(
        lambda: ApiToken.objects.filter(pk=token.pk).update(revoked_at="2030-01-01T00:00Z"),
        "people_token_once",
    )
    assert Client().get("/api/v1/me/", **call).status_code == 401


def test_nobody_gets_a_token_or_session_while_switched_off(desk):
    memberships.deactivate(desk.rita.person, by=desk.max)
    guard_refuses(lambda: tokens.issue(desk.rita, name="t"), "people_token_once")
    guard_refuses(
        lambda: BrowserSession.objects.create(
            session_key="k" * 32, session_data="", expire_date="2030-01-01T00:00Z", user=desk.rita
        ),
        "people_session_owner",
    )


def test_a_session_stays_with_its_sign_in(desk):
    signed_in("rita")
    guard_refuses(
        lambda: BrowserSession.objects.filter(user=desk.rita).update(user=desk.aylin),
        "people_session_owner",
    )


@pytest.mark.campaign
def test_nobody_revokes_or_ends_what_is_somebody_elses(desk):
    tokens.issue(desk.rita, name="t")
    token = ApiToken.objects.select_related("user").get()
    rita, aylin = signed_in("rita"), signed_in("aylin")
    mark = sessions.of(desk.rita.person)[0].mark
    with pytest.raises(NotAllowed):
        tokens.revoke(token, by=desk.aylin)
    with pytest.raises(NotAllowed):
        sessions.end(desk.rita.person, mark=mark, by=desk.aylin)
    assert aylin.post("/sign-ins/revoke-token/", {"token": token.pk}).status_code == 404
    aylin.post("/sign-ins/end-session/", {"session": mark})
    assert (
        aylin.post(reverse("person-act", args=[desk.rita.person_id, "end-sessions"])).status_code
        == 403
    )
    key = tokens.issue(desk.aylin, name="mine")
    assert (
        Client()
        .delete(f"/api/v1/tokens/{token.pk}/", headers={"authorization": f"Token {key}"})
        .status_code
        == 404
    )
    assert rita.get("/inbox/").status_code == 200


@pytest.mark.campaign
def test_the_page_lists_sessions_and_tokens_and_ends_them(desk):
    here = signed_in("rita", HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0")
    there = signed_in(
        "rita", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Version/18 Safari/605", REMOTE_ADDR="10.0.0.9"
    )
    page = here.get("/sign-ins/").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "10.0.0.9" in page
    assert here.session.session_key not in page
    made = here.post("/sign-ins/token/", {"name": "Reports"}).content.decode()
    key = re.search(r"paraph_[\w-]+", made).group()
    assert key not in here.get("/sign-ins/").content.decode()
    assert Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"}).status_code == 200
    here.post("/sign-ins/end-others/")
    assert there.get("/inbox/").status_code == 302
    assert here.get("/inbox/").status_code == 200
    here.post("/sign-ins/revoke-token/", {"token": ApiToken.objects.get(name="Reports").pk})
    assert Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"}).status_code == 401
    assert here.post("/sign-ins/token/", {"name": " "}).status_code == 400


@pytest.mark.campaign
def test_an_administrator_sees_and_ends_a_persons_sessions_and_tokens(desk, max_here):
    rita, key = signed_in("rita"), tokens.issue(desk.rita, name="Reports")
    path = reverse("person", args=[desk.rita.person_id])
    assert "Reports" in max_here.get(path).content.decode()
    assert "Reports" not in signed_in("lena").get(path).content.decode()
    max_here.post(f"{path}end-session/", {"session": sessions.of(desk.rita.person)[0].mark})
    assert rita.get("/inbox/").status_code == 302
    max_here.post(f"{path}revoke-token/", {"token": ApiToken.objects.get().pk})
    assert Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"}).status_code == 401
    assert set(
        Event.objects.filter(by=desk.max, topic_id=desk.rita.person_id).values_list(
            "name", flat=True
        )
    ) == {"session.ended", "token.revoked"}
    assert not AccessChange.objects.exists(), "what only ends access gives nobody any"


def test_tokens_are_listed_and_revoked_over_the_api(desk):
    key = tokens.issue(desk.rita, name="t")
    call = {"headers": {"authorization": f"Token {key}"}}
    listed = Client().get("/api/v1/tokens/", **call).json()["results"]
    assert [(one["name"], one["revoked_at"]) for one in listed] == [("t", None)]
    assert Client().delete(f"/api/v1/tokens/{listed[0]['id']}/", **call).status_code == 204
    assert Client().get("/api/v1/tokens/", **call).status_code == 401


@pytest.mark.campaign
def test_who_guesses_the_old_password_waits_as_at_sign_in(desk):
    rita = signed_in("rita")
    answers = [
        rita.post("/sign-ins/password/", {"old": "wrong", "password": GOOD}).status_code
        for _time in range(6)
    ]
    assert answers[-1] == 429
    assert rita.post("/sign-ins/password/", {"old": OLD, "password": GOOD}).status_code == 429


@pytest.mark.campaign
def test_a_password_exchanged_past_the_verbs_is_named_by_the_verification(open_desk):
    assert facts.faults() == []
    User.objects.filter(pk=open_desk.rita.pk).update(password=open_desk.aylin.password)
    assert f"password of sign-in {open_desk.rita.pk}" in {one.place for one in facts.faults()}
    passwords.change(open_desk.rita, GOOD)
    assert facts.faults() == []


def test_who_forgot_the_password_gets_a_link_by_mail_and_nobody_learns_who_is_here(
    desk, mail, client
):
    answers = [
        client.post("/sign-in/forgotten/", {"username": name})
        for name in ("RITA@example.com", "nobody@example.com", "rita")
    ]
    bodies = {
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", one.content.decode())
        for one in answers
    }
    assert len(bodies) == 1
    assert not mail
    assert password_reset.answer() == 2
    assert [one.to for one in mail] == [["rita@example.com"]] * 2
    path = LINK.search(mail[-1].body).group()
    stale = LINK.search(mail[0].body).group()
    rita = signed_in("rita")
    assert client.post(path, {"password": GOOD}).status_code == 302
    assert rita.get("/inbox/").status_code == 302
    assert client.get(stale).status_code == 404
    assert not AccessChange.objects.exists()
    signed_in("rita", GOOD)


def test_links_for_a_forgotten_password_are_not_sent_without_end(desk, mail, client):
    for _time in range(10):
        assert client.post("/sign-in/forgotten/", {"username": "rita"}).status_code == 200
    assert client.post("/sign-in/forgotten/", {"username": "rita"}).status_code == 429
    assert client.post("/sign-in/forgotten/", {"username": "nobody"}).status_code == 429
    assert password_reset.answer() == password_reset.FOR_ONE_SIGN_IN
    assert PasswordWish.objects.filter(done_at=None).count() == 0


def test_without_mail_the_page_says_whom_to_ask(desk, client):
    page = client.get("/sign-in/forgotten/").content.decode()
    assert "Max Albers" in page
    assert "Lena" not in page
    client.post("/sign-in/forgotten/", {"username": "rita"})
    assert not PasswordWish.objects.exists()


def test_an_administrator_changes_the_own_password_by_the_old_one_alone(desk, max_here):
    assert (
        max_here.post(
            reverse("person-act", args=[desk.max.person_id, "new-password"]), {"user": desk.max.pk}
        ).status_code
        == 403
    )
    with pytest.raises(Invalid):
        invitations.invite(
            name="Max",
            initials="",
            email="max@example.com",
            role=Role.ADMINISTRATOR,
            department=None,
            by=desk.max,
        )
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_sessions_that_ran_out_are_forgotten(desk):
    signed_in("rita")
    assert sessions.forget_expired() == 0
    BrowserSession.objects.update(expire_date="2020-01-01T00:00Z")
    assert sessions.of(desk.rita.person) == []
    assert sessions.forget_expired() == 1
