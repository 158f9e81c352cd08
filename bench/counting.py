"""`python -m bench.counting`: whether desk and simulated X read a text as X does, and the cost.

List by list of X's own conformance suite, how many cases of how many each of the two holds; the
time of one count; and in how many random replies both say the same of weight, links, mentions,
cashtags and answer. Fails where anything is not held.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from bench import figures
from servicedesk.launcher import stopping
from tests.xapi.replies import random_replies
from tests.xapi.suite import DESK, PARTS, READERS, SIMULATOR, broken, cases

REPLIES = {
    "words": "Good morning, please unplug the power of the box and wait until the light is green. "
    * 3,
    "links": "At www.amselnetz.de/help or status.amselnetz.de (see https://amselnetz.de/box?x=1). "
    * 4,
    "emoji": "👩‍👩‍👧‍👦🇩🇪👍🏽 yes! " * 25,
    "Japanese": "こんにちは世界。ありがとう。" * 20,
}
LENGTH = 280


def main(words: Sequence[str] | None = None) -> int:
    """Print all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    return figures.run(parser, measure, words)


def measure(options: argparse.Namespace) -> figures.Figures:
    """Return all three; what is not held is a fault."""
    wrong = {
        name: {who: broken(part, reader) for who, reader in READERS.items()}
        for name, part in PARTS.items()
    }
    differing = between_the_two(options.replies, options.seed)
    return figures.Figures(
        {"random replies": options.replies, "characters counted": LENGTH},
        [suite_table(wrong), cost_table()],
        [
            f"Of {options.replies:,} random replies (seed {options.seed}) the two read "
            f"{options.replies - len(differing):,} alike."
        ],
        [
            *(
                f"{who}: {one}"
                for by_who in wrong.values()
                for who in by_who
                for one in by_who[who]
            ),
            *(f"read differently: {text!r}" for text in differing),
        ],
    )


def suite_table(wrong: dict[str, dict[str, list[str]]]) -> figures.Table:
    """Return how many cases of each list the two hold."""
    return figures.Table(
        {"list of X's suite": "", "cases": "", **dict.fromkeys(READERS, "")},
        [
            [
                name,
                len(cases(part)),
                *(len(cases(part)) - len(wrong[name][who]) for who in READERS),
            ]
            for name, part in PARTS.items()
        ],
    )


def between_the_two(count: int, seed: int) -> list[str]:
    """Return the random replies that the two do not read alike."""
    return [
        text for text in random_replies(count, seed) if DESK.all_of(text) != SIMULATOR.all_of(text)
    ]


def cost_table() -> figures.Table:
    """Measure what one count of a full reply costs."""
    return figures.Table(
        {"one count of": "", **dict.fromkeys([f"{who}, µs" for who in READERS], ".0f")},
        [
            [name, *(timed(reader.weight, words[:LENGTH]) for reader in READERS.values())]
            for name, words in REPLIES.items()
        ],
    )


def timed(count: Callable[[str], int], text: str) -> float:
    """Return the median of some counts, in microseconds."""
    found = []
    for _time in range(101):
        began = time.perf_counter()
        count(text)
        found.append((time.perf_counter() - began) * 1e6)
    return statistics.median(found)


if __name__ == "__main__":
    sys.exit(stopping.command(main))
