"""Workers and beat say of themselves that they live; lines of the log as JSON."""

import json
import logging
import os
import subprocess
import sys

import pytest

from servicedesk.launcher.running import ROOT
from servicedesk.operations import log_lines
from tests.stack import wait_until

PARTS = {
    "worker": ["worker", "--queues", "publish", "--pool", "threads", "--loglevel", "INFO"],
    "worker with children": [
        "worker",
        "--queues",
        "mail",
        "--concurrency",
        "1",
        "--loglevel",
        "INFO",
    ],
    "beat": ["beat", "--pidfile", ""],
}


@pytest.mark.stack
@pytest.mark.campaign  # starts the real processes
@pytest.mark.parametrize("part", PARTS)
def test_each_process_touches_its_file_while_it_lives_and_logs_json(part, db, tmp_path):
    alive, log = tmp_path / "alive", tmp_path / "log"
    more = ["--schedule", str(tmp_path / "beat.db")] if part == "beat" else []
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "servicedesk", *PARTS[part], *more],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
                "DESK_ALIVE_FILE": str(alive),
                "DESK_LOG_FORMAT": "json",
                "DESK_LIVE_PREFIX": f"{tmp_path.name}:",
            },
            stdout=file,
            stderr=file,
        )
    try:

        def said_again() -> bool:
            assert process.poll() is None, log.read_text()
            return alive.exists() and alive.stat().st_mtime > first

        first = 0.0
        assert wait_until(said_again, 60, "it says that it lives")
        first = alive.stat().st_mtime
        assert wait_until(said_again, 60, "it says so again")
    finally:
        process.terminate()
        process.wait(60)
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert part == "beat" or lines
    assert all({"at", "level", "logger", "message"} <= set(line) for line in lines)


def test_a_line_of_json_is_one_line_with_its_trace():
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 1, "x\n%s", ("ü",), sys.exc_info())
    written = log_lines.Json().format(record)
    assert "\n" not in written
    line = json.loads(written)
    assert line["message"] == "x\nü"
    assert line["level"] == "ERROR"
    assert "ValueError: two\nlines" in line["trace"]
