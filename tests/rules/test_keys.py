"""The sheet of keys is true: it lists every key of the templates, and none that leads nowhere."""

import re

from people.preferences.keyboard_shortcuts import LETTERS, PAIRS, RESERVED
from servicedesk.launcher.running import ROOT

IN_LISTS = {"j", "k"}  # keys.js has them itself
HERE = {"Enter"}  # one button of one screen, printed on it
EITHER = re.compile(r"[a-z](?=\{%)")  # "{% if … %}s{% else %}a{% endif %}"


def keys_of_templates() -> set[str]:
    """Every key that a template gives to something."""
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        for value in re.findall(r'data-(?:verb-)?key="([^"]+)"| key="([a-z])"', path.read_text()):
            key = "".join(value)
            found |= set(EITHER.findall(re.sub(r"\{% if .*? %\}", "", key))) or {key}
    return {key for key in found if "{{" not in key} - HERE


def test_every_letter_of_a_screen_stands_on_the_sheet_and_the_other_way_round():
    letters = {key for key in keys_of_templates() if re.fullmatch("[a-z]", key)}
    assert letters == set(LETTERS) - IN_LISTS


def test_every_pair_of_a_screen_stands_on_the_sheet_and_the_other_way_round():
    pairs = {key for key in keys_of_templates() if " " in key}
    assert pairs == {f"{RESERVED} {letter}" for letter in PAIRS}


def test_digits_are_for_choices_and_names_alone():
    rest = {key for key in keys_of_templates() if not re.fullmatch("[a-z]", key) and " " not in key}
    assert rest == {"/", "5"}


def test_the_verbs_of_rows_have_the_keys_of_the_open_ticket():
    rows = set(re.findall(r' key="([a-z])"', text_of("_row_verbs")))
    ticket = set(re.findall(r'data-key="([a-z])"', text_of("_ticket_verbs")))
    assert rows == ticket
    assert len(rows) > 5


def text_of(name: str) -> str:
    """The source of a template of the screens."""
    return (ROOT / "templates" / "screens" / f"{name}.html").read_text()
