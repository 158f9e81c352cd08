"""Inbox, review queue and ticket page with 1,000 and with 100,000 tickets.

Queries, and times beside a bare page of the same server.

`python -m bench.pages [--small 1000] [--large 100000] [--rounds 25]`
"""

import argparse
import http.client
import sys
import time
from urllib.parse import urlsplit

from bench.servers import median, stack
from servicedesk.launcher import stopping

PATHS = {
    "inbox": "/inbox/",
    "my turn": "/inbox/?tab=mine",
    "answered": "/inbox/?tab=answered",
    "search": "/inbox/?q=Rechnung+Umzug",
    "queue": "/review/",
    "ticket": None,
}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=25, help="how often each page is asked for")
    options = parser.parse_args()
    with stack(DESK_POLL_SECONDS="600", DESK_TICK_SECONDS="60") as one:
        rows = {}
        for size in (options.small, options.large):
            fill(one, size)
            rows[size] = measure(one, options.rounds)
        print(f"{'page':<10} {'queries':>16} {'of a bare page':>22} {'large/small':>12}")
        for name in PATHS:
            small, large = rows[options.small][name], rows[options.large][name]
            print(
                f"{name:<10} {small[0]:>7} {large[0]:>8} {small[1]:>10.1f} "
                f"{large[1]:>10.1f} {large[1] / small[1]:>12.2f}"
            )


def fill(one, size: int) -> None:
    """Seed up to this many tickets, then let PostgreSQL look at them."""
    import psycopg2
    from django.core.management import call_command

    from tickets.models import Ticket

    call_command("seed_tickets", max(0, size - Ticket.objects.count()), verbosity=0)
    line = psycopg2.connect(one.owner_dsn)
    line.autocommit = True
    line.cursor().execute("VACUUM ANALYZE")
    line.close()


def measure(one, rounds: int) -> dict[str, tuple[int, float]]:
    """Return queries (counted in this process) and the median time in bare pages (over HTTP).

    Page by page in turn.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from people.models import User
    from tickets.models import Ticket

    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(User.objects.get(username="aylin"))
    number = (
        Ticket.objects.filter(status="open", department__name_en="Customer Service")
        .order_by("id")
        .first()
        .number
    )
    paths = {name: path or f"/tickets/{number}/" for name, path in PATHS.items()}
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    times: dict[str, list[float]] = {name: [] for name in [*paths, "bare"]}
    for _round in range(rounds):
        for name, path in {**paths, "bare": "/static/css/screens/inbox.css"}.items():
            times[name].append(timed(one, path, cookie))
    found = {}
    for name, path in paths.items():
        browser.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            browser.get(path)
        found[name] = (len(captured), median(times[name]) / median(times["bare"]))
    return found


def timed(one, path: str, cookie: str) -> float:
    """One request over a line of its own, in seconds."""
    parts = urlsplit(one.url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    line.connect()
    began = time.perf_counter()
    line.request("GET", path, headers={"Cookie": cookie})
    answer = line.getresponse()
    answer.read()
    spent = time.perf_counter() - began
    line.close()
    assert answer.status == 200, (path, answer.status)
    return spent


if __name__ == "__main__":
    sys.exit(stopping.command(main))
