"""Several benches in small sizes, on one quiet stack: `python -m bench.together NAME…`.

It shows that each runs and prints its figures, not how fast the desk is. 1 if one of them failed.
"""

import argparse
import importlib
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import nullcontext

from bench import servers
from servicedesk.launcher import stopping

SMALL = {
    "pages": ["--small", "200", "--large", "600", "--rounds", "3"],
    "search": ["--posts", "900", "--rounds", "2"],
    "peer": ["--tickets", "300", "--rounds", "3"],
    "memory": ["--requests", "40", "--tickets", "100"],
    "streams": ["--streams", "60"],
    "opening": ["--tickets", "60", "--rounds", "2"],
    "waiting": ["--tickets", "100", "--times", "2"],
    "mentions": ["--count", "900"],
    "checks": ["--times", "3"],
    "counting": ["--replies", "600"],
}
# Whose stacks are alike share one. The streams end worker and beat, so they come last.
SHARING = ("pages", "search", "peer", "memory", "opening", "waiting", "streams")


def main(words: Sequence[str] | None = None) -> int:
    """Run those that are named, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=SMALL, metavar="NAME")
    names = parser.parse_args(words).names
    shared = set(names) <= set(SHARING) and len(names) > 1
    with servers.sharing() if shared else nullcontext():
        return int(any([not ran(name) for name in names]))


def ran(name: str) -> bool:
    """Run one, with a line on how it went; whether it holds."""
    began = time.monotonic()
    print(f"--- bench.{name}", flush=True)
    try:
        code = importlib.import_module(f"bench.{name}").main(SMALL[name])
    except Exception:
        traceback.print_exc(file=sys.stdout)
        code = 1
    spent = time.monotonic() - began
    print(f"{'FAILED' if code else 'ok    '} bench.{name} ({spent:.0f} s)", flush=True)
    return not code


if __name__ == "__main__":
    sys.exit(stopping.command(main))
