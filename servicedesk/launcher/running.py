"""What a running desk tells other commands: its addresses, in a file of its state directory."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from servicedesk.launcher.supervisor import alive

ROOT = Path(__file__).resolve().parent.parent.parent
NEEDS_NO_SERVERS = {
    "help",
    "version",
    "check",
    "makemigrations",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "diagrams",
    "check_all",
    "startapp",
    "diffsettings",
    "spectacular",
    "check_messages",
}
# What decides where X is and with which keys access is sealed: beside a running desk, that desk's
# own.
OF_THE_DESK = (
    "X_API_URL",
    "X_IS_SIMULATED",
    "X_VOCABULARY",
    "X_TIMEOUT_SECONDS",
    "DESK_SECRET_KEY",
    "DESK_CREDENTIALS_KEYS",
)
NEED_NO_SERVERS = {"-h", "--help", "--new-key"}  # options
# What is done when no desk runs, with the keys of the one that did.
WITHOUT_A_DESK = {"restore"}
KEYS = {"DESK_SECRET_KEY": "secret.key", "DESK_ANCHOR_KEY": "anchor.key"}


def state_directory() -> Path:
    """Where the desk keeps its data: `DESK_STATE`, else `.desk` beside `manage.py`."""
    return Path(os.environ.get("DESK_STATE") or ROOT / ".desk").resolve()


def kept(state: Path) -> dict[str, str]:
    """Return keys and the place of the anchors, where the environment does not name its own."""
    found = {
        name: (state / file).read_text()
        for name, file in KEYS.items()
        if not os.environ.get(name) and (state / file).exists()
    }
    if not os.environ.get("DESK_ANCHOR_FILE"):
        found["DESK_ANCHOR_FILE"] = str(state / "anchors.jsonl")
    return found


def note(state: Path, environment: Mapping[str, str]) -> None:
    """Write down the addresses of the desk that is about to run, and where it asks X."""
    path = state / "running.json"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps({"pid": os.getpid(), "environment": dict(environment)}))


def noted(environment: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """Return what of the desk's whole environment is written down.

    What the launcher found, and whatever says where X is.
    """
    return {
        **found,
        **{name: environment.get(name, "") for name in ("DATABASE_URL", "REDIS_URL", *OF_THE_DESK)},
    }


def adopt(command: str, options: Iterable[str] = ()) -> None:
    """Use the running desk's servers for `manage.py shell` and the like.

    Says so and ends where none runs. Help needs none.

    Where the environment names a database of its own and the desk runs on that one, X is asked
    where the desk asks.
    """
    if command in NEEDS_NO_SERVERS or NEED_NO_SERVERS & set(options):
        return
    if command in WITHOUT_A_DESK:
        os.environ.update(kept(state_directory()))
        return
    known, own = running(), os.environ.get("DATABASE_URL")
    if own and known.get("DATABASE_URL") != own:
        return
    if not known:
        sys.exit(
            "No desk is running here. Start one with `python3 manage.py desk`, or set "
            "DATABASE_URL and REDIS_URL."
        )
    for name, value in known.items():
        if name not in OF_THE_DESK:
            os.environ.setdefault(name, value)
        elif value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


def running() -> dict[str, str]:
    """Return what the desk of this state directory has written down; nothing where none runs."""
    path = state_directory() / "running.json"
    try:
        known = json.loads(path.read_text())
        return dict(known["environment"]) if alive(known["pid"]) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
