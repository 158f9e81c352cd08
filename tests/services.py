"""Start PostgreSQL and Valkey for the tests.

A pytest plug-in; it starts none where the environment names servers of its own.

Loaded by `-p` before pytest-django reads the settings, so that the servers' addresses
are known; they start once it is known that a test will run. Only the controlling
process starts servers; xdist workers inherit the addresses.
"""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from servicedesk.launcher import postgres, stopping, valkey
from servicedesk.launcher.supervisor import Supervisor


class Servers:
    """The servers of this run: addresses first, processes when the first test is certain."""

    def __init__(self) -> None:
        self.running = Supervisor()
        self.started = False
        self.directory = Path(tempfile.mkdtemp(prefix="paraph-tests-", dir="/tmp"))
        self.directory.chmod(0o755)
        self.sockets = Path(tempfile.mkdtemp(prefix="paraph-", dir="/tmp"))
        self.postgres = postgres.Postgres(self.directory / "postgres", self.sockets, for_tests=True)
        os.environ["DATABASE_URL"] = self.postgres.url("desk_app")
        os.environ["DATABASE_OWNER_URL"] = self.postgres.url("desk_owner")
        os.environ["REDIS_URL"] = f"unix://{self.sockets}/valkey.sock"

    def start(self) -> None:
        """Start both, once."""
        if not self.started:
            self.started = True
            self.running.add(self.postgres.start(self.directory / "postgres.log"))
            self.running.add(valkey.start(self.sockets, self.directory / "valkey.log"))

    def stop(self) -> None:
        """Stop both and leave nothing behind."""
        self.running.stop()
        shutil.rmtree(self.postgres.directory.parent, ignore_errors=True)
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)


_servers: Servers | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """Say where the servers will be."""
    global _servers
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    for kind in ("READS", "WRITES", "DECISIONS"):
        os.environ.setdefault(f"DESK_API_{kind}_PER_MINUTE", "0")
    if os.environ.get("PYTEST_XDIST_WORKER"):
        # The process that was asked ends its workers itself, in order
        stopping.handle(signal.SIG_IGN)
        return
    # At the debugger's prompt Ctrl-C ends a line, not the tests
    if not {"--pdb", "--trace"} & set(args):
        stopping.raise_once()
    if not os.environ.get("DATABASE_URL"):
        _servers = Servers()


def pytest_addoption(parser):
    """Our own options."""
    parser.addoption(
        "--require-browser",
        action="store_true",
        default=bool(os.environ.get("PARAPH_REQUIRE_BROWSER")),
        help=(
            "a browser test that would be skipped fails instead (also by "
            "PARAPH_REQUIRE_BROWSER in the environment)"
        ),
    )
    parser.addoption(
        "--journal",
        default="",
        help="write every request to the simulated X to this file, as JSON lines",
    )
    parser.addoption(
        "--part",
        choices=["rest", "browser"],
        help="tests without a browser alone, or browser tests alone; `manage.py test` runs both so",
    )
    parser.addoption(
        "--after-another",
        action="store_true",
        help="another part ran before, and its journal goes on",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Keep what belongs to this part."""
    part = config.getoption("--part")
    if part:
        mine, others = [], []
        for item in items:
            (
                mine if bool(item.get_closest_marker("browser")) == (part == "browser") else others
            ).append(item)
        items[:] = mine
        config.hook.pytest_deselected(items=others)


def pytest_collection_finish(session):
    """Without workers: start the servers if a test will run."""
    will_run = any(not item.get_closest_marker("skip") for item in session.items)
    if _servers and will_run and not session.config.option.collectonly:
        _servers.start()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node, ids):
    """With workers: the first one that has collected something waits for the servers."""
    if _servers and ids:
        _servers.start()


def pytest_unconfigure(config):
    """Stop what was started."""
    global _servers
    if _servers:
        _servers.stop()
        _servers = None
