"""Memory of a web process beside a bare Django process, each after as many pages.

Both under uvicorn and a2wsgi with eight threads; PSS, so what they share counts once. The desk
answers inbox, tickets, review queue, search and API in turn, signed in; the bare process its one
view of 30 kB.

`python -m bench.memory [--requests 200] [--tickets 1000]`
"""

import argparse
import sys
from collections.abc import Sequence

from bench import figures
from bench.pages import fill, requests_of_a_person, timed
from bench.servers import memory_kb, quiet_stack, served
from servicedesk.launcher import stopping


def main(words: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--tickets", type=int, default=1000)
    return figures.run(parser, measure, words)


def measure(options: argparse.Namespace) -> figures.Figures:
    """Return both processes' memory, in MB, before the first page and after the last."""
    with served("bench.bare_view:application") as (process, url):
        bare = after_pages(process.pid, [(f"{url}/", {})], options.requests)
    with quiet_stack() as one:
        fill(one, options.tickets)
        pages = list(requests_of_a_person(one).values())
        desk = after_pages(one.parts["web"].process.pid, pages, options.requests)
    return figures.Figures(
        {"requests": options.requests, "tickets": options.tickets},
        [
            figures.Table(
                {"a process": "", "MB before": ".1f", "MB after": ".1f", "ratio": ".2f"},
                [
                    ["bare Django view", *bare, 1.0],
                    ["the desk's web process", *desk, desk[1] / bare[1]],
                ],
            )
        ],
    )


def after_pages(
    pid: int, pages: list[tuple[str, dict[str, str]]], number: int
) -> tuple[float, float]:
    """Return the MB of a process before and after so many requests, page by page in turn."""
    before = memory_kb(pid) / 1000
    for place in range(number):
        timed(*pages[place % len(pages)])
    return before, memory_kb(pid) / 1000


if __name__ == "__main__":
    sys.exit(stopping.command(main))
