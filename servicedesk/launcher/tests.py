"""`manage.py test`: pytest with the project's servers, which `tests/services.py` starts.

Further arguments are pytest's.

Browser tests have a process of their own, after the others: Playwright keeps an event loop
running in its thread, and asks Django not to mind. Both parts get all the arguments; a part in
which nothing can be selected is not started. The last line counts both together.
"""

import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from _pytest.mark.expression import Expression

from servicedesk.launcher import stopping
from servicedesk.launcher.running import ROOT

REST = "rest"
BROWSER = "browser"
NAMES = {REST: "tests without a browser", BROWSER: "browser tests"}
OTHER_MARKS = ("stack", "campaign", "table")
# Exit statuses of pytest.
OK = 0
FAILED = 1
NOTHING = 5
PYTEST = [sys.executable, "-m", "pytest"]
MEASURED = [sys.executable, "-m", "coverage", "run", "-m", "pytest"]
ASK_ONLY = {"-h", "--help", "-V", "--version", "--markers", "--fixtures", "--funcargs"}
ONE_PROCESS = ("-n", "--numprocesses", "--collect-only", "--co", "--pdb", "--trace")
STOPS_EARLY = {"-x", "--exitfirst", "--sw", "--stepwise"}
LAST_FAILED = {"--lf", "--last-failed"}
WITH_VALUE = {
    "-k",
    "-m",
    "-n",
    "-p",
    "-c",
    "-o",
    "-r",
    "-W",
    "--ignore",
    "--ignore-glob",
    "--deselect",
    "--journal",
    "--maxfail",
    "--durations",
    "--dist",
    "--rootdir",
    "--basetemp",
    "--junitxml",
    "--junit-xml",
    "--tb",
    "--confcutdir",
    "--log-file",
}


@dataclass
class Counts:
    """What one part, or all of them, came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    no_chromium: int = 0

    def add(self, other: "Counts") -> None:
        """Both together."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.no_chromium += other.no_chromium

    def line(self) -> str:
        """Return the closing line, in the form that every reader of test output knows."""
        return f"{self.passed} passed, {self.failed} failed" + (
            f", {self.skipped} skipped" if self.skipped else ""
        )


def run(arguments: list[str]) -> int:
    """Run what is selected, part after part.

    0 if all went well, 5 if nothing was selected, else the first bad exit status of pytest.
    """
    if ASK_ONLY & set(arguments):
        return stopping.follow([*PYTEST, *arguments], cwd=ROOT)[0]
    counted: list[Counts] = []
    codes: list[int] = []
    for part in parts_of(arguments):
        began = time.monotonic()
        code, counts, stopped = run_part(part, arguments_of(part, arguments, first=not codes))
        codes.append(code)
        if counts is not None:
            counted.append(counts)
            print(f"{NAMES[part]}: {counts.line()} ({time.monotonic() - began:.0f} s)", flush=True)
        if stopped:
            stopping.handle(signal.SIG_IGN)  # nothing is left to stop
            print("Stopped before the end.", flush=True)
            return stopping.STOPPED
        if goes_no_further(code, sum(one.failed for one in counted), arguments):
            break
    if asks_for_coverage() and REST in parts_of(arguments):
        codes.append(covered())
    for line in closing(counted):
        print(line, flush=True)
    return together(codes)


def asks_for_coverage() -> bool:
    """Whether `PARAPH_COVERAGE` asks which lines and branches the tests without a browser reach."""
    return bool(os.environ.get("PARAPH_COVERAGE"))


def covered() -> int:
    """Print what the tests reached, file by file; 2 if that is less than `fail_under` says.

    The processes that tests start (launcher, simulated X, worker) are counted too.
    """
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--quiet"], cwd=ROOT, check=True)
    return subprocess.run([*coverage, "report"], cwd=ROOT).returncode


def closing(counted: list[Counts]) -> list[str]:
    """Return what stands at the very end.

    A loud line where browser tests did not run, then the count of everything.
    """
    total = Counts()
    for one in counted:
        total.add(one)
    loud = (
        [
            (
                f"!!! {total.no_chromium} BROWSER TESTS DID NOT RUN: no Chromium on this "
                f"machine (apt install chromium). !!!"
            )
        ]
        if total.no_chromium
        else []
    )
    return [*loud, total.line()] if counted else []


def run_part(part: str, arguments: list[str]) -> tuple[int, Counts | None, bool]:
    """One process of pytest.

    Its exit status, what it counted (None where it only looked), and whether it was asked to stop.

    A part that ended without having counted counts as one failure.
    """
    with tempfile.TemporaryDirectory(prefix="paraph-counts-", dir="/tmp") as folder:
        file = Path(folder) / "counts.json"
        environment = {**os.environ, "PARAPH_COUNTS": str(file)}
        # What a shell may have left there is for no test of ours.
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        pytest = MEASURED if part == REST and asks_for_coverage() else PYTEST
        code, stopped = stopping.follow(
            [*pytest, "--part", part, *arguments], cwd=ROOT, env=environment
        )
        if file.exists():
            return code, Counts(**json.loads(file.read_text())), stopped
    looked = code in {OK, NOTHING}
    return code, None if looked or stopped else Counts(failed=1), stopped


def goes_no_further(code: int, failed: int, arguments: list[str]) -> bool:
    """Whether the next part is not begun.

    After a wrong argument, or as many failures as are enough.
    """
    return code not in {OK, NOTHING, FAILED} or failed >= enough(arguments)


def enough(arguments: list[str]) -> float:
    """After how many failures nothing more is to be run."""
    most = math.inf
    for before, word in zip(["", *arguments], arguments, strict=False):
        if word in STOPS_EARLY:
            most = 1
        elif (
            number := re.fullmatch(r"--maxfail=([0-9]+)", word)
            or (before == "--maxfail" and re.fullmatch(r"([0-9]+)", word))
        ) and int(number[1]):
            most = int(number[1])
    return most


def together(codes: list[int]) -> int:
    """Return one exit status for all: the first bad one.

    Nothing selected anywhere is 5, as pytest has it.
    """
    bad = [code for code in codes if code not in {OK, NOTHING}]
    if bad:
        return bad[0]
    return OK if OK in codes else NOTHING


def arguments_of(part: str, arguments: list[str], *, first: bool) -> list[str]:
    """Return a part's own arguments: two processes for the tests without browser.

    What the first part wrote down stays.
    """
    chosen = any(word.startswith(ONE_PROCESS) for word in arguments)
    spread = ["-n", "2", "--dist", "loadscope"] if part == REST and not chosen else []
    if first:
        return [*spread, *arguments]
    kept = [word for word in arguments if word != "--cache-clear"]
    return [
        "--after-another",
        *spread,
        *(another_report(word, before) for before, word in zip(["", *kept], kept, strict=False)),
    ]


def another_report(word: str, before: str) -> str:
    """Put the second part's JUnit report beside the first one's."""
    if before in {"--junitxml", "--junit-xml"}:
        return beside(word)
    option, sign, path = word.partition("=")
    return f"{option}={beside(path)}" if sign and option in {"--junitxml", "--junit-xml"} else word


def beside(path: str) -> str:
    """`report.xml` becomes `report-browser.xml`."""
    return str(Path(path).with_stem(f"{Path(path).stem}-browser"))


def parts_of(arguments: list[str]) -> list[str]:
    """Return the parts in which something may be selected.

    Judged by marks, paths and, for `--lf`, by what failed last; both where that is not known.
    """
    marks = parts_of_marks(chosen_marks(arguments))
    paths = parts_of_files(files_of(arguments))
    failed = parts_of_files(last_failed()) if LAST_FAILED & set(arguments) else {REST, BROWSER}
    return [part for part in (REST, BROWSER) if part in marks & paths & failed] or [REST]


def chosen_marks(arguments: list[str]) -> str:
    """Return what follows the last `-m`."""
    found = ""
    for before, word in zip(["", *arguments], arguments, strict=False):
        if before == "-m":
            found = word
        elif re.match(r"-m.", word):
            found = word[2:].removeprefix("=")
    return found


def parts_of_marks(expression: str) -> set[str]:
    """Return the parts that have a test which fits this expression of marks.

    Whatever other marks it has.
    """
    if not expression.strip():
        return {REST, BROWSER}
    try:
        compiled = Expression.compile(expression)
    except SyntaxError:
        return {REST}  # pytest says what is wrong, once
    others = [
        set(some)
        for size in range(len(OTHER_MARKS) + 1)
        for some in combinations(OTHER_MARKS, size)
    ]
    return ({REST} if any(fits(compiled, marks) for marks in others) else set()) | (
        {BROWSER} if any(fits(compiled, marks | {BROWSER}) for marks in others) else set()
    )


def fits(expression: Expression, marks: set[str]) -> bool:
    """Whether a test with just these marks is selected."""
    return expression.evaluate(lambda name, /, **_more: name in marks)


def files_of(arguments: list[str]) -> list[Path]:
    """Return the test files that the paths and node ids among the arguments name.

    All of them where there is none.
    """
    named = [
        word.partition("::")[0]
        for before, word in zip(["", *arguments], arguments, strict=False)
        if not word.startswith("-") and before not in WITH_VALUE
    ]
    found: list[Path] = []
    for word in named or ["tests"]:
        path = ROOT / word
        found += sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
    return found


def last_failed() -> list[Path]:
    """Return the files of the tests that failed last.

    All test files where none did, since pytest then runs everything.
    """
    noted = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
    known = json.loads(noted.read_text()) if noted.exists() else {}
    return [ROOT / one.partition("::")[0] for one in known] or files_of([])


def parts_of_files(files: list[Path]) -> set[str]:
    """Return the parts that these files belong to; a rule keeps each file in one.

    What does not exist is the first part's to complain about.
    """
    return {BROWSER if is_for_browsers(path) else REST for path in files}


def is_for_browsers(path: Path) -> bool:
    """Whether all tests of this file drive a browser: one line says so."""
    return (
        path.is_file()
        and re.search(
            r"^pytestmark = .*\bpytest\.mark\.browser\b", path.read_text(), re.MULTILINE | re.ASCII
        )
        is not None
    )
