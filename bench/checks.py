"""`python -m bench.checks`.

What the checks find in the sentences they are held against, and what they cost.

Prints precision and recall of each check, then of each kind of promise in three sets of marked
sentences: those that were written before the code, a hundred that it then learnt from, and a
hundred that it never learnt from. Then the median of 20 savings of a draft with all checks
beside the same saving with none, in turn, and what the checks alone take per reply.
"""

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from approvals.checks import Text, examine
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
        print(
            f"{kind:24} must {count['right'] + count['missed']:3}  silent "
            f"{count['rightly silent']:3}  precision {examples.precision(count):.2f}  "
            f"recall {examples.recall(count):.2f}"
        )
    print("\n".join(differences) or "no difference to what was expected")
    for folder in (marked.FIRST, marked.FRESH, marked.SECOND):
        of_marked(folder)
    cost(times)
    return 0


def of_marked(folder: Path) -> None:
    """Precision and recall for each kind of promise in a set of marked sentences."""
    counts, differences = marked.judged(folder)
    total: Counter = sum(counts.values(), Counter())
    print(f"\n{folder.name.replace('_', ' ')}: {sum(1 for _one in marked.sentences(folder))}")
    for kind, count in [*counts.items(), ("together", total)]:
        print(
            f"{kind.replace('_', ' '):20} must {count['right'] + count['missed']:3}"
            f"  silent {count['rightly silent']:3}  wrong {count['wrong']:2}"
            f"  precision {examples.precision(count):.2f}  recall {examples.recall(count):.2f}"
        )
    print("\n".join(differences) or "no difference to what was expected")


WORDS = (
    "Hi Grace, please unplug the power of the box for 30 seconds and give it about four minutes. "
    "Tell me here whether the light is green then. "
)


def cost(times: int) -> None:
    """Measure the price of the checks.

    Saving a draft with all of them, with none, and an empty request.

    The savings take turns, in a database of their own; the checks alone are timed beside them.
    """
    from campaigns.world import World

    with World(seed=1):
        from django.test import Client

        from tests import factories
        from tests.approvals.test_findings import published

        desk = factories.make_desk()
        published(desk)
        client = Client()
        client.force_login(desk.aylin)
        with_checks, without = (Saving(client, factories.a_ticket(desk)) for _which in range(2))
        with_checks.act(0)
        without.act(0)
        typing, plain, empty = [], [], []
        for number in range(times):
            typing.append(milliseconds(with_checks.act, number))
            with no_checks():
                plain.append(milliseconds(without.act, number))
            empty.append(milliseconds(lambda _number: client.get("/healthz"), number))
        saved, base, nothing = (statistics.median(one) for one in (typing, plain, empty))
        print(
            f"saving with all checks: median {saved:.1f} ms; without any: {base:.1f} ms; "
            f"ratio {saved / base:.2f};"
            f" empty request: {nothing:.1f} ms"
        )
    paragraphs = examples.guideline()
    began = time.process_time()
    for _reply in range(5 * times):
        examine(
            Text(typed=WORDS, whole=f"{WORDS} ^an", initials="an", customer_language="en"),
            paragraphs,
        )
    alone = (time.process_time() - began) * 1000 / (5 * times)
    print(f"the checks alone: {alone:.2f} ms of the processor's time per reply")


class Saving:
    """A draft that is saved again and again, a little longer each time."""

    def __init__(self, client, ticket) -> None:
        self.client, self.ticket, self.saved = client, ticket, 0

    def act(self, number: int) -> None:
        """Save it once."""
        answer = self.client.post(
            f"/tickets/{self.ticket.number}/draft/save/",
            {"text": WORDS[: 60 + number * 3], "saved": self.saved},
            headers={"X-Requested-With": "fetch"},
        )
        self.saved = json.loads(answer.content)["saved"]


@contextmanager
def no_checks() -> Iterator[None]:
    """For a while no guideline applies, so that the same request runs without checks."""
    from approvals import applicable_guidelines

    kept, applicable_guidelines.applying_to = (
        applicable_guidelines.applying_to,
        lambda department: [],
    )
    yield
    applicable_guidelines.applying_to = kept


def milliseconds(act, number: int) -> float:
    """How long it takes once."""
    began = time.perf_counter()
    act(number)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(stopping.command(main))
