r"""Where ASCII is meant a pattern says so: `\\w`, `\\d` and `isdigit` mean every script."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicedesk.launcher.running import ROOT
from tests.support.packages import PACKAGES

SOURCES = [
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
]
OF_EVERY_SCRIPT = re.compile(r"\\[wWdDbB]")
OF_STRINGS = {"isdigit", "isalnum", "isdecimal", "isnumeric", "isalpha"}

# Here words and numbers of people are read, in whatever script they write.
WORDS = {
    "approvals/drafts/saved_replies.py": "a customer's name, whole",
    "approvals/checks/": "sentences, and numbers that are personal data in any script",
    "core/text/search_marks.py": "words of a search",
    "people/identity/login_names.py": "user names, in letters of one script",
    "tickets/conversations/notes.py": "user names of colleagues",
    "tickets/routing/terms.py": "words of customers",
    "xapi/simulator/marketplace/scenarios.py": "words of an answer",
    "xapi/simulator/search.py": "words of a search",
}


def means_words(path: Path) -> bool:
    """Whether letters of every script are meant in this file."""
    name = path.relative_to(ROOT).as_posix()
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in WORDS)


def of_every_script(code: str) -> Iterator[str]:
    """What in some code is about letters or digits of every script, statement by statement."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and is_pattern(node):
            written = ast.unparse(node)
            any_case = "IGNORECASE" in written and "a-z" in written
            if (any_case or OF_EVERY_SCRIPT.search(written)) and "ASCII" not in written:
                yield written
        if (
            isinstance(node, ast.Attribute)
            and node.attr in OF_STRINGS
            and "isascii" not in around(tree, node)
        ):
            yield ast.unparse(node)


def is_pattern(call: ast.Call) -> bool:
    """Whether this call takes a pattern: one of `re` or `regex`, a route, a field."""
    return ast.unparse(call.func).split(".")[0] in {"re", "regex"} or ast.unparse(
        call.func
    ).endswith(("Route", "RegexField"))


def around(tree: ast.AST, node: ast.AST) -> str:
    """The smallest statement that a node stands in."""
    holders = [one for one in ast.walk(tree) if isinstance(one, ast.stmt) and node in ast.walk(one)]
    return min((ast.unparse(one) for one in holders), key=len)


def test_letters_and_digits_of_every_script_are_read_only_where_people_wrote_them():
    found = {
        path.relative_to(ROOT).as_posix(): list(of_every_script(path.read_text()))
        for path in SOURCES
        if not means_words(path)
    }
    assert {name: one for name, one in found.items() if one} == {}


def test_every_file_in_the_list_still_reads_words():
    for name in WORDS:
        files = [path for path in SOURCES if path.relative_to(ROOT).as_posix().startswith(name)]
        assert any(
            OF_EVERY_SCRIPT.search(path.read_text()) or "isalnum" in path.read_text()
            for path in files
        ), name


@pytest.mark.parametrize(
    ("code", "noticed"),
    [
        (r're.compile(r"@\w{1,15}")', True),
        (r're.fullmatch("\\d+", text)', True),
        (r're.compile(rf"(?<![\w@]){name}")', True),
        ('re.compile("[a-z]+", re.IGNORECASE)', True),
        ("x = int(text) if text.isdigit() else 0", True),
        (r'Route("GET", r"/2/tweets/(\d+)", "x")', True),
        (r'RegexField(r"^\d{1,19}$")', True),
        ('re.compile("[a-z]+", re.IGNORECASE | re.ASCII)', False),
        (r're.compile(r"@\w{1,15}", re.ASCII)', False),
        ('re.compile("[0-9]+")', False),
        ("x = text.isascii() and text.isdigit()", False),
    ],
)
def test_a_pattern_that_forgets_it_would_be_noticed(code, noticed):
    assert bool(list(of_every_script(code))) is noticed


def test_no_pattern_of_the_database_or_of_a_form_means_every_script():
    r"""PostgreSQL reads `\\w` and `\\d` by its locale; a form's pattern is the browser's."""
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "xapi").rglob("*.html")]:
        assert not re.search(r'pattern="[^"]*\\[wWdD]', path.read_text()), path
    for path in SOURCES:
        if path.name.endswith("guards.py"):
            assert not re.search(r"(?:~\*?|similar to) '[^']*\\\\?[wWdD]", path.read_text()), path


GIVES_NOTHING_BACK = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+|\(\?>")


def test_a_group_that_gives_nothing_back_is_left_to_the_regex_library():
    """Python's `re` misreads such groups before 3.11.5, and Debian 12 brings 3.11.2."""
    found = {
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("re.")
        and GIVES_NOTHING_BACK.search(ast.unparse(node))
    }
    assert found == set()
