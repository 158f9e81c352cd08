"""The judge's attacks, one by one, against the desk with every wall up.

So the tests too notice a wall that is missing.
"""

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from psycopg2.extensions import make_dsn

from campaigns.judge import ATTACKS, SAFEGUARDS, Stage

pytestmark = pytest.mark.campaign
CAMPAIGN_ALONE = {
    "a weak role that became strong"
}  # asks for the database's own name; `/readyz` has a test of its own


class Scene(Stage):
    """The stage in the tests' own database."""

    def __init__(self, desk, world):
        from tests import factories

        self.desk, self.world, self.factories = desk, world, factories
        self.owner = psycopg2.connect(world.owner_dsn)
        self.owner.autocommit = True


class Place:
    """What the stage needs of a campaign's world.

    The lines to the database, and the simulated X.
    """

    name = ""

    def __init__(self, x):
        self.x, self.name = x, connection.settings_dict["NAME"]
        self.app_dsn, self.owner_dsn = (
            make_dsn(
                dbname=self.name,
                user=known["USER"],
                host=known["HOST"] or None,
                password=known["PASSWORD"] or None,
                port=known["PORT"] or None,
            )
            for known in (
                settings.DATABASES["default"],
                settings.DATABASES["default"]["TEST"]["OWNER"],
            )
        )


@pytest.fixture
def stage(open_desk, x):
    """People, an account, lines to the database."""
    scene = Scene(open_desk, Place(x))
    yield scene
    scene.owner.close()


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in ATTACKS
        if not name.startswith("the owner deletes from") and name not in CAMPAIGN_ALONE
    ],
)
def test_an_attack_of_the_judge_does_not_get_through(stage, name):
    assert stage.stopped(ATTACKS[name])


def test_every_guard_that_is_taken_away_names_attacks_that_there_are():
    wanted = {name for safeguard in SAFEGUARDS for name in safeguard.attacks}
    assert wanted - set(ATTACKS) == set()
