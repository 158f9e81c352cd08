"""What is sent is read by forms: classes in `<package>/forms.py`, drawn by the components.

A button, or a form of one to three values, goes by the typed helpers of `core.screens.form_values`.
"""

import ast
import re
from collections.abc import Iterator

from servicedesk.launcher.running import ROOT
from tests.rules.test_house import SOURCES

# Who reads `request.POST` itself, and why.
READS = {
    "core/screens/form_values.py": "the typed helpers",
    "core/screens/typed_values.py": "gives back whatever a refused form brought",
    "people/identity/reauthentication.py": "carries whatever form was on its way",
    "people/identity/throttling.py": "counts who signs in, before any form is read",
    "servicedesk/middleware.py": "looks at every word before any form is read",
}
# What still reads field by field, and only ever shrinks.
STILL = {
    "servicedesk/screens/review.py",
    "posting/views/outbox.py",
    "servicedesk/screens/ticket.py",
}
MOST = 3
HELPERS = {"posted", "is_posted", "all_posted", "posted_by_key", "whole_number"}
# Where a labelled field is drawn by hand: how many, and only ever fewer.
BY_HAND = {
    "503.html": 1,
    "approvals/_attachment.html": 1,
    "approvals/_composer.html": 2,
    "approvals/_finding.html": 1,
    "approvals/_new_findings.html": 1,
    "screens/_review.html": 5,
    "screens/_correction.html": 1,
    "people/person.html": 2,
    "posting/_outbox.html": 3,
    "refused.html": 1,
    "screens/_notes.html": 2,
    "screens/_several.html": 1,
    "screens/_verb_hand_off.html": 1,
    "screens/_filter_fields.html": 4,
    "screens/_filters.html": 2,
}


def name_of(path) -> str:
    """The path of a source within the project."""
    return path.relative_to(ROOT).as_posix()


def readers() -> set[str]:
    """The sources that read `request.POST`."""
    return {
        name_of(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "POST"
    }


def read_by_helpers() -> Iterator[tuple[str, set[str]]]:
    """Each function of a view with the names that it reads by the helpers."""
    for path in SOURCES:
        if "views" not in path.parts:
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                names = {
                    ast.unparse(call.args[1])
                    for call in ast.walk(function)
                    if isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id in HELPERS
                }
                yield f"{name_of(path)} {function.name}", names


def test_nothing_but_forms_and_their_helpers_reads_what_was_sent():
    assert readers() == {*READS, *STILL}


def test_a_view_that_reads_more_than_three_values_has_a_form():
    read = dict(read_by_helpers())
    assert sum(map(bool, read.values())) > 20
    assert {where: names for where, names in read.items() if len(names) > MOST} == {}


def test_classes_of_forms_stand_in_the_forms_of_their_package():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and path.name not in {"forms.py", "form_values.py"}:
                assert not any(
                    re.search(r"(^|\.)\w*Form$", ast.unparse(base)) for base in node.bases
                ), f"{name_of(path)} {node.name}"


def test_a_labelled_field_is_drawn_by_its_component():
    drawn = {}
    for path in (ROOT / "templates").rglob("*.html"):
        by_hand = re.findall(r'<label[^>]*class="field[ "]', path.read_text())
        if by_hand and path.parent.name != "components":
            drawn[path.relative_to(ROOT / "templates").as_posix()] = len(by_hand)
    assert drawn == BY_HAND
