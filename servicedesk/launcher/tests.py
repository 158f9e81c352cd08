"""`manage.py test`: pytest with the project's servers, which `tests/services.py` starts. Further arguments are pytest's."""

import subprocess
import sys

from servicedesk.launcher.running import ROOT


def run(arguments: list[str]) -> int:
    """Run the tests on two processes (pass `-n` to choose); returns pytest's exit status."""
    chosen = any(word.startswith(("-n", "--numprocesses", "--collect-only", "--co", "--pdb")) for word in arguments)
    spread = [] if chosen else ["-n", "2", "--dist", "loadgroup"]
    return subprocess.run([sys.executable, "-m", "pytest", *spread, *arguments], cwd=ROOT).returncode
