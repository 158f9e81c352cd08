"""What a running desk tells other commands: its addresses, in a file of its state directory."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from servicedesk.launcher.supervisor import alive

ROOT = Path(__file__).resolve().parent.parent.parent
NEEDS_NO_SERVERS = {"help", "version", "check", "makemigrations", "makemessages", "compilemessages", "collectstatic",
                    "diagrams", "check_all", "startapp", "diffsettings", "spectacular", "check_messages"}
NEED_NO_SERVERS = {"-h", "--help", "--new-key"}  # options


def state_directory() -> Path:
    """Where the desk keeps its data: `DESK_STATE`, else `.desk` beside `manage.py`."""
    return Path(os.environ.get("DESK_STATE") or ROOT / ".desk").resolve()


def note(state: Path, environment: dict[str, str]) -> None:
    """Write down the addresses of the desk that is about to run."""
    path = state / "running.json"
    path.write_text(json.dumps({"pid": os.getpid(), "environment": environment}))
    path.chmod(0o600)


def adopt(command: str, options: Iterable[str] = ()) -> None:
    """Use the running desk's servers for `manage.py shell` and the like; says so and ends where none runs. Help needs none."""
    if os.environ.get("DATABASE_URL") or command in NEEDS_NO_SERVERS or NEED_NO_SERVERS & set(options):
        return
    path = state_directory() / "running.json"
    if path.exists():
        known = json.loads(path.read_text())
        if alive(known["pid"]):
            for name, value in known["environment"].items():
                os.environ.setdefault(name, value)
            return
    sys.exit("No desk is running here. Start one with `python3 manage.py desk`, or set DATABASE_URL and REDIS_URL.")
