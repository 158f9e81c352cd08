"""Finding tickets by what people type: a number, a name, words of a post, or a part of them.

The database cuts what is typed by the rule by which it cut what is kept (`tickets_asked`), so that
one is found by the other. Each look is capped, so that its price does not grow with the desk.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Q, QuerySet

from core.database.one_of import one_of
from people.models import User
from tickets.models import Ticket
from tickets.querysets import visible_to

LONGEST = 200
# How many one search looks through; that there was more is said.
CANDIDATES = 1000
# Words that one in thirty of the newest posts has are common: of those the newest are enough.
SAMPLE = 1500
COMMON = 50
NEWEST = 20_000
ENOUGH = 500
CUSTOMERS = 200
SHORTEST_PIECE = 3
NUMBER = re.compile(r"#?([0-9]{1,18})|#?([0-9]{1,3}(?:[ ,.'’][0-9]{3}){1,5})")
FORM = re.compile(r"'((?:[^']|'')+)'(?::\*)?")

POSTS = """
    WITH found AS MATERIALIZED (
      SELECT kept.version_id FROM {posts} kept WHERE {condition} LIMIT {limit}
    )
    SELECT DISTINCT mention.ticket_id, (SELECT count(*) FROM found) FROM found
    JOIN tickets_postversion version ON version.id = found.version_id
    JOIN tickets_mention mention ON mention.id = version.mention_id
    WHERE mention.ticket_id IS NOT NULL"""
ALL_POSTS = "tickets_postwords"
NEWEST_POSTS = "(SELECT * FROM tickets_postwords ORDER BY version_id DESC LIMIT {newest})"
CALLED = """
    SELECT kept.customer_id FROM tickets_customerwords kept WHERE {condition} LIMIT {limit}"""

CALLED_SO = "SELECT customer.id FROM tickets_customer customer WHERE lower(customer.handle) = %s"


@dataclass(frozen=True)
class Question:
    """What was typed, as it is asked: the forms of its words, and what may stand within a word.

    `handle` is what it would be as a whole handle, `number` the number of a ticket, if it can be
    one; `forms` is PostgreSQL's `tsquery`.
    """

    handle: str
    number: int | None
    forms: str
    pieces: tuple[str, ...] = ()

    @property
    def terms(self) -> list[str]:
        """Return what is marked in what was found."""
        forms = [found.group(1) for found in FORM.finditer(self.forms)]
        return sorted({*self.pieces, *(form for form in forms if not form.startswith("<"))})


@dataclass(frozen=True)
class Found:
    """The tickets that fit, whether more fits than was looked through, and what to mark."""

    tickets: QuerySet[Ticket]
    is_partial: bool
    terms: list[str]
    number: int | None = None


def looked_for(user: User, words: str) -> Found:
    """Return the tickets that this person may read whose number, customer or posts fit."""
    question = asked(words)
    seen = visible_to(user)
    if "#" in words[:1] and question.number is not None:
        return Found(seen.filter(number=question.number), is_partial=False, terms=[])
    if question.number is not None and seen.filter(number=question.number).exists():
        # Somebody who types a ticket's number means it; other numbers only if they are the same.
        question = replace(question, forms=question.forms.replace(":*", ""), pieces=())
    else:
        question = replace(question, number=None)
    tickets, more_posts = of_posts(question)
    customers, more_customers = of_customers(question)
    fitting = Q(one_of("id", tickets)) | Q(one_of("customer", customers))
    if question.number is not None:
        fitting |= Q(number=question.number)
    return Found(
        seen.filter(fitting), more_posts or more_customers, question.terms, question.number
    )


def asked(words: str) -> Question:
    """Return what the database makes of what was typed."""
    words = unicodedata.normalize("NFKC", words).replace("\x00", "").strip()[:LONGEST]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_asked(%s)::text, tickets_pieces(%s)", [words, words])
        forms, pieces = cursor.fetchone()
    number = NUMBER.fullmatch(words)
    return Question(
        handle=words.lstrip("@").lower(),
        number=int(re.sub(r"[^0-9]", "", number.group())) if number else None,
        forms=forms or "",
        pieces=tuple(pieces.split()),
    )


def of_posts(question: Question) -> tuple[set[int], bool]:
    """Return the tickets with posts that fit, and whether there are more posts than were taken.

    Where words are that common, the newest posts are taken.
    """
    tickets: set[int] = set()
    for way in conditions(question):
        _sampled, count = with_posts(way, COMMON, newest=SAMPLE)
        if count < COMMON:
            found, count = with_posts(way, CANDIDATES)
            tickets |= found
            if count < CANDIDATES:
                continue
        found, _count = with_posts(way, ENOUGH, newest=NEWEST)
        return tickets | found, True
    return tickets, False


def with_posts(
    way: tuple[str, list[str]], limit: int, newest: int | None = None
) -> tuple[set[int], int]:
    """Return the tickets of at most so many posts that fit, and how many posts those are.

    Of all posts, or the last ones that fit among so many `newest`.
    """
    condition, values = way
    posts = ALL_POSTS if newest is None else NEWEST_POSTS.format(newest=newest)
    found = rows(POSTS.format(posts=posts, condition=condition, limit=limit), values)
    return {ticket for ticket, _count in found}, found[0][1] if found else 0


def of_customers(question: Question) -> tuple[set[int], bool]:
    """Return the customers with a handle or name that fits, and whether there are more.

    Whose whole handle it is is always among them.
    """
    customers = {customer for (customer,) in rows(CALLED_SO, [question.handle])}
    is_partial = False
    for condition, values in conditions(question):
        found = rows(CALLED.format(condition=condition, limit=CUSTOMERS), values)
        customers |= {customer for (customer,) in found}
        is_partial = is_partial or len(found) == CUSTOMERS
    return customers, is_partial


def conditions(question: Question) -> Iterable[tuple[str, list[str]]]:
    """Yield the ways to look, as SQL and its values: by forms, then within words.

    Within words only where each piece is long enough for the index.
    """
    if question.forms:
        yield "kept.words @@ %s::tsquery", [question.forms]
    if question.pieces and min(map(len, question.pieces)) >= SHORTEST_PIECE:
        yield (
            " AND ".join(["kept.pieces LIKE %s"] * len(question.pieces)),
            [f"%{piece}%" for piece in question.pieces],
        )


def rows(statement: str, values: list[str]) -> list[tuple]:
    """Return what the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
