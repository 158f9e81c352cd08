"""`python -m bench.counting`: whether desk and simulated X read a text as X does, and the cost.

Prints, list by list of X's own conformance suite, how many cases of how many each of the two holds;
then in how many random replies both say the same of weight, links, mentions, cashtags and answer;
then the time of one count. Fails where anything is not held.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

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


def main() -> int:
    """Print all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failures = against_the_suite() + between_the_two(options.replies, options.seed)
    cost()
    print("\n".join(failures) or "everything holds")
    return int(bool(failures))


def against_the_suite() -> list[str]:
    """List by list; returns what does not hold."""
    failures = []
    for name, part in PARTS.items():
        wrong = {who: broken(part, reader) for who, reader in READERS.items()}
        count = len(cases(part))
        print(
            f"{name:32}"
            + "".join(f"  {who} {count - len(one)} of {count}" for who, one in wrong.items())
        )
        failures += [f"{who}: {one}" for who, found in wrong.items() for one in found]
    return failures


def between_the_two(count: int, seed: int) -> list[str]:
    """Return the replies that the two do not read alike."""
    differing = [
        text for text in random_replies(count, seed) if DESK.all_of(text) != SIMULATOR.all_of(text)
    ]
    print(f"{count} random replies (seed {seed}): the two agree on {count - len(differing)}")
    return [f"read differently: {text!r}" for text in differing]


def cost() -> None:
    """Measure what one count of a reply of 280 characters costs."""
    for name, words in REPLIES.items():
        text = words[:LENGTH]
        figures = "  ".join(
            f"{who} {timed(reader.weight, text):.0f} µs" for who, reader in READERS.items()
        )
        print(f"one count, {LENGTH} characters of {name:9} {figures}")


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
