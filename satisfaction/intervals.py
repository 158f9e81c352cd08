"""How sure a share is: Wilson's interval for one, Newcombe's for the difference of two. Pure.

Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212; Newcombe, R. G.
(1998), Statistics in Medicine 17, 873-890, method 10.
"""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # of 95 %: the 97.5th percentile of the standard normal distribution
FEW = 30  # below this many the percentage is greyed, the interval stands


@dataclass(frozen=True)
class Share:
    """How many of how many, and between which shares (0 to 1) the true one lies with 95 %."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself, 0 to 1; 0 of nothing is 0."""
        return self.count / self.of if self.of else 0.0

    @property
    def is_few(self) -> bool:
        """Whether they are so few that the share alone would mislead."""
        return self.of < FEW


def share_of(count: int, of: int) -> Share:
    """Return the share with Wilson's interval; of nothing it is anything from 0 to 1.

    Refuses more than all, and fewer than none (ValueError).
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of}")
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    p, square = count / of, Z * Z
    centre = (p + square / (2 * of)) / (1 + square / of)
    half = Z * sqrt(p * (1 - p) / of + square / (4 * of * of)) / (1 + square / of)
    low = 0.0 if count == 0 else centre - half
    high = 1.0 if count == of else centre + half
    return Share(count, of, low, high)


def differ(one: Share, other: Share) -> bool:
    """Whether two shares differ: Newcombe's interval for their difference leaves out 0."""
    difference = one.share - other.share
    below = sqrt((one.share - one.low) ** 2 + (other.high - other.share) ** 2)
    above = sqrt((one.high - one.share) ** 2 + (other.share - other.low) ** 2)
    return difference - below > 0 or difference + above < 0
