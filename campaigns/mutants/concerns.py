"""Note for each test what it ran, wrote, took, and whether it passed.

A pytest plug-in. It notes which functions of ours a test ran, which tables it wrote,
and how long it took.

Loaded with `-p campaigns.mutants.concerns`; writes one JSON file a process into
the directory that PARAPH_CONCERNS names.
"""

import json
import os
import re
import sys
import threading
import time
from pathlib import Path
from types import CodeType, FrameType

import pytest

from servicedesk.launcher.running import ROOT

WRITES = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM|COPY|ALTER TABLE)\s+(?:ONLY\s+)?"?(?:public\.)?"?(\w+)',
    re.IGNORECASE,
)
OURS = tuple(
    f"{ROOT}/{package}/"
    for package in (
        "core",
        "people",
        "tickets",
        "satisfaction",
        "approvals",
        "posting",
        "notices",
        "servicedesk",
    )
)
_names: dict[CodeType, str] = {}
_tests: dict[str, dict] = {}
_now: dict | None = None


def note_call(frame: FrameType, event: str, _argument: object) -> None:
    """The profiler: remember the function, once."""
    if event == "call" and _now is not None:
        code = frame.f_code
        name = _names.get(code)
        if name is None:
            path = code.co_filename
            name = _names[code] = (
                f"{path[len(str(ROOT)) + 1 :]}:{code.co_qualname}" if path.startswith(OURS) else ""
            )
        if name:
            _now["functions"].add(name)


def note_tables(sql: object) -> None:
    """The tables that a statement writes."""
    if _now is not None:
        _now["tables"].update(name.lower() for name in WRITES.findall(str(sql)))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """See every statement of Django's and of the owner's own lines."""
    import psycopg2.extensions
    from django.db.backends.utils import CursorWrapper

    execute, many = CursorWrapper.execute, CursorWrapper.executemany

    def seen(self, sql, params=None):  # type: ignore[no-untyped-def]
        note_tables(sql)
        return execute(self, sql, params)

    def seen_many(self, sql, params):  # type: ignore[no-untyped-def]
        note_tables(sql)
        return many(self, sql, params)

    CursorWrapper.execute, CursorWrapper.executemany = seen, seen_many

    class Cursor(psycopg2.extensions.cursor):
        """Sees what raw lines say."""

        def execute(self, sql, values=None):  # type: ignore[no-untyped-def]
            note_tables(sql)
            return super().execute(sql, values)

    connect = psycopg2.connect

    def seen_connect(*arguments, **named):  # type: ignore[no-untyped-def]
        named.setdefault("cursor_factory", Cursor)
        return connect(*arguments, **named)

    psycopg2.connect = seen_connect


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item):  # type: ignore[no-untyped-def]
    """One test."""
    global _now
    _now = {"functions": set(), "tables": set()}
    began = time.perf_counter()
    sys.setprofile(note_call)
    threading.setprofile(note_call)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
        noted, _now = _now, None
        known = _tests.setdefault(item.nodeid, {"passed": True})
        known.update(
            functions=sorted(noted["functions"]),
            tables=sorted(noted["tables"]),
            seconds=round(time.perf_counter() - began, 3),
        )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test that fails by itself notices nothing."""
    if report.failed or report.skipped:
        _tests.setdefault(report.nodeid, {})["passed"] = False


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what this process saw."""
    directory = os.environ.get("PARAPH_CONCERNS")
    if directory and _tests:
        Path(directory, f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.json").write_text(
            json.dumps(_tests)
        )
