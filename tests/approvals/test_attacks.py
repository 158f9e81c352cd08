"""Attacks on the four-eyes rule that need a story of their own.

`docs/attacks.md` lists them all.
"""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from approvals.drafts import drafting
from approvals.models import Draft, Review
from approvals.reviews import decisions
from approvals.states import DraftStatus
from core.errors import NotAllowed, Stale
from people.identity import provisioning
from people.identity.tokens import issue
from people.memberships import memberships
from people.models import Person
from people.roles import Role
from posting.models import Delivery
from posting.sending import delivery
from posting.tasks import send_due
from servicedesk.celery import app
from tests import factories
from tests.approvals.test_four_eyes import guard_refuses, insert_review, screen
from tests.approvals.test_races import at_once
from tests.support.replies import replies


@pytest.mark.campaign
def test_initials_changed_after_the_approval_do_not_change_the_reply(ready, x, desk):
    draft, shown = ready
    Person.objects.filter(pk=desk.aylin.person_id).update(initials="zz")
    delivery.send_due()
    assert replies(x, shown)[0]["text"].endswith(" ^an")


@pytest.mark.campaign
def test_a_target_moved_after_the_approval_does_not_move_the_reply(ready, x, desk):
    draft, shown = ready
    other = factories.a_ticket(desk, "@AmselnetzHilfe something else")
    Draft.objects.filter(pk=draft.pk).update(target=other.last_mention)
    delivery.send_due()
    assert [
        one["reply_to"] for one in x.posted_by_desk() if one["text"].endswith(draft.newest.text)
    ] in ([shown["id"]], [])
    assert not Delivery.objects.exclude(target_id=shown["id"]).exists()


def test_an_author_promoted_to_reviewer_is_still_the_writer(desk):
    revision = factories.submitted(desk)
    memberships.give_role(desk.aylin.person, role=Role.REVIEWER, department=desk.service)
    with pytest.raises(NotAllowed):
        decisions.approve(revision, **screen(revision, desk.aylin))
    guard_refuses(
        lambda: insert_review(
            revision, desk.aylin, desk.aylin.person.membership_set.get(role=Role.REVIEWER)
        ),
        "approvals_review_rule",
    )


def test_a_suggestion_that_the_author_takes_over_is_the_authors_and_the_reviewer_may_approve(desk):
    revision = factories.submitted(desk)
    decisions.request_changes(
        revision, **screen(revision, desk.rita), comment="Better: unplug it, wait, plug it in."
    )
    again = drafting.submit(
        revision.draft, text="Unplug it, wait, plug it in.", context_version=1, by=desk.aylin
    )
    assert decisions.approve(again, **screen(again, desk.rita)).status == DraftStatus.APPROVED


@pytest.mark.campaign
def test_a_bots_token_makes_its_owner_the_writer(desk, client):
    ticket = factories.a_ticket(desk)
    headers = {"authorization": f"Token {issue(desk.rita, name='bot')}"}
    made = client.post(
        f"/api/v1/tickets/{ticket.number}/drafts/",
        json.dumps({"text": "By the bot."}),
        content_type="application/json",
        headers=headers,
    ).json()
    sent = client.post(
        f"/api/v1/drafts/{made['id']}/submit/",
        json.dumps({"text": "By the bot."}),
        content_type="application/json",
        headers=headers,
    ).json()
    client.force_login(desk.rita)
    answer = client.post(
        f"/review/{made['id']}/approve/",
        {"sha256": sent["revisions"][-1]["sha256"], "context_version": sent["context_version"]},
    )
    assert answer.status_code == 403
    assert not Review.objects.exists()


@pytest.mark.campaign
def test_rejecting_and_approving_at_once_ends_in_one_decision(open_desk):
    revision = factories.submitted(open_desk)
    seen = {"sha256": revision.sha256, "context_version": 1}
    outcomes = at_once(
        lambda: decisions.approve(revision, **seen, by=open_desk.rita),
        lambda: decisions.reject(revision, **seen, by=open_desk.tomasz, comment="No."),
    )
    assert sum(isinstance(one, Stale | NotAllowed) for one in outcomes) == 1
    assert Review.objects.count() == 1


def test_times_persons_and_numbers_are_the_databases_own(desk):
    revision = factories.submitted(desk)
    with transaction.atomic(), connection.cursor() as cursor:
        membership = desk.rita.person.membership_set.get()
        cursor.execute(
            """INSERT INTO approvals_review (revision_id, sha256, decision,
                          context_version, comment, paragraph, user_id, person_id, membership_id,
                          channel, at)
                          VALUES (%s, %s, 'approve', 1, '', '', %s, %s, %s, '', '2099-01-01')""",
            [revision.pk, revision.sha256, desk.rita.pk, desk.lena.person_id, membership.pk],
        )
    review = Review.objects.get()
    assert review.at.year < 2099
    assert review.person_id == desk.rita.person_id


def test_a_session_is_over_with_the_sign_out_wherever_its_cookie_went(desk, client):
    client.post("/sign-in/", {"username": "rita", "password": "a-long-password"})
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/inbox/").status_code == 200
    client.post("/sign-out/")
    assert thief.get("/inbox/").status_code == 302


def test_approving_needs_the_forms_token(desk):
    revision = factories.submitted(desk)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.rita)
    assert (
        strict.post(
            f"/review/{revision.draft_id}/approve/",
            {"sha256": revision.sha256, "context_version": 1},
        ).status_code
        == 403
    )
    assert not Review.objects.exists()


def test_messages_are_json_have_no_arguments_and_no_authority(desk):
    assert app.conf.accept_content == ["json"]
    revision = factories.submitted(desk)
    with pytest.raises(TypeError):
        send_due(revision.draft_id)
    send_due()
    assert not Delivery.objects.exists()


def test_a_known_address_belongs_to_its_person(desk):
    with pytest.raises(Exception, match="belongs to somebody else"):
        provisioning.add_sign_in(
            "another",
            person=desk.bastian.person,
            email="Aylin@Example.com",
            password="a-long-password",
        )


@pytest.mark.parametrize(
    "fields", [{"decision": "approved"}, {"sha256": "0" * 64}, {"context_version": 99}]
)
def test_a_decision_of_another_shape_is_refused_by_the_database(desk, fields):
    revision = factories.submitted(desk)
    with pytest.raises(DatabaseError), transaction.atomic():
        insert_review(revision, desk.rita, **fields)
