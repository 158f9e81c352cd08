"""Looking our tickets' posts up on X.

What was edited, deleted or hidden meanwhile, and what we posted there besides the desk.

Only `resource-not-found` says that a post is gone, only `not-authorized-for-resource` that it
is hidden from us. After anything else nothing moves and the post is asked for again. What X
calls gone is asked for again too: its content goes only once X said so twice, an hour apart,
and where X shows the post after all, it stands here again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from networks import pages
from networks.contract import Connection, Post
from networks.errors import ACCOUNT_WIDE
from networks.ids import external_id_of, number_of, position_of
from tickets import events
from tickets.accounts import read_failures
from tickets.ingestion.intake import Taken, follow_edit, is_notice, names_us
from tickets.lifecycle import raise_context_version, reopen_with_post, resolve_without_posts
from tickets.merging.locking import locked_with_target, locked_with_targets
from tickets.models import ConnectedAccount, Mention, OwnPost
from tickets.states import ACTIVE, GONE, AccountState, Asked, ContextCause, MentionState

EVERY = timedelta(seconds=60)
EVERY_GONE = timedelta(minutes=10)
APART = timedelta(hours=1)
AT_ONCE = 100
FINAL = {pages.GONE: MentionState.DELETED, pages.HIDDEN: MentionState.HIDDEN}


@dataclass
class Looked:
    """How many posts changed, and of which (by row) X said neither that they stand nor are gone."""

    changed: int = 0
    unclear: dict[int, str] = field(default_factory=dict)


def follow_open_tickets() -> int:
    """Look up the posts of tickets somebody works on, and what is not surely gone.

    The longest unseen first. Returns how many changed.
    """
    changed = 0
    for account in ConnectedAccount.objects.exclude(status=AccountState.REVOKED).select_related(
        "department"
    ):
        due = due_of(account)
        if not due:
            continue
        with read_failures.asking(account, Asked.POSTS) as client:
            changed += look_up(due, client).changed
    return changed


def due_of(account: ConnectedAccount) -> list[Mention]:
    """Return which posts of this account to ask for now, the longest unseen first.

    Each way of being due is a statement of its own: asked together, PostgreSQL reads every post
    there is.
    """
    now = desk_now()
    stand = Mention.objects.filter(account=account, seen_at__lt=now - EVERY).exclude(
        status__in=GONE
    )
    unsure = Mention.objects.filter(
        account=account,
        gone_at__isnull=False,
        gone_confirmed_at__isnull=True,
        seen_at__lt=now - EVERY_GONE,
    )
    ways = (
        stand.filter(ticket__status__in=ACTIVE),
        stand.filter(ticket__merged_into__status__in=ACTIVE),
        unsure,
    )
    seen = {
        pk: at
        for way in ways
        for pk, at in way.order_by("seen_at").values_list("pk", "seen_at")[:AT_ONCE]
    }
    oldest = sorted(seen, key=lambda pk: (seen[pk], pk))[:AT_ONCE]
    posts = Mention.objects.filter(pk__in=oldest).select_related("account", "newest")
    return list(posts.order_by("seen_at"))


def look_up(mentions: list[Mention], client: Connection) -> Looked:
    """Ask X for these posts (at most 100) and keep what it says. Raises `NetworkError`."""
    by_id = {number_of((one.newest or one).external_id): one for one in mentions}
    page = client.posts(list(by_id)).page()
    if page.trouble and page.trouble.code in ACCOUNT_WIDE:
        raise page.trouble
    looked = Looked()
    shown = {post.key: post for post in page.posts}
    for number, mention in by_id.items():
        said = page.missing.get(number, "")
        if post := shown.get(number_of(mention.external_id)):
            looked.changed += note_seen(mention, post)
        elif said in FINAL:
            looked.changed += note_gone(mention, FINAL[said])
        else:
            looked.unclear[mention.pk] = said
            note_unclear(mention)
    return looked


@transaction.atomic
def note_seen(mention: Mention, post: Post) -> int:
    """Note that the post is there.

    Perhaps in a new version, perhaps after X had said that it is gone.
    """
    back = stand_again(mention, post) if mention.is_gone else 0
    taken = Taken()
    follow_edit(mention, post, taken)
    Mention.objects.filter(pk=mention.pk).update(
        seen_at=DeskNow(),
        unclear_since=None,
        reply_settings=post.reply_settings,
        names_us=mention.names_us if is_notice(post.extras) else names_us(post, mention.account),
    )
    return taken.edited or back


def stand_again(mention: Mention, post: Post) -> int:
    """X shows what it had called gone: it stands again, and the context of its ticket changes."""
    ticket = locked_with_target(mention.ticket_id) if mention.ticket_id else None
    back = Mention.objects.filter(pk=mention.pk, status__in=GONE).update(
        status=MentionState.EDITED if len(post.version_ids) > 1 else MentionState.LIVE,
        gone_at=None,
        gone_confirmed_at=None,
        updated_at=DeskNow(),
    )
    if back and ticket:
        raise_context_version(ticket, ContextCause.SHOWN_AGAIN)
        record(
            events.MENTION_CHANGED,
            mention,
            topic=ticket,
            department_id=ticket.department_id,
            state="shown_again",
        )
        reopen_with_post(ticket.in_charge)
    return back


@transaction.atomic
def note_gone(mention: Mention, state: MentionState) -> int:
    """X says that the post was deleted or is not visible to us: the context of its ticket changes.

    Said again an hour later at least, it is certain, and the content may go.
    """
    ticket = locked_with_target(mention.ticket_id) if mention.ticket_id else None
    row = Mention.objects.filter(pk=mention.pk)
    row.update(seen_at=DeskNow(), unclear_since=None)
    changed = row.exclude(status=state).update(
        status=state, gone_at=Coalesce("gone_at", DeskNow()), updated_at=DeskNow()
    )
    row.filter(gone_confirmed_at__isnull=True, gone_at__lte=desk_now() - APART).update(
        gone_confirmed_at=DeskNow()
    )
    if changed and ticket:
        raise_context_version(
            ticket, ContextCause.DELETED if state == MentionState.DELETED else ContextCause.HIDDEN
        )
        record(
            events.MENTION_CHANGED,
            mention,
            topic=ticket,
            department_id=ticket.department_id,
            state=state,
        )
        resolve_without_posts(ticket.in_charge)
    return changed


def note_unclear(mention: Mention) -> None:
    """X said neither: nothing moves. Asked for again after the others."""
    Mention.objects.filter(pk=mention.pk).update(
        seen_at=DeskNow(), unclear_since=Coalesce("unclear_since", DeskNow())
    )


def note_own_posts(posts: Iterable[Post], account: ConnectedAccount) -> list[OwnPost]:
    """Keep those of our own posts that the desk did not send; returns the new ones."""
    return [
        own
        for post in not_kept(posts, account)
        if (own := appear(post, account, through_desk=False))
    ]


def not_kept(posts: Iterable[Post], account: ConnectedAccount) -> list[Post]:
    """Those of our posts that the desk has not kept as ours."""
    posts = list(posts)
    kept = set(
        OwnPost.objects.filter(
            network=account.network, external_id__in=[external_id_of(post.id) for post in posts]
        ).values_list("external_id", flat=True)
    )
    return [post for post in posts if external_id_of(post.id) not in kept]


@transaction.atomic
def appear(post: Post, account: ConnectedAccount, *, through_desk: bool) -> OwnPost | None:
    """Keep that a post of ours stands on X.

    Keep it as X shows it and raise the context version of the tickets of its conversation.

    None if it is known already.
    """
    conversation = external_id_of(post.conversation_id)
    here = Q(conversation_id=conversation, account__network=account.network)
    tickets = [one for one in locked_with_targets(here) if one.conversation_id == conversation]
    own, new = OwnPost.objects.get_or_create(
        network=account.network,
        external_id=external_id_of(post.id),
        defaults={
            "position": position_of(external_id_of(post.id)),
            "account": account,
            "conversation_id": conversation,
            "replied_to": external_id_of(post.replied_to),
            "text": with_long_links(post),
            "media": list(post.media),
            "extras": list(post.extras),
            "through_desk": through_desk,
            "written_at": post.created_at,
        },
    )
    if not new:
        return None
    for ticket in tickets:
        raise_context_version(
            ticket, ContextCause.OUR_POST if through_desk else ContextCause.OTHER_POST
        )
    if not through_desk:
        department = tickets[0].department_id if tickets else account.department_id
        record(
            events.OWN_POST_APPEARED,
            own,
            topic=tickets[0] if tickets else account,
            department_id=department,
        )
    return own


def with_long_links(post: Post) -> str:
    """Return the words of a post with the addresses behind its short links."""
    text = post.text
    for short, long in post.expansions.items():
        text = text.replace(short, long)
    return text
