"""Tries mutants.

A forked child has a database of its own from a template and tries one after the other,
undoing each.

The process that forks has Django, Celery and pytest in memory and none of our modules.
A child runs pytest again and again in itself; after each damage that a test noticed it
runs that test once more on the mended desk, where it must pass: what fails there
noticed nothing.
"""

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import inspect
import itertools
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import psycopg2

from campaigns.mutants import Mutant

FOREIGN = (
    "pytest",
    "_pytest.assertion.rewrite",
    "hypothesis",
    "django.db.models",
    "django.http",
    "django.template",
    "django.core.management",
    "celery",
    "kombu",
    "redis",
    "tweepy",
    "cryptography.fernet",
    "argon2",
    "markdown_it",
    "phonenumbers",
    "holidays",
    "py3langid",
    "PIL.Image",
    "snowballstemmer",
    "uvicorn",
    "a2wsgi",
    "polib",
    "html5lib",
    "nh3",
    "regex",
    "psycopg2",
    "yaml",
)
TEMPLATE = "test_mutation"
_numbers = itertools.count(1)
Ranked = Callable[[Mutant, list[dict]], list[str]]


class Damaged(importlib.abc.MetaPathFinder):
    """Imports one module from another source."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        """Its own place and name, the damaged source."""
        if name != self.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin is None:
            return None
        source = self.source

        class Loader(importlib.machinery.SourceFileLoader):
            def get_code(self, fullname):  # type: ignore[no-untyped-def]
                return compile(source, self.path, "exec", dont_inherit=True)

        spec.loader = Loader(name, spec.origin)
        return spec


class Watch:
    """Notes the first test that failed."""

    def __init__(self) -> None:
        self.failed, self.ran = "", 0

    def pytest_runtest_logreport(self, report):  # type: ignore[no-untyped-def]
        """One phase of one test."""
        self.ran += report.when == "call"
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report):  # type: ignore[no-untyped-def]
        """A module that cannot even be imported."""
        if report.failed and not self.failed:
            self.failed = report.nodeid or "the collection"


@dataclass
class Child:
    """A running child: what it was given, and since when it has been at the present one."""

    pid: int
    slot: int
    mutants: list[Mutant]
    answers: Path
    moved_at: float
    seen: int = 0

    def found(self) -> list[dict]:
        """What it has found so far, a line each."""
        try:
            lines = [
                json.loads(line)
                for line in self.answers.read_text().splitlines()
                if line.endswith("}")
            ]
        except FileNotFoundError:
            lines = []
        if len(lines) > self.seen:
            self.seen, self.moved_at = len(lines), time.monotonic()
        return lines


def warm() -> None:
    """Import what is not ours and asks for no settings, so that no child has to."""
    for name in FOREIGN:
        importlib.import_module(name)


def owner(name: str = ""):  # type: ignore[no-untyped-def]
    """A line as the owner, to the server's own database or to one of ours."""
    line = psycopg2.connect(os.environ["DATABASE_OWNER_URL"], **({"dbname": name} if name else {}))
    line.autocommit = True
    return line


def fresh_database(slot: int) -> str:
    """A database of this slot's own, as the template is.

    The former one goes, unless a process that was ended still has a line to it.
    """
    number = next(_numbers)
    name = f"mutant_{slot}_{number}"
    line = owner()
    with line.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"mutant\\_{slot}\\_%"]
        )
        for (former,) in cursor.fetchall():
            with contextlib.suppress(psycopg2.Error):
                cursor.execute(f"DROP DATABASE {former}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC, desk_app")
    line.close()
    return name


def execute(name: str, statements: tuple[str, ...]) -> None:
    """As the owner of this database."""
    if statements:
        line = owner(name)
        with line.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        line.close()


def start(mutants: list[Mutant], ranked: Ranked, slot: int, directory: Path) -> Child:
    """Fork a child that tries these mutants."""
    name = fresh_database(slot)
    answers = directory / f"answers-{slot}.jsonl"
    answers.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        try:
            be_child(mutants, ranked, slot, name, answers)
        finally:
            os._exit(70)
    return Child(pid, slot, mutants, answers, time.monotonic())


def be_child(mutants: list[Mutant], ranked: Ranked, slot: int, name: str, answers: Path) -> None:
    """Try one after the other; leave as soon as the database or the process is of no more use."""
    os.setsid()
    log = os.open(answers.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ |= {
        "PYTEST_XDIST_WORKER": f"mutant{slot}",
        "PARAPH_READY_DATABASE": name,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    found: list[dict] = []
    for mutant in mutants:
        if found and wants_a_new_process(mutant):
            break
        again = trial(mutant, ranked(mutant, found), name, found)
        with answers.open("a") as file:
            file.write(json.dumps(found[-1]) + "\n")
        if not again:
            break
    sys.stdout.flush()
    os._exit(0)


def trial(mutant: Mutant, tests: list[str], name: str, found: list[dict]) -> bool:
    """Damage, ask, mend; adds what was found, and returns whether this process can go on."""
    execute(name, mutant.statements)
    mend = damage(mutant)
    by, ran = asked(tests)
    mended = bool(mutant.restore) if mutant.statements else mend is not None
    answer: dict = {"name": mutant.name, "by": by, "ran": ran}
    found.append(answer)
    if not mended:
        return False
    execute(name, mutant.restore)
    if mend:
        mend()
    if by and asked([by] if "::" in by else tests)[0]:
        answer["doubtful"] = True
        return False
    return True


def damage(mutant: Mutant) -> Callable[[], None] | None:
    """Put the damaged code in place.

    Returns what mends it, or None where only a new process can.
    """
    if not mutant.module:
        return lambda: None
    if found := exchangeable(mutant):
        function, code = found
        former = function.__code__
        function.__code__ = code

        def mend() -> None:
            function.__code__ = former

        return mend
    sys.meta_path.insert(0, Damaged(mutant.module, mutant.source))
    return None


def exchangeable(mutant: Mutant) -> tuple[FunctionType, CodeType] | None:
    """The function and its damaged code, where the one can take the other.

    Not for settings and decorators, which were read on import.
    """
    if not mutant.function or mutant.name.split(": ")[-1].startswith("without @"):
        return None
    function = live(mutant.module, mutant.function)
    code = (
        code_of(
            compile(mutant.source, inspect.getfile(function), "exec", dont_inherit=True),
            mutant.function,
        )
        if function
        else None
    )
    return (
        (function, code)
        if function and code and code.co_freevars == function.__code__.co_freevars
        else None
    )


def wants_a_new_process(mutant: Mutant) -> bool:
    """Whether the damage only works where nothing was imported yet."""
    return bool(mutant.module) and exchangeable(mutant) is None


def live(module: str, qualified: str) -> FunctionType | None:
    """The function itself, without its decorators; None where it cannot be reached."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    thing: object = importlib.import_module(module)
    for word in qualified.split("."):
        thing = inspect.getattr_static(thing, word, None)
    if isinstance(thing, property):
        thing = thing.fget
    thing = inspect.unwrap(getattr(thing, "__func__", thing))  # type: ignore[arg-type]
    return thing if isinstance(thing, FunctionType) else None


def code_of(whole: CodeType, qualified: str) -> CodeType | None:
    """The code of one function in a compiled module."""
    for constant in whole.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == qualified:
                return constant
            if qualified.startswith(f"{constant.co_qualname}.") and (
                deeper := code_of(constant, qualified)
            ):
                return deeper
    return None


def asked(tests: list[str]) -> tuple[str, int]:
    """Run these tests in this process up to the first that fails.

    Its name or nothing, and how many ran.
    """
    import pytest

    watch = Watch()
    status = pytest.main(
        ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=line", *tests], plugins=[watch]
    )
    return watch.failed or ("" if status == 0 else f"pytest ended with {int(status)}"), watch.ran


def ended(children: list[Child], longest: float) -> tuple[Child, bool] | None:
    """A child that is done (False), or was ended because it stood still (True).

    None if all are still at it.
    """
    for child in children:
        child.found()
        pid, _status = os.waitpid(child.pid, os.WNOHANG)
        if pid:
            return child, False
        if time.monotonic() > child.moved_at + longest:
            os.killpg(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            return child, True
    return None
