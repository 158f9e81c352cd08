#!/usr/bin/env python3
"""The entrance to every command.

It first sees to it that an environment with our requirements runs this file.
"""

import os
import signal
import sys
from pathlib import Path

from servicedesk import bootstrap


def stop(*_signal: object) -> None:
    """However a command is asked to stop: once is enough, and what follows is as with Ctrl-C."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> None:
    """Set the environment up where it is missing, then hand over to Django's commands."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Ignored: `nohup` wants it to go on
        if name != signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, stop)
    if not os.environ.get("DESK_PRODUCTION"):
        bootstrap.ensure_environment(Path(__file__).resolve().parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "test":
        from servicedesk.launcher import tests

        sys.exit(tests.run(sys.argv[2:]))
    if command in {"campaign", "gallery"}:
        from servicedesk.launcher import campaign

        sys.exit(
            campaign.run(
                sys.argv[2:],
                module={"campaign": "campaigns", "gallery": "tests.gallery"}[command],
            )
        )
    if command == "desk":
        from servicedesk.launcher import desk

        sys.exit(desk.run(sys.argv[2:]))
    if command == "migrate":
        os.environ["DESK_AS_OWNER"] = "1"
    from servicedesk.launcher import running

    running.adopt(command, sys.argv[2:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
        sys.exit(130)
