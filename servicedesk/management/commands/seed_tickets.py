"""`manage.py seed_tickets N`.

N tickets with three posts each into a demo or scratch database, for benches and for looking at.
Where the owner's address is known, most of a large number are copies that the database makes: a
million are there in a few minutes.
"""

import itertools
import os
import random
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from psycopg2.extensions import make_dsn, parse_dsn

from core.channel import acting_through
from core.database.db_time import desk_now
from networks.ids import external_id_of
from servicedesk.demo import copying
from servicedesk.operations.database_kind import refuse_without_mark
from tickets.models import ConnectedAccount, ContextChange, Customer, Mention, PostVersion, Ticket
from tickets.states import ContextCause, TicketStatus
from xapi.payloads import id_at

WORDS = [
    "router",
    "internet",
    "bill",
    "moving",
    "number",
    "fibre",
    "slow",
    "outage",
    "technician",
    "invoice",
    "thanks",
    "please",
    "help",
    "blinks",
    "orange",
    "red",
    "since",
    "yesterday",
    "hotline",
    "contract",
    "Rechnung",
    "Störung",
    "Umzug",
    "Vertrag",
    "Techniker",
    "Leitung",
    "langsam",
    "seit",
    "gestern",
    "bitte",
    "Hilfe",
    "danke",
    "Anschluss",
]
BATCH = 1000
BASE = 1000  # of which the others are copies
MANY = 4000  # from here on
OPEN_SHARE = 0.04


class Command(BaseCommand):
    """The same seed makes the same words; 4 % of the tickets are open."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, and the seed."""
        parser.add_argument("count", type=int)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Batch by batch, with a line for each ten thousand."""
        refuse_without_mark("demo", "scratch")
        count = options["count"]
        if count >= MANY and settings.OWNER_IS_KNOWN:
            self.make(BASE, options)
            base = Ticket.objects.filter(pk__lt=copying.STEP).count()
            count -= BASE + copying.multiply(owner_of_this(), (count - BASE) // base)
        self.make(count, options)

    def make(self, count: int, options: dict[str, Any]) -> None:
        """Make so many, each by its own."""
        chance = random.Random(options["seed"])
        accounts = list(ConnectedAccount.objects.select_related("department"))
        number = itertools.count(Ticket.objects.count() * 3 + 1)
        with acting_through("command:seed_tickets"):
            for start in range(0, count, BATCH):
                make_batch(min(BATCH, count - start), chance, accounts, number)
                if start % 10_000 == 0 and options["verbosity"]:
                    self.stdout.write(f"{min(start + BATCH, count)} tickets")


def owner_of_this() -> str:
    """Return how the owner reaches the database that is seeded."""
    given = parse_dsn(os.environ["DATABASE_OWNER_URL"])
    return make_dsn(**{**given, "dbname": connection.settings_dict["NAME"]})


@transaction.atomic
def make_batch(
    count: int, chance: random.Random, accounts: list[ConnectedAccount], number: itertools.count
) -> None:
    """One batch, written in bulk. Posts lie up to a year back; open tickets are young."""
    now = desk_now()
    customers = Customer.objects.bulk_create(
        Customer(
            external_id=external_id_of(9_000_000_000 + next(number)),
            handle=f"seed{next(number)}",
            name=f"Seed {chance.choice(WORDS).title()}",
        )
        for _ in range(count)
    )
    drawn = [draw_ticket(customer, chance, accounts, number, now) for customer in customers]
    tickets = [ticket for ticket, _at in drawn]
    Ticket.objects.bulk_create(tickets)
    ContextChange.objects.bulk_create(
        ContextChange(ticket=one, number=1, cause=ContextCause.WROTE) for one in tickets
    )
    mentions = make_mentions(drawn, chance, number)
    for place, ticket in enumerate(tickets):
        ticket.last_mention = mentions[place * POSTS + POSTS - 1]
    Ticket.objects.bulk_update(tickets, ["last_mention"], batch_size=500)


def draw_ticket(
    customer: Customer,
    chance: random.Random,
    accounts: list[ConnectedAccount],
    number: itertools.count,
    now: datetime,
) -> tuple[Ticket, datetime]:
    """Return a ticket by chance, not saved yet, and the moment of its first post."""
    account = chance.choice(accounts)
    is_open = chance.random() < OPEN_SHARE
    at = now - timedelta(seconds=chance.random() * (86_400 if is_open else 31_000_000))
    statuses = OPEN_STATUSES if is_open else DONE_STATUSES
    status = chance.choice(statuses)
    ticket = Ticket(
        customer=customer,
        account=account,
        department_id=account.department_id,
        conversation_id=external_id_of(id_at(at) + next(number)),
        status=status,
        due_at=at + timedelta(minutes=30),
        last_inbound_at=at,
        unanswered_since=at if is_open else None,
        resolved_at=at if status == TicketStatus.RESOLVED else None,
        language=chance.choice(["de", "en"]),
    )
    return ticket, at


POSTS = 3
OPEN_STATUSES = [TicketStatus.NEW, TicketStatus.OPEN]
DONE_STATUSES = [TicketStatus.ANSWERED, TicketStatus.RESOLVED]


def make_mentions(
    drawn: list[tuple[Ticket, datetime]], chance: random.Random, number: itertools.count
) -> list[Mention]:
    """Three posts for each ticket, with their words, ticket by ticket."""
    positions = [id_at(at) + next(number) for _ticket, at in drawn for _place in range(POSTS)]
    written = [
        (ticket, at + timedelta(seconds=place)) for ticket, at in drawn for place in range(POSTS)
    ]
    mentions = Mention.objects.bulk_create(
        Mention(
            external_id=external_id_of(position),
            position=position,
            account_id=ticket.account_id,
            customer_id=ticket.customer_id,
            ticket=ticket,
            conversation_id=ticket.conversation_id,
            written_at=at,
        )
        for position, (ticket, at) in zip(positions, written, strict=True)
    )
    versions = PostVersion.objects.bulk_create(
        PostVersion(
            mention=mention,
            external_id=mention.external_id,
            position=mention.position,
            text="@AmselnetzHilfe " + " ".join(chance.choice(WORDS) for _ in range(12)),
            written_at=mention.written_at,
        )
        for mention in mentions
    )
    for mention, version in zip(mentions, versions, strict=True):
        mention.newest = version
    Mention.objects.bulk_update(mentions, ["newest"], batch_size=500)
    return mentions
