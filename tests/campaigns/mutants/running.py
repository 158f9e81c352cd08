"""Runs tests against one mutant: a database of its own from a template, a forked process of its own, the first failure ends it.

The process that forks has Django, Celery and pytest in memory and none of our modules, so a child begins within a second and
imports the damaged module like any other.
"""

import importlib
import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from tests.campaigns.mutants import Mutant

FOREIGN = ("pytest", "_pytest.assertion.rewrite", "hypothesis", "django.db.models", "django.http", "django.template", "django.core.management", "celery", "kombu",
           "redis", "tweepy", "cryptography.fernet", "argon2", "markdown_it", "phonenumbers", "holidays", "py3langid", "PIL.Image", "snowballstemmer", "uvicorn",
           "a2wsgi", "polib", "html5lib", "nh3", "regex", "psycopg2", "yaml")
TEMPLATE = "test_mutation"


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
    """A running child: what it tries, since when, and until when at the latest."""

    mutant: Mutant | None
    pid: int
    answer: Path
    slot: int
    until: float
    tests: list[str] = field(default_factory=list)


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
    """A database of this slot's own, as the template is."""
    name = f"mutant_{slot}"
    line = owner()
    with line.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC, desk_app")
    line.close()
    return name


def weaken(name: str, mutant: Mutant) -> None:
    """Do the damage to this database."""
    if mutant.statements:
        line = owner(name)
        with line.cursor() as cursor:
            for statement in mutant.statements:
                cursor.execute(statement)
        line.close()


def start(mutant: Mutant | None, tests: list[str], slot: int, seconds: float, directory: Path) -> Child:
    """Fork a child that runs these tests against the mutant (None: against the desk as it is)."""
    name = fresh_database(slot)
    if mutant:
        weaken(name, mutant)
    answer = directory / f"answer-{slot}.json"
    answer.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        try:
            be_child(mutant, tests, slot, name, answer, directory)
        finally:
            os._exit(70)
    return Child(mutant, pid, answer, slot, time.monotonic() + seconds, tests)


def be_child(mutant: Mutant | None, tests: list[str], slot: int, name: str, answer: Path, directory: Path) -> None:
    """Run pytest in this process and write what it found."""
    os.setsid()
    log = os.open(directory / f"child-{slot}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ |= {"PYTEST_XDIST_WORKER": f"mutant{slot}", "PARAPH_READY_DATABASE": name, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    if mutant and mutant.module:
        sys.meta_path.insert(0, Damaged(mutant.module, mutant.source))
    import pytest

    watch = Watch()
    status = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=line", *tests], plugins=[watch])
    answer.write_text(json.dumps({"status": int(status), "failed": watch.failed, "ran": watch.ran}))
    sys.stdout.flush()
    os._exit(0)


def ended(children: list[Child]) -> Child | None:
    """A child that is done, or ran out of time and was ended; None if all are still at it."""
    for child in children:
        pid, _status = os.waitpid(child.pid, os.WNOHANG)
        if pid:
            return child
        if time.monotonic() > child.until:
            os.killpg(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            return child
    return None


def answer_of(child: Child) -> dict:
    """What the child found; one that wrote nothing crashed or hung, which nobody overlooks."""
    try:
        return json.loads(child.answer.read_text())
    except (OSError, ValueError):
        hung = time.monotonic() > child.until
        return {"status": -1, "failed": "it hung" if hung else "it crashed", "ran": 0}
