"""5,000 mentions waiting at once on the simulated X.

What it ever showed is in tickets or behind a visible gap, none twice, the web answers.

Then mentions per second through our own code beside a bare psycopg2 insert of the same rows by
100. `python -m bench.mentions [--count 5000]`
"""

import argparse
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

from bench import figures
from bench.servers import median, stack
from servicedesk.launcher import stopping

SERVICE = 2400000001


def main(words: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    return figures.run(parser, measure, words)


def measure(options: argparse.Namespace) -> figures.Figures:
    """Both parts: through the whole stack, and the code alone beside the bare insert."""
    count = options.count
    with stack() as one:
        one.x.control("limits", on=False)
        came = storm(one, count)
        for name in ("beat", "worker"):  # nobody else writes now
            one.parts[name].stop()
        ours, bare = in_turn(one, count)
    return figures.Figures(
        {"mentions": count},
        [
            came.as_table(),
            figures.Table(
                {"taking in": "", "mentions a second": ",.0f", "ratio": ".2f"},
                [
                    ["bare inserts by 100", count / bare, 1.0],
                    ["our own code", count / ours, bare / ours],
                ],
            ),
        ],
        faults=came.faults(),
    )


@dataclass(frozen=True)
class Storm:
    """What became of the mentions, and of the pages asked for meanwhile (`answers`, seconds)."""

    seconds: float
    taken: int
    twice: int
    behind_gaps: int
    gaps: int
    lost: int
    answers: list[float]

    def as_table(self) -> figures.Table:
        """Return it line by line."""
        return figures.Table(
            {"waiting at once": "", "figure": ",.4g"},
            [
                ["tickets", self.taken],
                ["within, s", self.seconds],
                ["twice", self.twice],
                [f"behind visible gaps ({self.gaps})", self.behind_gaps],
                ["neither", self.lost],
                ["pages answered meanwhile", len(self.answers)],
                ["their median, ms", median(self.answers) * 1000],
                ["the slowest, ms", max(self.answers) * 1000],
            ],
        )

    def faults(self) -> list[str]:
        """Return what must not be: mentions that are nowhere, or there twice."""
        return [
            f"{count} mentions were {what}"
            for count, what in ((self.lost, "lost"), (self.twice, "there twice"))
            if count
        ]


def rows_written() -> dict[str, int]:
    """How many rows each table has that a mention is written to."""
    from tickets.models import ContextChange, Customer, Mention, PostVersion, Ticket

    return {
        model.__name__: model.objects.count()
        for model in (Customer, Ticket, ContextChange, Mention, PostVersion)
    }


def keep_asking(address: str, answers: list[float], stop: threading.Event) -> None:
    """Ask for a page over and over, and note in `answers` how many seconds each took."""
    while not stop.is_set():
        began = time.perf_counter()
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.status == 200
        answers.append(time.perf_counter() - began)
        time.sleep(0.02)


def storm(one, count: int) -> Storm:
    """Measure the whole line.

    Polling worker, cap of 800, gap, and the web asked all the while.
    """
    from networks.ids import external_id_of
    from tickets.models import Mention

    time.sleep(3)
    answers: list[float] = []
    stop = threading.Event()
    asking = threading.Thread(target=keep_asking, args=(f"{one.url}/sign-in/", answers, stop))
    asking.start()
    one.x.control("clock", ahead_seconds=900)
    made = one.x.control("storm", account="AmselnetzHilfe", count=count, authors=200)
    ids = {external_id_of(number) for number in made["ids"]}
    spent = until_shown_is_taken(ids)
    time.sleep(3)
    stop.set()
    asking.join()
    taken = list(Mention.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    gaps, lost = behind_gaps(ids - set(taken))
    return Storm(
        spent,
        len(taken),
        len(taken) - len(set(taken)),
        len(ids) - len(taken) - len(lost),
        gaps,
        len(lost),
        answers,
    )


def until_shown_is_taken(ids: set[str]) -> float:
    """Wait until the newest 800, all that X shows, are taken in; the seconds (at most 120)."""
    from networks.ids import position_of
    from tickets.models import Mention

    began = time.monotonic()
    shown = set(sorted(ids, key=position_of)[-800:])
    rows = Mention.objects.filter(external_id__in=ids)
    while time.monotonic() - began < 120 and not shown <= set(
        rows.values_list("external_id", flat=True)
    ):
        time.sleep(0.1)
    return time.monotonic() - began


def behind_gaps(missing: set[str]) -> tuple[int, list[str]]:
    """Return how many gaps are visible, and the posts that stand behind none of them."""
    from networks.ids import position_of
    from tickets.models import Gap

    gaps = [(gap.after_position, gap.before_position) for gap in Gap.objects.all()]
    return len(gaps), [
        one
        for one in missing
        if not any(after < position_of(one) < before for after, before in gaps)
    ]


def in_turn(one, count: int) -> tuple[float, float]:
    """Return the seconds for our code and for bare inserts.

    A page of 100 each in turn, so that a busy machine slows both; each must have written the same
    rows.
    """
    import psycopg2

    line = psycopg2.connect(one.app_dsn)
    ours = bare = 0.0
    for start in range(0, count, 100):
        before = rows_written()
        ours += code(start)
        between = rows_written()
        bare += insert(line, start)
        after = rows_written()
        for table in before:
            assert between[table] - before[table] == after[table] - between[table] == 100, (
                table,
                before[table],
                between[table],
                after[table],
            )
    line.close()
    return ours, bare


def code(start: int) -> float:
    """Seconds for `ingest` with a page of 100, every post by somebody else."""
    from tickets.ingestion.intake import ingest
    from tickets.models import ConnectedAccount
    from xapi.naming import Named
    from xapi.payloads import Page, XPost, XUser, id_at, made_at

    account = ConnectedAccount.objects.select_related("department").get(external_id=str(SERVICE))
    first = id_at(made_at(2**60))
    users = {
        n: XUser(id=n, handle=f"u{n}", name=f"Name {n}")
        for n in range(5_000_000 + start, 5_000_100 + start)
    }
    posts = [
        XPost(
            id=first + n,
            version_ids=(first + n,),
            author_id=n,
            text=f"@AmselnetzHilfe bench number {n}",
            created_at=made_at(first + n),
            conversation_id=first + n,
            named=(Named("amselnetzhilfe", 901),),
        )
        for n in users
    ]
    began = time.perf_counter()
    ingest(Page(posts=posts, users=users), account)
    return time.perf_counter() - began


def tickets_of(account, pairs, first: int, at):
    """Yield a ticket for each (number, customer), as the desk would make it."""
    from tickets.models import Ticket

    for n, customer in pairs:
        yield Ticket(
            customer_id=customer,
            account=account,
            department_id=account.department_id,
            conversation_id=str(first + n),
            due_at=at,
            last_inbound_at=at,
            created_at=at,
            updated_at=at,
        )


def mentions_of(account, pairs, tickets, first: int, at):
    """Yield a mention in each of these tickets, as the desk would make it."""
    from tickets.models import Mention

    for (n, customer), ticket in zip(pairs, tickets, strict=True):
        yield Mention(
            network=account.network,
            external_id=str(first + n),
            position=first + n,
            account=account,
            customer_id=customer,
            ticket_id=ticket,
            conversation_id=str(first + n),
            names_us=True,
            reply_settings="everyone",
            intake_outcome="ticket",
            written_at=at,
        )


def insert(line, start: int) -> float:
    """Return the seconds for the same rows by `execute_values`, and one commit.

    Customer, ticket, context version, mention, version.
    """
    from tickets.models import ConnectedAccount, ContextChange, Customer, PostVersion
    from xapi.payloads import id_at, made_at

    account = ConnectedAccount.objects.get(external_id=str(SERVICE))
    first = id_at(made_at(2**60))
    numbers = range(6_000_000 + start, 6_000_100 + start)
    at = made_at(first + start)
    with Bare(line) as bare:
        customers = bare.insert(
            Customer(
                network=account.network,
                external_id=str(n),
                handle=f"u{n}",
                name=f"Name {n}",
                updated_at=at,
            )
            for n in numbers
        )
        pairs = list(zip(numbers, customers, strict=True))
        tickets = bare.insert(tickets_of(account, pairs, first, at))
        bare.insert(
            ContextChange(ticket_id=ticket, number=1, cause="customer_wrote", at=at)
            for ticket in tickets
        )
        mentions = bare.insert(mentions_of(account, pairs, tickets, first, at))
        bare.insert(
            PostVersion(
                mention_id=mention,
                network=account.network,
                external_id=str(first + n),
                position=first + n,
                text=f"@AmselnetzHilfe bench number {n}",
                written_at=at,
            )
            for n, mention in zip(numbers, mentions, strict=True)
        )
    return bare.spent


class Bare:
    """One transaction of plain inserts.

    The rows are made of models, outside the time that counts, so that a new column never breaks
    this.
    """

    def __init__(self, line) -> None:
        self.line, self.spent = line, 0.0

    def __enter__(self):
        self.cursor = self.line.cursor()
        return self

    def insert(self, objects) -> list[int]:
        """All these rows by one statement; their ids."""
        from django.db import connection
        from django.db.models import Field
        from psycopg2.extras import execute_values

        objects = list(objects)
        fields: list[Field] = [
            one
            for one in objects[0]._meta.concrete_fields
            if not one.primary_key and not one.generated and not one.has_db_default()
        ]
        rows = [
            [field.get_db_prep_save(field.pre_save(one, True), connection) for field in fields]
            for one in objects
        ]
        names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        began = time.perf_counter()
        made = execute_values(
            self.cursor,
            f"INSERT INTO {objects[0]._meta.db_table} ({names}) VALUES %s RETURNING id",
            rows,
            page_size=100,
            fetch=True,
        )
        self.spent += time.perf_counter() - began
        return [row[0] for row in made]

    def __exit__(self, *wrong: object) -> None:
        began = time.perf_counter()
        self.line.commit()
        self.spent += time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(stopping.command(main))
