"""`python -m bench [--small] [NAME…]`.

Every bench, one after the other, each in a process of its own; 1 if one of them failed.

`--small` takes sizes that are done in a few minutes together: it shows that each bench runs and
prints its ratios, not how fast the desk is.
"""

import argparse
import sys
import time

from servicedesk.launcher import stopping
from servicedesk.launcher.running import ROOT

SMALL = {
    "checks": ["--times", "3"],
    "counting": ["--replies", "600"],
    "mentions": ["--count", "900"],
    "opening": ["--tickets", "60", "--rounds", "3"],
    "pages": ["--small", "200", "--large", "2000", "--rounds", "3"],
    "search": ["--posts", "12000", "--rounds", "2"],
    "streams": ["--streams", "60"],
    "waiting": ["--tickets", "400", "--times", "3"],
}


def main() -> int:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SMALL))
    parser.add_argument("--small", action="store_true", help="small sizes")
    options = parser.parse_args()
    if unknown := set(options.names) - set(SMALL):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    failed = False
    for name in options.names or SMALL:
        began = time.monotonic()
        print(f"--- bench.{name}", flush=True)
        code, stopped = stopping.follow(
            [sys.executable, "-m", f"bench.{name}", *(SMALL[name] if options.small else [])],
            cwd=ROOT,
        )
        print(
            f"{'FAILED' if code else 'ok    '} bench.{name} ({time.monotonic() - began:.0f} s)",
            flush=True,
        )
        failed = failed or bool(code)
        if stopped:
            return stopping.STOPPED
    return int(failed)


if __name__ == "__main__":
    sys.exit(stopping.command(main))
