"""`python -m bench all` and `python -m bench NAME…`: benches at full size, or `--small`.

Each runs in a process of its own, one after the other, and its tables are written into
docs/reference/performance.md, with the commit they are of; those of a bench that was not run, or
did not hold, stay as they are. With `--small` all are done in two minutes, two at a time, and
nothing is written: that shows that each runs, not how fast the desk is. 1 if one of them failed.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench import figures, page
from bench.together import SMALL
from servicedesk.launcher import stopping
from servicedesk.launcher.running import ROOT

AT_ONCE = 2
# What runs side by side when small. Chromium's benches have a stack of their own.
GROUPS = (
    ("pages", "search", "peer", "memory", "streams"),
    ("mentions",),
    ("opening", "waiting"),
    ("checks",),
    ("counting",),
)


def main(words: Sequence[str] | None = None) -> int:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all, or {', '.join(SMALL)}")
    parser.add_argument("--small", action="store_true", help="small sizes; nothing is written")
    options = parser.parse_args(words)
    names = list(dict.fromkeys(options.names)) or ["all"]
    if unknown := set(names) - {"all", *SMALL}:
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    if "all" in names:
        names = list(SMALL)
    return run_small(names) if options.small else run_full(names)


def run_full(names: Sequence[str]) -> int:
    """Run these one after the other, and write down what each found."""
    source = page.source_of_today()
    spent: dict[str, float] = {}
    failed = []
    for name in names:
        began = time.monotonic()
        print(f"--- bench.{name}", flush=True)
        code, stopped = run_one(name, source)
        spent[name] = time.monotonic() - began
        if stopped:
            return stopping.STOPPED
        if code:
            failed.append(name)
        print(f"{'FAILED' if code else 'ok    '} bench.{name} ({spent[name]:.0f} s)", flush=True)
    print(f"all: {sum(spent.values()):.0f} s; failed: {', '.join(failed) or 'none'}")
    return int(bool(failed))


def run_one(name: str, source: str) -> tuple[int, bool]:
    """Run one bench and write its tables; its exit status, and whether it was asked to stop.

    `source` says which code is measured, and when.
    """
    with tempfile.TemporaryDirectory(prefix="paraph-bench-") as folder:
        file = Path(folder) / "figures.json"
        code, stopped = stopping.follow(
            [sys.executable, "-m", f"bench.{name}", "--json", file], cwd=ROOT
        )
        if not code and not stopped:
            found = figures.from_json(file.read_text())
            now = page.PAGE.read_text()
            page.PAGE.write_text(
                page.with_figures(now, name, found, f"python -m bench {name}", source)
            )
        return code, stopped


def run_small(names: Sequence[str]) -> int:
    """Run these by their groups, some at a time; what each says stands together."""
    waiting = [chosen for group in GROUPS if (chosen := [name for name in group if name in names])]
    running: dict[subprocess.Popen, Path] = {}
    failed = False
    with tempfile.TemporaryDirectory(prefix="paraph-bench-") as folder:
        try:
            while waiting or running:
                while waiting and len(running) < AT_ONCE:
                    start(waiting.pop(0), Path(folder), running)
                for process in [one for one in running if one.poll() is not None]:
                    failed |= bool(process.returncode)
                    print(running.pop(process).read_text(), end="", flush=True)
                time.sleep(0.1)
        finally:
            end(running)
    return int(failed)


def start(names: Sequence[str], folder: Path, running: dict[subprocess.Popen, Path]) -> None:
    """Start a group, and note it in `running`; what it says goes into a file in the folder."""
    log = folder / "-".join(names)
    command = [sys.executable, "-m", "bench.together", *names]
    with log.open("w") as out:
        running[subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)] = log


def end(running: Iterable[subprocess.Popen]) -> None:
    """Ask those that still run to stop, and wait until they have."""
    for process in running:
        process.send_signal(signal.SIGINT)
    for process in running:
        process.wait()


if __name__ == "__main__":
    sys.exit(stopping.command(main))
