"""Which characters of a text make one emoji together: families, skin tones, flags, keycaps. Pure.

X counts as one what its own parser knows as one. The list beside this file has what the last
parser knew that X published; of a newer or invented sequence each part counts, so that no count is
too low.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Known(NamedTuple):
    """The sequences, how long the longest is, and a pattern of how one may begin."""

    sequences: frozenset[str]
    longest: int
    beginning: re.Pattern[str]


@cache
def known() -> Known:
    """Return what the list says, read once."""
    lines = (Path(__file__).parent / "emoji_sequences.txt").read_text().splitlines()
    codes = [line.split() for line in lines if line and not line.startswith("#")]
    sequences = frozenset("".join(chr(int(code, 16)) for code in one) for one in codes)
    first, second = ("".join(sorted({one[place] for one in sequences})) for place in (0, 1))
    beginning = re.compile(f"[{re.escape(first)}][{re.escape(second)}]")
    return Known(sequences, max(map(len, sequences)), beginning)


def sequences_in(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each sequence stands, in order, each as long as it gets."""
    sequences, longest, beginning = known()
    place = 0
    while found := beginning.search(text, place):
        begins = found.start()
        ends = range(min(begins + longest, len(text)), begins + 1, -1)
        place = next((end for end in ends if text[begins:end] in sequences), 0)
        if place:
            yield begins, place
        else:
            place = begins + 1
