"""Make sure that the interpreter running `manage.py` has what `requirements.txt` names.

Standard library only.

The interpreter at hand is used if every version fits; else `.venv` beside `manage.py` is made
or topped up and takes over.
"""

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 14)
NO_ENVIRONMENT = (
    "Python cannot make a virtual environment here. Install the package python3-venv "
    "(Debian: apt install python3-venv), "
    "or install requirements.txt into an environment of your own and run this command with "
    "its python."
)


def ensure_environment(root: Path) -> None:
    """Return if this interpreter satisfies `root/requirements.txt`.

    Otherwise start again inside `root/.venv`.

    Ends the process with one sentence when the Python is too old or no environment can be made.
    """
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(f"Paraph runs on Python 3.11 to 3.14; this is {sys.version.split()[0]}.")
    requirements = root / "requirements.txt"
    if satisfied(requirements.read_text()):
        return
    environment = root / ".venv"
    python = environment / "bin" / "python"
    if Path(sys.prefix).resolve() == environment.resolve():
        sys.exit(
            "The packages in .venv do not fit requirements.txt. Delete the directory .venv "
            "and start again."
        )
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    noted = environment / "requirements.sha256"
    if not python.exists() or not noted.exists() or noted.read_text() != wanted:
        say("Setting up the environment in .venv (once; about a minute) …")
        make(environment, requirements)
        noted.write_text(wanted)
    os.execv(python, [str(python), *sys.argv])


def satisfied(requirements: str) -> bool:
    """Whether each `name==version` is installed in just that version.

    Lines with a marker may be missing, and one name may have several.
    """
    wanted: dict[str, tuple[set[str], bool]] = {}
    for name, version, marker in re.findall(
        r"^([A-Za-z0-9_.-]+)==(\S+)( *;)?", requirements, re.MULTILINE
    ):
        versions, needed = wanted.get(name, (set(), False))
        wanted[name] = (versions | {version}, needed or not marker)
    for name, (versions, needed) in wanted.items():
        try:
            if importlib.metadata.version(name) not in versions:
                return False
        except importlib.metadata.PackageNotFoundError:
            if needed:
                return False
    return True


def make(environment: Path, requirements: Path) -> None:
    """Create or top up the environment, with hashes checked, by whichever tool this machine has."""
    install = ["install", "--quiet", "--require-hashes", "-r", str(requirements)]
    if not (environment / "bin" / "python").exists():
        try:
            with_pip = subprocess.run(
                [sys.executable, "-m", "venv", str(environment)], capture_output=True
            )
        except KeyboardInterrupt:
            # Half of one would stand in the way of the next set-up
            shutil.rmtree(environment, ignore_errors=True)
            raise
        if with_pip.returncode:
            shutil.rmtree(environment, ignore_errors=True)
            bare = subprocess.run(
                [sys.executable, "-m", "venv", "--without-pip", str(environment)],
                capture_output=True,
            )
            if bare.returncode:
                sys.exit(NO_ENVIRONMENT)
    python = str(environment / "bin" / "python")
    ways = [
        [python, "-m", "pip", "--disable-pip-version-check", *install],
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, *install],
    ]
    if uv := shutil.which("uv"):
        ways.append([uv, "pip", "install", "--python", python, "--compile-bytecode", *install[1:]])
    for way in ways:
        if not works(way):
            continue
        if subprocess.run(way).returncode == 0:
            return
        sys.exit(
            "The packages of requirements.txt could not be installed; what pip says stands above."
        )
    sys.exit(NO_ENVIRONMENT)


def works(way: list[str]) -> bool:
    """Whether the installer of this way answers at all."""
    probe = way[:3] if "-m" in way else way[:1]
    return subprocess.run([*probe, "--version"], capture_output=True).returncode == 0


def say(sentence: str) -> None:
    """One line for the person who waits."""
    print(sentence, flush=True)
