"""The entries of a conversation, prepared in one place: what a post, a note and a fold show.

Whoever draws them asks nothing any more. Words of others are HTML that `core.text.foreign_html`
has made, or
plain text, which the template escapes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.screens.icons import icon
from core.text import formatting, languages
from core.text.characters import revealed
from core.text.direction import direction_of
from tickets.conversations import post_contents
from tickets.conversations.post_contents import Shape
from tickets.conversations.thread import Entry, Quoted
from tickets.conversations.timeline import Told
from tickets.models import Mention, PostVersion, Ticket
from tickets.states import MentionState


@dataclass(frozen=True)
class Version:
    """An earlier version of a post: when it was written, and its words in a line."""

    at: str
    words: str
    direction: str


@dataclass(frozen=True)
class QuotedPost:
    """The post inside another one. Without a `name` the desk knows only the way to it."""

    url: str
    name: str
    handle: str
    at: str
    exact: str
    html: SafeString
    direction: str
    is_gone: bool
    shapes: Sequence[Shape]


@dataclass(frozen=True)
class Conversation:
    """One of several conversations that stand together; without address it is the ticket's own."""

    words: str
    address: str = ""


@dataclass(frozen=True)
class Post:
    """A post as the conversation shows it. `kind` is post, third or own.

    `gone` says what became of a post that X no longer shows, `chip` what is special about it;
    `before` is what happened since the entry above. `begins` names the conversation that goes on
    from here, where several tickets are merged, with the page of its ticket behind it.
    """

    kind: str
    key: int
    place: int
    before: Sequence[Told]
    picture: str
    name: str
    handle: str
    url: str
    at: str
    exact: str
    chip: str
    x_icon: SafeString
    html: SafeString
    language: str
    language_name: str
    direction: str
    gone: str
    is_unclear: bool
    quoted: QuotedPost | None
    shapes: Sequence[Shape]
    pictures: Sequence[Any]
    pair: tuple[str, str] | None
    versions: Sequence[Version]
    is_target: bool
    may_be_kept: bool
    begins: Conversation | None = None


@dataclass(frozen=True)
class InternalNote:
    """A colleague's remark between the posts."""

    before: Sequence[Told]
    text: str
    direction: str
    by: str
    at: str
    kind: str = "note"


@dataclass(frozen=True)
class Fold:
    """Posts that are folded: how many, and the addresses of their page and of the part for here."""

    before: Sequence[Told]
    first: int
    count: int
    address: str
    kind: str = "crowd"

    @property
    def part(self) -> str:
        """The address of the posts alone, for a fold that is opened in place."""
        return f"{self.address}&part=1"


@dataclass(frozen=True)
class Around:
    """What else is known of a conversation when it is drawn.

    `target` is the post that is answered, `pictures` what went with our replies by their ids on X,
    `keeps` whether the reader may keep a reply of ours for later, `pairs` the initials of who
    wrote and who approved each reply of ours, by its id on X.
    """

    ticket: Ticket
    target: Mention | None = None
    pictures: Mapping[int, Sequence[Any]] | None = None
    keeps: bool = False
    pairs: Mapping[str, tuple[str, str]] | None = None


def prepared(entries: Iterable[Entry], around: Around) -> list[Post | InternalNote | Fold]:
    """Return the entries of a conversation ready to be drawn, in their order; no query."""
    return [one_of(entry, around) for entry in entries]


def one_of(entry: Entry, around: Around) -> Post | InternalNote | Fold:
    """Return one entry, as what it is."""
    if entry.kind == "note":
        return InternalNote(
            entry.before,
            entry.item.text,
            direction_of(entry.item.text),
            entry.item.by.person.name,
            formatting.short(entry.at),
        )
    if entry.kind == "crowd":
        between = reverse("between", args=[around.ticket.number])
        run = entry.item
        return Fold(
            entry.before, run.first, run.count, f"{between}?first={run.first}&last={run.last}"
        )
    return post_of(entry, around)


def post_of(entry: Entry, around: Around) -> Post:
    """Return a post, theirs or ours."""
    item, is_ours = entry.item, entry.kind == "own"
    author = item.account if is_ours else item.customer
    code = "" if is_ours else language_of(item)
    return Post(
        kind=entry.kind,
        key=item.pk,
        place=entry.place,
        before=entry.before,
        picture=author.avatar_url,
        name=author.name,
        handle=author.handle,
        url=entry.url,
        at=formatting.short(entry.at),
        exact=formatting.when(entry.at),
        chip=chip_of(entry),
        x_icon=icon("post-x", 14, "X"),
        html=entry.html,
        language=languages.tag_of(code),
        language_name=name_of_other_language(code),
        direction=direction_of(words_of(entry), code),
        gone=gone_sentence(entry),
        is_unclear=not is_ours and not item.is_gone and item.unclear_since is not None,
        quoted=quoted_post(entry.quoted) if entry.quoted else None,
        shapes=() if item.is_gone else entry.shapes,
        pictures=(around.pictures or {}).get(item.external_id, ()) if is_ours else (),
        pair=(around.pairs or {}).get(item.external_id) if is_ours else None,
        versions=[version_of(one) for one in entry.versions],
        is_target=not is_ours and around.target is not None and around.target.pk == item.pk,
        may_be_kept=is_ours and around.keeps and not item.is_gone,
        begins=conversation_of(entry, around.ticket) if entry.begins else None,
    )


def conversation_of(entry: Entry, ticket: Ticket) -> Conversation:
    """Name the conversation that goes on with this post, by the number of its ticket."""
    if entry.begins == ticket.number:
        return Conversation(_("In this ticket’s own conversation"))
    words = _("In the conversation of ticket {number}, merged into this one")
    address = reverse("ticket", args=[entry.begins])
    return Conversation(words.format(number=entry.begins), address)


def chip_of(entry: Entry) -> str:
    """Return what is special about who wrote the post; empty where nothing is."""
    if entry.kind == "own":
        return "" if entry.item.through_desk else _("Without desk")
    return _("Third person") if entry.kind == "third" else ""


def language_of(mention: Mention) -> str:
    """Return the language of a post as X names it."""
    return mention.newest.language if mention.newest else ""


def name_of_other_language(code: str) -> str:
    """Return the language's name where the reader's is another one; empty where X names none."""
    tag = languages.tag_of(code)
    is_readers = tag.partition("-")[0] == (get_language() or "en").partition("-")[0]
    return "" if is_readers or tag == languages.UNKNOWN else languages.name_of(code)


def words_of(entry: Entry) -> str:
    """Return what the post says, as plain text."""
    if entry.kind == "own":
        return entry.item.text
    return entry.item.newest.text if entry.item.newest else ""


def gone_sentence(entry: Entry) -> str:
    """Return what became of a post that X no longer shows; empty where it stands."""
    item = entry.item
    if not item.is_gone:
        return ""
    if entry.kind == "own":
        return _("Our reply, no longer on X:")
    is_deleted = item.status == MentionState.DELETED
    if item.gone_confirmed_at:
        if is_deleted:
            return _("Deleted on X. It cannot be answered any more.")
        return _("No longer visible to us on X.")
    if is_deleted:
        return _(
            "X no longer finds this post. The desk asks again; until that is certain its content "
            "is kept here."
        )
    return _(
        "X no longer shows us this post. The desk asks again; until that is certain its content is "
        "kept here."
    )


def version_of(version: PostVersion) -> Version:
    """Return an earlier version, its words in a line."""
    words = post_contents.in_a_line(version)
    return Version(
        formatting.short(version.written_at),
        revealed(words),
        direction_of(words, version.language),
    )


def quoted_post(quoted: Quoted) -> QuotedPost:
    """Return the post that another one quotes, with its times in words."""
    return QuotedPost(
        quoted.url,
        quoted.name,
        quoted.handle,
        formatting.short(quoted.at) if quoted.at else "",
        formatting.when(quoted.at) if quoted.at else "",
        quoted.html,
        quoted.direction,
        quoted.is_gone,
        quoted.shapes,
    )
