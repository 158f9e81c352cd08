"""Hold two persons that an administrator linked for one person.

In each of the five points of the rule, in Python and in the database.
"""

import re
from pathlib import Path

import pytest
from django.apps import apps

from approvals.drafts import drafting, payload
from approvals.escalation import escalation, reminders
from approvals.models import Call
from approvals.reviews import decisions, voiding
from core.database.guards import Guard, Routine
from core.errors import NotAllowed
from people.identity import persons, provisioning
from people.memberships import memberships
from people.models import AccessChange, Membership, Person, PersonLink
from people.roles import Role
from tests import factories
from tests.approvals.test_four_eyes import guard_refuses, insert_review, screen

pytestmark = [pytest.mark.campaign, pytest.mark.table]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def other_aylin(desk):
    """Make a second row of the same human being as Aylin.

    It has a sign-in and a role of its own: team lead.
    """
    person = persons.add_person("Aylin Springer", initials="as")
    user = provisioning.add_sign_in("springer", person=person, email="springer@example.com")
    memberships.give_role(person, role=Role.REVIEWER, department=desk.service)
    PersonLink.objects.create(person=person, same_as=desk.aylin.person)
    return user


def test_point_one_a_linked_person_is_no_second_one(desk, other_aylin):
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, other_aylin))
    assert refused.value.code == "same_person"
    guard_refuses(lambda: insert_review(revision, other_aylin), "approvals_review_rule")


def test_point_two_an_approval_of_a_person_linked_later_no_longer_counts(desk):
    revision = factories.submitted(desk)
    decisions.approve(revision, **screen(revision, desk.rita))
    PersonLink.objects.create(person=desk.rita.person, same_as=desk.aylin.person)
    assert voiding.pair_fault(revision) == "one_person"


def test_point_three_a_linked_person_countersigns_as_the_one_they_are(desk, other_aylin):
    revision = factories.submitted(desk)
    memberships.end_role(Membership.objects.get(person=other_aylin.person_id))
    memberships.give_role(other_aylin.person, role=Role.AGENT, department=desk.service)
    corrected = decisions.correct(
        revision, text="Hi Grace, please unplug it.", **screen(revision, desk.rita)
    )
    fresh = type(other_aylin).objects.select_related("person").get(pk=other_aylin.pk)
    assert decisions.approve(corrected, **screen(corrected, fresh)).status == "approved"
    assert voiding.pair_fault(corrected) is None


def test_point_three_a_role_given_to_oneself_by_a_linked_row_does_not_count_for_earlier_words(
    desk, other_aylin
):
    administrator = provisioning.add_sign_in(
        "m2", person=persons.add_person("Max Zwei", initials="mz")
    )
    PersonLink.objects.create(person=administrator.person, same_as=desk.max.person)
    memberships.give_role(administrator.person, role=Role.ADMINISTRATOR, department=None)
    revision = factories.submitted(desk)
    given = memberships.give_role(
        desk.max.person, role=Role.REVIEWER, department=desk.service, by=administrator
    )
    from people.memberships import endorsement

    endorsement.confirm(given, by=desk.lena)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.max))
    assert refused.value.code == "self_made_role"
    guard_refuses(lambda: insert_review(revision, desk.max, given), "approvals_review_rule")


def test_point_four_the_leads_other_row_is_not_another_lead(desk):
    lead = provisioning.add_sign_in("lena2", person=persons.add_person("Lena Zwei", initials="lz"))
    memberships.give_role(lead.person, role=Role.LEAD, department=desk.service)
    PersonLink.objects.create(person=lead.person, same_as=desk.lena.person)
    revision = factories.submitted(desk, by=desk.lena)
    escalation.escalate(revision.draft.ticket, reason="Difficult.", by=desk.aylin)
    with pytest.raises(NotAllowed):
        decisions.approve(revision, **screen(revision, lead))
    guard_refuses(lambda: insert_review(revision, lead), "approvals_review_rule")


@pytest.mark.parametrize("turned", [False, True])
def test_point_five_access_set_by_a_linked_row_counts_for_seven_days(desk, other_aylin, turned):
    pair = (other_aylin.person, desk.rita.person)
    setter, subject = reversed(pair) if turned else pair
    AccessChange.objects.create(setter=setter, subject=subject, kind="password")
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.rita))
    assert refused.value.code == "access_changed"
    guard_refuses(lambda: insert_review(revision, desk.rita), "approvals_review_rule")


def test_access_set_by_a_linked_row_after_the_approval_makes_it_void(desk, other_aylin):
    revision = factories.submitted(desk)
    decisions.approve(revision, **screen(revision, desk.rita))
    AccessChange.objects.create(setter=other_aylin.person, subject=desk.rita.person, kind="email")
    assert voiding.pair_fault(revision) == "access_changed"


def test_the_last_administrators_other_row_is_not_another_administrator(desk):
    second = provisioning.add_sign_in("m2", person=persons.add_person("Max Zwei", initials="mz"))
    memberships.give_role(second.person, role=Role.ADMINISTRATOR, department=None)
    PersonLink.objects.create(person=second.person, same_as=desk.max.person)
    with pytest.raises(Exception, match="last administrator"):
        memberships.deactivate(desk.max.person, by=desk.max)
    guard_refuses(
        lambda: Membership.objects.filter(person=desk.max.person_id).update(
            ended_at="2026-01-01T00:00Z"
        ),
        "people_membership_period",
    )


def test_a_linked_row_is_not_called_to_its_own_words(desk, ahead):
    lead = provisioning.add_sign_in("lena2", person=persons.add_person("Lena Zwei", initials="lz"))
    memberships.give_role(lead.person, role=Role.AGENT, department=desk.service)
    PersonLink.objects.create(person=lead.person, same_as=desk.lena.person)
    draft = drafting.open_draft(factories.a_ticket(desk), by=lead)
    drafting.submit(
        draft, text=payload.body_of("Hi Grace, unplug it.", "lz"), context_version=1, by=lead
    )
    ahead("3 hours")
    reminders.call_to_review(draft.pk)
    assert not Call.objects.filter(person=desk.lena.person).exists()


# A comparison of persons by row is right where a sign-in or a role belongs to its row; each
# stands here with its reason.
BY_ROW = {
    "membership.person_id = of_person": "roles belong to a row",
    "membership.person_id = NEW.given_by_id": "the giver acts under a role of that very row",
    "membership.person_id = said.person_id": (
        "the role named in a review belongs to the row that decided"
    ),
    "login.person_id = said.person_id": "a sign-in belongs to its row",
    "login.person_id = words.person_id": "a sign-in belongs to its row",
    "login.person_id = membership.person_id": "a sign-in belongs to its row",
    "login.person_id = OLD.person_id": "a sign-in belongs to its row",
    "own.person_id IS DISTINCT FROM NEW.person_id": (
        "the role named in a confirmation belongs to the row that speaks"
    ),
    "theirs.person_id = role.person_id": "a sign-in belongs to its row",
    "membership.person_id = OLD.person_id": "roles belong to a row",
    "NEW.person_id <> OLD.person_id": "a sign-in stays with its row",
    "role.person_id = person": (
        "roles belong to a row; a ghost that is linked with somebody real stays a ghost"
    ),
    "link.person_id = found": "the walk along the links itself",
    "known.person_id = NEW.person_id": "sign-ins belong to a row, which gets a further one",
    "own.person_id = NEW.person_id": "a sign-in belongs to its row",
    "mailed.person_id = NEW.person_id": "a link leads to one row",
    "NEW.given_by_id IS DISTINCT FROM OLD.given_by_id": "a role keeps its giver",
    "giver.person_id = people_natural(other)": "natural on both sides: givers are natural persons",
}
COMPARED = re.compile(
    r"((?:\w+\.)?(?:person_id|setter_id|subject_id|given_by_id|same_as_id)) (=|<>|IS DISTINCT "
    r"FROM|IS NOT DISTINCT FROM) ([\w.]+(?:\([\w.]+\))?)"
)
IN_PYTHON = re.compile(
    r"[^\n]*(?:\w*person_id|person\.pk|given_by_id|setter_id) (?:==|!=) [^\n]*|[^\n"
    r"]* (?:==|!=) (?:\w+\.)*(?:person_id|person\.pk)[^\n]*"
)
ROWS_IN_PYTHON = {
    "approvals/policies.py": {
        "draft.writer.person_id != by.person_id": (
            "who types a draft is a sign-in's row; colleagues take over"
        )
    },
    "approvals/drafts/drafting.py": {
        "draft.writer.person_id != by.person_id": "taking over changes whose initials stand below"
    },
    "approvals/drafts/composer.py": {
        "draft.writer.person_id == user.person_id": "who types a draft"
    },
    "people/identity/provisioning.py": {
        "known.person_id != person.id": "an address belongs to one row",
        "by.person_id == person.pk": "a further sign-in of one's own row",
    },
    "people/hours/absences.py": {
        "by.person_id != person.pk": "one's own absence",
        "by.person_id != absence.person_id": "one's own absence",
    },
    "people/identity/sessions.py": {"by.person_id != person.pk": "one's own sessions"},
    "people/identity/tokens.py": {"by.person_id != token.user.person_id": "one's own tokens"},
    "people/policies.py": {
        "by.person_id == person.pk": "a further sign-in of one's own row",
        "invitation.person_id == person.pk": "a link leads to one row",
        "by.person_id == user.person_id": "one's own password",
    },
    "people/invitations/invitations.py": {"here.person_id == concerned": "a link leads to one row"},
    "people/invitations/email_addresses.py": {
        "by.person_id == user.person_id": "one's own address",
        "by.person_id != user.person_id": "one's own address",
    },
    "people/preferences/portraits.py": {"by.person_id != person.pk": "one's own picture"},
    "people/views/manage.py": {"user.person_id == one.pk": "one's own page"},
    "servicedesk/live/views.py": {
        "person != user.person_id": "who is not shown to themselves",
        "typing.get(one.pk) == person": "who types",
    },
    "tickets/inbox/rows.py": {
        "ticket.assignee_id == reader.user.person_id": "whose turn it is, in the reader's list"
    },
    "tickets/lifecycle.py": {"to.pk == by.person_id": "whether it was taken or assigned, in words"},
}


def test_no_guard_compares_persons_by_row_without_a_reason():
    parts = {
        part.name: part.body
        for model in apps.get_models()
        for part in model._meta.constraints
        if isinstance(part, Guard | Routine)
    }
    found = {
        f"{one} {how} {other}"
        for body in parts.values()
        for one, how, other in COMPARED.findall(body)
        if one.split(".")[-1] != "given_by_id" or other != "NULL"
    }
    assert found - set(BY_ROW) == set()


def test_no_verb_or_policy_compares_persons_by_row_without_a_reason():
    odd = []
    for package in ("people", "tickets", "approvals", "posting", "notices", "servicedesk"):
        for path in (ROOT / package).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if "migrations" in name or name == "people/access.py":
                continue
            for line in IN_PYTHON.findall(path.read_text()):
                if not any(known in line for known in ROWS_IN_PYTHON.get(name, ())):
                    odd.append(f"{name}: {line.strip()}")
    assert odd == []


def test_linked_rows_are_found_from_either_end(desk, other_aylin):
    from people import access

    assert (
        set(access.all_rows_of(other_aylin.person_id))
        == set(access.all_rows_of(desk.aylin.person_id))
        == {desk.aylin.person_id, other_aylin.person_id}
    )
    assert Person.objects.filter(pk__in=access.all_rows_of(desk.rita.person_id)).count() == 1
