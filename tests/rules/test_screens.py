"""What a screen needs is one dataclass: its templates name the fields that are there.

Django shows nothing where a name leads nowhere. Here each name is looked up.
"""

import dataclasses
import re
import typing

import pytest

from approvals.drafts.composer import Composer
from approvals.drafts.guideline_beside import GuidelineBeside
from posting.outbox import Outbox
from satisfaction.views.figures import FiguresScreen
from servicedesk.frame.bar import Bar, Overlays
from servicedesk.launcher.running import ROOT
from servicedesk.screens.list_parts import Several, Tabs
from servicedesk.screens.outcomes import CheckScreen
from servicedesk.screens.review_screen import Beside, Correction, ReviewScreen
from servicedesk.screens.ticket_screen import Notes, TicketScreen, VerbsOfTicket
from tickets.inbox.filters import Fields
from tickets.views.verbs import Verbs

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
# What the templates call it, what it is, and which templates read it.
SCREENS = [
    (
        "composer",
        Composer,
        [
            "approvals/_composer.html",
            "approvals/_composer_form.html",
            "approvals/_attachments.html",
            "approvals/_findings.html",
        ],
    ),
    (
        "screen",
        ReviewScreen,
        ["screens/_review.html", "screens/_correction.html", "approvals/_new_findings.html"],
    ),
    ("screen", CheckScreen, ["screens/outcome_check.html"]),
    ("screen", FiguresScreen, ["satisfaction/figures.html"]),
    ("correction", Correction, ["screens/_correction.html"]),
    ("beside", Beside, ["screens/_beside.html"]),
    ("screen", TicketScreen, ["screens/ticket.html", "screens/_conversation.html"]),
    ("part", VerbsOfTicket, ["screens/_ticket_verbs.html"]),
    ("part", Notes, ["screens/_notes.html"]),
    ("part", Tabs, ["screens/_tabs.html"]),
    ("part", Fields, ["screens/_filter_fields.html"]),
    ("part", Several, ["screens/_several.html"]),
    ("part", GuidelineBeside, ["approvals/_guideline_beside.html"]),
    ("part", Bar, ["components/bar.html"]),
    ("part", Overlays, ["components/keys.html"]),
    (
        "verbs",
        Verbs,
        [
            "screens/_ticket_verbs.html",
            "screens/_verb_assign.html",
            "screens/_verb_hand_off.html",
            "screens/_verb_join.html",
            "screens/_verb_resolve.html",
            "screens/_verb_snooze.html",
        ],
    ),
    ("outbox", Outbox, ["posting/_outbox.html"]),
]
NAMES = [screen.__name__ for _name, screen, _templates in SCREENS]


def paths_in(template: str, name: str) -> set[str]:
    """Return each dotted path that begins with the name, as the template's tags have it."""
    text = (ROOT / "templates" / template).read_text()
    return {
        path
        for tag in TAG.findall(text)
        for path in re.findall(rf"(?<![\w.]){name}((?:\.\w+)+)", QUOTED.sub("", tag))
    }


def kind_of(screen: type, name: str) -> type | None:
    """Return the dataclass that a field holds; None for anything else, and for a property."""
    kind = typing.get_type_hints(screen).get(name)
    return kind if isinstance(kind, type) and dataclasses.is_dataclass(kind) else None


def leads_nowhere(screen: type, path: str) -> bool:
    """Whether a part of the path is neither a field nor a property of the dataclass it is in."""
    kind: type | None = screen
    for name in path.strip(".").split("."):
        if kind is None:
            return False
        fields = {field.name for field in dataclasses.fields(kind)}
        if name not in fields and not isinstance(getattr(kind, name, None), property):
            return True
        kind = kind_of(kind, name) if name in fields else None
    return False


def fields_of(screen: type, before: str = "") -> set[str]:
    """Return the path of each field, with those of the parts instead of the part."""
    paths: set[str] = set()
    for field in dataclasses.fields(screen):
        path, kind = f"{before}.{field.name}", kind_of(screen, field.name)
        of_ours = kind is not None and kind.__module__ == screen.__module__
        paths |= fields_of(kind, path) if of_ours else {path}
    return paths


@pytest.mark.parametrize(("name", "screen", "templates"), SCREENS, ids=NAMES)
def test_templates_name_only_what_the_screen_has(name, screen, templates):
    paths = {path for template in templates for path in paths_in(template, name)}
    assert paths
    assert [path for path in sorted(paths) if leads_nowhere(screen, path)] == []


# Read by the screen's own properties, or by who builds it, and by no template.
NOT_SHOWN = {
    "Composer": {
        ".standing.mine",
        ".checks.guidelines",
        ".ways.why_not_withdraw",
        ".ways.why_not_take_over",
        ".ways.why_not_revoke",
    },
    "TicketScreen": {".work.verbs", ".work.nameable"},  # drawn by the view, each once
    "GuidelineBeside": {".shown", ".mattering"},
    "Overlays": {".leads"},
    "Correction": {".checks"},  # read by the composer's template of the findings
    "ReviewScreen": {
        ".words.body",
        ".refused.text",
        ".refused.paragraph",
        ".refused.fields",
    },
}


@pytest.mark.parametrize(("name", "screen", "templates"), SCREENS, ids=NAMES)
def test_nothing_is_prepared_that_no_template_shows(name, screen, templates):
    paths = {path for template in templates for path in paths_in(template, name)}
    unread = {
        field
        for field in fields_of(screen)
        if not any(path == field or path.startswith(f"{field}.") for path in paths)
    }
    assert unread == NOT_SHOWN.get(screen.__name__, set())


def test_a_name_that_leads_nowhere_is_found():
    assert leads_nowhere(Composer, ".wrods.text")
    assert leads_nowhere(Composer, ".words.txet")
    assert not leads_nowhere(Composer, ".words.account.handle")
    assert not leads_nowhere(Composer, ".may_revoke")


def test_no_template_tag_reads_what_happens_to_stand_around_it():
    found = [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.glob("*/templatetags/*.py"))
        if "takes_context=" in path.read_text()
    ]
    assert found == []
