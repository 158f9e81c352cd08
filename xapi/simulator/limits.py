"""Rate limits per user and endpoint, with X's headers.

15 minutes everywhere, and 24 hours on posting.
"""

from collections import defaultdict

QUARTER = 15 * 60
DAY = 24 * 3600
PER_QUARTER = {
    "GET /2/users/:id/mentions": 300,
    "GET /2/users/:id/tweets": 900,
    "GET /2/tweets": 5000,
    "GET /2/tweets/:id": 900,
    "GET /2/tweets/search/recent": 300,
    "POST /2/tweets": 100,
    "DELETE /2/tweets/:id": 50,
    "PUT /2/tweets/:id/hidden": 50,
    "GET /2/tweets/search/all": 300,
    "GET /2/tweets/search/stream": 50,
    "GET /2/dm_events": 15,
    "GET /2/dm_conversations/:id/dm_events": 15,
    "POST /2/dm_conversations/messages": 15,
    "POST /2/media/upload": 500,
    "POST /2/activity/subscriptions": 500,
}
PER_DAY = {"POST /2/tweets": 10_000, "POST /2/dm_conversations/messages": 1440}
# Header, window in seconds, most requests by endpoint, and whether all users of the app share it.
WINDOWS = (
    ("x-rate-limit", QUARTER, PER_QUARTER, False),
    ("x-user-limit-24hour", DAY, PER_DAY, False),
    ("x-app-limit-24hour", DAY, PER_DAY, True),
)


class Limits:
    """Counts requests; `on` is False where a campaign or bench is not about limits."""

    def __init__(self) -> None:
        self.on = True
        self.most: dict[str, int] = {}  # by "header METHOD /path", where a test wants another limit
        self.used: dict[tuple, int] = defaultdict(int)

    def take(self, user: int, endpoint: str, now: int) -> tuple[bool, dict[str, str]]:
        """Count one request at the time `now` (seconds).

        Whether it is still allowed, and the headers of its answer.
        """
        if not self.on:
            return True, {}
        headers: dict[str, str] = {}
        allowed = True
        for name, window, table, shared in WINDOWS:
            most = self.most.get(
                f"{name} {endpoint}", table.get(endpoint, 900 if window == QUARTER else 0)
            )
            if not most:
                continue
            key = (0 if shared else user, endpoint, name, now // window)
            allowed = allowed and self.used[key] < most
            self.used[key] = min(self.used[key] + 1, most)
            headers |= {
                f"{name}-limit": str(most),
                f"{name}-remaining": str(most - self.used[key]),
                f"{name}-reset": str((now // window + 1) * window),
            }
        return allowed, headers
