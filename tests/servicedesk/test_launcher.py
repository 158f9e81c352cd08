"""The two commands: the environment is judged by versions; a killed desk leaves nothing behind and starts again."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from servicedesk import bootstrap, env
from servicedesk.launcher import desk
from servicedesk.launcher.running import ROOT
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


def test_three_spellings_of_one_broker():
    assert env.broker("unix:///tmp/a/valkey.sock?db=3") == "redis+socket:///tmp/a/valkey.sock?virtual_host=3"
    assert env.broker("redis://host:6379/0") == "redis://host:6379/0"
    assert env.database("postgresql://desk_app@/desk?host=/tmp/x")["HOST"] == "/tmp/x"


@pytest.mark.parametrize(("variables", "sentence"), [
    ({"DESK_SECRET_KEY": ""}, "DESK_SECRET_KEY"), ({"DESK_DEBUG": "1"}, "DESK_DEBUG"), ({"X_IS_SIMULATED": "1"}, "simulator"),
    ({"DESK_CREDENTIALS_KEYS": ""}, "DESK_CREDENTIALS_KEYS"), ({"DATABASE_OWNER_URL": "postgresql://o@/d"}, "migrate job")])
def test_production_refuses_what_is_not_safe(variables, sentence):
    good = {"DESK_PRODUCTION": "1", "DESK_SECRET_KEY": "s" * 40, "DESK_CREDENTIALS_KEYS": "k", "X_API_URL": "https://api.x.com", "X_IS_SIMULATED": "0",
            "DATABASE_OWNER_URL": "", "DESK_DEMO": "0"}
    done = subprocess.run([sys.executable, "-c", "import servicedesk.settings"], cwd=ROOT, env={**os.environ, **good, **variables}, capture_output=True, text=True)
    assert done.returncode != 0
    assert sentence in done.stderr


@pytest.mark.stack
@pytest.mark.campaign  # starts the whole desk twice
def test_a_killed_desk_leaves_no_orphans_and_the_next_one_starts(tmp_path):
    port, x_port = free_port(), free_port()
    command = [sys.executable, "manage.py", "desk", "--quiet", "--port", str(port), "--simulator-port", str(x_port), "--state", str(tmp_path / "state")]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_", "X_", "DESK_", "DJANGO_"))}

    def started():
        process = subprocess.Popen(command, cwd=ROOT, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        wait_until(lambda: get(f"http://127.0.0.1:{port}/readyz?all") or process.poll() is not None, 90, "the desk is ready")
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
    assert bootstrap.satisfied(f"django==1.0 ; python_full_version < '3'\ndjango=={django} ; python_full_version >= '3'\nnot-there==1 ; sys_platform == 'x'")
    assert not bootstrap.satisfied("django==1.0 ; python_full_version < '3'")
    assert not bootstrap.satisfied("not-there==1")
