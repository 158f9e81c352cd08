"""Two lines to the database for tests of the guards: the application's, and the owner's.

What either writes is taken back after the test.
"""

import pytest
from django.db import connection

from tests.people.by_sql import Line, World


@pytest.fixture
def app(db):
    """The application's line, inside the test's transaction."""
    with connection.cursor() as cursor:
        yield Line(cursor)


@pytest.fixture
def world(app):
    """An empty desk, as the application writes it."""
    return World(app)


@pytest.fixture
def over(db, owner):
    """The owner's line: for columns that the application may not write, and its routines."""
    owner.execute("BEGIN")
    yield Line(owner)
    owner.execute("ROLLBACK")


@pytest.fixture
def whole(over):
    """An empty desk, as its owner writes it."""
    return World(over)
