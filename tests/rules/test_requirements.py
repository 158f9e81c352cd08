"""The lock files agree.

On every Python that the desk runs on, one package has one version in all of them.
"""

import re

import pytest
from packaging.markers import Marker
from packaging.utils import canonicalize_name

from servicedesk import bootstrap
from servicedesk.launcher.running import ROOT

LOCKS = ["requirements.txt", "requirements/production.txt", "requirements/dev.txt"]
OLDEST = bootstrap.OLDEST[1]
NEWEST = bootstrap.NEWEST[1]
PYTHONS = [f"3.{minor}.{micro}" for minor in range(OLDEST, NEWEST + 1) for micro in (0, 2, 9)]


def pins(text: str) -> list[tuple[str, str, str]]:
    """Name, version and marker of each pin."""
    found = re.findall(
        r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;]+)(?: *; *([^\\\n]*))?", text, re.MULTILINE
    )
    return [(canonicalize_name(name), version, marker.strip()) for name, version, marker in found]


def contradictions(locks: dict[str, str]) -> list[str]:
    """Each package that has two versions on one Python, in one file or in two."""
    found = set()
    for python in PYTHONS:
        here = {
            "python_version": python.rpartition(".")[0],
            "python_full_version": python,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "sys_platform": "linux",
            "platform_system": "Linux",
            "platform_machine": "x86_64",
            "os_name": "posix",
        }
        chosen: dict[str, tuple[str, str]] = {}
        for file, text in locks.items():
            for name, version, marker in pins(text):
                if marker and not Marker(marker).evaluate(here):
                    continue
                other = chosen.setdefault(name, (version, file))
                if other[0] != version:
                    found.add(
                        f"{name}: {other[0]} in {other[1]}, {version} in {file}, on Python {python}"
                    )
    return sorted(found)


def test_the_locks_pin_one_package_to_one_version():
    locks = {name: (ROOT / name).read_text() for name in LOCKS}
    assert all(len(pins(text)) > 20 for text in locks.values())
    assert contradictions(locks) == []


def test_every_lock_of_ours_is_looked_at():
    assert sorted(LOCKS) == sorted(
        [
            "requirements.txt",
            *(f"requirements/{path.name}" for path in (ROOT / "requirements").glob("*.txt")),
        ]
    )


@pytest.mark.parametrize(
    ("one", "other", "good"),
    [
        ("a==1 \\\n", "A==1 \\\n", True),
        ("a-b==1 \\\n", "a_b==2 \\\n", False),
        (
            "a==1 ; python_full_version < '3.12' \\\n",
            "a==2 ; python_full_version >= '3.12' \\\n",
            True,
        ),
        ("a==1 ; python_full_version < '3.12' \\\n", "a==2 \\\n", False),
        ("a==1 ; sys_platform == 'win32' \\\n", "a==2 \\\n", True),
        ("a==1 \\\na==2 \\\n", "", False),
        ("a[x]==1\n", "a==2\n", False),
    ],
)
def test_two_versions_of_one_package_on_one_python_are_noticed(one, other, good):
    assert (contradictions({"one": one, "other": other}) == []) is good
