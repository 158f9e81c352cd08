"""A pytest plug-in that starts PostgreSQL and Valkey for the tests, unless the environment names servers of its own.

Loaded by `-p` before pytest-django reads the settings. Only the controlling process starts servers; xdist workers inherit them.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from servicedesk.launcher import postgres, valkey
from servicedesk.launcher.supervisor import Supervisor

_running = Supervisor()
_directory: Path | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """Start what is missing."""
    global _directory
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if os.environ.get("PYTEST_XDIST_WORKER") or os.environ.get("DATABASE_URL"):
        return
    _directory = Path(tempfile.mkdtemp(prefix="paraph-tests-", dir="/tmp"))
    _directory.chmod(0o755)
    sockets = Path(tempfile.mkdtemp(prefix="paraph-", dir="/tmp"))
    server = postgres.Postgres(_directory / "postgres", sockets, for_tests=True)
    _running.add(server.start(_directory / "postgres.log"))
    _running.add(valkey.start(sockets, _directory / "valkey.log"))
    os.environ["DATABASE_URL"] = server.url("desk_app")
    os.environ["DATABASE_OWNER_URL"] = server.url("desk_owner")
    os.environ["REDIS_URL"] = f"unix://{sockets}/valkey.sock"
    os.environ["PARAPH_TEST_SOCKETS"] = str(sockets)


def pytest_unconfigure(config):
    """Stop what was started."""
    if _directory and not os.environ.get("PYTEST_XDIST_WORKER"):
        _running.stop()
        shutil.rmtree(_directory, ignore_errors=True)
        shutil.rmtree(os.environ.get("PARAPH_TEST_SOCKETS", "/nonexistent"), ignore_errors=True)
