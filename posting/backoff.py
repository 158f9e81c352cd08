"""How long to wait before the next try. Pure."""

from datetime import timedelta

FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=10)


def wait_before(tries: int) -> timedelta:
    """5 s after the first try, then twice as long each time, at most 10 minutes."""
    return min(FIRST * 2 ** max(0, min(tries, 12) - 1), LONGEST)
