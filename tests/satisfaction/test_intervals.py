"""Intervals of shares, against a table of known values and against the equation they solve.

`statsmodels` is not among what the tests may use. Wilson's limits are by definition the two shares
at which the observed one lies exactly 1.96 standard errors away; here they are found by halving
that equation, which shares no line with the closed formula.
"""

import random
from math import sqrt

import pytest

from satisfaction.intervals import Z, differ, share_of

# (count, of, low, high): Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
KNOWN = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


def by_halving(count: int, of: int, *, upper: bool) -> float:
    """The share that lies Z standard errors above or below the observed one."""
    observed = count / of
    low, high = (observed, 1.0) if upper else (0.0, observed)
    for _step in range(100):
        middle = (low + high) / 2
        outside = abs(observed - middle) > Z * sqrt(middle * (1 - middle) / of)
        if outside == upper:
            high = middle
        else:
            low = middle
    return (low + high) / 2


@pytest.mark.parametrize(("count", "of", "low", "high"), KNOWN)
def test_wilson_gives_the_published_values(count, of, low, high):
    found = share_of(count, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_wilson_solves_its_equation_for_a_thousand_pairs():
    chance = random.Random(1127)
    for _pair in range(1000):
        of = chance.randint(1, 5000)
        count = chance.randint(0, of)
        found = share_of(count, of)
        assert found.low <= found.share <= found.high
        if count > 0:
            assert found.low == pytest.approx(by_halving(count, of, upper=False), abs=1e-9)
        if count < of:
            assert found.high == pytest.approx(by_halving(count, of, upper=True), abs=1e-9)


def test_of_nothing_is_nothing_known():
    nothing = share_of(0, 0)
    assert (nothing.low, nothing.high, nothing.share) == (0.0, 1.0, 0.0)
    assert nothing.is_few
    assert not share_of(0, 30).is_few


@pytest.mark.parametrize(("count", "of"), [(2, 1), (-1, 3)])
def test_more_than_all_and_fewer_than_none_are_refused(count, of):
    with pytest.raises(ValueError, match=f"{count} of {of}"):
        share_of(count, of)


def test_two_shares_differ_only_if_chance_does_not_explain_it():
    assert differ(share_of(56, 70), share_of(20, 80))
    assert differ(share_of(20, 80), share_of(56, 70))
    assert not differ(share_of(9, 10), share_of(8, 10))
    assert not differ(share_of(0, 0), share_of(30, 30))
