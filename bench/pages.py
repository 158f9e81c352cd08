"""Inbox, review queue, ticket page and its pane with 1,000 and with 1,000,000 tickets.

Statements, and times in bare Django views of 30 kB under the same server, in the same run.

`python -m bench.pages [--small 1000] [--large 1000000] [--rounds 25]`
"""

import argparse
import http.client
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from urllib.parse import urlsplit

from bench import figures
from bench.servers import bare_view, median, quiet_stack
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


def main(words: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=25, help="how often each page is asked for")
    return figures.run(parser, compare, words)


def compare(options: argparse.Namespace) -> figures.Figures:
    """Return each page's figures at both sizes."""
    with ExitStack() as running:
        one = running.enter_context(quiet_stack())
        bare = running.enter_context(bare_view())
        rows = {}
        for size in (options.small, options.large):
            fill(one, size)
            rows[size] = measure(one, bare, options.rounds)
    small, large = rows[options.small], rows[options.large]
    found = figures.Table(
        {
            "page": "",
            "statements": "",
            f"bare views, {options.small:,} tickets": ".1f",
            f"bare views, {options.large:,} tickets": ".1f",
            "ratio": ".2f",
        },
        [
            [
                name,
                " and ".join(sorted({str(one[name][0]) for one in (small, large)})),
                small[name][1],
                large[name][1],
                large[name][1] / small[name][1],
            ]
            for name in PATHS
        ],
    )
    return figures.Figures(
        {"tickets": [options.small, options.large], "rounds": options.rounds}, [found]
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


def measure(one, bare: str, rounds: int) -> dict[str, tuple[int, float]]:
    """Return queries (counted in this process) and the median time in bare views (over HTTP).

    Page by page in turn; `bare` is the address of the bare view.
    """
    browser = signed_in("aylin")
    pages = requests_of_a_person(one, browser)
    times: dict[str, list[float]] = {name: [] for name in [*pages, "bare"]}
    for _round in range(rounds):
        for name, (address, headers) in pages.items():
            times[name].append(timed(address, headers))
        times["bare"].append(timed(bare, {}))
    unit = median(times["bare"])
    return {
        name: (
            queries(browser, address.removeprefix(one.url), HEADERS.get(name, {})),
            median(times[name]) / unit,
        )
        for name, (address, _headers) in pages.items()
    }


def signed_in(username: str):
    """Return a client of Django's with a session of this person."""
    from django.test import Client

    from people.models import User

    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(User.objects.get(username=username))
    return browser


def requests_of_a_person(one, browser=None) -> dict[str, tuple[str, dict[str, str]]]:
    """Return each page's address and headers, by its name, for somebody who is signed in."""
    browser = browser or signed_in("aylin")
    cookie = {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}
    number = open_ticket()
    return {
        name: (f"{one.url}{path.format(number=number)}", cookie | HEADERS.get(name, {}))
        for name, path in PATHS.items()
    }


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
