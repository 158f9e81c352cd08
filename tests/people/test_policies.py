"""Each reason of `people.policies` by its code, and the nearest thing that goes through."""

import pytest

from core.errors import NotAllowed
from people import access_changes, policies
from people.identity import persons, provisioning
from people.invitations import invitations
from people.memberships import endorsement, memberships
from people.models import Invitation, Membership, User
from people.roles import Role


def code(reason):
    """The code of a reason, or None where there is none."""
    return reason.code if reason else None


def ghost_of(desk, role=Role.REVIEWER, place=None, username="ghost"):
    """Somebody with a sign-in and a role that the administrator gave and that waits."""
    person = persons.add_person("Gerda Ghost")
    user = provisioning.add_sign_in(username, person=person)
    given = memberships.give_role(person, role=role, department=place, by=desk.max)
    return User.objects.select_related("person").get(pk=user.pk), Membership.objects.get(
        pk=given.pk
    )


def test_active_administrators_and_commands_set_up_the_desk(desk):
    ghost, _role = ghost_of(desk, Role.ADMINISTRATOR)
    gone = desk.max
    gone.is_active = False
    found = [
        code(policies.why_not_manage(one))
        for one in (None, desk.max, gone, ghost, desk.aylin, desk.lena)
    ]
    assert found == [None, None, "role_waits", "role_waits", "no_right", "no_right"]


def test_each_reason_not_to_confirm_a_role(desk):
    receiver, given = ghost_of(desk, place=desk.service)
    lead, _role = ghost_of(desk, Role.LEAD, desk.service, username="lead")
    by_command = Membership.objects.get(person=desk.rita.person)
    answers = {
        who: code(policies.why_not_confirm(given, getattr(desk, who)))
        for who in ("lena", "max", "rita", "henrik", "samuel")
    }
    assert answers == {
        "lena": None,
        "max": "own_gift",
        "rita": "no_right",
        "henrik": "no_right",
        "samuel": "no_right",
    }
    assert code(policies.why_not_confirm(given, receiver)) == "own_role"
    assert code(policies.why_not_confirm(given, lead)) == "role_waits"
    assert code(policies.why_not_confirm(by_command, desk.lena)) == "by_command"
    gone = desk.lena
    gone.is_active = False
    assert code(policies.why_not_confirm(given, gone)) == "no_right"
    memberships.end_role(given, by=desk.max)
    assert (
        code(policies.why_not_confirm(Membership.objects.get(pk=given.pk), desk.lena))
        == "role_ended"
    )


def test_who_received_the_role_under_another_row_does_not_confirm_it(desk):
    receiver, given = ghost_of(desk, place=desk.service)
    persons.link(receiver.person, same_as=desk.lena.person, by=desk.max)
    assert code(policies.why_not_confirm(given, desk.lena)) == "own_role"


def test_a_lead_whose_access_the_giver_set_does_not_confirm(desk):
    _receiver, given = ghost_of(desk, place=desk.service)
    access_changes.note_access_change(desk.lena.person, kind="password", by=desk.max)
    assert code(policies.why_not_confirm(given, desk.lena)) == "access_changed"


def test_a_word_about_a_role_is_refused_with_its_reason_before_the_database_does(desk):
    _receiver, given = ghost_of(desk, place=desk.service)
    for verb in (endorsement.confirm, endorsement.refuse):
        with pytest.raises(NotAllowed) as refused:
            verb(given, by=desk.max)
        assert refused.value.code == "own_gift"


def test_each_way_to_a_sign_in_and_each_reason_against(desk):
    rita, new = desk.rita.person, persons.add_person("Zoe Quill")
    gone = desk.rita
    gone.is_active = False
    assert code(policies.why_not_add_sign_in(new, by=None)) is None
    assert code(policies.why_not_add_sign_in(new, by=desk.max)) is None
    found = [
        code(policies.why_not_add_sign_in(rita, by=one))
        for one in (desk.rita, None, desk.max, gone)
    ]
    assert found == [None, "not_own_sign_in", "not_own_sign_in", "not_own_sign_in"]
    mailed, shown = (
        Invitation(person=rita, only_by_mail=True),
        Invitation(person=rita, only_by_mail=False),
    )
    others = Invitation(person=desk.lena.person, only_by_mail=True)
    found = [
        code(policies.why_not_add_sign_in(rita, by=None, invitation=one))
        for one in (mailed, shown, others)
    ]
    assert found == [None, "not_own_sign_in", "not_own_sign_in"]


@pytest.mark.parametrize(
    ("fields", "host", "wanted"),
    [
        ({}, "mail.example.com", None),
        ({"is_active": False}, "mail.example.com", "switched_off"),
        ({}, "", "no_mail"),
        ({"email": "", "confirmed_email": ""}, "mail.example.com", "no_address"),
        ({"confirmed_email": ""}, "mail.example.com", "address_not_confirmed"),
    ],
)
def test_each_reason_why_no_link_is_mailed(desk, settings, fields, host, wanted):
    settings.EMAIL_HOST = host
    rita = desk.rita
    for name, value in fields.items():
        setattr(rita, name, value)
    assert code(policies.why_not_by_mail(rita)) == wanted
    assert code(policies.why_not_invite_known(rita)) == (wanted and f"known_{wanted}")
    assert (invitations.invite_who_forgot(rita) is None) is (wanted is not None)


@pytest.mark.parametrize(
    ("fields", "host", "wanted"),
    [
        ({}, "", None),
        ({}, "mail.example.com", None),
        ({"confirmed_email": ""}, "", None),
        ({"confirmed_email": ""}, "mail.example.com", "address_not_confirmed"),
        ({"is_active": False}, "", "switched_off"),
        ({"is_active": False}, "mail.example.com", "switched_off"),
    ],
)
def test_each_reason_why_an_administrator_makes_no_link_for_a_password(
    desk, settings, fields, host, wanted
):
    settings.EMAIL_HOST = host
    rita = desk.rita
    for name, value in fields.items():
        setattr(rita, name, value)
    assert code(policies.why_not_new_password(rita, by=desk.max)) == wanted
    assert code(policies.why_not_new_password(desk.max, by=desk.max)) == "own_password"
    if wanted:
        with pytest.raises(NotAllowed) as refused:
            invitations.invite_to_new_password(rita, by=desk.max)
        assert refused.value.code == wanted
