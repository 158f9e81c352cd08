"""The desk beside django-helpdesk 2.6.1 in one run.

Both under uvicorn and a2wsgi on one PostgreSQL, with as many tickets of three texts each; the
unit is a bare Django view under the same server. The peer has an environment of its own, which
this bench makes once in the cache folder (`XDG_CACHE_HOME`), with the desk's own versions of
Django, driver and server. Its list comes in two requests: the page, and the 25 rows that it loads.

`python -m bench.peer [--tickets 3000 1000000] [--rounds 15]`
"""

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.extensions import parse_dsn

from bench import figures
from bench.pages import fill, requests_of_a_person, timed
from bench.servers import bare_view, median, quiet_stack, served
from servicedesk.launcher import stopping
from servicedesk.launcher.running import ROOT

PEER = "django-helpdesk==2.6.1"
LIKE_OURS = ("django", "djangorestframework", "psycopg2-binary", "uvicorn", "a2wsgi")
DATABASE = "bench_peer"
# What of the peer stands against what of ours; the list is there once page and rows are.
BESIDE = {
    "list": (("list page", "list rows"), ("inbox",)),
    "ticket, whole page": (("ticket page",), ("ticket",)),
    "ticket, in place": (("ticket page",), ("ticket pane",)),
}
Requests = dict[str, tuple[str, dict[str, str]]]


@dataclass(frozen=True)
class Peer:
    """The peer's environment, and how its database is reached."""

    python: Path
    variables: dict[str, str]

    def requests(self, url: str, size: int) -> Requests:
        """Fill it up to this many tickets; each page's address and headers, by its name."""
        done = subprocess.run(
            [self.python, "-m", "bench.peer_site", str(size)],
            cwd=ROOT,
            env=os.environ | self.variables,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        asked = json.loads(done.stdout.splitlines()[-1])
        cookie = {"Cookie": f"sessionid={asked.pop('session')}"}
        return {name: (f"{url}{path}", cookie) for name, path in asked.items()}


def main(words: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[3000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=15, help="how often each page is asked for")
    return figures.run(parser, compare, words)


def compare(options: argparse.Namespace) -> figures.Figures:
    """Return both desks' pages at each size, in bare views, and the ratio of the two."""
    rows: list[list[figures.Cell]] = []
    with ExitStack() as running:
        one = running.enter_context(quiet_stack())
        bare = running.enter_context(bare_view())
        peer = running.enter_context(peer_beside(one.owner_dsn))
        peer.requests("", 1)  # its tables are there before it is served
        _process, url = running.enter_context(
            served(
                "bench.peer_site:application",
                python=peer.python,
                look_at="/login/",
                **peer.variables,
            )
        )
        for size in options.tickets:
            fill(one, size)
            theirs = peer.requests(url, size)
            found = medians(theirs | requests_of_a_person(one), bare, options.rounds)
            rows += [[f"{size:,}", *row] for row in side_by_side(found)]
    return figures.Figures(
        {"tickets": options.tickets, "rounds": options.rounds},
        [
            figures.Table(
                {
                    "tickets": "",
                    "what a person waits for": "",
                    "django-helpdesk, bare views": ".1f",
                    "the desk, bare views": ".1f",
                    "ratio": ".2f",
                },
                rows,
            )
        ],
    )


def side_by_side(found: dict[str, float]) -> list[list[figures.Cell]]:
    """Return the peer's times and ours, in bare views, and how often ours go into the peer's."""
    rows: list[list[figures.Cell]] = []
    for name, (theirs, ours) in BESIDE.items():
        peer, desk = (sum(found[page] for page in pages) for pages in (theirs, ours))
        rows.append([name, peer, desk, peer / desk])
    return rows


def medians(pages: Requests, bare: str, rounds: int) -> dict[str, float]:
    """Return each page's median time in bare views, page by page in turn."""
    times: dict[str, list[float]] = {name: [] for name in [*pages, "bare"]}
    for _round in range(rounds):
        for name, (address, headers) in pages.items():
            times[name].append(timed(address, headers))
        times["bare"].append(timed(bare, {}))
    return {name: median(times[name]) / median(times["bare"]) for name in pages}


@contextmanager
def peer_beside(owner_dsn: str) -> Iterator[Peer]:
    """Give the peer with a database of its own beside ours, which is gone afterwards."""
    line = psycopg2.connect(owner_dsn)
    line.autocommit = True
    cursor = line.cursor()
    cursor.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
    given = parse_dsn(owner_dsn)
    variables = {f"PG{name.upper()}": given[name] for name in ("host", "user") if name in given}
    try:
        yield Peer(environment(), variables | {"PGDATABASE": DATABASE})
    finally:
        cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        line.close()


def environment() -> Path:
    """Return the Python of the peer's environment, made by pip where it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "paraph" / f"{PEER.replace('==', '-')}-python{sys.version_info.minor}"
    python, finished = folder / "bin" / "python", folder / "finished"
    if not finished.exists():
        venv.create(folder, clear=True, with_pip=True)
        wanted = [f"{name}=={importlib.metadata.version(name)}" for name in LIKE_OURS]
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, PEER, *wanted], check=True)
        finished.touch()
    return python


if __name__ == "__main__":
    sys.exit(stopping.command(main))
