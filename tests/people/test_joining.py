"""How people come and go by the verbs: each refusal with its code, and what a verb leaves alone."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.errors import Invalid, NotAllowed
from people.hours import absences
from people.identity import login_names, persons, provisioning, tokens
from people.invitations import email_addresses, invitations
from people.memberships import memberships
from people.models import Absence, ApiToken, Invitation, Membership, User
from people.roles import Role

GOOD = "four words nobody knows"
TOO_LONG = f"zoe@{'.'.join(['x' * 60] * 4)}.example.com"  # an address by its syntax


def refused(act):
    """The code with which a verb refuses."""
    with pytest.raises((Invalid, NotAllowed)) as caught:
        act()
    return caught.value.code


def role_of(user):
    """Their role."""
    return Membership.objects.get(person=user.person_id)


def test_each_reason_why_a_sign_in_is_not_added(desk):
    rita, zoe = desk.rita.person, persons.add_person("Zoe Quill")
    assert (
        refused(lambda: provisioning.add_sign_in("zoe", person=zoe, email="Rita@example.com"))
        == "email_known"
    )
    assert (
        refused(lambda: provisioning.add_sign_in("rita.two", person=rita, by=desk.max))
        == "not_own_sign_in"
    )
    assert refused(lambda: provisioning.add_sign_in("two words", person=zoe)) == "username_odd"
    assert refused(lambda: provisioning.add_sign_in("RITA", person=zoe)) == "username_taken"
    assert (
        provisioning.add_sign_in("zoe", person=zoe, email="zoe@example.com").email
        == "zoe@example.com"
    )
    assert (
        provisioning.add_sign_in(
            "rita.two", person=rita, email="rita@example.com", by=desk.rita
        ).email
        == ""
    )


def test_a_name_that_was_taken_meanwhile_is_told_apart_from_everything_else(db):
    """`not_added` is asked with real errors of the database: SQLSTATE, constraint."""
    cases = {
        ("DK403", "people_user_names"): True,
        ("23505", "people_user_username_key"): True,
        ("DK403", "people_user_further"): False,
        ("22023", "people_user_names"): False,
        ("22023", ""): False,
    }
    for (state, constraint), is_taken in cases.items():
        with (
            pytest.raises(DatabaseError) as caught,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"DO $$BEGIN RAISE EXCEPTION 'no' "
                f"USING ERRCODE = '{state}', CONSTRAINT = '{constraint}'; END$$"
            )
        assert isinstance(caught.value, IntegrityError) is (state == "23505")
        if is_taken:
            assert provisioning.not_added(caught.value).code == "username_taken"
        else:
            with pytest.raises(DatabaseError):
                provisioning.not_added(caught.value)
    assert provisioning.not_added(ValidationError("odd")).code == "username_taken"


@pytest.mark.parametrize(
    ("username", "wanted"),
    [
        ("", "username_odd"),
        ("x" * 151, "username_odd"),
        ("two words", "username_odd"),
        ("a@b", "username_odd"),
        ("аylin", "username_odd"),
        ("RITA", "username_taken"),
        ("rita@example.com", "username_odd"),
        ("zoe", None),
        ("x" * 150, None),
        ("a.b_c+d-1", None),
        ("софия", None),
    ],
)
def test_each_reason_against_a_user_name(desk, username, wanted):
    reason = login_names.why_not_username(username)
    assert (reason.code if reason else None) == wanted


def test_an_address_is_ones_own_nobodys_or_somebody_elses(desk):
    assert login_names.why_not_email("zoe@example.com") is None
    assert login_names.why_not_email("Rita@example.com", user=desk.rita) is None
    assert login_names.why_not_email("rita@example.com", user=desk.aylin).code == "email_known"
    assert login_names.why_not_email("rita@example.com").code == "email_known"


def test_each_reason_why_a_role_is_not_given(desk):
    bastian = desk.bastian.person
    reviewer = {"role": Role.REVIEWER, "department": desk.service}
    assert refused(lambda: memberships.give_role(bastian, **reviewer, by=desk.lena)) == "no_right"
    assert (
        refused(lambda: memberships.give_role(bastian, **reviewer, invited_by=desk.aylin))
        == "no_right"
    )
    assert (
        refused(
            lambda: memberships.give_role(bastian, role=Role.REVIEWER, department=None, by=desk.max)
        )
        == "department_missing"
    )
    assert (
        refused(
            lambda: memberships.give_role(
                bastian, role=Role.ADMINISTRATOR, department=desk.service, by=desk.max
            )
        )
        == "department_missing"
    )
    assert (
        memberships.give_role(bastian, **reviewer, invited_by=desk.max).given_by_id
        == desk.max.person_id
    )


def test_ending_a_role_ends_that_one_and_once_more_changes_nothing(desk):
    role = role_of(desk.rita)
    for _time in range(2):
        memberships.end_role(role, by=desk.max)
    ended = Membership.objects.filter(ended_at__isnull=False)
    assert [one.pk for one in ended] == [role.pk]


@pytest.mark.parametrize("others", ["nobody", "switched off"])
def test_the_last_administrator_is_told_before_the_database_refuses(desk, others):
    if others == "switched off":
        memberships.give_role(desk.rita.person, role=Role.ADMINISTRATOR, department=None)
        User.objects.filter(pk=desk.rita.pk).update(is_active=False)
    for act in (
        lambda: memberships.not_the_last_administrator(desk.max.person),
        lambda: memberships.end_role(role_of(desk.max), by=desk.max),
        lambda: memberships.deactivate(desk.max.person, by=desk.max),
    ):
        assert refused(act) == "last_administrator"
    memberships.give_role(desk.lena.person, role=Role.ADMINISTRATOR, department=None)
    memberships.deactivate(desk.max.person, by=desk.max)
    assert not User.objects.get(pk=desk.max.pk).is_active


@pytest.mark.parametrize("former", [False, True])
def test_the_last_administrators_other_row_can_be_switched_off_if_it_is_no_administrator(
    desk, former
):
    other = persons.add_person("Max Zwei")
    user = provisioning.add_sign_in("max.two", person=other)
    memberships.give_role(other, role=Role.AGENT, department=desk.service)
    if former:
        memberships.end_role(memberships.give_role(other, role=Role.ADMINISTRATOR, department=None))
    persons.link(other, same_as=desk.max.person)
    memberships.deactivate(other, by=desk.max)
    assert not User.objects.get(pk=user.pk).is_active


def test_two_who_are_one_already_are_not_linked_again(desk):
    persons.link(desk.rita.person, same_as=desk.aylin.person, by=desk.max)
    assert (
        refused(lambda: persons.link(desk.aylin.person, same_as=desk.rita.person, by=desk.max))
        == "linked_already"
    )


def test_an_absence_goes_forwards_and_ends_once_and_alone(desk):
    day, before = date(2026, 3, 2), date(2026, 3, 1)
    rita = desk.rita.person
    assert (
        refused(lambda: absences.add_absence(rita, first_day=day, last_day=before, by=desk.rita))
        == "absence_backwards"
    )
    assert (
        refused(lambda: absences.add_absence(rita, first_day=day, last_day=day, by=desk.aylin))
        == "no_right"
    )
    first, second = (
        absences.add_absence(rita, first_day=day, last_day=day, by=desk.rita) for _one in range(2)
    )
    assert refused(lambda: absences.end_absence(first, by=desk.aylin)) == "no_right"
    for _time in range(2):
        absences.end_absence(first, by=desk.rita)
    assert [one.pk for one in Absence.objects.filter(ended_at__isnull=True)] == [second.pk]


def invited(desk, **fields):
    """An invitation and the key of its link."""
    return invitations.invite(
        **{
            "name": "Zoe Quill",
            "initials": "",
            "email": "",
            "role": Role.AGENT,
            "department": desk.service,
            "by": desk.max,
        }
        | fields
    )


def test_each_reason_why_nobody_is_invited(desk):
    assert refused(lambda: invited(desk, name=" ")) == "name_missing"
    assert refused(lambda: invited(desk, department=None)) == "department_missing"
    assert refused(lambda: invited(desk, role=Role.ADMINISTRATOR)) == "department_missing"
    assert refused(lambda: invited(desk, email="rita@example.com")) == "known_no_mail"
    assert refused(lambda: invited(desk, email="nowhere")) == "email_odd"
    assert refused(lambda: invited(desk, email=TOO_LONG)) == "email_odd"
    with pytest.raises(Invalid, match="at most 254 characters"):
        invited(desk, email=TOO_LONG)
    assert refused(lambda: invited(desk, by=desk.lena)) == "no_right"
    assert not Invitation.objects.exists()


def test_withdrawing_takes_one_open_invitation_and_leaves_what_was_used_or_withdrawn(desk):
    (first, _key), (other, _other_key), (used, _used_key) = (invited(desk) for _one in range(3))
    invitations.accept(used, username="zoe", password=GOOD)
    for invitation in (first, first, used):
        invitations.revoke(invitation, by=desk.max)
    assert {one.pk for one in Invitation.objects.filter(revoked_at__isnull=True)} == {
        other.pk,
        used.pk,
    }


def test_a_link_leads_to_its_own_open_invitation_of_the_last_week(desk, ahead):
    (first, key), (withdrawn, old_key), (used, used_key) = (invited(desk) for _one in range(3))
    _password, password_key = invitations.invite_to_new_password(desk.rita, by=desk.max)
    invitations.revoke(withdrawn, by=desk.max)
    invitations.accept(used, username="zoe", password=GOOD)
    assert [invitations.find(one) for one in (key, "another", old_key, used_key)] == [
        first,
        None,
        None,
        None,
    ]
    assert invitations.find(password_key) is not None
    User.objects.filter(pk=desk.rita.pk).update(is_active=False)
    assert invitations.find(password_key) is None
    ahead("8 days")
    assert invitations.find(key) is None


def test_a_link_is_not_accepted_where_somebody_else_is_signed_in(desk):
    invitation, _key = invited(desk)
    assert invitations.why_not_accept(invitation, here=None) is None
    assert (
        refused(
            lambda: invitations.accept(invitation, username="zoe", password=GOOD, here=desk.max)
        )
        == "signed_in_as_other"
    )
    for_rita, _her_key = invitations.invite_to_new_password(desk.rita, by=desk.max)
    assert invitations.why_not_accept(for_rita, here=desk.rita) is None
    assert invitations.why_not_accept(for_rita, here=desk.aylin).code == "signed_in_as_other"
    into_rita = Invitation(person=desk.rita.person)
    assert invitations.why_not_accept(into_rita, here=desk.rita) is None
    assert invitations.why_not_accept(into_rita, here=desk.max).code == "signed_in_as_other"


def test_an_address_is_checked_and_confirmed_by_its_owner_alone(desk):
    aylin = desk.aylin
    for wrong in ("nowhere", TOO_LONG):
        assert (
            refused(lambda w=wrong: email_addresses.set_email(aylin, email=w, by=aylin))
            == "email_odd"
        )
    assert (
        refused(lambda: email_addresses.check("rita@example.com", user=desk.aylin)) == "email_known"
    )
    email_addresses.check("aylin@example.com", user=desk.aylin)
    email_addresses.check("")
    assert refused(lambda: email_addresses.confirm(desk.rita, by=desk.max)) == "not_yours"


def test_an_address_that_cannot_be_written_just_now_is_not_said_to_be_taken(committed, owner):
    desk = committed
    owner.execute("BEGIN")
    owner.execute("SELECT FROM people_user WHERE id = %s FOR UPDATE", [desk.aylin.pk])
    try:
        with (
            pytest.raises(DatabaseError) as caught,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            email_addresses.set_email(desk.aylin, email="new@example.com", by=desk.aylin)
        assert caught.value.__cause__.pgcode == "55P03"
    finally:
        owner.execute("ROLLBACK")


def test_a_token_has_a_name_and_is_revoked_once_by_its_owner_an_administrator_or_by_command(
    desk,
):
    assert refused(lambda: tokens.issue(desk.rita, name=" ")) == "name_missing"
    keys = [tokens.issue(desk.rita, name=f"t{number}") for number in range(4)]
    first, second, third, last = ApiToken.objects.select_related("user").order_by("id")
    assert refused(lambda: tokens.revoke(first, by=desk.aylin)) == "no_right"
    for token, by in ((first, desk.rita), (second, desk.max), (third, None), (first, desk.rita)):
        tokens.revoke(token, by=by)
    assert [tokens.find(key).first() for key in keys] == [None, None, None, last]
    assert not tokens.find("another").exists()


def test_a_token_of_who_is_switched_off_is_not_found_though_nothing_revoked_it(committed, owner):
    """The guard that revokes tokens was not there: who is switched off is asked all the same."""
    key = tokens.issue(committed.rita, name="t")
    assert tokens.find(key).exists()
    owner.execute("BEGIN; SET LOCAL session_replication_role = replica")
    owner.execute("UPDATE people_user SET is_active = false WHERE id = %s", [committed.rita.pk])
    owner.execute("COMMIT")
    assert ApiToken.objects.get().revoked_at is None
    assert not tokens.find(key).exists()
