"""No package knows a higher one, by import (`lint-imports`) or by any other way.

Other ways are a task named by a string, a table in SQL, a tag of a template.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicedesk.launcher.running import ROOT
from tests.support.packages import PACKAGES as EVERY_PACKAGE

PACKAGES = tuple(one for one in EVERY_PACKAGE if one != "xapi")
TABLE = re.compile(r"\b(" + "|".join(PACKAGES) + r")_[a-z]+\b")
TASK = re.compile(r"\b(" + "|".join(PACKAGES) + r")\.tasks\.\w+")
LOAD = re.compile(r"{% load ([^%]+) %}")
INCLUDE = re.compile(r"{% (?:include|extends) [\"']([a-z]+)/")
# Named by a higher package's own doing: the timetable of Celery names every task.
NAMES_TASKS = ("servicedesk",)
# Words in SQL that begin like a table of a package and are none.
NO_TABLE = {"posting_allowed"}


def rank(package: str) -> int:
    """How high a package stands; what belongs to none stands highest."""
    return PACKAGES.index(package) if package in PACKAGES else len(PACKAGES)


def python_files() -> Iterator[tuple[str, Path]]:
    """Yield every module of the packages with its package; frozen migrations aside."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield package, path


def texts(path: Path) -> Iterator[str]:
    """Yield the strings of a module, its docstrings aside."""
    tree = ast.parse(path.read_text())
    said = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
            yield node.value


def higher_tables(package: str, text: str) -> set[str]:
    """Return the tables of higher packages that a text names."""
    return {
        found.group(0)
        for found in TABLE.finditer(text)
        if rank(found.group(1)) > rank(package) and found.group(0) not in NO_TABLE
    }


def test_no_task_is_named_by_a_string():
    named = [
        f"{path.relative_to(ROOT)}: {text}"
        for package, path in python_files()
        if package not in NAMES_TASKS
        for text in texts(path)
        if TASK.search(text)
    ]
    assert named == []


def test_no_guard_reads_a_table_of_a_higher_package():
    arrows = {
        str(path.relative_to(ROOT)): higher
        for path in sorted(ROOT.glob("*/sql/*.sql"))
        if (higher := higher_tables(path.parts[-3], path.read_text()))
    }
    assert arrows == {}


def test_no_statement_of_a_module_reads_a_table_of_a_higher_package():
    arrows = {
        f"{path.relative_to(ROOT)}: {text[:60]}": higher
        for package, path in python_files()
        for text in texts(path)
        if re.search(r"\b(?:SELECT|UPDATE|INSERT|DELETE)\b", text)
        and (higher := higher_tables(package, text))
    }
    assert arrows == {}


@pytest.mark.parametrize(
    ("package", "text", "higher"),
    [
        ("tickets", "SELECT FROM approvals_draft", {"approvals_draft"}),
        ("approvals", "SELECT FROM approvals_draft JOIN tickets_ticket", set()),
        ("core", "FROM people_user", {"people_user"}),
    ],
)
def test_an_arrow_upwards_is_found(package, text, higher):
    assert higher_tables(package, text) == higher


def libraries() -> dict[str, str]:
    """Return the package of each library of template tags."""
    return {
        path.stem: path.parts[-3]
        for package in PACKAGES
        for path in (ROOT / package / "templatetags").glob("[a-z]*.py")
    }


def test_no_template_uses_a_tag_or_a_template_of_a_higher_package():
    homes, arrows = libraries(), []
    for path in sorted((ROOT / "templates").glob("*/*.html")):
        package = "core" if path.parent.name == "components" else path.parent.name
        words = path.read_text()
        loaded = [name for found in LOAD.findall(words) for name in found.split()]
        higher = {name for name in loaded if name in homes and rank(homes[name]) > rank(package)}
        higher |= {
            name
            for name in INCLUDE.findall(words)
            if name != "components" and rank(name) > rank(package)
        }
        if higher:
            arrows.append(f"{path.relative_to(ROOT)}: {', '.join(sorted(higher))}")
    assert arrows == []


def test_a_tag_reads_nothing_from_the_page_but_the_request():
    fished = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in PACKAGES
        for path in sorted((ROOT / package / "templatetags").glob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"context(\[|\.get\()", line) and 'context["request"]' not in line
    ]
    assert fished == []
