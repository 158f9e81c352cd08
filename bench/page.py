"""The page of figures, `docs/reference/performance.md`: who writes what.

The tables stand between two marks for each bench and are written by `python -m bench`; the words
around them are written by hand. A bench that was not run keeps its tables, with the commit that
they are of.
"""

import datetime
import re
import subprocess

from bench.figures import Figures
from servicedesk.launcher.running import ROOT
from tests.support import sentences

PAGE = ROOT / "docs" / "reference" / "performance.md"
MARKS = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def commit() -> str:
    """Return the commit that is measured, `-dirty` where the tree is not as it says.

    The page itself does not count. Raises `CalledProcessError` outside a checkout.
    """
    short = git("rev-parse", "--short=7", "HEAD")
    aside = f":!{PAGE.relative_to(ROOT)}"
    return f"{short}-dirty" if git("status", "--porcelain", "--", ".", aside) else short


def git(*words: str) -> str:
    """Return what git answers, without the space around it."""
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def with_figures(page: str, name: str, found: Figures, command: str, source: str) -> str:
    """Return the page with these figures between the marks of the bench.

    `source` says which code they are of and when. Raises `ValueError` where the page has no such
    marks.
    """
    if name not in benches(page):
        raise ValueError(f"the page has no place for the figures of {name}")
    head = f"`{command}`, {source}: {found.said_sizes()}."
    written = MARKS.sub(
        lambda place: (
            f"{place[1]}\n{head}\n\n{found.as_markdown()}\n\n{place[3]}"
            if place[2] == name
            else place[0]
        ),
        page,
    )
    return sentences.set_anew(written)


def benches(page: str) -> list[str]:
    """Return the names of the benches that have a place in the page."""
    return [name for _begin, name, _end in MARKS.findall(page)]


def source_of_today() -> str:
    """Return which code is measured, and the day."""
    return f"commit {commit()}, {datetime.date.today():%d %B %Y}"
