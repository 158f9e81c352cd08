"""Who may endorse is itself decided by four eyes.

Verbs, browser, raw SQL; and one administrator alone posts nothing unseen.
"""

import json
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from approvals.drafts import drafting, payload
from approvals.models import Draft, Review
from approvals.reviews import decisions, voiding
from core.errors import NotAllowed
from core.models import Event
from networks.registry import network_of
from notices import dispatch
from notices.models import Notice
from people import access
from people.identity import persons, provisioning
from people.identity.tokens import issue
from people.invitations import email_addresses
from people.memberships import endorsement, memberships
from people.models import Membership, Person, RoleConfirmation, User
from people.roles import ReviewPolicy, Role, Standing
from servicedesk.evidence import facts
from servicedesk.operations import monitoring
from tests import factories
from tests.approvals.test_four_eyes import guard_refuses, insert_review, screen

GOOD = "four words nobody knows"
RULE = "people_roleconfirmation_rule"


def join(by, name, role, department):
    """Somebody is invited by `by` in the browser and accepts the link.

    Who they are, nobody knows.
    """
    browser = Client()
    browser.force_login(by)
    answer = browser.post(
        reverse("invite"),
        {
            "name": name,
            "initials": "",
            "email": "",
            "role": role,
            "department": department.pk if department else "",
        },
    )
    path = re.search(r"/invitation/[\w-]+/", answer.content.decode()).group()
    username = name.lower().replace(" ", ".")
    assert Client().post(path, {"username": username, "password": GOOD}).status_code == 302
    user = User.objects.get(username=username)
    Person.objects.filter(pk=user.person_id).update(
        initials="".join(chr(97 + int(one)) for one in f"{user.person_id:04d}"[-4:])
    )
    return User.objects.select_related("person").get(pk=user.pk)


def tell():
    """Make the notices.

    The chain's links are written at commit, which a test's transaction never reaches.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    dispatch.tell()


def role_of(user):
    """The newest role."""
    return Membership.objects.with_standing().filter(person=user.person_id).latest("id")


def standing(membership):
    """As the database sees it now."""
    return Membership.objects.with_standing().get(pk=membership.pk).standing


def insert_word(membership, user, under, word="confirmed", **fields):
    """A raw confirmation as the application's role."""
    row = {
        "membership_id": membership.pk,
        "word": word,
        "user_id": user.pk,
        "person_id": user.person_id,
        "under_id": under.pk,
        "channel": "",
        **fields,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_roleconfirmation ({', '.join(row)}) "
            f"VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def read_again(user):
    """With the roles of now."""
    return User.objects.select_related("person").get(pk=user.pk)


@pytest.fixture
def alone(desk):
    """One administrator and an agent: nobody else has a right to give roles."""
    for one in (desk.rita, desk.tomasz, desk.lena, desk.samuel, desk.henrik, desk.farida):
        memberships.deactivate(one.person)
    return desk


@pytest.mark.campaign
def test_an_invited_ghost_does_not_approve_while_a_lead_could_have_confirmed_it(desk):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    revision = factories.submitted(desk)
    assert role_of(ghost).standing == Standing.WAITS
    with pytest.raises(
        NotAllowed, match="counts once a second person has confirmed it: Lena Brandt"
    ) as refused:
        decisions.approve(revision, **screen(revision, ghost))
    assert refused.value.code == "role_waits"
    guard_refuses(lambda: insert_review(revision, ghost), "approvals_review_rule")
    assert not Review.objects.exists()
    endorsement.confirm(role_of(ghost), by=desk.lena)
    assert decisions.approve(revision, **screen(revision, read_again(ghost))).status == "approved"
    assert not Review.objects.get().rests_on_one


@pytest.mark.parametrize("role", ["reviewer", "deputy", "lead", "administrator"])
def test_every_role_that_endorses_waits_for_a_second_person(desk, role):
    ghost = join(desk.max, "Gerda Ghost", role, None if role == "administrator" else desk.service)
    assert role_of(ghost).standing == Standing.WAITS
    assert not access.decides_escalations(ghost, desk.service)
    assert not access.may_endorse(ghost, desk.service)
    assert not ghost.is_administrator


@pytest.mark.campaign
def test_an_agents_role_endorses_under_the_policy_colleagues_only_once_it_is_confirmed(desk):
    ghost = join(desk.max, "Gerda Ghost", "agent", desk.business)
    ticket = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz hello", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    revision = factories.submitted(desk, ticket, by=desk.nele)
    with pytest.raises(NotAllowed, match="counts once a second person"):
        decisions.approve(revision, **screen(revision, ghost))
    guard_refuses(lambda: insert_review(revision, ghost), "approvals_review_rule")
    endorsement.confirm(role_of(ghost), by=desk.henrik)
    assert decisions.approve(revision, **screen(revision, read_again(ghost))).status == "approved"


@pytest.mark.campaign
def test_a_policy_changed_by_one_administrator_gives_a_ghost_no_right(desk):
    ghost = join(desk.max, "Gerda Ghost", "agent", desk.service)
    type(desk.service).objects.filter(pk=desk.service.pk).update(
        review_policy=ReviewPolicy.COLLEAGUES
    )
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed):
        decisions.approve(revision, **screen(revision, read_again(ghost)))
    guard_refuses(lambda: insert_review(revision, ghost), "approvals_review_rule")
    assert decisions.approve(revision, **screen(revision, desk.bastian)).status == "approved"


def test_neither_giver_nor_receiver_nor_a_stranger_confirms_by_verb_and_by_sql(desk):
    ghost = join(desk.max, "Gerda Ghost", "lead", desk.business)
    given, administrator = role_of(ghost), Membership.objects.get(person=desk.max.person)
    for who, code in (
        (desk.max, "own_gift"),
        (ghost, "own_role"),
        (desk.rita, "no_right"),
        (desk.samuel, "no_right"),
        (desk.nele, "no_right"),
    ):
        with pytest.raises(NotAllowed) as refused:
            endorsement.confirm(given, by=who)
        assert refused.value.code == code
    guard_refuses(lambda: insert_word(given, desk.max, administrator), RULE)
    guard_refuses(lambda: insert_word(given, ghost, given), RULE)
    guard_refuses(
        lambda: insert_word(given, desk.rita, Membership.objects.get(person=desk.rita.person)), RULE
    )
    guard_refuses(
        lambda: insert_word(given, desk.rita, Membership.objects.get(person=desk.lena.person)), RULE
    )
    endorsement.confirm(given, by=desk.henrik)
    assert standing(given) == Standing.CONFIRMED


@pytest.mark.campaign
def test_a_lead_elsewhere_does_not_confirm_but_a_lead_above_does(desk):
    here = role_of(join(desk.max, "Gerda Ghost", "reviewer", desk.service))
    below = role_of(join(desk.max, "Gustav Ghost", "reviewer", desk.business))
    with pytest.raises(NotAllowed):
        endorsement.confirm(here, by=desk.henrik)
    guard_refuses(
        lambda: insert_word(here, desk.henrik, Membership.objects.get(person=desk.henrik.person)),
        RULE,
    )
    endorsement.confirm(below, by=desk.lena)
    assert standing(below) == Standing.CONFIRMED


@pytest.mark.campaign
def test_a_linked_person_confirms_nothing_for_the_giver_or_the_receiver(desk):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    persons.link(desk.lena.person, same_as=desk.max.person, by=desk.max)
    for second in (desk.lena,):
        with pytest.raises(NotAllowed):
            endorsement.confirm(role_of(ghost), by=second)
        guard_refuses(
            lambda second=second: insert_word(
                role_of(ghost), second, Membership.objects.get(person=second.person)
            ),
            RULE,
        )
    other = join(desk.max, "Gustav Ghost", "lead", desk.business)
    persons.link(other.person, same_as=desk.henrik.person, by=desk.max)
    with pytest.raises(NotAllowed):
        endorsement.confirm(role_of(other), by=desk.henrik)
    guard_refuses(
        lambda: insert_word(
            role_of(other), desk.henrik, Membership.objects.get(person=desk.henrik.person)
        ),
        RULE,
    )


def test_a_role_that_has_ended_confirms_nothing_and_is_not_confirmed(desk):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    ended = Membership.objects.get(person=desk.lena.person)
    memberships.end_role(ended)
    guard_refuses(lambda: insert_word(role_of(ghost), desk.lena, ended), RULE)
    given = role_of(ghost)
    memberships.end_role(given, by=desk.max)
    guard_refuses(
        lambda: insert_word(given, desk.henrik, Membership.objects.get(person=desk.henrik.person)),
        RULE,
    )
    with pytest.raises(NotAllowed):
        endorsement.confirm(Membership.objects.get(pk=given.pk), by=desk.henrik)


def test_who_holds_a_leads_new_password_does_not_confirm_in_their_name(desk, client):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    client.force_login(desk.max)
    client.post(
        reverse("person-act", args=[desk.lena.person_id, "new-password"]), {"user": desk.lena.pk}
    )
    with pytest.raises(NotAllowed, match="7 days"):
        endorsement.confirm(role_of(ghost), by=desk.lena)
    guard_refuses(
        lambda: insert_word(
            role_of(ghost), desk.lena, Membership.objects.get(person=desk.lena.person)
        ),
        RULE,
    )


def test_a_role_set_up_by_command_counts_and_takes_no_confirmation(desk):
    role = Membership.objects.get(person=desk.rita.person)
    assert standing(role) == Standing.COMMAND
    with pytest.raises(NotAllowed):
        endorsement.refuse(role, by=desk.lena)
    guard_refuses(
        lambda: insert_word(
            role, desk.lena, Membership.objects.get(person=desk.lena.person), "refused"
        ),
        RULE,
    )


@pytest.mark.campaign
def test_a_team_of_two_posts_on_the_first_day_and_everybody_sees_that_one_gave_the_right(
    alone, client
):
    desk = alone
    tell()
    colleague = join(desk.max, "Cora Colleague", "reviewer", desk.service)
    assert role_of(colleague).standing == Standing.BY_ONE
    revision = factories.submitted(desk)
    draft = decisions.approve(revision, **screen(revision, colleague))
    review = Review.objects.get()
    assert review.rests_on_one
    client.force_login(colleague)
    assert "Right given by one" in client.get(reverse("outbox")).content.decode()
    page = client.get(reverse("ticket", args=[draft.ticket.number])).content.decode()
    assert "Right given by one" in page
    assert "Right given by one" in client.get(reverse("evidence", args=[draft.pk])).content.decode()
    answer = client.get(
        f"/api/v1/drafts/{draft.pk}/",
        headers={"authorization": f"Token {issue(colleague, name='t')}"},
    ).json()
    assert answer["revisions"][0]["reviews"][0]["given_by_one"] is True
    sign = next(one for one in monitoring.signs() if one.name == "Roles that may approve")
    assert not sign.well
    assert "Cora Colleague" in sign.says
    tell()
    assert {"aylin", "bastian", "chiara"} <= set(
        Notice.objects.filter(what="membership.by_one").values_list("user__username", flat=True)
    )


@pytest.mark.campaign
def test_the_mark_goes_once_a_second_person_confirms(alone):
    desk = alone
    colleague = join(desk.max, "Cora Colleague", "reviewer", desk.service)
    revision = factories.submitted(desk)
    decisions.approve(revision, **screen(revision, colleague))
    with_command = provisioning.add_sign_in(
        "second", person=persons.add_person("Selma Second", initials="ss")
    )
    memberships.give_role(with_command.person, role=Role.ADMINISTRATOR, department=None)
    assert standing(role_of(colleague)) == Standing.WAITS  # now there is somebody who could confirm
    assert voiding.pair_fault(revision) == "right_lost"
    endorsement.confirm(role_of(colleague), by=read_again(with_command))
    assert standing(role_of(colleague)) == Standing.CONFIRMED
    assert not Review.objects.get().rests_on_one
    assert voiding.pair_fault(revision) is None
    assert next(one for one in monitoring.signs() if one.name == "Roles that may approve").well


@pytest.mark.campaign
def test_ghosts_that_confirm_each_other_keep_the_mark(alone):
    desk = alone
    first = join(desk.max, "Gerda Ghost", "administrator", None)
    second = join(desk.max, "Gustav Ghost", "administrator", None)
    third = join(desk.max, "Gisela Ghost", "reviewer", desk.service)
    assert [standing(role_of(one)) for one in (first, second, third)] == [
        Standing.BY_ONE,
        Standing.WAITS,
        Standing.WAITS,
    ]
    endorsement.confirm(role_of(second), by=read_again(first))
    endorsement.confirm(role_of(first), by=read_again(second))
    endorsement.confirm(role_of(third), by=read_again(second))
    assert [standing(role_of(one)) for one in (first, second, third)] == [Standing.BY_ONE] * 3
    revision = factories.submitted(desk)
    decisions.approve(revision, **screen(revision, read_again(third)))
    assert Review.objects.get().rests_on_one
    assert len(endorsement.given_by_one()) == 3


@pytest.mark.campaign
def test_a_ghost_administrator_gives_nothing_that_its_maker_may_confirm(desk, alone):
    ghost = join(desk.max, "Gerda Ghost", "administrator", None)
    other = join(read_again(ghost), "Gustav Ghost", "reviewer", desk.service)
    with pytest.raises(NotAllowed):
        endorsement.confirm(role_of(other), by=desk.max)
    guard_refuses(
        lambda: insert_word(
            role_of(other), desk.max, Membership.objects.get(person=desk.max.person)
        ),
        RULE,
    )
    assert standing(role_of(other)) == Standing.BY_ONE


def test_an_administrator_whose_role_waits_gives_no_roles_by_verb_and_by_sql(desk):
    ghost = join(desk.max, "Gerda Ghost", "administrator", None)
    with pytest.raises(NotAllowed, match="does not count yet"):
        memberships.give_role(
            desk.bastian.person, role=Role.REVIEWER, department=desk.service, by=ghost
        )
    guard_refuses(
        lambda: Membership.objects.create(
            person=desk.bastian.person,
            role=Role.REVIEWER,
            department=desk.service,
            given_by=ghost.person,
        ),
        "people_membership_period",
    )
    guard_refuses(
        lambda: Membership.objects.create(
            person=desk.bastian.person,
            role=Role.REVIEWER,
            department=desk.service,
            given_by=desk.rita.person,
        ),
        "people_membership_period",
    )


@pytest.mark.campaign
def test_an_administrator_who_leads_does_not_endorse_the_words_of_a_ghost_of_their_own(desk):
    memberships.give_role(desk.max.person, role=Role.LEAD, department=desk.service)
    ghost = join(desk.max, "Gerda Ghost", "agent", desk.service)
    revision = factories.submitted(desk, by=ghost)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.max))
    assert refused.value.code == "made_by_one"
    guard_refuses(
        lambda: insert_review(
            revision, desk.max, Membership.objects.get(person=desk.max.person, role=Role.LEAD)
        ),
        "approvals_review_rule",
    )
    # As raw SQL could write it: the verb refuses
    whole = payload.ready("Hi Grace, please unplug it.", ghost.person, network_of("x").text)
    corrected = drafting.freeze(
        revision.draft, whole, by=desk.max, context_version=1, correction=True, pictures=[]
    )
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(corrected, **screen(corrected, ghost))
    assert refused.value.code == "made_by_one"
    guard_refuses(lambda: insert_review(corrected, ghost), "approvals_review_rule")
    endorsement.confirm(role_of(ghost), by=desk.lena)
    assert decisions.approve(corrected, **screen(corrected, read_again(ghost))).status == "approved"


@pytest.mark.campaign
def test_a_reviewer_whose_password_was_set_does_not_endorse_a_ghost_of_who_set_it(desk):
    ghost = join(desk.max, "Gerda Ghost", "agent", desk.service)
    email_addresses.set_email(desk.rita, email="max.himself@example.com", by=desk.max)
    revision = factories.submitted(desk, by=ghost)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.rita))
    assert refused.value.code == "made_by_one"
    guard_refuses(lambda: insert_review(revision, desk.rita), "approvals_review_rule")
    assert decisions.approve(revision, **screen(revision, desk.tomasz)).status == "approved"


@pytest.mark.campaign
def test_a_confirmation_taken_back_makes_the_approval_void_and_a_refused_role_counts_nowhere(desk):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    endorsement.confirm(role_of(ghost), by=desk.lena)
    revision = factories.submitted(desk)
    decisions.approve(revision, **screen(revision, read_again(ghost)))
    endorsement.refuse(role_of(ghost), by=desk.lena)
    assert standing(role_of(ghost)) == Standing.REFUSED
    assert voiding.void_all() == 1
    assert Draft.objects.get(pk=revision.draft_id).status == "in_review"
    with pytest.raises(NotAllowed, match="was not confirmed"):
        decisions.approve(revision, **screen(revision, read_again(ghost)))


@pytest.mark.campaign
def test_the_last_administrator_is_not_refused(alone):
    desk = alone
    first = join(desk.max, "Gerda Ghost", "administrator", None)
    second = join(desk.max, "Berta Lead", "lead", desk.service)
    endorsement.confirm(role_of(second), by=read_again(first))
    endorsement.confirm(role_of(first), by=read_again(second))
    memberships.deactivate(desk.max.person, by=read_again(first))
    with pytest.raises(Exception, match="last administrator"):
        endorsement.refuse(role_of(first), by=read_again(second))
    guard_refuses(lambda: insert_word(role_of(first), second, role_of(second), "refused"), RULE)


def test_words_about_roles_are_facts_and_told_by_events(desk):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    first, again = (
        endorsement.confirm(role_of(ghost), by=desk.lena),
        endorsement.confirm(role_of(ghost), by=desk.lena),
    )
    assert first == again
    assert Event.objects.filter(name="membership.confirmed").count() == 1
    for act in (
        "UPDATE people_roleconfirmation SET word = 'refused'",
        "DELETE FROM people_roleconfirmation",
        "TRUNCATE people_roleconfirmation CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)


@pytest.mark.campaign
def test_a_confirmation_by_raw_sql_has_no_event_and_no_door_of_its_person(open_desk):
    desk = open_desk
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    assert not [
        one
        for one in facts.facts_without_event()
        if "role" in one.place or "membership" in one.place
    ]
    insert_word(role_of(ghost), desk.lena, Membership.objects.get(person=desk.lena.person))
    number = RoleConfirmation.objects.get().pk
    found = {(one.code, one.place) for one in facts.faults()}
    assert {
        ("fact_without_event", f"confirmation of a role {number}"),
        ("foreign_door", f"confirmation of a role {number}"),
    } <= found


@pytest.mark.campaign
def test_a_role_by_raw_sql_in_the_name_of_the_command_is_found(open_desk):
    desk = open_desk
    made = Membership.objects.create(
        person=desk.bastian.person, role=Role.REVIEWER, department=desk.service
    )
    found = {one.place for one in facts.facts_without_event()}
    assert {f"membership {made.pk}", f"giver of membership {made.pk}"} <= found


@pytest.mark.campaign
def test_the_people_page_says_who_can_confirm_and_has_the_button_for_them_alone(desk, client):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    path = reverse("person", args=[ghost.person_id])
    client.force_login(desk.max)
    page = client.get(path).content.decode()
    assert "Waits for confirmation by a second lead or administrator" in page
    assert "Lena Brandt" in page
    assert "given by <bdi>Max Albers</bdi>" in page
    assert "Confirm this role" not in page
    client.force_login(desk.lena)
    assert "Waiting for your confirmation" in client.get(reverse("people")).content.decode()
    assert "Confirm this role" in client.get(path).content.decode()
    act = reverse("person-act", args=[ghost.person_id, "confirm"])
    assert client.post(act, {"membership": role_of(ghost).pk}).status_code == 302
    assert "<bdi>Lena Brandt</bdi> confirmed it" in client.get(path).content.decode()
    client.force_login(desk.aylin)
    assert (
        client.post(
            reverse("person-act", args=[ghost.person_id, "refuse"]),
            {"membership": role_of(ghost).pk},
        ).status_code
        == 403
    )


@pytest.mark.campaign
def test_the_api_says_how_a_role_stands(desk):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    answer = (
        Client()
        .get("/api/v1/me/", headers={"authorization": f"Token {issue(ghost, name='t')}"})
        .json()
    )
    assert [one["standing"] for one in answer["memberships"]] == ["waits"]
    revision = factories.submitted(desk)
    refused = Client().post(
        f"/api/v1/drafts/{revision.draft_id}/approve/",
        json.dumps({"sha256": revision.sha256, "context_version": 1}),
        content_type="application/json",
        headers={"authorization": f"Token {issue(ghost, name='t')}"},
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "role_waits")


def test_nobody_is_named_as_one_who_can_decide_while_their_role_waits(desk):
    ghost = join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.aylin))
    assert "Rita Sommer" in str(refused.value)
    assert "Gerda Ghost" not in str(refused.value)
    assert ghost.person not in access.entitled(desk.service)
    endorsement.confirm(role_of(ghost), by=desk.lena)
    assert ghost.person in access.entitled(desk.service)


def test_who_waits_for_a_word_is_told_that_they_cannot_give_one_yet(desk):
    lead, other = (
        join(desk.max, "Gerda Ghost", "lead", desk.service),
        join(desk.max, "Gustav Ghost", "agent", desk.business),
    )
    with pytest.raises(NotAllowed) as refused:
        endorsement.confirm(role_of(other), by=read_again(lead))
    assert refused.value.code == "role_waits"


def test_who_can_confirm_is_told(desk):
    tell()
    join(desk.max, "Gerda Ghost", "reviewer", desk.service)
    tell()
    assert set(
        Notice.objects.filter(what="membership.opened").values_list("user__username", flat=True)
    ) == {"lena", "gerda.ghost"}


@pytest.mark.campaign
def test_nobody_decides_without_initials_by_verb_and_by_sql(desk, client):
    Person.objects.filter(pk=desk.rita.person_id).update(initials=None)
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed, match="Max Albers can give you some") as refused:
        decisions.approve(revision, **screen(revision, desk.rita))
    assert refused.value.code == "initials_missing"
    guard_refuses(lambda: insert_review(revision, desk.rita), "approvals_review_rule")
    client.force_login(desk.rita)
    page = client.get(f"/review/{revision.draft_id}/").content.decode()
    assert "You have no initials yet" in page
    assert "/approve/" not in page


@pytest.mark.campaign
def test_evidence_shows_the_initials_that_were_given_when_signing_and_none_made_from_a_name(
    desk, client
):
    draft = factories.approved(desk)
    persons.rename(desk.rita.person, name="Rita Sommer", initials="rx", is_listed_by_name=False)
    review = Review.objects.get()
    assert review.initials == "rs"
    client.force_login(desk.rita)
    page = client.get(reverse("evidence", args=[draft.pk])).content.decode()
    assert "^rs" in page
    assert "^rx" not in page
    Person.objects.filter(pk=desk.aylin.person_id).update(initials=None)
    page = client.get(reverse("evidence", args=[draft.pk])).content.decode()
    assert '<span class="evidence__sign">^an' not in page


def test_a_stamp_shows_given_initials_or_a_neutral_figure(desk, client):
    Person.objects.filter(pk=desk.bastian.person_id).update(initials=None)
    assert desk.bastian.person.stamp == ""
    client.force_login(desk.aylin)
    page = client.get(reverse("people")).content.decode()
    assert '<span class="stamp">bv</span>' not in page
    assert "#person" in page
