"""`python -m bench.checks`: what the checks find in the sentences they are held against, and what they cost while somebody types.

Prints precision and recall of each check, then the median of 20 savings of a draft beside the median of 20 empty requests of the same run.
"""

import argparse
import json
import statistics
import sys
import time

from servicedesk.launcher import stopping
from tests.approvals import examples


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
    cost(times)
    return 0


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
