"""People, sign-ins and roles in raw SQL, and what the database refuses of it.

For the tests that read the guards line by line.
"""

import itertools

import psycopg2
from django.db import DatabaseError

from tests.by_sql import answer

SIGN_IN = {
    "email": "",
    "confirmed_email": "",
    "password": "x",
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
}
_numbers = itertools.count(1)


class Line:
    """A connection in a transaction; what it only tries is taken back."""

    def __init__(self, cursor):
        self.cursor = cursor

    def do(self, statement, *values):
        """Run this; the first value that it returned, if any."""
        self.cursor.execute(statement, values)
        return self.cursor.fetchone()[0] if self.cursor.description else None

    def refuses(self, statement, *values):
        """What refuses this: guard and sentence, constraint, or SQLSTATE; empty if nothing does."""
        self.cursor.execute("SAVEPOINT tried")
        try:
            self.cursor.execute(statement, values)
        except (DatabaseError, psycopg2.Error) as error:
            return answer(error if isinstance(error, psycopg2.Error) else error.__cause__)
        finally:
            self.cursor.execute("ROLLBACK TO SAVEPOINT tried")
        return ""

    def refuses_row(self, table, **row):
        """What refuses a new row."""
        return self.refuses(*inserting(table, **row))

    def waits(self, statement, *values):
        """Whether this waits for somebody else's lock."""
        self.cursor.execute("SAVEPOINT asked")
        self.cursor.execute("SET LOCAL lock_timeout = '100ms'")
        said = self.refuses(statement, *values)
        self.cursor.execute("ROLLBACK TO SAVEPOINT asked")
        return said == "55P03"

    def ahead(self, interval):
        """Put the desk's clock ahead, for the rest of this transaction."""
        self.do("SELECT set_config('desk_test.ahead', %s, true)", interval)

    def insert(self, table, **row):
        """A new row; its id."""
        return self.do(*inserting(table, **row, returning="id"))


def inserting(table, *, returning="", **row):
    """The statement that writes this row, and its values."""
    statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
    return (f"{statement} RETURNING {returning}" if returning else statement), *row.values()


class World:
    """Departments, persons with a sign-in each, roles, words about roles: each by one statement."""

    def __init__(self, line):
        self.line = line
        self.users = {}

    def department(self, *, parent=None, policy="reviewers"):
        """A department; its id."""
        return self.line.insert(
            "people_department",
            **{
                "name_en": f"D{next(_numbers)}",
                "name_de": "D",
                "parent_id": parent,
                "review_policy": policy,
                "clock_minutes": 10,
            },
            **{
                "reply_minutes": 30,
                "time_zone": "Europe/Berlin",
                "hours": "{}",
                "holiday_country": "",
                "holiday_state": "",
                "holidays_by_hand": "{}",
            },
        )

    def person(self, **sign_in):
        """A person with a sign-in; the person's id."""
        person = self.line.insert("people_person", name="P", is_listed_by_name=False)
        self.users[person] = self.sign_in(person, **sign_in)
        return person

    def sign_in(self, person, **fields):
        """A sign-in of this person; its id."""
        return self.line.insert("people_user", **signing_in(person, **fields))

    def role(self, person, role, department=None, *, by=None):
        """A role, by command or given by somebody; its id."""
        return self.line.insert(
            "people_membership",
            person_id=person,
            role=role,
            department_id=department,
            given_by_id=by,
        )

    def end(self, membership):
        """Close a role."""
        self.line.do("UPDATE people_membership SET ended_at = now() WHERE id = %s", membership)

    def word(self, membership, person, under, word="confirmed"):
        """Somebody's word about a role, under a role of theirs."""
        self.line.do(*self.saying(membership, person, under, word))

    def saying(self, membership, person, under, word="confirmed", **fields):
        """The statement for it."""
        row = {
            "membership_id": membership,
            "word": word,
            "user_id": self.users.get(person),
            "person_id": person,
            "under_id": under,
            "channel": "",
        }
        return inserting("people_roleconfirmation", **row | fields)

    def switch(self, person, *, on):
        """Switch every sign-in of a person off or on."""
        self.line.do("UPDATE people_user SET is_active = %s WHERE person_id = %s", on, person)

    def link(self, person, same_as):
        """Two persons are one."""
        self.line.insert("people_personlink", person_id=person, same_as_id=same_as)

    def change(self, setter, subject, kind="password"):
        """Somebody set somebody's access."""
        self.line.insert("people_accesschange", setter_id=setter, subject_id=subject, kind=kind)

    def standing(self, membership):
        """How a role stands."""
        return self.line.do("SELECT people_role_standing(%s)", membership)


def signing_in(person, **fields):
    """The row of a sign-in."""
    return {"username": f"u{next(_numbers)}", "person_id": person, **SIGN_IN, **fields}
