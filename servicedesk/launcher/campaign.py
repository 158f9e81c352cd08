"""`manage.py campaign NAME`: correctness under faults, with a seed; the campaigns themselves live in `tests/campaigns/`."""

import os
import sys

from servicedesk.launcher.running import ROOT


def run(arguments: list[str]) -> int:
    """Run one campaign on servers of its own; its exit status is 0 if nothing was violated. Refused in production."""
    if os.environ.get("DESK_PRODUCTION"):
        print("Campaigns are not for production: they kill processes and forge attacks.", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "tests.campaigns", *arguments])
