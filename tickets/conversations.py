"""The conversation of a ticket as a screen shows it: their posts, ours, third persons', and notes, in the order of time."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from core.characters import revealed
from core.models import Event
from tickets.models import Mention, Note, OwnPost, PostVersion, Ticket

SHOWN_THEMSELVES = {"mention", "mentions", "note", "own_post"}
HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})")


@dataclass
class Quoted:
    """The post that another one quotes, as far as the desk knows it: words of posts that never reached us are not kept, only the way to them."""

    url: str
    name: str = ""
    handle: str = ""
    at: datetime | None = None
    html: SafeString = field(default_factory=lambda: SafeString(""))
    is_gone: bool = False


@dataclass
class Entry:
    """One thing in the conversation. `kind` is post, third, own or note."""

    kind: str
    at: datetime
    item: Any
    html: SafeString = field(default_factory=lambda: SafeString(""))
    versions: list[Any] = field(default_factory=list)
    url: str = ""
    before: list[Event] = field(default_factory=list)
    quoted: Quoted | None = None


def of_ticket(ticket: Ticket) -> list[Entry]:
    """All entries, oldest first, in four queries whatever their number; two more where something is quoted."""
    mentions = Mention.objects.filter(conversation_id=ticket.conversation_id, ticket__isnull=False).select_related(
        "customer", "newest", "account").prefetch_related("versions").order_by("id")[:400]
    entries = [Entry("post" if one.customer_id == ticket.customer_id else "third", one.written_at, one, shown(one.newest),
                     sorted(one.versions.all(), key=lambda version: version.x_id)[:-1],
                     on_x(one.customer.handle, one.newest.x_id if one.newest else one.x_key)) for one in mentions]
    entries += [Entry("own", one.written_at, one, with_handles(one.text), url=on_x(one.account.handle, one.x_id))
                for one in OwnPost.objects.filter(conversation_id=ticket.conversation_id).select_related("account").order_by("id")[:200]]
    quote(entries)
    entries += [Entry("note", one.at, one) for one in Note.objects.filter(ticket=ticket).select_related("by__person").order_by("id")[:200]]
    return sorted(entries, key=lambda entry: entry.at)


def quote(entries: list[Entry]) -> None:
    """Put the quoted post into each entry that quotes one: ours, one that reached us in whatever conversation, or the way to it on X."""
    wanted = {entry.item.quoted for entry in entries if entry.kind in {"post", "third"} and entry.item.quoted}
    if not wanted:
        return
    known: dict[int, Quoted] = {}
    for own in OwnPost.objects.filter(x_id__in=wanted).select_related("account"):
        known[own.x_id] = Quoted(on_x(own.account.handle, own.x_id), own.account.name, own.account.handle, own.written_at, with_handles(own.text), own.is_gone)
    for version in PostVersion.objects.filter(x_id__in=wanted).select_related("mention__customer", "mention__newest"):
        mention = version.mention
        known[version.x_id] = Quoted(on_x(mention.customer.handle, version.x_id), mention.customer.name, mention.customer.handle, mention.written_at,
                                     shown(version), mention.is_gone or not version.text)
    for entry in entries:
        if entry.kind in {"post", "third"} and entry.item.quoted and not entry.item.is_gone:
            entry.quoted = known.get(entry.item.quoted) or Quoted(on_x("i", entry.item.quoted))


def fold_in(entries: list[Entry], events: list[Event]) -> None:
    """Put what happened between two entries before the later one; what the conversation itself shows is left out."""
    told = sorted((one for one in events if one.name.partition(".")[0] not in SHOWN_THEMSELVES), key=lambda one: one.at)
    last: Entry | None = None
    for entry in entries:
        if last is not None:
            entry.before = [one for one in told if last.at < one.at <= entry.at]
        last = entry


def shown(version: Any) -> SafeString:
    """Their words unaltered, links by their display form; everything escaped."""
    if version is None:
        return SafeString("")
    html = with_handles(version.text)
    for link in version.links:
        target = link["expanded_url"] if urlsplit(link["expanded_url"]).scheme in {"http", "https"} else ""
        anchor = format_html('<a href="{}" rel="noopener nofollow noreferrer" target="_blank">{}</a>', target, revealed(link["display_url"])) if target \
            else escape(revealed(link["display_url"]))
        html = SafeString(html.replace(escape(link["url"]), anchor))
    return html


def with_handles(text: str) -> SafeString:
    """Escaped text with its handles marked."""
    pieces, last = [], 0
    for match in HANDLE.finditer(text):
        pieces += [("", text[last:match.start()]), ("@", match.group(1))]
        last = match.end()
    pieces.append(("", text[last:]))
    return format_html_join("", "{}", (
        (format_html('<span class="handle">@{}</span>', part) if sign else revealed(part),) for sign, part in pieces))


def on_x(handle: str, x_id: int) -> str:
    """The public address of a post."""
    if settings.X_IS_SIMULATED:
        return f"{settings.X_API_URL}/post/{x_id}"
    return f"https://x.com/{handle}/status/{x_id}"


