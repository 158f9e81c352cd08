"""What raw SQL may do with invitations, line by line of the guard.

How a link begins, whom it is for, how it is used, what it tells, and which sign-in comes by it.
"""

import itertools
from datetime import timedelta

import pytest

from core.database.db_time import desk_now
from tests.people.by_sql import signing_in

RULE = "people_invitation_once: "
FURTHER = (
    "people_user_further: a further sign-in is added by its person, "
    "or by a link that was mailed and shown to nobody"
)
OPEN = RULE + "an invitation begins open"
BY_MAIL = RULE + "such a link goes by mail alone"
CONFIRMED = RULE + "a link goes only to an address that its owner confirmed"
ONCE = RULE + "an invitation is used once"
OLD = RULE + "this invitation is too old"
WHOM = RULE + "an invitation is accepted by whom it is for"
LONG_AGO = "2001-01-01"
_numbers = itertools.count(1)


class Cast:
    """An administrator and two colleagues, each with a confirmed address."""

    def __init__(self, world):
        self.world, self.line = world, world.line
        self.max, self.rita, self.lena = (self.somebody(name) for name in ("max", "rita", "lena"))

    def somebody(self, name, **fields):
        """A person's sign-in with an address that they confirmed; (person, user)."""
        address = f"{name}@example.com"
        person = self.world.person(**{"email": address, "confirmed_email": address, **fields})
        return person, self.world.users[person]

    def row(self, **fields):
        """An invitation to somebody new, by the administrator."""
        plain = {
            "sha256": f"{next(_numbers)}",
            "name": "Zoe",
            "initials": "",
            "email": "",
            "role": "agent",
            "only_by_mail": False,
            "by_id": self.max[1],
        }
        return plain | fields

    def refuses(self, **fields):
        """What refuses such an invitation."""
        return self.line.refuses_row("people_invitation", **self.row(**fields))

    def made(self, **fields):
        """Such an invitation; its id."""
        return self.line.insert("people_invitation", **self.row(**fields))

    def mailed(self, who, **fields):
        """A link into a person, mailed alone; its id."""
        return self.made(
            person_id=who[0],
            only_by_mail=True,
            email=f"{'rita' if who == self.rita else 'lena'}@example.com",
            **fields,
        )

    def refuses_accepting(self, invitation, by):
        """What refuses that this sign-in (or nobody) accepts it."""
        return self.line.refuses(
            "UPDATE people_invitation SET accepted_at = now(), accepted_by_id = %s WHERE id = %s",
            by,
            invitation,
        )

    def accept(self, invitation, by):
        """This sign-in accepts it."""
        self.line.do(
            "UPDATE people_invitation SET accepted_at = now(), accepted_by_id = %s WHERE id = %s",
            by,
            invitation,
        )

    def revoke(self, invitation):
        """It is withdrawn."""
        self.line.do("UPDATE people_invitation SET revoked_at = now() WHERE id = %s", invitation)

    def told(self):
        """The changes of access that the database noted."""
        self.line.cursor.execute(
            "SELECT setter_id, subject_id, kind FROM people_accesschange ORDER BY id"
        )
        return self.line.cursor.fetchall()


@pytest.fixture
def cast(world):
    """As the application writes it."""
    return Cast(world)


def test_an_invitation_begins_open_and_now(cast, app):
    assert cast.refuses() == ""
    assert cast.refuses(accepted_at="2026-01-01") == OPEN
    assert cast.refuses(revoked_at="2026-01-01") == OPEN
    made = cast.made(at=LONG_AGO)
    assert desk_now() - app.do("SELECT at FROM people_invitation WHERE id = %s", made) < timedelta(
        minutes=5
    )


def test_a_link_into_a_person_or_asked_for_by_nobody_is_not_shown(cast):
    assert cast.refuses(person_id=cast.rita[0]) == BY_MAIL
    assert cast.refuses(user_id=cast.rita[1], by_id=None) == BY_MAIL
    assert cast.refuses(user_id=cast.rita[1]) == ""
    assert cast.refuses(by_id=None) == ""


def test_a_mailed_link_goes_to_the_persons_own_confirmed_address(cast):
    (_max, max_user), (rita, rita_user) = cast.max, cast.rita
    hers = {"only_by_mail": True, "email": "RITA@Example.com"}
    assert cast.refuses(**hers, person_id=rita) == ""
    assert cast.refuses(**hers, user_id=rita_user) == ""
    assert cast.refuses(**hers, user_id=rita_user, by_id=None) == ""
    assert cast.refuses(**hers, user_id=max_user) == CONFIRMED
    assert cast.refuses(**hers, person_id=cast.lena[0]) == CONFIRMED
    assert cast.refuses(**hers) == CONFIRMED
    assert cast.refuses(only_by_mail=True, person_id=rita, email="max@example.com") == CONFIRMED


def test_a_link_for_a_sign_in_goes_to_that_very_ones_address(cast, app):
    rita, rita_user = cast.rita
    app.insert(
        "people_user",
        **signing_in(
            rita,
            added_by_id=rita_user,
            email="second@example.com",
            confirmed_email="second@example.com",
        ),
    )
    to_the_second = {"only_by_mail": True, "email": "second@example.com", "person_id": rita}
    assert cast.refuses(**to_the_second) == ""
    assert cast.refuses(**to_the_second, user_id=rita_user) == CONFIRMED


@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"confirmed_email": ""},
        {"confirmed_email": "other@example.com"},
        {"email": "", "confirmed_email": ""},
    ],
)
def test_no_link_goes_to_who_is_switched_off_or_has_no_address_of_their_own(cast, fields):
    person, user = cast.somebody("nele", **fields)
    for whom in ({"person_id": person}, {"user_id": user}):
        assert (
            cast.refuses(only_by_mail=True, email=fields.get("email", "nele@example.com"), **whom)
            == CONFIRMED
        )


def test_an_invitation_is_used_or_withdrawn_once(cast):
    used, withdrawn, whole = cast.made(), cast.made(), cast.made()
    cast.accept(used, cast.rita[1])
    cast.revoke(withdrawn)
    for invitation in (used, withdrawn):
        assert cast.refuses_accepting(invitation, cast.rita[1]) == ONCE
        assert (
            cast.line.refuses(
                "UPDATE people_invitation SET revoked_at = now() WHERE id = %s", invitation
            )
            == ONCE
        )
    assert (
        cast.line.refuses("UPDATE people_invitation SET revoked_at = now() WHERE id = %s", whole)
        == ""
    )
    assert cast.refuses_accepting(whole, cast.rita[1]) == ""


def test_an_invitation_holds_for_a_week_and_can_be_withdrawn_later(cast, app):
    made = cast.made()
    app.ahead("6 days 23 hours")
    assert cast.refuses_accepting(made, cast.rita[1]) == ""
    app.ahead("7 days 1 hour")
    assert cast.refuses_accepting(made, cast.rita[1]) == OLD
    assert app.refuses("UPDATE people_invitation SET revoked_at = now() WHERE id = %s", made) == ""


def test_an_invitation_is_accepted_by_whom_it_is_for(cast):
    (_rita, rita_user), (_lena, lena_user) = cast.rita, cast.lena
    for anybody in (cast.made(), cast.made(by_id=None)):
        assert cast.refuses_accepting(anybody, None) == WHOM
        assert cast.refuses_accepting(anybody, lena_user) == ""
    for hers in (cast.made(user_id=rita_user), cast.mailed(cast.rita)):
        assert cast.refuses_accepting(hers, None) == WHOM
        assert cast.refuses_accepting(hers, lena_user) == WHOM
        assert cast.refuses_accepting(hers, rita_user) == ""


def test_when_it_was_accepted_the_database_says(cast, app):
    made = cast.made()
    app.do(
        "UPDATE people_invitation SET accepted_at = %s, accepted_by_id = %s WHERE id = %s",
        LONG_AGO,
        cast.rita[1],
        made,
    )
    assert desk_now() - app.do(
        "SELECT accepted_at FROM people_invitation WHERE id = %s", made
    ) < timedelta(minutes=5)


def test_a_link_into_somebodys_access_is_told_when_it_is_made_and_when_it_is_used(cast):
    max_, rita = cast.max[0], cast.rita[0]
    cast.accept(cast.made(user_id=cast.rita[1]), cast.rita[1])
    assert cast.told() == [(max_, rita, "password")] * 2
    cast.accept(cast.mailed(cast.rita), cast.rita[1])
    assert cast.told()[2:] == [(max_, rita, "sign_in")] * 2


def test_a_link_of_ones_own_or_to_somebody_new_sets_nobodys_access(cast):
    cast.made()
    cast.made(by_id=None)
    cast.mailed(cast.rita, by_id=cast.rita[1])
    cast.revoke(cast.mailed(cast.rita, by_id=None))
    assert cast.told() == []


def test_the_owner_too_leaves_an_invitation_where_it_is(over, whole):
    made = Cast(whole).made()
    assert (
        over.refuses("DELETE FROM people_invitation WHERE id = %s", made)
        == RULE + "invitations are revoked, not deleted"
    )


def test_a_first_sign_in_needs_no_claim(cast, app):
    nobody = app.insert("people_person", name="Zoe", is_listed_by_name=False)
    assert app.refuses_row("people_user", **signing_in(nobody)) == ""


def test_a_further_sign_in_is_added_by_an_active_one_of_the_same_person(cast, app):
    rita, rita_user = cast.rita
    assert app.refuses_row("people_user", **signing_in(rita)) == FURTHER
    assert app.refuses_row("people_user", **signing_in(rita, added_by_id=cast.max[1])) == FURTHER
    assert app.refuses_row("people_user", **signing_in(rita, added_by_id=rita_user)) == ""
    second = app.insert("people_user", **signing_in(rita, added_by_id=rita_user))
    app.do("UPDATE people_user SET is_active = false WHERE id = %s", rita_user)
    assert app.refuses_row("people_user", **signing_in(rita, added_by_id=rita_user)) == FURTHER
    assert app.refuses_row("people_user", **signing_in(rita, added_by_id=second)) == ""


def test_a_further_sign_in_comes_by_an_open_link_that_was_mailed_to_that_person(cast, app):
    rita, hers, lenas = cast.rita[0], cast.mailed(cast.rita), cast.mailed(cast.lena)
    coming = signing_in(rita)
    assert app.refuses_row("people_user", **coming, invitation_id=hers) == ""
    assert app.refuses_row("people_user", **coming) == FURTHER
    assert app.refuses_row("people_user", **coming, invitation_id=lenas) == FURTHER
    shown = cast.made(user_id=cast.rita[1])
    assert app.refuses_row("people_user", **coming, invitation_id=shown) == FURTHER
    app.ahead("6 days 23 hours")
    assert app.refuses_row("people_user", **coming, invitation_id=hers) == ""
    app.ahead("7 days 1 hour")
    assert app.refuses_row("people_user", **coming, invitation_id=hers) == FURTHER


@pytest.mark.parametrize("how", ["accepted", "revoked"])
def test_no_further_sign_in_comes_by_a_link_that_was_used_or_withdrawn(cast, app, how):
    hers = cast.mailed(cast.rita)
    if how == "accepted":
        cast.accept(hers, cast.rita[1])
    else:
        cast.revoke(hers)
    assert app.refuses_row("people_user", **signing_in(cast.rita[0], invitation_id=hers)) == FURTHER


def test_no_further_sign_in_comes_by_a_link_from_before_the_guard_that_was_shown(over, whole):
    cast = Cast(whole)
    over.do("SET LOCAL session_replication_role = replica")
    shown = cast.made(person_id=cast.rita[0], at="now")
    over.do("SET LOCAL session_replication_role = origin")
    assert (
        over.refuses_row("people_user", **signing_in(cast.rita[0], invitation_id=shown)) == FURTHER
    )
