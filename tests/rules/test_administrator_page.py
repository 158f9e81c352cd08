"""The page "What an administrator can and cannot do alone" stays true.

Each sentence names tests that exist, and there is no switch.
"""

import re

from django.apps import apps
from django.conf import settings

from core.database.guards import Guard, Routine
from people.roles import ReviewPolicy
from servicedesk.launcher.running import ROOT

PAGE = ROOT / "docs" / "administrator.md"


def test_each_sentence_about_the_administrator_names_a_test_that_exists():
    rows = [
        line
        for line in PAGE.read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| alone", "| ---"))
    ]
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert len(rows) > 20
    for row in rows:
        proof = row.rstrip(" |").rsplit(" | ", 1)[1]
        named = re.findall(r"`(test_\w+)`", proof)
        assert named or "campaign `" in proof, row
        assert set(named) <= there, row


def test_there_is_no_switch_for_four_eyes():
    parts = [
        part.body
        for model in apps.get_models()
        for part in model._meta.constraints
        if isinstance(part, Guard | Routine)
    ]
    asked = {name for body in parts for name in re.findall(r"current_setting\('([\w.]+)'", body)}
    assert asked <= {"transaction_isolation"}
    assert set(ReviewPolicy.values) == {"reviewers", "colleagues"}
    assert not [
        name
        for name in dir(settings)
        if name.isupper() and re.search(r"EYES|APPROV|ENDORS|CONFIRM", name)
    ]
