"""Taking in what X shows.

A page of posts becomes mentions and tickets, in one transaction, each post once.

When in doubt it is taken in, and de-duplicated. What cannot be read is parked and shown; the
rest of the page is taken in.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.database.locking import lock_row
from core.database.transitions import move
from core.text.characters import without_hidden
from networks.contract import Post, Profile
from networks.ids import external_id_of, number_of, position_of
from networks.pages import KnownProfile, Page, Unreadable
from people.hours import business_hours
from tickets import events
from tickets.ingestion import matching
from tickets.lifecycle import raise_context_version
from tickets.merging.locking import locked_with_target
from tickets.models import (
    ConnectedAccount,
    ContextChange,
    Customer,
    Mention,
    ParkedPost,
    PostVersion,
    Ticket,
)
from tickets.routing import routing
from tickets.states import TICKET_MOVES, ContextCause, IntakeOutcome, MentionState, TicketStatus


@dataclass
class Taken:
    """What one page led to: ids of new mentions and of the tickets concerned.

    Of those that somebody had already, whose (`waiting`).
    """

    mentions: list[int] = field(default_factory=list)
    tickets: set[int] = field(default_factory=set)
    waiting: dict[int, int] = field(default_factory=dict)
    edited: int = 0
    parked: int = 0


@transaction.atomic
def ingest(page: Page, account: ConnectedAccount) -> Taken:
    """Take in one page that reached this account.

    Safe to repeat: posts are known by the first id of their edit history.
    """
    taken = Taken()
    park(page.unreadable, account, taken)
    accounts = ConnectedAccount.objects.filter(network=account.network)
    ours = {account.external_id, *accounts.values_list("external_id", flat=True)}
    posts = without_contradictions(
        unique(post for post in page.posts if external_id_of(post.author_id) not in ours),
        account,
        taken,
    )
    if not posts:
        return taken
    now = desk_now()  # asked once: as a default it would be an expression in every row
    customers = remember_customers(posts, page.users, account.network, now)
    known = mentions_of(posts, account)
    for post in posts:
        if post.key not in known:
            continue
        if known[post.key].is_gone:
            look_once_more(known[post.key])
        else:
            follow_edit(known[post.key], post, taken)
    new = [post for post in posts if post.key not in known]
    if new:
        tickets = find_or_make_tickets(new, customers, account, taken, now)
        store(new, customers, tickets, account, taken, now)
    if taken.mentions or taken.edited:
        record(
            events.MENTIONS_INGESTED,
            account,
            department_id=account.department_id,
            mentions=taken.mentions,
            tickets=sorted(taken.tickets),
            edited=taken.edited,
            waiting=sorted(taken.waiting.items()),
        )
    return taken


def mentions_of(posts: list[Post], account: ConnectedAccount) -> dict[int, Mention]:
    """Return what the desk has of these posts already, by the post's key."""
    keys = [external_id_of(post.key) for post in posts]
    rows = Mention.objects.filter(network=account.network, external_id__in=keys)
    return {number_of(row.external_id): row for row in rows}


def unique(posts: Iterable[Post]) -> list[Post]:
    """Each post once, in its newest version, sorted by key.

    So that two takers lock in the same order.
    """
    newest: dict[int, Post] = {}
    for post in posts:
        if post.key not in newest or post.id > newest[post.key].id:
            newest[post.key] = post
    return [newest[key] for key in sorted(newest)]


def without_contradictions(
    posts: list[Post], account: ConnectedAccount, taken: Taken
) -> list[Post]:
    """Return the posts without those whose id stands in another post's edit history.

    Here or in what is known: these are parked.
    """
    versions = PostVersion.objects.filter(
        network=account.network, external_id__in=[external_id_of(post.id) for post in posts]
    ).values_list("external_id", "mention__external_id")
    owner = {number_of(version): number_of(mention) for version, mention in versions}
    kept = [post for post in posts if owner.setdefault(post.id, post.key) == post.key]
    park(
        (
            Unreadable(
                {
                    "id": str(post.id),
                    "edit_history_tweet_ids": [str(one) for one in post.version_ids],
                    "author_id": str(post.author_id),
                    "conversation_id": str(post.conversation_id),
                    "created_at": post.created_at.isoformat(),
                    "text": post.text,
                },
                f"post {post.id} belongs to post {owner[post.id]} already",
            )
            for post in posts
            if owner[post.id] != post.key
        ),
        account,
        taken,
    )
    return kept


def park(unreadable: Iterable[Unreadable], account: ConnectedAccount, taken: Taken) -> None:
    """Keep what cannot be read, once, as it came."""
    for one in unreadable:
        raw = json.loads(json.dumps("null" if one.raw is None else one.raw).replace("\\u0000", ""))
        mark = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
        parked, new = ParkedPost.objects.get_or_create(
            account=account, mark=mark, defaults={"raw": raw, "why": one.why}
        )
        if new:
            taken.parked += 1
            record(events.POST_PARKED, parked, topic=account, department_id=account.department_id)


def remember_customers(
    posts: list[Post], users: dict[int, Profile], network: str, now: datetime
) -> dict[int, int]:
    """Write the authors' profiles as X shows them now; returns the customers' rows by X's number.

    Rows are locked in the order of these numbers.
    """
    authors = sorted({post.author_id for post in posts})
    rows = []
    for number in authors:
        user = users.get(number) or KnownProfile(id=number, handle=str(number), name=str(number))
        rows.append(
            Customer(
                network=network,
                external_id=external_id_of(number),
                handle=user.handle,
                name=without_hidden(user.name) or user.handle,
                avatar_url=user.avatar_url,
                followers=user.followers,
                protected=user.protected,
                updated_at=now,
            )
        )
    with_profile = {external_id_of(number) for number in users}
    Customer.objects.bulk_create(
        [row for row in rows if row.external_id in with_profile],
        update_conflicts=True,
        unique_fields=["external_id", "network"],
        update_fields=["handle", "name", "avatar_url", "followers", "protected", "updated_at"],
    )
    Customer.objects.bulk_create(
        [row for row in rows if row.external_id not in with_profile], ignore_conflicts=True
    )
    known = Customer.objects.filter(
        network=network, external_id__in=[external_id_of(number) for number in authors]
    ).values_list("external_id", "id")
    return {number_of(external_id): pk for external_id, pk in known}


def find_or_make_tickets(
    posts: list[Post],
    customers: dict[int, int],
    account: ConnectedAccount,
    taken: Taken,
    now: datetime,
) -> dict[int, Ticket]:
    """Return the ticket of each post, by the post's key.

    A later post of a ticket moves its context version and makes it the agent's turn.
    """
    known = matching.newest_tickets(
        (customers[post.author_id], external_id_of(post.conversation_id)) for post in posts
    )
    by_post: dict[int, Ticket] = {}
    fresh: dict[matching.Pair, Ticket] = {}
    router = Router(account, customers.values())
    for post in posts:
        if post.reposted:
            continue
        pair = (customers[post.author_id], external_id_of(post.conversation_id))
        ticket = known.get(pair)
        if pair in fresh:
            by_post[post.key] = fresh[pair]
        elif ticket and matching.takes(ticket, post):
            written_again(ticket)
            by_post[post.key] = ticket
            note_waiting(ticket.in_charge, taken)
        else:
            fresh[pair] = by_post[post.key] = new_ticket(post, pair[0], router, ticket, now)
    make_tickets(list(fresh.values()), now)
    for ticket in by_post.values():
        taken.tickets |= {ticket.pk, ticket.in_charge.pk}
    return by_post


def note_waiting(ticket: Ticket, taken: Taken) -> None:
    """Note who is responsible for the ticket in which somebody has to look now."""
    if ticket.assignee_id:
        taken.waiting[ticket.pk] = ticket.assignee_id


def new_ticket(
    post: Post, customer: int, router: "Router", follows: Ticket | None, now: datetime
) -> Ticket:
    """Return the ticket that this post begins, where the rules put it; not saved yet.

    `follows` is the customer's earlier ticket in the conversation that does not take the post.
    """
    routed = router.route(post, customer)
    department = router.departments[routed.department]
    return Ticket(
        customer_id=customer,
        account=router.account,
        department=department,
        conversation_id=external_id_of(post.conversation_id),
        priority=routed.priority,
        tags=routed.tags,
        routed_by=routed.by_rule,
        language=post.language,
        due_at=routing.due_at(routed, department, post.created_at),
        last_inbound_at=post.created_at,
        unanswered_since=post.created_at,
        follows=follows,
        created_at=now,
        updated_at=now,
    )


def make_tickets(tickets: list[Ticket], now: datetime) -> None:
    """Save new tickets, each with its first context version."""
    Ticket.objects.bulk_create(tickets)
    ContextChange.objects.bulk_create(
        ContextChange(ticket=ticket, number=1, cause=ContextCause.WROTE, at=now)
        for ticket in tickets
    )


class Router:
    """The live rules, read once for a page, with what they want to know of the customers."""

    def __init__(self, account: ConnectedAccount, customers: Iterable[int]) -> None:
        held = routing.live()
        self.account, self.rules = account, held.rules if held else []
        self.departments = (
            routing.known_departments()
            if self.rules
            else {account.department_id: account.department}
        )
        self.known = (
            dict(
                (one.pk, (tuple(one.tags), one.followers))
                for one in Customer.objects.filter(pk__in=set(customers))
            )
            if self.rules
            else {}
        )

    def route(self, post: Post, customer: int) -> routing.Routed:
        """Where a new ticket of this customer goes."""
        tags, followers = self.known.get(customer, ((), 0))
        return routing.decide(
            routing.facts_of(post, self.account, tags, followers), self.rules, self.departments
        )


def written_again(ticket: Ticket) -> None:
    """Note that the customer wrote once more.

    The context version moves, and unless a reply waits or is on its way it is the agent's turn:
    of a merged ticket in the one that it is merged into.
    """
    raise_context_version(ticket, ContextCause.WROTE)
    ticket = ticket.in_charge
    if ticket.status in {TicketStatus.ANSWERED, TicketStatus.RESOLVED}:
        move(
            ticket,
            TicketStatus.OPEN,
            moves=TICKET_MOVES,
            resolved_at=None,
            resolved_reason="",
            waiting_since=None,
        )
    if ticket.snoozed_until:
        Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=None)


def store(
    posts: list[Post],
    customers: dict[int, int],
    tickets: dict[int, Ticket],
    account: ConnectedAccount,
    taken: Taken,
    now: datetime,
) -> None:
    """Write mentions with their contents, and each ticket's newest one."""
    our_posts = quoted_of_ours(posts, account)
    mentions = Mention.objects.bulk_create(
        mention_of(
            post,
            account,
            now,
            customer_id=customers[post.author_id],
            ticket=tickets.get(post.key),
            quotes_us=post.quoted in our_posts,
        )
        for post in posts
    )
    PostVersion.objects.bulk_create(
        version_of(mention, post) for mention, post in zip(mentions, posts, strict=True)
    )
    point_to_newest([mention.pk for mention in mentions])
    taken.mentions = [mention.pk for mention in mentions]
    concerned: dict[int, Ticket] = {}
    for mention, post in zip(mentions, posts, strict=True):
        if ticket := tickets.get(post.key):
            for one in {ticket.pk: ticket, ticket.in_charge.pk: ticket.in_charge}.values():
                note_post(one, mention, post)
                concerned[one.pk] = one
    note_newest(list(concerned.values()))


def mention_of(post: Post, account: ConnectedAccount, now: datetime, **more: Any) -> Mention:
    """Return the row of a post that came in by this account; `more` are its customer and ticket."""
    return Mention(
        network=account.network,
        external_id=external_id_of(post.key),
        position=position_of(external_id_of(post.key)),
        account=account,
        conversation_id=external_id_of(post.conversation_id),
        replied_to=external_id_of(post.replied_to),
        quoted=external_id_of(post.quoted),
        names_us=names_us(post, account),
        reply_settings=post.reply_settings,
        written_at=post.created_at,
        ingested_at=now,
        seen_at=now,
        updated_at=now,
        intake_outcome=IntakeOutcome.REPOST if post.reposted else IntakeOutcome.TICKET,
        status=MentionState.EDITED if len(post.version_ids) > 1 else MentionState.LIVE,
        **more,
    )


def note_post(ticket: Ticket, mention: Mention, post: Post) -> None:
    """Note the ticket's newest post, and since when its customer waits.

    From the oldest post without an answer, by the ticket's own department; in a merged ticket
    nobody waits.
    """
    ticket.last_mention, ticket.last_inbound_at = (
        mention,
        max(ticket.last_inbound_at, post.created_at),
    )
    if ticket.merged_into_id:
        return
    if ticket.unanswered_since is None or post.created_at < ticket.unanswered_since:
        ticket.unanswered_since = post.created_at
        ticket.due_at = business_hours.due(ticket.department, post.created_at)


def point_to_newest(mention_ids: list[int]) -> None:
    """Let new mentions point to their one version.

    A single statement, where the ORM would write a case for each row.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            (
                "UPDATE tickets_mention m SET newest_id = v.id FROM tickets_postversion v "
                "WHERE v.mention_id = m.id AND m.id = ANY(%s)"
            ),
            [mention_ids],
        )


def note_newest(tickets: list[Ticket]) -> None:
    """Write each ticket's newest mention and times, in a single statement."""
    columns = [
        [getattr(one, name) for one in tickets]
        for name in ("pk", "last_mention_id", "last_inbound_at", "due_at", "unanswered_since")
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE tickets_ticket t SET last_mention_id = n.mention, last_inbound_at = n.inbound,
              due_at = n.due, unanswered_since = n.since
            FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[],
              %s::timestamptz[]) AS n(id, mention, inbound, due, since)
            WHERE t.id = n.id""",
            columns,
        )


def version_of(mention: Mention, post: Post) -> PostVersion:
    """Return the content of this version."""
    return PostVersion(
        mention=mention,
        network=mention.network,
        external_id=external_id_of(post.id),
        position=position_of(external_id_of(post.id)),
        language=post.language,
        written_at=post.created_at,
        **content_of(post),
    )


def content_of(post: Post) -> dict[str, Any]:
    """Return what is kept of a post, and goes when it is surely gone."""
    return {
        "text": post.text,
        "links": list(post.links),
        "media": list(post.media),
        "named": [one.as_data() for one in post.named],
        "extras": list(post.extras),
    }


def names_us(post: Post, account: ConnectedAccount) -> bool:
    """Whether the post names this account: by its number, whatever either of them is called today.

    Where X shows its notice in place of the words, it says nothing of whom they name; it shows the
    post as one that reached us.
    """
    return is_notice(post.extras) or post.names(
        number_of(account.external_id), account.handles_since(post.created_at)
    )


def quoted_of_ours(posts: list[Post], account: ConnectedAccount) -> set[int]:
    """Which of the quoted posts are ours."""
    quoted = {external_id_of(post.quoted) for post in posts if post.quoted}
    if not quoted:
        return set()
    ours = account.ownpost_set.filter(external_id__in=quoted)
    return {number_of(external_id) for external_id in ours.values_list("external_id", flat=True)}


def look_once_more(mention: Mention) -> None:
    """Look up by its id what a timeline shows and a look-up called gone.

    And believe that.
    """
    Mention.objects.filter(pk=mention.pk).update(
        gone_confirmed_at=None, seen_at=mention.gone_at or mention.seen_at
    )


def follow_edit(mention: Mention, post: Post, taken: Taken) -> None:
    """Keep a new version of a known post.

    The context version of its ticket moves, since the words are not those that were read.
    """
    this_version = PostVersion.objects.filter(
        network=mention.network, external_id=external_id_of(post.id)
    )
    known = this_version.first()
    if known:
        show_again(known, mention, post, taken)
        return
    lock_place_of(mention)
    if this_version.exists():
        return  # another reader was a moment faster
    version = version_of(mention, post)
    version.save(force_insert=True)
    newest = mention.versions.order_by("-position").first()
    Mention.objects.filter(pk=mention.pk).update(
        newest=newest,
        status=MentionState.EDITED,
        names_us=names_us(post, mention.account),
        reply_settings=post.reply_settings,
        updated_at=DeskNow(),
        seen_at=DeskNow(),
    )
    taken.edited += 1
    tell_ticket(mention, taken, ContextCause.EDITED, MentionState.EDITED)


def lock_place_of(mention: Mention) -> None:
    """Lock what the post belongs to: its ticket and what that is merged into, else itself."""
    if mention.ticket_id:
        locked_with_target(mention.ticket_id)
    else:
        lock_row(Mention, mention.pk)


def show_again(known: PostVersion, mention: Mention, post: Post, taken: Taken) -> None:
    """Keep what X shows again of a version that is empty here.

    It was gone, or had X's notice in place of its words.
    """
    is_withheld = not known.text and is_notice(known.extras)
    if not known.is_empty and (not is_withheld or is_notice(post.extras)):
        return
    lock_place_of(mention)
    PostVersion.objects.filter(pk=known.pk).update(**content_of(post))
    if is_withheld:
        tell_ticket(mention, taken, ContextCause.SHOWN_AGAIN, "shown_again")


def is_notice(extras: Iterable[dict[str, Any]]) -> bool:
    """Whether X's notice stands in place of the words."""
    return any(one.get("said") for one in extras)


def tell_ticket(mention: Mention, taken: Taken, cause: ContextCause, state: str) -> None:
    """Move the ticket's context version: the words are not those that were read."""
    if not mention.ticket_id:
        return
    ticket = locked_with_target(mention.ticket_id)
    raise_context_version(ticket, cause)
    taken.tickets |= {ticket.pk, ticket.in_charge.pk}
    note_waiting(ticket.in_charge, taken)
    record(
        events.MENTION_CHANGED,
        mention,
        topic=ticket,
        department_id=ticket.department_id,
        state=state,
    )
