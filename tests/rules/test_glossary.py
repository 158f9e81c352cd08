"""The glossary says what stands: each term where it lives, in German as the screens have it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicedesk.launcher.running import ROOT
from tests.support.packages import PACKAGES

PAGE = ROOT / "docs" / "reference" / "glossary.md"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| `([^`|]+)` \|$", re.MULTILINE)
CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
MOST_MODULES = 15
# Names of modules that said nothing to somebody who had not read this project before.
GIVEN_UP = {
    "acting",
    "calendars",
    "crowd",
    "cuts",
    "desk_keys",
    "duty",
    "emptying",
    "filling",
    "finding_words",
    "following",
    "handing_over",
    "joining",
    "letters",
    "marks",
    "nudge",
    "operation",
    "posts_of_joining",
    "reading",
    "reading_marks",
    "rest",
    "telling",
    "verifying",
    "void_words",
    "wall",
    "wording",
}


def test_the_glossary_has_its_terms_in_order():
    names = [term for term, _meaning, _german, _place in ROW.findall(PAGE.read_text())]
    assert len(names) >= 40
    assert names == sorted(names)


@pytest.mark.parametrize("row", ROW.findall(PAGE.read_text()), ids=lambda row: row[0])
def test_a_term_lives_where_the_glossary_says_and_has_its_german_word(row):
    _term, meaning, german, place = row
    path, _, name = place.partition(": ")
    assert meaning.strip(" –")
    assert (ROOT / path).is_file(), place
    if name:
        tree = ast.parse((ROOT / path).read_text())
        defined = {node.name for node in tree.body if hasattr(node, "name")}
        assert name in defined, place
    said = re.findall(r'^(?:msgstr(?:\[\d\])? )?"(.*)"$', CATALOGUE.read_text(), re.MULTILINE)
    assert german == "–" or any(german in words for words in said), german


def folders() -> Iterator[Path]:
    """Yield each package and sub-package with modules of ours."""
    for package in PACKAGES:
        for folder in [ROOT / package, *(ROOT / package).rglob("*/")]:
            if folder.is_dir() and not {"migrations", "__pycache__"} & set(folder.parts):
                yield folder


def modules(folder: Path) -> list[str]:
    """Return the names of the modules of a folder."""
    return [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]


def test_no_room_holds_more_than_a_glance_takes_in():
    full = {
        folder.relative_to(ROOT).as_posix(): len(modules(folder))
        for folder in folders()
        if len(modules(folder)) > MOST_MODULES and folder.name != "commands"
    }
    assert full == {}


def test_no_module_bears_a_name_that_was_given_up():
    found = [
        f"{folder.relative_to(ROOT)}/{name}.py"
        for folder in folders()
        for name in modules(folder)
        if name in GIVEN_UP and folder.name != "management"
    ]
    assert found == []


def test_every_place_that_newcomers_look_for_is_there():
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    section = contributing.partition("## Where is …?")[2].partition("\n## ")[0]
    places = re.findall(r"`([a-z_/]+\.(?:py|sql))`", section)
    assert len(places) >= 10
    assert [place for place in places if not (ROOT / place).is_file()] == []
