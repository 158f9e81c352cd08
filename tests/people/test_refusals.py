"""What else of `people` refuses: by code, with the nearest thing that goes through.

Departments, company, pictures, preferences, sessions, forgotten passwords, the pages.
"""

from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from rest_framework import exceptions, serializers

from core.api.base import StrictSerializer
from core.errors import Invalid, NotAllowed
from core.models import DeskMark
from notices import subscriptions
from people import company
from people.forms import RoleForm
from people.identity import persons, provisioning, sessions
from people.identity.api_authentication import Token
from people.identity.session_engine import OWNER, SessionStore
from people.identity.tokens import issue
from people.invitations import password_reset
from people.memberships import departments
from people.models import Department, PasswordWish, Portrait, User
from people.preferences import portraits, preferences
from people.views import sign_ins

PLAIN = {
    "review_policy": "reviewers",
    "clock_minutes": 10,
    "reply_minutes": 30,
    "time_zone": "Europe/Berlin",
    "hours": {},
    "holiday_country": "",
    "holiday_state": "",
    "holidays_by_hand": [],
}


def refused(act):
    """The code with which a verb refuses."""
    with pytest.raises((Invalid, NotAllowed)) as caught:
        act()
    return caught.value.code


def kept(desk, department=None, **fields):
    """A department as an administrator keeps it."""
    return departments.keep(
        department,
        **{"by": desk.max, "name_en": "Field", "name_de": "Feld", "parent": None, **PLAIN} | fields,
    )


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"time_zone": "Europe/Nowhere"}, "zone_unknown"),
        ({"holiday_country": "DE", "holiday_state": "XX"}, "state_unknown"),
        ({"clock_minutes": 0}, "minutes_odd"),
        ({"reply_minutes": 1441}, "minutes_odd"),
        ({"name_en": "Customer Service"}, "department_odd"),
    ],
)
def test_each_reason_why_a_department_is_not_kept(desk, fields, wanted):
    assert refused(lambda: kept(desk, **fields)) == wanted


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"holiday_country": "DE"},
        {"holiday_country": "DE", "holiday_state": "BY"},
        {"holiday_state": "XX"},
        {"clock_minutes": 1, "reply_minutes": 1440},
    ],
)
def test_a_department_is_kept_with_and_without_days_off(desk, fields):
    made = kept(desk, parent=desk.service, **fields)
    assert Department.objects.get(pk=made.pk).parent == desk.service


def test_a_department_lies_below_neither_itself_nor_what_lies_below_it(desk):
    service = {"name_en": "Customer Service", "name_de": "Kundenservice"}
    for parent in (desk.service, desk.business):
        assert (
            refused(lambda parent=parent: kept(desk, desk.service, **service, parent=parent))
            == "parent_below"
        )
    elsewhere = kept(desk)
    assert kept(desk, desk.service, **service).parent is None
    assert (
        kept(desk, desk.business, name_en="Business", name_de="Geschäft", parent=elsewhere).parent
        == elsewhere
    )
    assert refused(lambda: kept(desk, by=desk.lena)) == "no_right"


def test_a_company_has_a_name_and_a_language_of_the_desk(desk):
    assert refused(lambda: company.keep(name=" ", language="en", by=desk.max)) == "name_missing"
    assert (
        refused(lambda: company.keep(name="Amselnetz", language="xx", by=desk.max))
        == "language_unknown"
    )
    assert (
        company.keep(name="Amselnetz", language="de", by=desk.max).name
        == company.name()
        == "Amselnetz"
    )


def test_a_picture_is_ones_own_and_taken_away_by_oneself_or_an_administrator(desk):
    aylin = desk.aylin.person
    for by in (desk.rita, desk.max):
        assert (
            refused(
                lambda by=by: portraits.upload(aylin, picture=SimpleUploadedFile("x", b""), by=by)
            )
            == "not_your_picture"
        )
    assert (
        refused(lambda: portraits.upload(aylin, picture=None, by=desk.aylin)) == "picture_missing"
    )
    assert refused(lambda: portraits.take_away(aylin, by=desk.rita)) == "not_your_picture"
    for by in (desk.aylin, desk.max):
        Portrait.objects.create(person=aylin, image=b"x")
        portraits.take_away(aylin, by=by)
        assert not Portrait.objects.exists()


@pytest.mark.parametrize(
    ("own", "wanted"),
    [
        ({"a": "ab"}, "letter_odd"),
        ({"a": "1"}, "letter_odd"),
        ({"a": "ä"}, "letter_odd"),
        ({"a": "g"}, "letter_reserved"),
        ({"a": "c"}, "letter_twice"),
        ({"a": "y"}, None),
        ({}, None),
    ],
)
def test_each_reason_against_a_letter_of_ones_own(desk, own, wanted):
    def choose():
        return preferences.choose_desk(
            desk.aylin,
            language="",
            theme="",
            density="",
            time_zone="",
            hours="",
            letters=True,
            own_letters=own,
            sound=False,
            moves_on=True,
        )

    if wanted:
        assert refused(choose) == wanted
    else:
        assert choose().own_letters == own


@pytest.mark.parametrize(
    ("begin", "end", "wanted"),
    [
        ("22:00", "", "quiet_half"),
        ("", "06:00", "quiet_half"),
        ("06:00", "06:00", "quiet_half"),
        ("", "", None),
        ("22:00", "06:00", None),
        ("00:00", "06:00", None),
    ],
)
def test_quiet_hours_have_a_beginning_and_another_end(desk, begin, end, wanted):
    def choose():
        return subscriptions.choose_notices(
            desk.aylin, ways={}, quiet_from=begin, quiet_until=end, quiet_days=[]
        )

    if wanted:
        assert refused(choose) == wanted
    else:
        assert (choose().quiet_from is None) is (begin == "")


def test_sessions_are_ended_by_their_person_or_an_administrator(desk):
    rita = desk.rita.person
    assert refused(lambda: sessions.end_all_of(rita, by=desk.aylin)) == "no_right"
    for by in (desk.rita, desk.max):
        assert sessions.end_all_of(rita, by=by) == 0
        assert sessions.end(rita, mark="none", by=by) is False


def test_a_session_of_who_was_switched_off_meanwhile_is_over_without_an_error_page(desk):
    store = SessionStore()
    store[OWNER] = str(desk.rita.pk)
    User.objects.filter(pk=desk.rita.pk).update(is_active=False)
    with pytest.raises(UpdateError):
        store.save()
    another = SessionStore()
    another[OWNER] = str(desk.aylin.pk)
    another.save()
    assert sessions.of(desk.aylin.person)


def test_what_is_no_token_is_nobodys_call_and_a_wrong_token_is_refused(desk):
    def call(header):
        return Token().authenticate(
            RequestFactory().get("/", headers={"authorization": header} if header else {})
        )

    key = issue(desk.rita, name="t")
    assert call("") is None
    assert call(f"Basic {key}") is None
    for scheme in ("Token", "bearer"):
        assert call(f"{scheme} {key}")[0] == desk.rita
        with pytest.raises(exceptions.AuthenticationFailed):
            call(f"{scheme} another")


def test_an_unknown_field_is_refused_by_name():
    class NameIn(StrictSerializer):
        name = serializers.CharField()

    assert NameIn(data={"name": "x"}).is_valid()
    strict = NameIn(data={"name": "x", "nmae": "y"})
    assert not strict.is_valid()
    assert set(strict.errors) == {"nmae"}


def test_a_forgotten_password_is_asked_for_by_name_and_not_too_often_from_one_place(desk, settings):
    settings.EMAIL_HOST = ""
    assert not password_reset.is_possible()
    settings.EMAIL_HOST = "mail.example.com"
    assert password_reset.is_possible()
    assert refused(lambda: password_reset.wish(" ", origin="here")) == "name_missing"
    PasswordWish.objects.bulk_create(
        [PasswordWish(origin="here", user=desk.rita) for _one in range(9)]
    )
    password_reset.wish("aylin", origin="here")
    assert refused(lambda: password_reset.wish("aylin", origin="here")) == "too_many"
    password_reset.wish("aylin", origin="there")
    wishes = list(PasswordWish.objects.filter(user=desk.rita).order_by("id"))
    assert [password_reset.is_too_often(one) for one in wishes] == [False] * 3 + [True] * 6
    assert not password_reset.is_too_often(
        PasswordWish.objects.filter(user=desk.aylin).latest("id")
    )


def test_the_page_of_ones_sign_ins_has_these_verbs_and_asks_for_the_present_password(desk, client):
    client.force_login(desk.rita)
    assert client.post("/sign-ins/nothing/").status_code == 404
    request = RequestFactory().post("/", {"old": "wrong"})
    request.session, request.user = (
        import_module(django_settings.SESSION_ENGINE).SessionStore(),
        desk.rita,
    )
    assert refused(lambda: sign_ins.prove(request, desk.rita)) == "password_wrong"
    right = RequestFactory().post("/", {"old": "a-long-password"})
    right.session, right.user = request.session, desk.rita
    assert sign_ins.prove(right, desk.rita) is None


@pytest.mark.parametrize("page", ["invite", "department-new"])
def test_only_administrators_see_the_forms_that_set_up_the_desk(desk, client, page):
    client.force_login(desk.lena)
    assert client.get(reverse(page)).status_code == 403
    client.force_login(desk.max)
    assert client.get(reverse(page)).status_code == 200


def test_a_role_that_nobody_knows_is_refused(db):
    assert refused(RoleForm({"role": "emperor"}).values) == "role_unknown"
    assert RoleForm({"role": "agent"}).values()["role"] == "agent"


def test_one_click_signs_in_the_demos_people_in_the_demo_alone(desk, settings):
    settings.DEMO = True
    stranger = provisioning.add_sign_in("stranger", person=persons.add_person("Stranger"))

    def click(username):
        return Client().post(reverse("sign-in-as"), {"username": username}).status_code

    assert click("aylin") == 404, "no demo"
    DeskMark.objects.get_or_create(kind="demo")
    assert [click(name) for name in ("aylin", stranger.username, "nobody", "")] == [
        302,
        404,
        404,
        404,
    ]
    User.objects.filter(pk=desk.aylin.pk).update(is_active=False)
    assert click("aylin") == 404
