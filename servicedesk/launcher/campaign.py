"""`manage.py campaign NAME`: correctness under faults, with a seed (`campaigns/`).

`manage.py gallery`: pictures of every screen.
"""

import os
import sys

from servicedesk.launcher.running import ROOT


def run(arguments: list[str], module: str = "campaigns") -> int:
    """Run one campaign (or the gallery) on servers of its own.

    Its exit status is 0 if all went well. Refused in production.
    """
    if os.environ.get("DESK_PRODUCTION"):
        print(
            "Campaigns are not for production: they kill processes and forge attacks.",
            file=sys.stderr,
        )
        return 2
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])
