"""The commands that README and docs name, at real desks of their own.

And how commands stop: one line, and nothing left running.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request

import psutil
import pytest

from servicedesk.launcher import stopping
from servicedesk.launcher.running import ROOT
from tests.stack import find_chromium, free_port, get, wait_until
from tests.support.installations import enterable
from tests.support.waiting import pause

SET_UP = {
    "company": {"name": "Amselnetz", "language": "en"},
    "departments": [{"name_en": "Customer Service", "name_de": "Kundenservice"}],
    "people": [
        {
            "name": "Ada Lovelace",
            "initials": "al",
            "email": "ada@example.org",
            "role": "agent",
            "department": "Customer Service",
        }
    ],
}
VALUES = "key\nsecret\nsim-2400000001\nsecret\n"

# Command, what must stand in its answer (a pattern), what is typed. {folder} has desk.json in it.
AT_AN_EMPTY_DESK = [
    ("first_administrator", r"http://\S+/invitation/\S+", ""),
    ("set_up {folder}/desk.json", r"Ada Lovelace: http://\S+/invitation/\S+", ""),
    ("set_up --help", r'"departments"', ""),
    (
        "add_person olga 'Olga Sand' --initials os --role administrator",
        r"Olga Sand can sign in as olga",
        "a-long-password\n",
    ),
    (
        "connect_account --department 'Customer Service'",
        r"@AmselnetzHilfe is connected to Customer Service",
        VALUES,
    ),
    ("anchor_audit --new-key", r"^[A-Za-z0-9+/]{43}=$", ""),
    ("anchor_audit --public-key", r"^[0-9a-f]{64}$", ""),
    ("anchor_audit", r"anchored in", ""),
    ("verify_audit", r"^ok: \d+ links, [1-9]\d* anchors", ""),
    ("export_evidence {folder}/evidence.zip", r"\d+ links, signed with", ""),
    ("backup --server-settings", r"^archive_command = '", ""),
    ("backup", r"-full: .* verified, audit chain at link [1-9]", ""),
    ("backup --incremental --keep 2", r"-incremental: .* verified", ""),
    ("backup --list", r"(?s)-full: .*-incremental: ", ""),
    ("rehearse_restore", r"^ok: \S+-incremental restored to", ""),
    ("restore {backups}/data --from {backups}", r"^The evidence holds: [1-9]", ""),
    ("diagrams", r"", ""),
    ("migrate --check", r"", ""),
    ("makemigrations --check --dry-run", r"No changes detected", ""),
]
AT_THE_DEMO = [
    ("demo_people", r'"username": "aylin"', ""),
    ("seed_tickets 200", r"^200 tickets$", ""),
]
BY_THEMSELVES = {
    "desk",
    *(words.split()[0] for words, _says, _typed in [*AT_AN_EMPTY_DESK, *AT_THE_DEMO]),
}
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("DATABASE_", "REDIS_", "X_", "DESK_", "DJANGO_", "PARAPH_", "PYTEST_"))
}


class Command:
    """A command as somebody at a shell starts it; its lines as they come."""

    def __init__(self, words: list, *, cwd=ROOT, **environment: str) -> None:
        self.process = subprocess.Popen(
            [str(word) for word in words],
            cwd=cwd,
            env={**CLEAN, "PYTHONUNBUFFERED": "1", **environment},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )  # as in a terminal
        self.lines: list[str] = []
        self.reading = threading.Thread(target=self.read, daemon=True)
        self.reading.start()
        self.family: dict[int, psutil.Process] = {}

    def read(self) -> None:
        """Keep every line."""
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def says(self, words: str, within: float = 180) -> None:
        """Wait for a line with these words."""
        wait_until(
            lambda: (
                self.look()
                or any(words in line for line in self.lines)
                or self.process.poll() is not None
            ),
            within,
            words,
            self.said,
        )
        assert any(words in line for line in self.lines), self.said()

    def look(self) -> None:
        """Remember every process that it has started so far."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.family |= {
                one.pid: one for one in psutil.Process(self.process.pid).children(recursive=True)
            }

    def signalled(self, *signals: int) -> int:
        """Send these, Ctrl-C to all of its group as a terminal does; the exit status."""
        self.look()
        for number, one in enumerate(signals):
            if number:
                pause(0.2, "a person presses the key a second time")
            if self.process.poll() is None:
                os.killpg(
                    self.process.pid, one
                ) if one == signal.SIGINT else self.process.send_signal(one)
        code = self.process.wait(120)
        self.reading.join(20)
        return code

    def left_nothing(self) -> None:
        """No traceback, nothing printed twice, no process outlives it."""
        _gone, alive = psutil.wait_procs(self.family.values(), timeout=20)
        assert alive == [], self.said()
        assert "Traceback" not in self.said(), self.said()
        assert self.said().count(stopping.STILL) <= 1

    def said(self) -> str:
        """Everything."""
        return "\n".join(self.lines)


@contextlib.contextmanager
def a_desk(state, *options, **environment: str):
    """A desk of its own, stopped with two key presses, as an impatient person does.

    The address of its simulated X.
    """
    port, x_port = free_port(), free_port()
    desk = Command(
        [
            sys.executable,
            "manage.py",
            "desk",
            "--quiet",
            "--port",
            port,
            "--simulator-port",
            x_port,
            "--state",
            state,
            *options,
        ],
        **environment,
    )
    try:
        wait_until(
            lambda: get(f"http://127.0.0.1:{port}/readyz?all") or desk.process.poll() is not None,
            180,
            "the desk is ready",
            desk.said,
        )
        desk.says("Open the desk")
        yield f"http://127.0.0.1:{x_port}"
    finally:
        code = desk.signalled(signal.SIGINT, signal.SIGINT)
    assert code == 0, desk.said()
    assert "Stopping …" in desk.lines
    assert stopping.STILL in desk.lines
    desk.left_nothing()


def answers(line: str, says: str, typed: str, state, **places) -> None:
    """Run one of the documented commands at the desk of this state directory."""
    words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line.format(**places))]
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**CLEAN, "DESK_STATE": str(state)},
        input=typed,
        text=True,
        capture_output=True,
        start_new_session=True,
    )
    assert done.returncode == 0, (line, done.stdout, done.stderr)
    assert re.search(says, done.stdout, re.MULTILINE), (line, done.stdout, done.stderr)


@pytest.fixture
def backups():
    """A directory for backups."""
    place = enterable()
    yield place
    shutil.rmtree(place)


@pytest.mark.stack
@pytest.mark.campaign
@pytest.mark.parametrize(
    ("options", "lines"),
    [(["--empty"], AT_AN_EMPTY_DESK), ([], AT_THE_DEMO)],
    ids=["empty", "demo"],
)
def test_every_documented_command_runs_at_a_desk_and_the_desk_stops_when_told_twice(
    tmp_path, options, lines, backups
):
    (tmp_path / "desk.json").write_text(json.dumps(SET_UP))
    state = tmp_path / "state"
    with a_desk(state, *options, DESK_BACKUP_DIRECTORY=str(backups)) as x:
        ours = json.dumps(
            {
                "username": "AmselnetzHilfe",
                "name": "Amselnetz Hilfe",
                "account": True,
                "id": 2400000001,
            }
        ).encode()
        urllib.request.urlopen(
            urllib.request.Request(f"{x}/_control/users", data=ours, method="POST"), timeout=30
        ).close()
        for line, says, typed in lines:
            answers(line, says, typed, state, folder=tmp_path, backups=backups)


@pytest.mark.stack
@pytest.mark.campaign
@pytest.mark.parametrize(
    ("at", "signals"),
    [
        ("PostgreSQL is ready.", [signal.SIGINT, signal.SIGINT]),
        ("Migrating the database", [signal.SIGTERM]),
    ],
)
def test_a_desk_that_is_stopped_while_it_starts_says_one_line_and_leaves_nothing(
    tmp_path, at, signals
):
    desk = Command(
        [
            sys.executable,
            "manage.py",
            "desk",
            "--quiet",
            "--port",
            free_port(),
            "--simulator-port",
            free_port(),
            "--state",
            tmp_path / "state",
        ]
    )
    desk.says(at)
    assert desk.signalled(*signals) == 0, desk.said()
    assert desk.lines.count("Stopping …") == 1
    desk.left_nothing()


SLOW_TO_STOP = """
import sys, time
from pathlib import Path
from servicedesk.launcher import stopping
from servicedesk.launcher.supervisor import Part, Supervisor
def main():
    supervisor = Supervisor()
    program = (
        "import signal, time; signal.signal(15, lambda *_: time.sleep(2) or sys.exit()); "
        "import sys; print('up', flush=True); time.sleep(60)"
    )
    part = Part("slow", [sys.executable, "-c", program], log=Path(sys.argv[1]))
    try:
        part.start()
        supervisor.add(part)
        while "up" not in part.tail():
            time.sleep(0.05)
        print("running", flush=True)
        supervisor.watch()
    finally:
        supervisor.stop()
sys.exit(stopping.command(main))
"""


@pytest.mark.campaign
@pytest.mark.parametrize(
    "signals",
    [[signal.SIGINT], [signal.SIGTERM], [signal.SIGHUP, signal.SIGINT], [signal.SIGINT] * 4],
)
def test_asking_to_stop_more_than_once_prints_one_line_and_cuts_nothing_short(tmp_path, signals):
    command = Command([sys.executable, "-c", SLOW_TO_STOP, tmp_path / "log"])
    command.says("running")
    assert command.signalled(*signals) == stopping.STOPPED
    assert command.lines == ["running", *([stopping.STILL] if len(signals) > 1 else []), "Stopped."]
    command.left_nothing()


def test_a_request_that_comes_while_another_is_being_answered_says_nothing_more(monkeypatch, capfd):
    """`signal.signal` answers what has come meanwhile before it does anything itself."""
    monkeypatch.setattr(stopping, "_said", False)
    monkeypatch.setattr(
        stopping, "handle", lambda handler: stopping.still_stopping(signal.SIGINT, None)
    )
    stopping.still_stopping(signal.SIGINT, None)
    assert capfd.readouterr().out == f"{stopping.STILL}\n"


@pytest.mark.stack
@pytest.mark.campaign
@pytest.mark.parametrize("workers", ["0", "2"])
def test_tests_that_are_stopped_say_so_and_leave_no_server(tmp_path, workers):
    waits = tmp_path / "test_waits.py"
    waits.write_text(
        "import time\nfrom pathlib import Path\n\ndef test_waits(db):\n"
        "    Path(__file__).with_name('waits').touch()\n    time.sleep(120)\n"
    )
    command = Command(
        [
            sys.executable,
            "manage.py",
            "test",
            "-n",
            workers,
            "-p",
            "no:cacheprovider",
            "-c",
            ROOT / "pyproject.toml",
            waits,
        ]
    )
    wait_until(
        lambda: (tmp_path / "waits").exists() or command.process.poll() is not None,
        120,
        "the test waits",
        command.said,
    )
    assert command.signalled(signal.SIGINT, signal.SIGINT) == stopping.STOPPED, command.said()
    assert command.lines[-1] == "Stopped before the end."
    command.left_nothing()


@pytest.mark.stack
@pytest.mark.campaign
@pytest.mark.parametrize(
    "words",
    [
        "campaign judge",
        "campaign workflow --operations 100000",
        "campaign posting --replies 5000 --minutes 9",
        "gallery",
    ],
)
def test_a_campaign_that_is_stopped_says_one_line_and_leaves_nothing(words):
    if words == "gallery" and find_chromium() is None:
        pytest.skip("no Chromium found")
    command = Command([sys.executable, "manage.py", *words.split()])
    wait_until(
        lambda: command.look() or len(command.family) > 8 or command.process.poll() is not None,
        120,
        "the campaign works",
        command.said,
    )
    assert command.signalled(signal.SIGINT, signal.SIGINT) == stopping.STOPPED, command.said()
    assert command.lines[-1] == "Stopped."
    command.left_nothing()


@pytest.mark.campaign
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_set_up_that_is_stopped_says_one_line_and_the_next_one_begins_afresh(tmp_path, number):
    (tmp_path / "servicedesk").mkdir()
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.copy(ROOT / "servicedesk" / "bootstrap.py", tmp_path / "servicedesk")
    (tmp_path / "servicedesk" / "__init__.py").touch()
    (tmp_path / "requirements.txt").write_text(
        "no-such-package-here==1.0 --hash=sha256:" + "0" * 64 + "\n"
    )
    command = Command([sys.executable, "manage.py", "desk"], cwd=tmp_path)
    command.says("Setting up the environment")
    command.look()
    assert command.signalled(number) == stopping.STOPPED, command.said()
    assert command.lines[-1] == "Stopped."
    command.left_nothing()
    assert not (tmp_path / ".venv").exists()
