"""Which posts of a long conversation stand on the screen at once.

And where the crowd between them is folded.

Always there: the posts of the ticket's customer and what they answer, the first post, our
replies, what is asked for by name, and the newest of all. Nothing is left out silently: what is
folded has its number, and a page on which it is read.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tickets.models import Mention, OwnPost, Ticket
from tickets.querysets import conversations_of

SMALL = 80  # a conversation in which neither they nor we wrote more is shown whole
NEWEST = 30
LEAST = 4  # so few posts are not worth a fold
# Of the ones that are always there, the newest; a page must open, whatever somebody writes
MOST = 1000
PAGE = 200


class Row(NamedTuple):
    """One post without its words.

    Rows compare in the order of time, and of their network within a second.
    """

    at: datetime
    position: int
    external_id: str
    pk: int
    is_ours: bool
    is_wanted: bool


@dataclass(frozen=True)
class Run:
    """Posts that follow one another and are folded: how many, from which to which (their ids).

    `at` and `position` are those of the first.
    """

    first: str
    last: str
    count: int
    at: datetime
    position: int


def rows_of(ticket: Ticket, keep: Collection[int] = ()) -> list[Row]:
    """Every post of the conversation in the order of time; two queries, and no words."""
    conversations = conversations_of(ticket)
    theirs = list(
        Mention.objects.filter(
            network=ticket.account.network,
            conversation_id__in=conversations,
            ticket__isnull=False,
        ).values_list("written_at", "position", "external_id", "pk", "customer_id", "replied_to")
    )
    answered = {
        replied_to
        for _at, _position, _id, _pk, customer, replied_to in theirs
        if customer == ticket.customer_id
    }
    wanted = {*conversations} | answered
    rows = [
        Row(
            at,
            position,
            external_id,
            pk,
            False,
            customer == ticket.customer_id or external_id in wanted or pk in keep,
        )
        for at, position, external_id, pk, customer, _replied_to in theirs
    ]
    ours = OwnPost.objects.filter(
        network=ticket.account.network, conversation_id__in=conversations
    ).values_list("written_at", "position", "external_id", "pk")
    return sorted(rows + [Row(*post, True, True) for post in ours])


def chosen(ticket: Ticket, keep: Collection[int] = ()) -> tuple[list[Row], list[Run]]:
    """Return the posts to show, and what is folded between them."""
    rows = rows_of(ticket, keep)
    wanted = [row for row in rows if row.is_wanted]
    first = conversations_of(ticket)
    shown = {row.external_id for row in [*wanted[-MOST:], *rows[-NEWEST:]]}
    shown |= {
        row.external_id
        for row in wanted
        if row.external_id in first or (row.pk in keep and not row.is_ours)
    }
    runs = []
    for run in between(rows, shown):
        if len(run) < LEAST:
            shown |= {row.external_id for row in run}
        else:
            runs.append(folded(run))
    return [row for row in rows if row.external_id in shown], runs


def between(rows: list[Row], shown: set[str]) -> Iterator[list[Row]]:
    """Yield the stretches of posts that are not shown."""
    run: list[Row] = []
    for row in rows:
        if row.external_id not in shown:
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run


def folded(run: list[Row]) -> Run:
    """Return a stretch as it stands on the screen."""
    first = run[0]
    return Run(first.external_id, run[-1].external_id, len(run), first.at, first.position)


def unfolded(ticket: Ticket, first: str, last: str) -> tuple[list[Row], Run | None]:
    """Return the posts from one to another, as many as one page holds, and the rest folded again.

    Nothing where these are not of it.
    """
    rows = rows_of(ticket)
    ids = [row.external_id for row in rows]
    if {first, last} - {*ids, ""}:
        return [], None
    asked = rows[ids.index(first) if first else 0 : ids.index(last) + 1 if last else len(ids)]
    rest = asked[PAGE:]
    return asked[:PAGE], folded(rest) if rest else None
