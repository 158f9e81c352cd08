"""Find nobody by letters where X has a number; read from the sources.

Nor does a pattern take every script's letters for a handle's.
"""

import ast
import re
from pathlib import Path

from tests.rules.test_foreign import SOURCES, named

# Who looks for an account or a person by handle, and why that is right there.
BY_HANDLE = {
    "tickets/accounts/accounts.py": (
        "who is being connected has typed a name; a name that X gives to another account "
        "is released"
    ),
    "tickets/accounts/connecting.py": (
        "who is being connected has typed a name, and X says whose the keys are"
    ),
    "servicedesk/management/commands/set_up.py": "the file of the set-up has names",
    "tickets/conversations/post_contents.py": "our name in front of their words is left out",
    "tickets/views/finding.py": "who looks for a customer types letters of the name or handle",
    "tickets/ingestion/gaps.py": "who bears a former handle of ours is told apart by number",
    "approvals/drafts/saved_replies.py": "our own words, in which the customer is named",
    "xapi/naming.py": (
        "the letters at a place that X names, and the last resort where X names nothing"
    ),
    "xapi/payloads.py": "only where X gives no number",
    "xapi/comparison.py": "which words of a post are ours: handles in front of them are X's",
    "servicedesk/demo/copying.py": "copies for benches get handles of their own",
    "servicedesk/demo/seeding.py": "the demo's story has names",
}
# Where letters and digits of every script are meant.
EVERY_SCRIPT = {
    "tickets/routing/terms.py": "words of a rule",
    "tickets/conversations/notes.py": "user names of colleagues",
    "core/text/search_marks.py": "words of a search",
    "xapi/errors.py": "matched with re.ASCII where the patterns are put together",
    "approvals/drafts/saved_replies.py": "names of people",
    "people/identity/login_names.py": "letters of one script, whichever",
    "xapi/simulator/marketplace/scenarios.py": "words of a story",
    "xapi/simulator/search.py": "words of a search",
}
PROSE = "approvals/checks/"  # what people write, in their letters and digits
LETTERS = re.compile(r"\\[wWdD]")
COUNTED = {"isdigit", "isalnum", "isalpha", "isdecimal", "isnumeric"}


def by_handle(path: Path) -> list[str]:
    """Lookups and comparisons that go by a handle."""
    found = []
    for one in ast.walk(ast.parse(path.read_text())):
        if isinstance(one, ast.Call) and getattr(one.func, "attr", "") in {
            "filter",
            "exclude",
            "get",
            "Q",
            "get_or_create",
        }:
            found += [
                key.arg
                for key in one.keywords
                if key.arg and re.search(r"(?:^|__)handle(?:__|$)", key.arg)
            ]
        if isinstance(one, ast.Compare) and re.search(r"handle(?:s\b|\b)", ast.unparse(one)):
            found.append(ast.unparse(one))
    return found


def test_accounts_and_customers_are_found_by_number():
    found = {
        named(path)
        for path in SOURCES
        if "simulator" not in named(path)
        and not named(path).startswith(("people/", "core/"))
        and by_handle(path)
    }
    assert found == set(BY_HANDLE)


def test_letters_and_digits_of_every_script_are_taken_only_where_they_are_meant():
    found = set()
    for path in SOURCES:
        if named(path).startswith(PROSE):
            continue
        for statement in ast.walk(ast.parse(path.read_text())):
            if not isinstance(statement, ast.stmt) or isinstance(
                statement, ast.FunctionDef | ast.ClassDef | ast.For | ast.If | ast.With | ast.Try
            ):
                continue
            words = ast.unparse(statement)
            texts = [
                one.value
                for one in ast.walk(statement)
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            asks = {
                one.func.attr
                for one in ast.walk(statement)
                if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
            } & COUNTED
            if (
                "ASCII" not in words
                and "isascii" not in words
                and (asks or any(LETTERS.search(text) for text in texts))
            ):
                found.add(named(path))
    assert found == set(EVERY_SCRIPT)
