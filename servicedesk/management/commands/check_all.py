"""`manage.py check_all`.

Linters, types, import rules, template lint, migrations, translations, known holes. Needs
requirements/dev.txt.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

BIN = Path(sys.executable).parent
CHECKS = {
    "ruff": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "mypy": [
        str(BIN / "mypy"),
        "core",
        "people",
        "xapi",
        "networks",
        "tickets",
        "satisfaction",
        "approvals",
        "posting",
        "notices",
        "servicedesk",
    ],
    "imports": [str(BIN / "lint-imports")],
    "templates": [
        str(BIN / "djlint"),
        "templates",
        "--lint",
        "--quiet",
        "--ignore",
        "H006,H021,H023,H030,H031,T001,T002,T003,H005,H014,H015,H020,H025,H043,D018",
    ],
    "layout of templates": [
        str(BIN / "djangofmt"),
        "--check",
        "templates",
        "xapi/simulator/page",
    ],
    "styles and scripts": [
        str(BIN / "biome"),
        "check",
        "static/css",
        "static/js",
        "xapi/simulator/page/page.css",
        "xapi/simulator/page/page.js",
    ],
    "migrations": [
        sys.executable,
        "manage.py",
        "makemigrations",
        "--check",
        "--dry-run",
        "--verbosity",
        "0",
    ],
}


class Command(BaseCommand):
    """Run every check, say how long each took, and fail at the end if one failed."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """All of them, also after the first failure."""
        failed = []
        for name, command in CHECKS.items():
            began = time.monotonic()
            good = subprocess.run(command, cwd=settings.BASE_DIR).returncode == 0
            self.stdout.write(
                f"{'ok    ' if good else 'FAILED'} {name} ({time.monotonic() - began:.0f} s)"
            )
            failed += [] if good else [name]
        missing = untranslated()
        self.stdout.write(
            f"{'FAILED' if missing else 'ok    '} translations: {missing or 'complete'}"
        )
        holes = known_holes()
        if holes is None:
            self.stdout.write(
                "NOT ASKED dependencies: no service that knows of holes can be reached from here"
            )
        elif holes:
            failed.append("dependencies")
            self.stdout.write(f"FAILED dependencies: {holes}")
        else:
            self.stdout.write("ok     dependencies: no known holes")
        if failed or missing:
            sys.exit(1)


def known_holes() -> list[str] | None:
    """Known holes in the locked packages, by pip-audit.

    None where no service that knows of any can be reached.
    """
    found: list[str] = []
    for lock in ("requirements.txt", "requirements/production.txt"):
        asked = subprocess.run(
            [
                sys.executable,
                "-m",
                "pip_audit",
                "--disable-pip",
                "--require-hashes",
                "--requirement",
                lock,
                "--format",
                "json",
                "--progress-spinner",
                "off",
                "--timeout",
                "10",
            ],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )
        try:
            packages = json.loads(asked.stdout)["dependencies"]
        except (ValueError, KeyError):
            return None
        if not any("vulns" in one for one in packages):
            return None
        found += [
            f"{one['name']} {one['version']}: {hole['id']}"
            for one in packages
            for hole in one.get("vulns", [])
        ]
    return sorted(set(found))


def untranslated() -> list[str]:
    """Sentences of code and templates that the German catalogue lacks.

    Asks gettext's own extractor.
    """
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale" / "de" / "LC_MESSAGES" / "django.po"))
    known = {(one.msgctxt, one.msgid) for one in catalogue if one.translated() and not one.obsolete}
    with tempfile.TemporaryDirectory() as copy:
        for name in SOURCES:
            subprocess.run(["cp", "-r", str(settings.BASE_DIR / name), copy], check=True)
        (Path(copy) / "locale").mkdir()
        subprocess.run(EXTRACT, cwd=copy, check=True)
        found = polib.pofile(str(next(Path(copy).rglob("django.po"))))
        return [
            re.sub(r"\s+", " ", one.msgid)[:80]
            for one in found
            if (one.msgctxt, one.msgid) not in known
        ]


SOURCES = (
    "core",
    "people",
    "xapi",
    "networks",
    "tickets",
    "satisfaction",
    "approvals",
    "posting",
    "notices",
    "servicedesk",
    "templates",
    "manage.py",
    "requirements.txt",
)
EXTRACT = [
    *(sys.executable, "manage.py", "makemessages", "-l", "de"),
    *("--no-location", "--no-wrap", "--verbosity", "0"),
]
