"""User names and e-mail addresses are one space, each once however they are written.

Sign-in never ends in an error page.
"""

import re
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import Invalid
from people.identity import login_names, persons, provisioning
from people.invitations import email_addresses, invitations
from people.models import LoginName, User
from people.roles import Role
from tests.approvals.test_four_eyes import guard_refuses

OLD = "a-long-password"
# Each pair is one name: in capitals, full width, with what nobody sees, by folding, by Turkish
# letters, composed or not.
PAIRS = (
    ("zoe", "ZOE"),
    ("zoe", "ｚｏｅ"),
    ("zoe", "z\u00ado\u200be"),
    ("zoe", " zoe\u00a0"),
    ("strauss", "strauß"),
    ("STRAUẞ", "strauss"),
    ("izmir", "İzmir"),
    ("isik", "ısık"),
    ("jörg", "jo\u0308rg"),
    ("σοφος", "ΣΟΦΟΣ"),
    ("kelvin", "\u212aelvin"),
    ("ﬁona", "fiona"),
    ("zoe", "zo\U000e0065\ufe0fe"),
)


def folded(written):
    """As the database compares it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_folded(%s)", [written])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_is_one_name_is_folded_to_one(db, one, other):
    assert folded(one) == folded(other) == folded(folded(one))


@pytest.mark.parametrize("other", ["zoë", "z.oe", "zoe1", "эзое"])
def test_what_is_another_name_stays_another(db, other):
    assert folded(other) != folded("zoe")


@pytest.mark.parametrize(
    "taken", ["rita", "RITA", "ｒｉｔａ", "ri\u00adta", "rita@example.com", "Rıta"]
)
def test_nobody_takes_a_colleagues_name_or_address_as_user_name(desk, taken):
    person = persons.add_person("Ghost")
    with pytest.raises(Invalid) as refused:
        provisioning.add_sign_in(taken, person=person, password=OLD)
    assert refused.value.code in {"username_taken", "username_odd"}
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.create(username=taken, person=person)
    assert (
        Client().post("/sign-in/", {"username": "rita@example.com", "password": OLD}).status_code
        == 302
    )


@pytest.mark.parametrize(
    "odd",
    [
        "",
        " ",
        "two words",
        "zo\u200be",
        "zoe\u202e",
        "ra@example.com",
        "аylin",
        "x\x07",
        "ｚｏｅ ",
        "日本 語",
    ],
)
def test_an_odd_user_name_is_refused_with_a_sentence(desk, odd):
    invitation, _key = invitations.invite(
        name="Zoe", initials="zq", email="", role=Role.AGENT, department=desk.service, by=desk.max
    )
    with pytest.raises(Invalid) as refused:
        invitations.accept(
            invitation, username=odd.replace("ｚｏｅ ", "z e"), password="four words nobody knows"
        )
    assert refused.value.field == "username"


@pytest.mark.parametrize("good", ["zoe", "Zoe.Quill", "jörg-2", "софия", "ζωή", "佐藤", "ｚｏｅ"])
def test_names_of_many_languages_are_welcome(desk, good):
    user = provisioning.add_sign_in(good, person=persons.add_person("Zoe"), password=OLD)
    for written in (good, good.upper(), f" {good} "):
        assert login_names.holder(written) == user
        assert Client().post("/sign-in/", {"username": written, "password": OLD}).status_code == 302


def test_the_database_keeps_names_and_addresses_apart(desk):
    person = persons.add_person("Ghost")
    for fields in (
        {"username": "rita@example.com"},
        {"username": "ghost", "email": "RITA@EXAMPLE.COM"},
        {"username": "ghost", "email": "rita"},
        {"username": "Rıta"},
        {"username": "zo\u200be"},
        {"username": "аylin"},
    ):
        guard_refuses(
            lambda fields=fields: User.objects.create(person=person, **fields), "people_user_names"
        )
    guard_refuses(
        lambda: User.objects.filter(pk=desk.aylin.pk).update(email="rita"), "people_user_names"
    )
    guard_refuses(
        lambda: User.objects.filter(pk=desk.aylin.pk).update(username="Lena"), "people_user_names"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        LoginName.objects.create(folded="ghost", user=desk.aylin)


TAKEN = {
    "a name": (
        "username_taken",
        lambda desk, ghost: provisioning.add_sign_in("RITA", person=ghost, password=OLD),
    ),
    "an odd name": (
        "username_odd",
        lambda desk, ghost: provisioning.add_sign_in("two words", person=ghost, password=OLD),
    ),
    "two scripts": (
        "username_odd",
        lambda desk, ghost: provisioning.add_sign_in("аylin", person=ghost, password=OLD),
    ),
    "an address as name": (
        "username_odd",
        lambda desk, ghost: provisioning.add_sign_in(
            "rita@example.com", person=ghost, password=OLD
        ),
    ),
    "an address": (
        "email_known",
        lambda desk, ghost: provisioning.add_sign_in(
            "ghost", person=ghost, password=OLD, email="RITA@example.com"
        ),
    ),
    "an own new address": (
        "email_known",
        lambda desk, ghost: email_addresses.set_email(
            desk.aylin, email="RITA@example.com", by=desk.aylin
        ),
    ),
    "an address set by another": (
        "email_known",
        lambda desk, ghost: email_addresses.set_email(
            desk.aylin, email="RITA@example.com", by=desk.max
        ),
    ),
}


@pytest.mark.parametrize("what", TAKEN)
def test_the_verbs_refuse_it_themselves_before_anything_is_written(desk, what):
    """The database would refuse it, too: here it is not even asked to write."""
    code, act = TAKEN[what]
    ghost = persons.add_person("Ghost")
    with CaptureQueriesContext(connection) as asked, pytest.raises(Invalid) as refused:
        act(desk, ghost)
    assert refused.value.code == code
    assert not [one["sql"] for one in asked if re.match("INSERT|UPDATE", one["sql"])]


def test_an_address_is_refused_where_it_is_somebodys_and_free_again_when_given_up(desk):
    with pytest.raises(Invalid, match="somebody else"):
        email_addresses.set_email(desk.aylin, email="RITA@example.com", by=desk.aylin)
    with pytest.raises(Invalid, match="somebody else"):
        email_addresses.set_email(desk.aylin, email="rita@example.com", by=desk.max)
    email_addresses.set_email(desk.rita, email="sommer@example.com", by=desk.rita)
    email_addresses.set_email(desk.aylin, email="rita@example.com", by=desk.aylin)
    assert login_names.holder("Rita@Example.com") == desk.aylin
    assert login_names.holder("sommer@example.com") == desk.rita


@pytest.mark.parametrize(
    "typed",
    [
        "rita@example.com",
        "a\u0000b",
        "",
        "x" * 4000,
        "\ud800",
        "' OR 1=1",
        "İİİ",
        "%",
        "\u200b",
        "🦆",
    ],
)
def test_sign_in_never_ends_in_an_error_page(desk, typed):
    answer = Client().post(
        "/sign-in/", {"username": typed.encode("utf-8", "surrogatepass"), "password": "wrong"}
    )
    assert answer.status_code in {400, 429}
    if typed.strip():
        answer = Client().post(
            "/sign-in/forgotten/", {"username": typed.encode("utf-8", "surrogatepass")}
        )
        assert answer.status_code in {200, 400}


@pytest.mark.campaign
def test_two_who_take_one_name_at_once_become_one(open_desk):
    people = [persons.add_person(f"Ghost {number}") for number in range(4)]
    start, made, refused = threading.Barrier(4), [], []

    def take(person):
        start.wait()
        try:
            made.append(
                provisioning.add_sign_in(
                    "Zoë" if person.pk % 2 else "ZOË", person=person, password=OLD
                )
            )
        except Invalid as said:
            refused.append(said.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 1
    assert refused == ["username_taken"] * 3


@pytest.mark.campaign
def test_sign_ins_from_before_get_their_names_when_the_desk_is_migrated(open_desk, owner):
    owner.execute("DELETE FROM people_loginname")
    assert login_names.holder("rita") is None
    owner.execute(LoginName.kept_by_owner)
    assert login_names.holder("rita") == login_names.holder("Rita@Example.com") == open_desk.rita
