"""Every command that README and docs name is run with every change, small.

Options that they name exist. CI runs the README's own test command.
"""

import functools
import importlib
import re
import shlex

import pytest
from django.core.management import load_command_class

from servicedesk.launcher import tests
from servicedesk.launcher.running import ROOT
from tests.servicedesk import test_commands as at_a_desk

CI = (ROOT / ".ci" / "run").read_text()
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMED = re.compile(r"(?:manage\.py|python3? -m) [^`\n|]*|`campaign [^`\n]*")
ELSEWHERE = {
    "test": "python3 manage.py test",
    "check_all": "manage.py check_all",
    "version": "python3 manage.py version",
}
MODULES = {"campaign": "campaigns.__main__", "gallery": "tests.gallery"}
# They need an engine for containers, root and network namespaces, or a machine to be set up: with
# every change their plans, judges and refusals are tried (tests/campaigns/test_machines.py,
# tests/rules/test_containers.py), the whole by hand.
BY_HAND = {"campaign machines", "campaign containers", "collectstatic", "venv"}
OF_OTHERS = {"manage.py test -k NAME"}  # pytest's own options


def commands_in(text: str) -> list[str]:
    """The commands that a text names, without comments and explanations."""
    found = [one.strip("`").partition("#")[0].strip() for one in NAMED.findall(text)]
    return [one if not one.startswith("campaign") else f"manage.py {one}" for one in found]


def named() -> dict[str, list[str]]:
    """Each command that a page names, and the pages that do."""
    found: dict[str, list[str]] = {}
    for path in PAGES:
        if path.name == "rooms.md":
            continue  # drawn from docstrings
        for one in commands_in(path.read_text()):
            found.setdefault(one, []).append(path.name)
    return found


def key(command: str) -> str:
    """What a command is called: `desk`, `campaign posting`, `bench.pages`."""
    words = [re.sub(r"[^\w.-]", "", word) for word in command.split()]
    if words[0] != "manage.py":
        return words[2]
    return " ".join(words[1:3]) if words[1] == "campaign" else words[1]


def run_by_ci() -> set[str]:
    """What CI runs.

    Its own lines, what its list of small runs says, each bench, and the commands that a
    test runs at a desk of its own.
    """
    lines = re.findall(r"^(?:manage\.py|-m) .*$", CI, re.MULTILINE)
    benches = (
        importlib.import_module("bench.together").SMALL if "-m bench all --small" in lines else {}
    )
    return (
        {key(line if line.startswith("manage.py") else f"python {line}") for line in lines}
        | {f"bench.{name}" for name in benches}
        | {name for name, line in ELSEWHERE.items() if line in CI}
        | at_a_desk.BY_THEMSELVES
        | BY_HAND
    )


def test_every_command_that_the_pages_name_is_run_with_every_change():
    here = run_by_ci()
    missing = {
        command: pages
        for command, pages in named().items()
        if "|" not in command and key(command) not in {*here, *BY_HAND, "campaign NAME"}
    }
    assert missing == {}
    assert len(named()) > 25


def test_a_new_command_in_a_page_would_be_noticed():
    text = (
        "Try `python3 manage.py make_coffee --strong`, or `python -m bench.coffee`; `campaign "
        "thirst --runs 3`.\n    python3 manage.py pour   # slowly\n"
    )
    assert [key(one) for one in commands_in(text)] == [
        "make_coffee",
        "bench.coffee",
        "campaign thirst",
        "pour",
    ]
    assert not {key(one) for one in commands_in(text)} & run_by_ci()


def test_ci_runs_the_tests_by_the_readmes_command_and_by_nothing_in_its_place():
    command = re.search(
        r"^    (python3 manage\.py test)  +# proves it$",
        (ROOT / "README.md").read_text(),
        re.MULTILINE,
    )[1]
    lines = [line for line in CI.splitlines() if "manage.py test" in line or "pytest" in line]
    assert lines == [f'part "tests" {command}']
    before = CI.partition(lines[0])[0]
    assert "export PARAPH_REQUIRE_BROWSER=1" in before
    assert "manage.py" not in re.sub(
        r"^environment\(\).*|^manage\.py .*|^part .*version.*", "", before, flags=re.MULTILINE
    ).replace("$python $1", "")


def test_ci_says_how_long_each_part_and_the_whole_took():
    assert 'times+="$word: $name ($((SECONDS - began)) s)"' in CI
    assert 'echo "total: $SECONDS s"' in CI


def helped(name: str, capsys, monkeypatch) -> str:
    """What a command says of itself with `--help`."""
    monkeypatch.setattr("sys.argv", [name, "--help"])
    monkeypatch.setenv("COLUMNS", "400")
    if name in MODULES or name.startswith("bench"):
        run = importlib.import_module(
            MODULES.get(name, name if name != "bench" else "bench.__main__")
        ).main
    elif name == "desk":
        desk = importlib.import_module("servicedesk.launcher.desk")
        run = functools.partial(desk.parse, ["--help"])
    else:
        from django.core.management import get_commands

        command = load_command_class(get_commands()[name], name)
        run = functools.partial(command.run_from_argv, ["manage.py", name, "--help"])
    with pytest.raises(SystemExit):
        run()
    return capsys.readouterr().out


def test_every_option_that_the_pages_name_exists(capsys, monkeypatch):
    checked = 0
    for command in named():
        options = {
            word.partition("=")[0]
            for word in shlex.split(command.replace("'", ""))
            if re.fullmatch(r"--[a-z][\w-]*(=.*)?", word)
        }
        name = key(command).split()[0]
        if options and not any(command.startswith(one) for one in OF_OTHERS):
            says = helped(name, capsys, monkeypatch)
            assert {one for one in options if not re.search(rf"{one}\b", says)} == set(), command
            checked += len(options)
    assert checked >= 15


def test_a_test_file_is_for_browsers_as_a_whole_or_not_at_all():
    """Playwright leaves an event loop running in the tests' thread.

    What needs a loop of its own, or Django without one, fails beside it.
    """
    for path in (ROOT / "tests").rglob("test_*.py"):
        text = path.read_text()
        drives = re.search(
            r"^(?!.*`).*(\bmark\.browser\b|def "
            r"test_\w+\(.*\b(person|chromium|at_a_ticket)\b|import .*\bsync_playwright\b)",
            text,
            re.MULTILINE,
        )
        if tests.is_for_browsers(path):
            assert not re.search(r"asyncio\.run|async_to_sync|new_event_loop", text), path
        elif path.name not in {"test_commands.py", "test_launcher.py"}:
            assert not drives, f"{path}: {drives and drives[0]}"
