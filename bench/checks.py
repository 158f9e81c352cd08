"""`python -m bench.checks`.

What the checks find in the sentences they are held against, and what they cost.

Precision and recall of each check, then of each kind of promise in three sets of marked
sentences: those that were written before the code, a hundred that it then learnt from, and a
hundred that it never learnt from. Then the median of some savings of a draft with all checks
beside the same saving with none, in turn, and what the checks alone take per reply.
"""

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from approvals.checks import Text, examine
from bench import figures
from servicedesk.launcher import stopping
from tests.approvals import examples, marked


def main(words: Sequence[str] | None = None) -> int:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    return figures.run(parser, measure, words)


def measure(options: argparse.Namespace) -> figures.Figures:
    """Return what the checks find, and what they cost."""
    counts, differences = examples.judged()
    found = [table_of("check", counts)]
    notes = [f"Read otherwise than expected: {one}." for one in differences]
    for folder in (marked.FIRST, marked.FRESH, marked.SECOND):
        by_kind, wrong = marked.judged(folder)
        total: Counter = sum(by_kind.values(), Counter())
        found.append(table_of(folder.name.replace("_", " "), {**by_kind, "together": total}))
        notes += [f"{folder.name.replace('_', ' ').capitalize()}: {one}" for one in wrong]
    return figures.Figures(
        {"sentences": len(examples.examples()), "savings": options.times},
        [*found, cost_table(options.times)],
        notes,
    )


def table_of(head: str, counts: Mapping[str, Mapping[str, int]]) -> figures.Table:
    """Return precision and recall of each kind."""
    return figures.Table(
        {head: "", "must": "", "silent": "", "wrong": "", "precision": ".2f", "recall": ".2f"},
        [
            [
                kind.replace("_", " "),
                count["right"] + count["missed"],
                count["rightly silent"],
                count["wrong"],
                examples.precision(count),
                examples.recall(count),
            ]
            for kind, count in counts.items()
        ],
    )


WORDS = (
    "Hi Grace, please unplug the power of the box for 30 seconds and give it about four minutes. "
    "Tell me here whether the light is green then. "
)


def cost_table(times: int) -> figures.Table:
    """Measure the price of the checks: savings with all of them and with none, and them alone."""
    saved, base, nothing = savings(times)
    alone = checks_alone(times)
    return figures.Table(
        {"saving a draft": "", "ms": ".2f", "of one without checks": ".2f"},
        [
            ["with all checks", saved, saved / base],
            ["without any", base, 1.0],
            ["an empty request", nothing, nothing / base],
            ["the checks alone (processor)", alone, alone / base],
        ],
    )


def savings(times: int) -> tuple[float, float, float]:
    """Return the median ms of a saving with all checks, with none, and of an empty request.

    They take turns, in a database of their own.
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
    return saved, base, nothing


def checks_alone(times: int) -> float:
    """Return the ms of the processor's time that all checks of one reply take."""
    paragraphs = examples.guideline()
    began = time.process_time()
    for _reply in range(5 * times):
        examine(
            Text(typed=WORDS, whole=f"{WORDS} ^an", initials="an", customer_language="en"),
            paragraphs,
        )
    return (time.process_time() - began) * 1000 / (5 * times)


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
