"""Tables of what the database refuses: a committed story, a change of it, a statement, the answer.

A guard is asked about rows that only a mistake elsewhere could have written, so the
owner writes them with triggers switched off, then switches them on, tries the
statement, and undoes it all. Statements name rows by the story's words: `{rita.user}`,
`{draft}`.
"""

from contextlib import contextmanager
from types import SimpleNamespace

import psycopg2
from django.db import DatabaseError, connection, transaction


def answer(error):
    """A guard's sentence behind its name, the name of a constraint, or the code of the error."""
    name, code = error.diag.constraint_name, error.pgcode
    return f"{name}: {error.diag.message_primary}" if code == "DK403" else name or code


def cast(desk):
    """For each of the cast the numbers of sign-in, person and role."""
    users = (
        type(desk.aylin).objects.select_related("person").prefetch_related("person__membership_set")
    )
    return {
        user.username: SimpleNamespace(
            user=user.pk, person=user.person_id, role=user.person.membership_set.all()[0].pk
        )
        for user in users
    }


class Story:
    """Committed rows, and the owner's line to them."""

    def __init__(self, cursor, **words):
        self.cursor, self.words = cursor, words

    def write(self, statement):
        """Write this past every guard, for good."""
        with self.undone(statement, ending="COMMIT"):
            pass

    @contextmanager
    def undone(self, change="", *, isolation="READ COMMITTED", ending="ROLLBACK"):
        """After this change, which no guard was asked about."""
        self.cursor.execute(f"BEGIN ISOLATION LEVEL {isolation}; SET LOCAL lock_timeout = '20ms'")
        try:
            if change:
                self.cursor.execute(
                    f"SET LOCAL session_replication_role = replica; {change.format(**self.words)}; "
                    "SET LOCAL session_replication_role = origin"
                )
            yield
        finally:
            self.cursor.execute(ending)

    def says(self, statement, change="", **how):
        """What the database answers to this statement after that change.

        Nothing where it goes through.
        """
        with self.undone(change, **how):
            try:
                self.cursor.execute(statement.format(**self.words))
            except psycopg2.Error as error:
                return answer(error)
        return ""

    def gives(self, query, change=""):
        """What this returns after that change, one row, or one value.

        Nothing where no row came of it.
        """
        with self.undone(change):
            self.cursor.execute(query.format(**self.words))
            row = self.cursor.fetchone()
        return row[0] if row and len(row) == 1 else row

    def waits(self, statement, *locked):
        """Say whether the application's statement waits while the owner holds these rows.

        Each row is a table and a number.
        """
        with self.undone():
            for table, number in locked:
                self.cursor.execute(
                    f"SELECT FROM {table} WHERE id = {number} FOR NO KEY UPDATE".format(
                        **self.words
                    )
                )
                assert self.cursor.rowcount == 1
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '20ms'")
                    cursor.execute(statement.format(**self.words))
                    transaction.set_rollback(True)
            except DatabaseError as error:
                return error.__cause__.pgcode == "55P03"
        return False


def differing(story, cases, statement):
    """The cases (name: change, answer) in which the database answers otherwise to the statement."""
    found = {what: story.says(statement, change) for what, (change, _wanted) in cases.items()}
    return {what: said for what, said in found.items() if said != cases[what][1]}
