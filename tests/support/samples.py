"""What takes minutes as a whole is tried in a sample, another one with every run.

The seed stands at the head of the run. `PARAPH_SEED=N` repeats a sample, `PARAPH_WHOLE=1` tries
everything.
"""

import os
import random
from collections.abc import Iterable

MOST_SEEDS = 1_000_000


def choose_seed() -> str:
    """The seed of this run, drawn once for all its processes."""
    return os.environ.setdefault("PARAPH_SEED", str(random.SystemRandom().randrange(MOST_SEEDS)))


def is_whole() -> bool:
    """Whether everything is to be tried."""
    return bool(os.environ.get("PARAPH_WHOLE"))


def sample(everything: Iterable, most: int, *, of: str) -> list:
    """At most so many, in their order; `of` gives each place that asks a draw of its own."""
    pool = list(everything)
    if is_whole() or len(pool) <= most:
        return pool
    chosen = random.Random(f"{of} {choose_seed()}").sample(range(len(pool)), most)
    return [pool[place] for place in sorted(chosen)]


def head() -> str:
    """What stands at the head of a run."""
    return (
        "samples: everything"
        if is_whole()
        else f"samples: PARAPH_SEED={choose_seed()} repeats them, PARAPH_WHOLE=1 tries everything"
    )
