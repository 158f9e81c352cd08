"""The conversation of a ticket as a screen shows it.

Their posts, ours, third persons', and notes, in the order of time.
"""

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.safestring import SafeString

from core.database.prepared import Given, rows_of
from core.text import foreign_html
from core.text.direction import LTR, direction_of
from networks.ids import LARGEST
from networks.text import pieces
from tickets.conversations import folding, post_contents
from tickets.conversations.post_contents import Shape
from tickets.conversations.timeline import Told
from tickets.models import Mention, Note, OwnPost, PostVersion, Ticket
from tickets.querysets import conversations_of, has

Post = TypeVar("Post", Mention, OwnPost)
SHOWN_THEMSELVES = {"mention", "mentions", "note", "own_post"}
LAST = LARGEST  # a note of the same second stands below the posts


@dataclass
class Quoted:
    """The post that another one quotes, as far as the desk knows it.

    Words of posts that never reached us are not kept, only the way to them.
    """

    url: str
    name: str = ""
    handle: str = ""
    at: datetime | None = None
    html: SafeString = field(default_factory=SafeString)
    direction: str = LTR
    is_gone: bool = False
    shapes: list[Shape] = field(default_factory=list)


@dataclass
class Entry:
    """One thing in the conversation.

    `kind` is post, third, own, note, or crowd: a stretch that is folded. `place` orders within a
    second. `begins` has the number of the ticket whose conversation goes on from here, where
    tickets are merged and the post before is of another one.
    """

    kind: str
    at: datetime
    item: Any
    html: SafeString = field(default_factory=SafeString)
    versions: list[Any] = field(default_factory=list)
    url: str = ""
    before: list[Told] = field(default_factory=list)
    quoted: Quoted | None = None
    place: int = 0
    shapes: list[Shape] = field(default_factory=list)
    begins: int | None = None


def of_ticket(ticket: Ticket, keep: Collection[int] = ()) -> list[Entry]:
    """Return what the screen shows, oldest first, the crowd folded.

    The posts of tickets merged into it are among them. The mentions to `keep` are never folded.

    Four queries whatever the number, four more in a long conversation, two more where something is
    quoted, one more where the caller has not read what is merged into the ticket.
    """
    prefetch_related_objects([ticket], "merged")
    theirs = newest(ticket, mentions_of_given)
    ours = newest(ticket, own_posts_of_given) if may_have(ticket, "own posts") else []
    folds: list[Entry] = []
    if len(theirs) > folding.SMALL or len(ours) > folding.SMALL:
        rows, runs = folding.chosen(ticket, keep)
        theirs, ours = read(ticket, rows)
        folds = [Entry("crowd", run.at, run, place=run.position) for run in runs]
    tickets = [ticket, *ticket.merged.all()]
    notes = Note.objects.none()
    if may_have(ticket, "notes"):
        notes = Note.objects.filter(ticket__in=tickets).select_related("by__person")
    entries = in_order(
        [
            *entries_of(ticket, theirs, ours),
            *folds,
            *(Entry("note", one.at, one, place=LAST) for one in notes.order_by("at", "id")),
        ]
    )
    quote(entries, ticket.account.network)
    name_conversations(entries, ticket)
    return entries


def may_have(ticket: Ticket, what: str) -> bool:
    """Whether there may be any of this, in the ticket or in those merged into it."""
    return bool(ticket.merged.all()) or has(ticket, what)


def between(ticket: Ticket, first: str, last: str) -> list[Entry]:
    """Return what stands from one post to another, with a fold for the rest.

    By ids on X, empty for the ends.
    """
    prefetch_related_objects([ticket], "merged")
    rows, rest = folding.unfolded(ticket, first, last)
    entries = in_order(entries_of(ticket, *read(ticket, rows)))
    quote(entries, ticket.account.network)
    name_conversations(entries, ticket)
    return entries + ([Entry("crowd", rest.at, rest, place=rest.position)] if rest else [])


def newest(ticket: Ticket, posts: Callable[[Any, list[Any]], QuerySet[Post]]) -> list[Post]:
    """Return the newest of these posts of the ticket, one more than are shown without a fold."""
    conversations = conversations_of(ticket)
    names = [f"conversation {place}" for place in range(len(conversations))]
    return rows_of(
        (posts, len(names)),
        lambda: posts(Given("network"), [Given(name) for name in names])[: folding.SMALL + 1],
        network=ticket.account.network,
        **dict(zip(names, conversations, strict=True)),
    )


def mentions_in(ticket: Ticket) -> QuerySet[Mention]:
    """Return the posts of others in the conversation, newest first."""
    return mentions_of_given(ticket.account.network, conversations_of(ticket))


def mentions_of_given(network: Any, conversations: list[Any]) -> QuerySet[Mention]:
    """Return the posts of others in these conversations, newest first.

    With all that is shown of them.
    """
    return (
        Mention.objects.filter(
            network=network, conversation_id__in=conversations, ticket__isnull=False
        )
        .select_related("customer", "newest", "account")
        .order_by("-written_at", "-position")
    )


def own_posts_in(ticket: Ticket) -> QuerySet[OwnPost]:
    """Return our posts in the conversation, newest first."""
    return own_posts_of_given(ticket.account.network, conversations_of(ticket))


def own_posts_of_given(network: Any, conversations: list[Any]) -> QuerySet[OwnPost]:
    """Return our posts in these conversations, newest first."""
    return (
        OwnPost.objects.filter(network=network, conversation_id__in=conversations)
        .select_related("account")
        .order_by("-written_at", "-position")
    )


def read(ticket: Ticket, rows: list[folding.Row]) -> tuple[list[Mention], list[OwnPost]]:
    """Return the posts that were chosen, with their words."""
    return (
        list(mentions_in(ticket).filter(pk__in=[row.pk for row in rows if not row.is_ours])),
        list(own_posts_in(ticket).filter(pk__in=[row.pk for row in rows if row.is_ours])),
    )


def is_edited(mention: Mention) -> bool:
    """Whether there are earlier versions: a post is known by its first one, see `xapi.payloads`."""
    return mention.newest is not None and mention.newest.external_id != mention.external_id


def entries_of(ticket: Ticket, theirs: list[Mention], ours: list[OwnPost]) -> list[Entry]:
    """Each post as the screen shows it; earlier versions are read of those that have any."""
    prefetch_related_objects([one for one in theirs if is_edited(one)], "versions")
    entries = [
        Entry(
            "post" if one.customer_id == ticket.customer_id else "third",
            one.written_at,
            one,
            shown(one.newest),
            earlier_versions(one),
            on_x(one.customer.handle, (one.newest or one).external_id),
            place=one.position,
            shapes=post_contents.of(one.newest),
        )
        for one in theirs
    ]
    return entries + [
        Entry(
            "own",
            one.written_at,
            one,
            with_handles(one.text),
            url=on_x(one.account.handle, one.external_id),
            place=one.position,
            shapes=[] if one.through_desk else post_contents.of(one),
        )
        for one in ours
    ]


def earlier_versions(mention: Mention) -> list[PostVersion]:
    """Return its versions but the newest, the first one first."""
    if not is_edited(mention):
        return []
    return sorted(mention.versions.all(), key=lambda version: version.position)[:-1]


def in_order(entries: list[Entry]) -> list[Entry]:
    """By time; X gives whole seconds, and its ids say what came first within one.

    Database ids say only what reached us first.
    """
    return sorted(entries, key=lambda entry: (entry.at, entry.place))


def name_conversations(entries: list[Entry], ticket: Ticket) -> None:
    """Say at each post that another conversation goes on there, where tickets are merged."""
    numbers = {one.conversation_id: one.number for one in [*ticket.merged.all(), ticket]}
    if len(numbers) < 2:
        return
    before = ""
    for entry in entries:
        if entry.kind == "crowd":
            before = ""
        elif entry.kind != "note" and entry.item.conversation_id != before:
            before = entry.item.conversation_id
            entry.begins = numbers[before]


def quote(entries: list[Entry], network: str) -> None:
    """Put the quoted post into each entry that quotes one.

    Ours, one that reached us in whatever conversation, or the way to it on X.
    """
    wanted = {
        entry.item.quoted
        for entry in entries
        if entry.kind in {"post", "third"} and entry.item.quoted
    }
    if not wanted:
        return
    known: dict[str, Quoted] = {}
    for own in OwnPost.objects.filter(network=network, external_id__in=wanted).select_related(
        "account"
    ):
        known[own.external_id] = Quoted(
            on_x(own.account.handle, own.external_id),
            own.account.name,
            own.account.handle,
            own.written_at,
            with_handles(own.text),
            direction_of(own.text),
            own.is_gone,
        )
    for version in PostVersion.objects.filter(
        network=network, external_id__in=wanted
    ).select_related("mention__customer", "mention__newest"):
        mention = version.mention
        known[version.external_id] = Quoted(
            on_x(mention.customer.handle, version.external_id),
            mention.customer.name,
            mention.customer.handle,
            mention.written_at,
            shown(version),
            direction_of(version.text, version.language),
            mention.is_gone or version.is_empty,
            post_contents.of(version),
        )
    for entry in entries:
        if entry.kind in {"post", "third"} and entry.item.quoted and not entry.item.is_gone:
            entry.quoted = known.get(entry.item.quoted) or Quoted(on_x("i", entry.item.quoted))


def fold_in(entries: list[Entry], events: list[Told]) -> None:
    """Put what happened between two entries before the later one.

    What the conversation itself shows is left out.
    """
    waiting = deque(
        sorted(
            (one for one in events if one.name.partition(".")[0] not in SHOWN_THEMSELVES),
            key=lambda one: one.at,
        )
    )
    for place, entry in enumerate(entries):
        passed = []
        while waiting and waiting[0].at <= entry.at:
            passed.append(waiting.popleft())
        if place:
            entry.before = passed


def shown(version: Any) -> SafeString:
    """Their words unaltered, links by their display form."""
    return (
        foreign_html.words(pieces(version.text, version.links, version.named))
        if version
        else foreign_html.words([])
    )


def with_handles(text: str) -> SafeString:
    """Our words, with handles marked."""
    return foreign_html.words(pieces(text))


def on_x(handle: str, external_id: str) -> str:
    """Return the public address of a post."""
    if settings.X_IS_SIMULATED:
        return f"{settings.X_API_URL}/post/{external_id}"
    return f"https://x.com/{handle}/status/{external_id}"
