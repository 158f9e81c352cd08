"""`python -m bench.checks`: what the checks find in the sentences they are held against, and what they cost while somebody types.

Prints precision and recall of each check, then of each kind of promise in both sets of marked sentences (those that were written before the
code, and those after it), then the median of 20 savings of a draft beside the median of 20 empty requests of the same run.
"""

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from servicedesk.launcher import stopping
from tests.approvals import examples, marked


def main() -> int:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    counts, differences = examples.judged()
    print(f"{len(examples.examples())} sentences")
    for kind, count in counts.items():
        print(f"{kind:24} must {count['right'] + count['missed']:3}  silent {count['rightly silent']:3}  precision {examples.precision(count):.2f}  recall {examples.recall(count):.2f}")
    print("\n".join(differences) or "no difference to what was expected")
    for folder in (marked.FIRST, marked.FRESH):
        of_marked(folder)
    cost(times)
    return 0


def of_marked(folder: Path) -> None:
    """Precision and recall for each kind of promise in a set of marked sentences."""
    counts, differences = marked.judged(folder)
    total: Counter = sum(counts.values(), Counter())
    print(f"\n{folder.name.replace('_', ' ')}: {sum(1 for _one in marked.sentences(folder))}")
    for kind, count in [*counts.items(), ("together", total)]:
        print(f"{kind.replace('_', ' '):20} must {count['right'] + count['missed']:3}"
              f"  silent {count['rightly silent']:3}  wrong {count['wrong']:2}"
              f"  precision {examples.precision(count):.2f}  recall {examples.recall(count):.2f}")
    print("\n".join(differences) or "no difference to what was expected")


def cost(times: int) -> None:
    """The price of a saving with all checks of the house guideline, in a database of its own."""
    from tests.campaigns.world import World

    with World(seed=1):
        from django.test import Client

        from tests import factories
        from tests.approvals.test_findings import published

        desk = factories.make_desk()
        published(desk)
        ticket = factories.a_ticket(desk)
        client = Client()
        client.force_login(desk.aylin)
        words = "Hi Grace, please unplug the power of the box for 30 seconds and give it about four minutes. Tell me here whether the light is green then. "
        saved = 0

        def save(number: int) -> None:
            nonlocal saved
            answer = client.post(f"/tickets/{ticket.number}/draft/save/", {"text": words[:60 + number * 3], "saved": saved}, headers={"X-Requested-With": "fetch"})
            saved = json.loads(answer.content)["saved"]

        save(0)
        typing, empty = timed(save, times), timed(lambda _number: client.get("/healthz"), times)
        print(f"saving with all checks: median {typing:.1f} ms; empty request: median {empty:.1f} ms; ratio {typing / empty:.1f}")


def timed(act, times: int) -> float:
    """The median of some times, in milliseconds."""
    found = []
    for number in range(times):
        began = time.perf_counter()
        act(number)
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


if __name__ == "__main__":
    sys.exit(stopping.command(main))
