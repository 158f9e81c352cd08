"""The SQL of the guards stands in files: each used, readable, and frozen for migrations."""

import re
import subprocess

from django.apps import apps

from core.database.guards import ROOT, Body, frozen, frozen_copies, sql

WIDTH = 100
TEXT = re.compile(r"'(?:[^']|'')*'")
ONE_LETTER = re.compile(r"\b[a-z]\b")


def bodies():
    """Every body that stands in a file, by the name of its guard."""
    return {
        part.name: part.body
        for model in apps.get_models()
        for part in model._meta.constraints
        if isinstance(getattr(part, "body", None), Body)
    }


def files():
    """Every file with the SQL of a guard as it is now."""
    return [path for package in sorted(ROOT.glob("*/sql")) for path in package.glob("*.sql")]


def test_every_file_is_a_guards_and_bears_its_name():
    assert {path.stem for path in files()} == set(bodies())
    assert all(body.name == name for name, body in bodies().items())


def test_the_newest_frozen_copy_is_the_file_as_it_is_now():
    stale = {
        name: "run makemigrations"
        for name, body in bodies().items()
        if not (copies := frozen_copies(name)) or frozen(name, max(copies)) != body
    }
    assert stale == {}


def test_every_frozen_copy_is_named_by_a_migration():
    written = "".join(path.read_text() for path in ROOT.glob("*/migrations/*.py"))
    named = set(re.findall(r"frozen\('(\w+)', (\d+)\)", written))
    copies = {tuple(path.name.split(".")[:2]) for path in ROOT.glob("*/migrations/sql/*.sql")}
    assert copies == named


def test_a_changed_body_gets_the_next_number_and_a_known_one_keeps_its_own():
    now = bodies()["approvals_pair_fault"]
    newest = max(frozen_copies(now.name))
    assert now.deconstruct() == ("core.database.guards.frozen", (now.name, newest), {})
    assert Body(now + "-- changed", now.name).number() == newest + 1


def test_lines_are_short_and_aliases_are_words():
    odd = []
    for path in files():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > WIDTH or ONE_LETTER.search(TEXT.sub("", line)):
                odd.append(f"{path.relative_to(ROOT)}:{number}")
    assert odd == []


def test_a_file_says_what_fills_its_places_and_comments_stay_out_of_the_database():
    assert "{{" not in "".join(bodies().values())
    assert "--" not in "".join(TEXT.sub("", body) for body in bodies().values())
    assert isinstance(sql("approvals_is_newest"), Body)


def test_nothing_keeps_the_files_out_of_the_repository_or_the_image():
    paths = [str(path.relative_to(ROOT)) for path in [*files(), *ROOT.glob("*/migrations/sql/*")]]
    found = subprocess.run(
        ["git", "check-ignore", *paths], cwd=ROOT, capture_output=True, text=True
    )
    assert found.stdout == ""
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert not {"*.sql", "**/*.sql", "*/sql", "**/sql"} & set(ignored)
