"""Damage the guards, and see whether a test notices.

Each refusal, condition, lock, stamp, constraint, right and setting is taken out alone,
and a test must notice.

Which tests concern a damage is found out by running them all once under a profiler. A
damage that no test notices is a survivor: it needs a new test, or a verdict in
`mutants/verdicts.json` (equivalent, or covered by a named test that is not run here,
such as one of the browser). What was found stands in a ledger (`--resume FILE`): a run
goes on where it was cut, and asks again only what was changed since. `--runs N` draws a
sample by the seed; where the ledger names the test that noticed, that test is asked
first. `--ask TESTS` asks these tests alone, without the profile: for somebody who
writes tests for one guard.
"""

import contextlib
import hashlib
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from campaigns.mutants import LINKS, WEB, Mutant
from campaigns.mutants.running import TEMPLATE, Child, ended, owner, start, warm
from servicedesk.launcher import postgres, valkey
from servicedesk.launcher.running import ROOT

PLACES = 2
LEDGER = ROOT / "docs" / "proof" / "mutation.json"
VERDICTS = ROOT / "campaigns" / "mutants" / "verdicts.json"
SELECTED = "not browser and not stack"
WEB_TESTS = re.compile(
    r"tests/(servicedesk/test_(safety|bad_input|screens|live)|people/|approvals/test_attacks"
    r"|rules/test_house.py::test_pages_that)"
)
LINK_TEST = "test_what_changes_something_is_not_done_by_following_a_link"
NOT_ASKED = ("tests/rules/",)  # they compare the database with the code and would notice anything
LONGEST = 150  # seconds for one mutant
ENOUGH = 15.0  # seconds of tests for one mutant, as the profiler slows them
GROUP = 18
TOO_COMMON = {
    "ticket",
    "tickets",
    "why",
    "not",
    "with",
    "for",
    "the",
    "views",
    "policies",
    "models",
}
# What tests call it otherwise.
CALLED = {"cut": "search", "asked": "search", "pieces": "search", "complete": "timeline"}


def run(options) -> tuple[dict, list[str]]:
    """Try every mutant, or a sample; figures and violations."""
    with servers() as directory:
        sample = options.runs is not None
        ledger = Ledger(options.resume or LEDGER, keeps=not sample or bool(options.resume))
        tried = chosen(
            [
                mutant
                for mutant in everything()
                if not options.only or re.search(options.only, mutant.name)
            ],
            options,
            ledger,
        )
        concerns: dict = {}
        if options.ask:
            concerns = Named(options.ask)
        elif not sample:
            concerns = Concerns.kept(directory)
        make_template()
        warm()
        work_through(
            [mutant for mutant in tried if sample or not ledger.knows(mutant)],
            concerns,
            ledger,
            directory,
        )
        if not sample and not options.only:
            ledger.forget_others(tried)
    return verdict(tried, ledger)


@contextlib.contextmanager
def servers() -> Iterator[Path]:
    """PostgreSQL and Valkey of this campaign's own, named to every process by the environment."""
    directory = Path(tempfile.mkdtemp(prefix="paraph-mutation-", dir="/tmp"))
    directory.chmod(0o755)
    sockets = Path(tempfile.mkdtemp(prefix="paraph-", dir="/tmp"))
    cluster = postgres.Postgres(directory / "postgres", sockets, for_tests=True)
    database, broker = (
        cluster.start(directory / "postgres.log"),
        valkey.start(sockets, directory / "valkey.log"),
    )
    os.environ |= {
        "DATABASE_URL": cluster.url("desk_app"),
        "DATABASE_OWNER_URL": cluster.url("desk_owner"),
        "REDIS_URL": f"unix://{sockets}/valkey.sock",
        "PARAPH_TEST_SOCKETS": str(sockets),
    }
    try:
        yield directory
    finally:
        broker.stop()
        database.stop()
        shutil.rmtree(directory, ignore_errors=True)
        shutil.rmtree(sockets, ignore_errors=True)


def everything() -> list[Mutant]:
    """All mutants, listed in a process of its own.

    None of our modules may be in memory when a child begins.
    """
    code = (
        "import django; django.setup(); import pickle, sys; from campaigns.mutants "
        "import everything; pickle.dump([vars(one) for one in everything()], sys.stdout.buffer)"
    )
    listed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=True,
        capture_output=True,
    )
    import pickle

    return [Mutant(**one) for one in pickle.loads(listed.stdout)]


def make_template() -> None:
    """The migrated test database that every mutant's own is a copy of."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--create-db",
            "--reuse-db",
            "tests/rules/test_db_hardening.py::test_readyz_says_that_the_wall_stands",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTEST_XDIST_WORKER": ""},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    line = owner()
    with line.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database "
            "WHERE datname LIKE 'test\\_%%' "
            "AND datname NOT LIKE '%%\\_gw%%'"
        )
        cursor.execute(f"ALTER DATABASE {cursor.fetchone()[0]} RENAME TO {TEMPLATE}")
    line.close()


def state_of_the_code() -> str:
    """Changes with every change of a file that git knows."""
    listed = (
        subprocess.run(["git", "ls-files", "-z", "*.py"], cwd=ROOT, capture_output=True, check=True)
        .stdout.decode()
        .split("\0")
    )
    return hashlib.sha256(
        b"".join(
            (ROOT / name).read_bytes()
            for name in sorted(listed)
            if name and not name.startswith("campaigns/") and (ROOT / name).exists()
        )
    ).hexdigest()[:16]


class Concerns(dict):
    """Read what each test concerns.

    The functions it runs, the tables it writes, its seconds, whether it passes by itself.
    """

    @classmethod
    def kept(cls, directory: Path) -> "Concerns":
        """As noted before for this very state of the code, else found and noted."""
        path = Path(tempfile.gettempdir(), f"paraph-concerns-{state_of_the_code()}.json")
        if path.exists():
            return cls(
                {
                    name: {
                        **noted,
                        "functions": set(noted["functions"]),
                        "tables": set(noted["tables"]),
                    }
                    for name, noted in json.loads(path.read_text()).items()
                }
            )
        made = cls.found(directory)
        path.write_text(
            json.dumps(
                {
                    name: {
                        **noted,
                        "functions": sorted(noted["functions"]),
                        "tables": sorted(noted["tables"]),
                    }
                    for name, noted in made.items()
                }
            )
        )
        return made

    @classmethod
    def found(cls, directory: Path) -> "Concerns":
        """Run every test once under the profiler."""
        notes = directory / "concerns"
        notes.mkdir()
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-n",
                str(PLACES),
                "-m",
                SELECTED,
                "-p",
                "campaigns.mutants.concerns",
                "-p",
                "no:cacheprovider",
            ],
            cwd=ROOT,
            env={**os.environ, "PARAPH_CONCERNS": str(notes)},
            stdout=subprocess.DEVNULL,
        )
        made = cls()
        for file in sorted(notes.glob("*.json")):
            for name, noted in json.loads(file.read_text()).items():
                if noted.get("passed") and "functions" in noted and not name.startswith(NOT_ASKED):
                    made[name] = {
                        **noted,
                        "functions": set(noted["functions"]),
                        "tables": set(noted["tables"]),
                    }
        if not made:
            raise SystemExit("No test passed under the profiler; run `manage.py test` first.")
        return made

    def of(self, mutant: Mutant, killers: Counter) -> list[str]:
        """The tests that this mutant concerns, the likeliest to notice first.

        Those that noticed its neighbours, the tables of its guards, the narrow ones, the short
        ones.

        Cut off after so many seconds: most tests write a ticket, and those that look closely come
        first.
        """
        word = (
            mutant.name.split(": ")[1].removesuffix(" is away")
            if mutant.name.endswith(" is away") and "trigger" not in mutant.name
            else "no such word"
        )
        wanted = [
            name
            for name, noted in self.items()
            if noted["functions"] & mutant.functions
            or noted["tables"] & mutant.tables
            or (WEB in mutant.functions and WEB_TESTS.match(name))
            or (LINKS in mutant.functions and LINK_TEST in name)
            or word in name
        ]
        ranked = sorted(
            wanted,
            key=lambda name: (
                -killers[name],
                not looks_closely(name, mutant),
                not is_near(name, mutant),
                len(self[name]["functions"]) * max(0.05, self[name]["seconds"]),
            ),
        )
        spent = itertools.accumulate(self[name]["seconds"] for name in ranked)
        return [
            name
            for name, seconds in zip(ranked, spent, strict=True)
            if seconds <= ENOUGH
            or killers[name]
            or looks_closely(name, mutant)
            or is_near(name, mutant)
        ]


def looks_closely(test: str, mutant: Mutant) -> bool:
    """Say whether this test tries a guard of the mutant's package line by line.

    In a table of its own; one case of a parametrised test does not.
    """
    package = mutant.name.split("_")[0]
    return bool(mutant.tables) and bool(
        re.match(rf"tests/{package}/test_\w+_by_sql\.py::\w+$", test)
    )


def is_near(test: str, mutant: Mutant) -> bool:
    """Say whether the file of this test is named after what is damaged: merged, test_merging."""
    file = test.split("::")[0].rpartition("/")[2]
    words = set(re.findall(r"[a-z]{3,}", subject(mutant.name).lower())) - TOO_COMMON
    return any(CALLED.get(word, word[:4]) in file for word in words)


class Named(dict):
    """The tests that somebody named, for every mutant the same ones."""

    def __init__(self, tests: list[str]) -> None:
        super().__init__({name: {} for name in tests})

    def of(self, _mutant: Mutant, _killers: Counter) -> list[str]:
        """All of them, in the order given."""
        return list(self)


class Ledger:
    """What was found for each mutant, in a file that is written after each."""

    def __init__(self, path: Path, *, keeps: bool) -> None:
        self.path, self.keeps = path, keeps
        self.found: dict[str, dict] = (
            json.loads(path.read_text())["mutants"] if path.exists() else {}
        )

    def knows(self, mutant: Mutant) -> bool:
        """Whether this very damage was tried before."""
        return self.found.get(mutant.name, {}).get("fingerprint") == mutant.fingerprint

    def note(self, mutant: Mutant, by: str, ran: int) -> None:
        """Write down what was found."""
        self.found[mutant.name] = {
            "fingerprint": mutant.fingerprint,
            **({"noticed by": by} if by else {"survived": ran}),
        }
        self.write()

    def forget(self, names: set[str]) -> None:
        """Ask these again."""
        self.found = {name: known for name, known in self.found.items() if name not in names}
        self.write()

    def forget_others(self, mutants: list[Mutant]) -> None:
        """Leave away what no longer exists."""
        self.forget(set(self.found) - {mutant.name for mutant in mutants})

    def write(self) -> None:
        """The whole file, in one piece; a sample of CI changes no file."""
        if not self.keeps:
            return
        draft = self.path.with_suffix(".new")
        draft.write_text(
            json.dumps({"mutants": dict(sorted(self.found.items()))}, indent=0, ensure_ascii=False)
            + "\n"
        )
        draft.replace(self.path)

    def killers(self, mutant: Mutant) -> Counter:
        """How many damages to the same thing each test noticed so far."""
        return Counter(
            known["noticed by"]
            for name, known in self.found.items()
            if "noticed by" in known and subject(name) == subject(mutant.name)
        )


def subject(name: str) -> str:
    """What was damaged: a guard, a table, or a function."""
    return ": ".join(name.split(": ")[: 2 if ".py" in name else 1])


def chosen(mutants: list[Mutant], options, ledger: Ledger) -> list[Mutant]:
    """Order all mutants by the seed.

    A sample is drawn from those that the ledger says were noticed.
    """
    chance = random.Random(options.seed)
    mutants = chance.sample(mutants, len(mutants))
    if options.runs is None:
        return mutants
    return [mutant for mutant in mutants if "noticed by" in ledger.found.get(mutant.name, {})][
        : options.runs
    ]


def tests_for(mutant: Mutant, concerns: dict, ledger: Ledger, killers: Counter) -> list[str]:
    """Choose the tests to ask.

    A sample, which has no profile, asks the one that noticed before, then those of the package.
    """
    if concerns:
        return concerns.of(mutant, killers)  # type: ignore[attr-defined]
    before = ledger.found.get(mutant.name, {}).get("noticed by", "")
    package = re.split(r"[_/.:]", mutant.name)[0]
    folder = ROOT / "tests" / package
    exists = before and (ROOT / before.split("::")[0]).exists()
    if exists:
        return [before]
    return [str(folder.relative_to(ROOT)) if folder.is_dir() else "tests/servicedesk"]


def work_through(mutants: list[Mutant], concerns: dict, ledger: Ledger, directory: Path) -> None:
    """Try them, two children at a time; what a child did not come to is given to the next."""
    groups, children, began, whole = in_groups(mutants), [], time.monotonic(), len(mutants)
    free, doubts, told = list(range(PLACES)), Counter(), 0

    def ranked(mutant: Mutant, found: list[dict]) -> list[str]:
        killers = ledger.killers(mutant) + Counter(
            one["by"] for one in found if one["by"] and subject(one["name"]) == subject(mutant.name)
        )
        return tests_for(mutant, concerns, ledger, killers)

    while groups or children:
        while groups and free:
            group = [mutant for mutant in groups.pop() if without_tests(mutant, concerns, ledger)]
            if group:
                children.append(start(group, ranked, free.pop(), directory))
        gone = ended(children, LONGEST)
        if gone is None:
            time.sleep(0.05)
            continue
        child, hung = gone
        children.remove(child)
        free.append(child.slot)
        left = settle(child, hung, ledger, doubts, concerns)
        if left:
            groups.append(left)
        done = whole - sum(map(len, groups)) - sum(len(other.mutants) for other in children)
        if done >= told + 20:
            told = done
            print(
                f"{done} of {whole}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True
            )


def in_groups(mutants: list[Mutant]) -> list[list[Mutant]]:
    """Hand out mutants, a dozen and a half a child.

    Those of one guard or function stand together.

    What cannot be mended comes last in its child.
    """
    ordered = sorted(
        mutants,
        key=lambda mutant: (subject(mutant.name), bool(mutant.statements) and not mutant.restore),
    )
    return [ordered[begin : begin + GROUP] for begin in range(0, len(ordered), GROUP)]


def without_tests(mutant: Mutant, concerns: dict, ledger: Ledger) -> bool:
    """Whether there is a test to ask at all; a mutant that no test runs has survived."""
    if tests_for(mutant, concerns, ledger, ledger.killers(mutant)):
        return True
    ledger.note(mutant, "", 0)
    return False


def settle(
    child: Child, hung: bool, ledger: Ledger, doubts: Counter, concerns: dict
) -> list[Mutant]:
    """Write down what a child found; returns what is still to be tried.

    A test that also fails on the mended desk is believed the third time only if another
    process finds the same; then it is left out for good.
    """
    found = child.found()
    for mutant, answer in zip(child.mutants, found, strict=False):
        if not answer.get("doubtful"):
            ledger.note(mutant, answer["by"], answer["ran"])
            continue
        doubts[answer["by"]] += 1
        if doubts[answer["by"]] > 2:
            concerns.pop(answer["by"], None)
        return child.mutants[len(found) - 1 :]
    left = child.mutants[len(found) :]
    if left and (hung or not found):
        ledger.note(left[0], "it hung" if hung else "it crashed", 0)
        return left[1:]
    return left


def verdict(tried: list[Mutant], ledger: Ledger) -> tuple[dict, list[str]]:
    """The figures; a survivor without a verdict is a violation, and so is a share below 95 %."""
    verdicts = json.loads(VERDICTS.read_text())
    survivors = sorted(
        mutant.name for mutant in tried if "noticed by" not in ledger.found[mutant.name]
    )
    noticed = len(tried) - len(survivors)
    judged = {name: verdicts[name] for name in survivors if name in verdicts}
    violations = [f"nobody noticed: {name}" for name in survivors if name not in verdicts]
    counting = len(tried) - sum(1 for known in judged.values() if known["verdict"] == "equivalent")
    if not tried:
        violations.append("there was nothing to try")
    if tried and noticed < 0.95 * counting:
        violations.append(f"only {noticed} of {counting} were noticed")
    return {
        "mutants": len(tried),
        "noticed": noticed,
        "survivors with a verdict": len(judged),
        "share noticed": round(noticed / max(1, counting), 4),
        "by kind": by_kind(tried),
    }, violations


def by_kind(tried: list[Mutant]) -> dict[str, int]:
    """How many of the database, the code and the settings."""
    return dict(Counter(kind_of(mutant) for mutant in tried))


def kind_of(mutant: Mutant) -> str:
    """Whether it changes the settings, the code or the database."""
    if mutant.name.startswith("settings"):
        return "settings"
    return "code" if mutant.module else "database"
