"""The two commands.

The environment is judged by versions; a killed desk leaves nothing behind and starts again.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import psutil
import pytest

from servicedesk import bootstrap, env
from servicedesk.launcher import desk, supervisor, tests
from servicedesk.launcher.running import ROOT
from servicedesk.launcher.supervisor import Part, PartFailed, Supervisor
from tests.stack import free_port, get, wait_until


def test_this_interpreter_satisfies_the_requirements():
    assert bootstrap.satisfied((ROOT / "requirements.txt").read_text())


def test_another_version_or_a_missing_package_does_not():
    assert not bootstrap.satisfied("django==1.0 \\\n")
    assert not bootstrap.satisfied("no-such-package-here==1.0\n")
    assert bootstrap.satisfied("no-such-package-here==1.0 ; sys_platform == 'win32'\n")


def test_a_taken_port_gets_the_next_free_one_said_aloud(capsys):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert desk.free_port(port, "desk") > port
    assert "is taken" in capsys.readouterr().out


def test_reset_never_deletes_a_foreign_directory(tmp_path):
    (tmp_path / "precious").write_text("x")
    with pytest.raises(RuntimeError, match="not a desk's"):
        desk.prepare_state(desk.parse(["--state", str(tmp_path), "--reset"]))
    assert (tmp_path / "precious").exists()


@pytest.mark.campaign
@pytest.mark.parametrize("words", ["set_up --help", "verify_audit -h", "anchor_audit --new-key"])
def test_help_and_a_new_key_need_no_running_desk(words, tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", *words.split()],
        cwd=ROOT,
        env={**CLEAN, "DESK_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_three_spellings_of_one_broker():
    assert (
        env.broker("unix:///tmp/a/valkey.sock?db=3")
        == "redis+socket:///tmp/a/valkey.sock?virtual_host=3"
    )
    assert env.broker("redis://host:6379/0") == "redis://host:6379/0"
    assert env.database("postgresql://desk_app@/desk?host=/tmp/x")["HOST"] == "/tmp/x"


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """A part that ends at once, under watch; what was said.

    Each pause between two starts puts the clock on.
    """
    clock, said = [0.0], []
    watch = Supervisor()

    def sleep(_seconds):
        clock[0] += step[0]
        watch.parts[0].process.wait(30)

    step = [1.0]
    monkeypatch.setattr(
        supervisor, "time", SimpleNamespace(monotonic=lambda: clock[0], sleep=sleep)
    )
    part = Part(
        "Worker",
        [sys.executable, "-c", "print('the last line'); raise SystemExit(3)"],
        log=tmp_path / "worker.log",
    )
    part.start()
    watch.add(part)
    part.process.wait(30)
    return watch, said, step


def test_a_part_that_dies_is_started_again_three_times_and_then_one_sentence_says_what_to_do(
    watched,
):
    watch, said, _step = watched
    with pytest.raises(PartFailed) as failed:
        watch.watch(say=said.append)
    assert len(said) == 3
    assert said[0].startswith("Worker stopped (exit 3) and is started again (1 of 3). Its log: ")
    sentence = str(failed.value)
    assert sentence.startswith(
        "Worker stopped (exit 3) for the 4th time within 10 minutes, so the desk stops. Mend what"
    )
    assert sentence.endswith("the last line")


@pytest.mark.campaign
def test_a_part_that_dies_seldom_is_started_again_for_ever(watched):
    watch, said, step = watched
    step[0] = 200.0
    for _time in range(12):
        watch.start_again(watch.parts[0], said.append)
        step[0] = 250.0
        supervisor.time.sleep(0)
    assert len(said) == 12


def demo_on(tmp_path, port, x_port):
    """Return the command that starts a demo on these ports, and its environment."""
    command = [
        sys.executable,
        "manage.py",
        "desk",
        "--quiet",
        "--port",
        str(port),
        "--simulator-port",
        str(x_port),
        "--state",
        str(tmp_path / "state"),
    ]
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "REDIS_", "X_", "DESK_", "DJANGO_"))
    }
    return command, clean


@pytest.mark.stack
@pytest.mark.campaign  # starts the whole desk twice
def test_a_killed_desk_leaves_no_orphans_and_the_next_one_starts(tmp_path):
    port, x_port = free_port(), free_port()
    command, clean = demo_on(tmp_path, port, x_port)

    def started():
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=clean,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_until(
            lambda: get(f"http://127.0.0.1:{port}/readyz?all") or process.poll() is not None,
            90,
            "the desk is ready",
        )
        assert process.poll() is None, process.stdout.read()
        return process

    first = started()
    children = psutil.Process(first.pid).children(recursive=True)
    assert len(children) >= 6
    first.send_signal(signal.SIGKILL)
    first.wait(5)
    _gone, alive = psutil.wait_procs(children, timeout=15)
    assert alive == []
    second = started()
    second.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert second.wait(20) == 0
    assert time.monotonic() - began < 15
    assert "Stopping" in second.stdout.read()


def test_a_name_that_is_locked_in_several_versions_fits_with_any_of_them():
    import importlib.metadata

    django = importlib.metadata.version("Django")
    assert bootstrap.satisfied(
        "django==1.0 ; python_full_version < '3'\n"
        f"django=={django} ; python_full_version >= '3'\nnot-there==1 ; sys_platform == 'x'"
    )
    assert not bootstrap.satisfied("django==1.0 ; python_full_version < '3'")
    assert not bootstrap.satisfied("not-there==1")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", "rest browser"),
        ("-m browser", "browser"),
        ("-mbrowser -q", "browser"),
        ("-m 'not browser and not campaign'", "rest"),
        ("-m 'browser or campaign' -x", "rest browser"),
        ("-m stack", "rest browser"),
        ("-m 'stack and browser'", "browser"),
        ("-m 'browser and not browser'", "rest"),
        ("-m 'not a mark ('", "rest"),
        ("-k pictures", "rest browser"),
        ("tests/journeys", "browser"),
        (
            "tests/journeys/test_picture_journey.py"
            "::test_a_picture_is_pasted_described_signed_and_public",
            "browser",
        ),
        ("tests/xapi tests/rules/test_house.py", "rest"),
        ("tests/xapi tests/journeys/test_wave_journey.py", "rest browser"),
        ("--journal /tmp/journal.jsonl -p no:cacheprovider tests/xapi", "rest"),
        ("--ignore tests/xapi", "rest browser"),
        ("tests/no_such_file.py", "rest"),
        ("-m browser tests/xapi", "rest"),
    ],
)
def test_a_part_in_which_nothing_can_be_selected_is_not_started(words, parts):
    assert tests.parts_of(shlex.split(words)) == parts.split()


def test_what_failed_last_decides_which_part_runs_again(tmp_path, monkeypatch):
    noted = tmp_path / ".pytest_cache" / "v" / "cache" / "lastfailed"
    monkeypatch.setattr(tests, "ROOT", tmp_path)
    for name, line in (
        ("journeys/test_a.py", "pytestmark = pytest.mark.browser\n"),
        ("xapi/test_b.py", ""),
    ):
        path = tmp_path / "tests" / name
        path.parent.mkdir(parents=True)
        path.write_text(line)
    assert tests.parts_of(["--lf"]) == [
        "rest",
        "browser",
    ]  # nothing is noted: pytest runs everything
    noted.parent.mkdir(parents=True)
    noted.write_text('{"tests/xapi/test_b.py::test_one": true}')
    assert tests.parts_of(["--lf"]) == ["rest"]
    noted.write_text('{"tests/journeys/test_a.py::test_two[x]": true}')
    assert tests.parts_of(["--last-failed", "-x"]) == ["browser"]


def test_only_the_tests_without_browser_are_spread_and_nobody_overwrites_the_other_parts_files():
    assert tests.arguments_of("rest", ["-x"], first=True) == [
        "-n",
        "2",
        "--dist",
        "loadscope",
        "-x",
    ]
    assert tests.arguments_of("rest", ["-n4"], first=True) == ["-n4"]
    assert tests.arguments_of("rest", ["--pdb"], first=True) == ["--pdb"]
    assert tests.arguments_of("browser", ["-x", "--cache-clear"], first=True) == [
        "-x",
        "--cache-clear",
    ]
    assert tests.arguments_of(
        "browser",
        ["--cache-clear", "--junitxml", "a/b.xml", "--junit-xml=c.xml", "-k", "x=y"],
        first=False,
    ) == [
        "--after-another",
        "--junitxml",
        "a/b-browser.xml",
        "--junit-xml=c-browser.xml",
        "-k",
        "x=y",
    ]


@pytest.mark.parametrize(
    ("codes", "whole"),
    [
        ([0, 0], 0),
        ([0, 5], 0),
        ([5, 0], 0),
        ([5, 5], 5),
        ([5], 5),
        ([0, 1], 1),
        ([1, 0], 1),
        ([5, 1], 1),
        ([4], 4),
        ([1, 3], 1),
    ],
)
def test_two_parts_have_one_exit_status(codes, whole):
    assert tests.together(codes) == whole


@pytest.mark.parametrize(
    ("words", "failed", "ends"),
    [
        ("", 1, False),
        ("-x", 0, False),
        ("-x", 1, True),
        ("--exitfirst", 2, True),
        ("--stepwise", 1, True),
        ("--maxfail=3", 2, False),
        ("--maxfail 3", 3, True),
        ("--maxfail=0", 9, False),
    ],
)
def test_failures_end_it_where_so_many_are_enough(words, failed, ends):
    assert tests.goes_no_further(1 if failed else 0, failed, words.split()) is ends


@pytest.mark.parametrize("code", [2, 3, 4, 137])
def test_a_wrong_argument_or_a_broken_run_ends_it_always(code):
    assert tests.goes_no_further(code, 0, [])


def test_the_closing_line_counts_both_parts_and_says_loudly_what_did_not_run():
    assert tests.closing([tests.Counts(3, 1, 2), tests.Counts(4)]) == [
        "7 passed, 1 failed, 2 skipped"
    ]
    assert tests.closing([tests.Counts(3)]) == ["3 passed, 0 failed"]
    loud, line = tests.closing([tests.Counts(3), tests.Counts(0, 0, 5, 5)])
    assert "5 BROWSER TESTS DID NOT RUN" in loud
    assert line == "3 passed, 0 failed, 5 skipped"
    assert tests.closing([]) == []  # nothing but looked, as with --collect-only


CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("DATABASE_", "REDIS_", "X_", "DESK_", "DJANGO_", "PARAPH_", "PYTEST_"))
}


def manage_test(*words, **environment):
    """`manage.py test` as somebody at a shell starts it; its exit status and lines."""
    done = subprocess.run(
        [sys.executable, "manage.py", "test", *words],
        cwd=ROOT,
        env={**CLEAN, **environment},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout.strip().splitlines() + done.stderr.strip().splitlines()


@pytest.mark.campaign
def test_without_chromium_the_command_says_so_at_its_end():
    code, lines = manage_test(
        "-m", "browser", "tests/journeys/test_picture_journey.py", CHROMIUM="", PATH="/nowhere"
    )
    assert code == 0
    assert "2 BROWSER TESTS DID NOT RUN" in lines[-2]
    assert lines[-1] == "0 passed, 0 failed, 2 skipped"


@pytest.mark.campaign
def test_where_browser_tests_are_required_a_skipped_one_fails():
    code, lines = manage_test(
        "-m",
        "browser",
        "-k",
        "without_scripts",
        "tests/journeys/test_picture_journey.py",
        CHROMIUM="",
        PATH="/nowhere",
        PARAPH_REQUIRE_BROWSER="1",
    )
    assert code == 1
    assert lines[-1] == "0 passed, 1 failed"


@pytest.mark.campaign
def test_the_browsers_permission_never_reaches_the_other_tests():
    code, lines = manage_test(
        "-n",
        "0",
        "tests/servicedesk/test_launcher.py",
        "-k",
        "no_permission_here",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    assert (code, lines[-1]) == (0, "1 passed, 0 failed")


def test_no_permission_here():
    assert "DJANGO_ALLOW_ASYNC_UNSAFE" not in os.environ
