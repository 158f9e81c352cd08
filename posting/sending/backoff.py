"""How long to wait before the next try. Pure."""

from datetime import timedelta

LONGEST = timedelta(minutes=10)


def wait_before(tries: int, first: float) -> timedelta:
    """`first` seconds after the first try, then twice as long each time, at most 10 minutes."""
    return min(timedelta(seconds=first) * 2 ** max(0, min(tries, 12) - 1), LONGEST)
