"""Inbox, review queue, ticket page and its pane with 1,000 and with 100,000 tickets.

Queries, and times in bare Django views of 30 kB under the same server, in the same run.

`python -m bench.pages [--small 1000] [--large 100000] [--rounds 25]`
"""

import argparse
import http.client
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from urllib.parse import urlsplit

from bench.servers import bare_view, median, stack
from servicedesk.launcher import stopping

PATHS = {
    "inbox": "/inbox/",
    "my turn": "/inbox/?tab=mine",
    "answered": "/inbox/?tab=answered",
    "search": "/inbox/?q=Rechnung+Umzug",
    "queue": "/review/",
    "ticket": "/tickets/{number}/",
    "ticket pane": "/tickets/{number}/",
    "API list": "/api/v1/tickets/",
}
# What a page sends that swaps its panes.
HEADERS = {"ticket pane": {"X-Panes": "1", "X-Requested-With": "fetch"}}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=25, help="how often each page is asked for")
    options = parser.parse_args()
    with ExitStack() as running:
        one = running.enter_context(stack(DESK_POLL_SECONDS="600", DESK_TICK_SECONDS="60"))
        bare = running.enter_context(bare_view())
        rows = {}
        for size in (options.small, options.large):
            fill(one, size)
            rows[size] = measure(one, bare, options.rounds)
        print(
            f"| page | queries | ratio to a bare view, {options.small:,} tickets "
            f"| {options.large:,} tickets | large/small |\n| --- | --- | --- | --- | --- |"
        )
        for name in PATHS:
            small, large = rows[options.small][name], rows[options.large][name]
            print(
                f"| {name} | {small[0]}, {large[0]} | {small[1]:.1f} | {large[1]:.1f} "
                f"| {large[1] / small[1]:.2f} |"
            )
        print(f"A bare view took {rows[options.large]['bare'][1]:.1f} ms.")


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


def measure(one, bare: str, rounds: int) -> dict[str, tuple[int, float]]:
    """Return queries (counted in this process) and the median time in bare views (over HTTP).

    Page by page in turn; `bare` is the address of the bare view, whose time is in milliseconds.
    """
    from django.test import Client

    from people.models import User

    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(User.objects.get(username="aylin"))
    paths = {name: path.format(number=open_ticket()) for name, path in PATHS.items()}
    cookie = {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}
    times: dict[str, list[float]] = {name: [] for name in [*paths, "bare"]}
    for _round in range(rounds):
        for name, path in paths.items():
            headers = cookie | HEADERS.get(name, {})
            times[name].append(timed(f"{one.url}{path}", headers))
        times["bare"].append(timed(bare, {}))
    unit = median(times["bare"])
    found = {
        name: (queries(browser, path, HEADERS.get(name, {})), median(times[name]) / unit)
        for name, path in paths.items()
    }
    return {**found, "bare": (0, unit * 1000)}


def open_ticket() -> int:
    """Return the number of an open ticket."""
    from tickets.models import Ticket

    tickets = Ticket.objects.filter(status="open", department__name_en="Customer Service")
    return tickets.order_by("id").values_list("number", flat=True)[0]


def queries(browser, path: str, headers: Mapping[str, str]) -> int:
    """Return how many statements a page asks that was asked for before."""
    from django.db import connection

    asked = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    browser.get(path, headers=headers)
    with connection.execute_wrapper(note):
        browser.get(path, headers=headers)
    return len(asked)


def timed(address: str, headers: Mapping[str, str]) -> float:
    """One request over a line of its own, in seconds."""
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    line.connect()
    began = time.perf_counter()
    line.request("GET", f"{parts.path}?{parts.query}", headers=dict(headers))
    answer = line.getresponse()
    answer.read()
    spent = time.perf_counter() - began
    line.close()
    assert answer.status == 200, (address, answer.status)
    return spent


if __name__ == "__main__":
    sys.exit(stopping.command(main))
