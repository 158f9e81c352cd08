"""Looking our tickets' posts up on X: what was edited, deleted or hidden meanwhile, and what we posted there besides the desk."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from core.audit import record
from core.clock import desk_now
from core.guards import DeskNow
from core.locking import lock_row
from tickets import events
from tickets.credentials import client_for
from tickets.ingestion import Taken, follow_edit
from tickets.lifecycle import raise_ground
from tickets.models import ConnectedAccount, Mention, OwnPost, Ticket
from tickets.states import ACTIVE, AccountState, Ground, MentionState
from xapi.client import XClient
from xapi.errors import XError
from xapi.payloads import XPost, read_page

EVERY = timedelta(seconds=60)
AT_ONCE = 100


def follow_open_tickets() -> int:
    """Look up the posts of tickets somebody works on, the longest unseen first; returns how many changed."""
    changed = 0
    for account in ConnectedAccount.objects.exclude(status=AccountState.REVOKED).select_related("department"):
        due = list(Mention.objects.filter(account=account, ticket__status__in=ACTIVE, seen_at__lt=desk_now() - EVERY).exclude(
            status__in=[MentionState.DELETED, MentionState.HIDDEN]).order_by("seen_at")[:AT_ONCE])
        if not due:
            continue
        client = client_for(account)
        try:
            changed += look_up(due, client)
        except XError:
            continue
        finally:
            client.close()
    return changed


def look_up(mentions: list[Mention], client: XClient) -> int:
    """Ask X for these posts (at most 100) and keep what it says; returns how many changed. Raises `XError`."""
    by_id = {(mention.newest.x_id if mention.newest else mention.x_key): mention for mention in mentions}
    page = read_page(client.posts(list(by_id)))
    changed = 0
    shown = {post.key: post for post in page.posts}
    for x_id, mention in by_id.items():
        if post := shown.get(mention.x_key):
            changed += note_seen(mention, post)
        elif x_id in page.missing:
            hidden = page.missing[x_id] == "not-authorized-for-resource"
            changed += note_gone(mention, MentionState.HIDDEN if hidden else MentionState.DELETED)
    return changed


@transaction.atomic
def note_seen(mention: Mention, post: XPost) -> int:
    """The post is there; perhaps in a new version."""
    taken = Taken()
    follow_edit(mention, post, taken)
    Mention.objects.filter(pk=mention.pk).update(seen_at=DeskNow(), reply_settings=post.reply_settings)
    return taken.edited


@transaction.atomic
def note_gone(mention: Mention, state: MentionState) -> int:
    """The post was deleted or is no longer visible to us: the ground of its ticket moves."""
    if mention.ticket_id:
        lock_row(Ticket, mention.ticket_id)
    changed = Mention.objects.filter(pk=mention.pk).exclude(status=state).update(status=state, seen_at=DeskNow(), updated_at=DeskNow())
    if changed and mention.ticket_id:
        ticket = Ticket.objects.get(pk=mention.ticket_id)
        raise_ground(ticket, Ground.DELETED if state == MentionState.DELETED else Ground.HIDDEN)
        record(events.MENTION_CHANGED, mention, topic=ticket, department_id=ticket.department_id, state=state)
    return changed


def note_own_posts(posts: Iterable[XPost], account: ConnectedAccount) -> list[OwnPost]:
    """Keep those of our own posts that the desk did not send; returns the new ones."""
    posts = list(posts)
    known = set(OwnPost.objects.filter(x_id__in=[post.id for post in posts]).values_list("x_id", flat=True))
    return [own for post in posts if post.id not in known and (own := appear(post, account, through_desk=False))]


@transaction.atomic
def appear(post: XPost, account: ConnectedAccount, *, through_desk: bool) -> OwnPost | None:
    """A post of ours stands on X: keep it as X shows it and raise the ground of the tickets of its conversation.

    None if it is known already.
    """
    tickets = list(Ticket.objects.select_for_update(no_key=True).filter(conversation_id=post.conversation_id).order_by("id"))
    own, new = OwnPost.objects.get_or_create(x_id=post.id, defaults={
        "account": account, "conversation_id": post.conversation_id, "replied_to": post.replied_to, "text": with_long_links(post),
        "through_desk": through_desk, "written_at": post.created_at})
    if not new:
        return None
    for ticket in tickets:
        raise_ground(ticket, Ground.OUR_POST if through_desk else Ground.OTHER_POST)
    if not through_desk:
        department = tickets[0].department_id if tickets else account.department_id
        record(events.OWN_POST_APPEARED, own, topic=tickets[0] if tickets else account, department_id=department)
    return own


def with_long_links(post: XPost) -> str:
    """The words of a post with the addresses behind its short links."""
    text = post.text
    for short, long in post.expansions.items():
        text = text.replace(short, long)
    return text
