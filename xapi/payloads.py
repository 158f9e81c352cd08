"""X's answers, read in both vocabularies ("tweet" and "post") into plain objects.

What cannot be read is set aside, not lost.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from xapi import attached
from xapi.attached import Includes
from xapi.comparison import SHORT_LINK, Written, ways_of
from xapi.errors import XError, errors_alone, last_segment
from xapi.naming import Named, has_entities, named_in_words, read_named
from xapi.pieces import place_in_plain
from xapi.text import plain

EPOCH_MS = 1288834974657
LARGEST = 2**63 - 1
PLAIN_DIGITS = re.compile(r"[0-9]+")
OF_A_POST = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/[A-Za-z0-9_]+/status/"
    r"(?P<id>[0-9]{1,19})(?:[/?#].*)?"
)
EARLIEST = datetime(2006, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
GONE = "resource-not-found"
HIDDEN = "not-authorized-for-resource"
NAMES_A_POST = {"", "tweet", "tweets", "post", "posts"}
MISSHAPEN = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class XUser:
    """Somebody on X, as delivered."""

    id: int
    handle: str
    name: str
    avatar_url: str = ""
    followers: int = 0
    protected: bool = False


@dataclass(frozen=True)
class XPost:
    """One version of a post.

    `text` is unescaped and whole (long posts too); `links` says what each t.co stands for and
    `start` where it stands, `written` every way X writes it. `media` and `extras` are what it has
    besides words (`xapi.attached`). Where X shows a notice in place of withheld words, there are no
    words: the notice stands in `extras`.
    """

    id: int
    version_ids: tuple[int, ...]
    author_id: int
    text: str
    created_at: datetime
    conversation_id: int
    replied_to: int | None = None
    quoted: int | None = None
    reposted: int | None = None
    named: tuple[Named, ...] = ()
    has_entities: bool = False
    links: tuple[dict[str, Any], ...] = ()
    media: tuple[dict[str, Any], ...] = ()
    extras: tuple[dict[str, Any], ...] = ()
    language: str = ""
    reply_settings: str = "everyone"
    written: tuple[Written, ...] = ()

    @property
    def key(self) -> int:
        """The first id of the edit history: it stays the same through every edit."""
        return self.version_ids[0]

    @property
    def expansions(self) -> dict[str, str]:
        """t.co link to full address."""
        return {one["url"]: one["expanded_url"] for one in self.links}

    def names(self, x_id: int, handles: Iterable[str]) -> bool:
        """Whether it names this account: by its number.

        Its handles count only where X gave no number, or no entities at all.
        """
        if any(one.id == x_id for one in self.named):
            return True
        letters = {one.lower() for one in handles}
        if self.named or self.has_entities:
            return any(one.id is None and one.handle in letters for one in self.named)
        return named_in_words(self.text, letters)


@dataclass(frozen=True)
class Unreadable:
    """A post that our reading does not understand: the raw object and why."""

    raw: Any
    why: str


@dataclass
class Page:
    """One page of a timeline, search or look-up.

    `missing` are posts that were not shown, by id, with the last segment of the problem's type.
    Where X told of errors alone `trouble` says which: then the page says nothing of what there is.
    """

    posts: list[XPost] = field(default_factory=list)
    users: dict[int, XUser] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    missing: dict[int, str] = field(default_factory=dict)
    newest_id: int | None = None
    next_token: str = ""
    trouble: XError | None = None

    def checked(self) -> "Page":
        """Return this page; raises its trouble, if it has one."""
        if self.trouble:
            raise self.trouble
        return self


def number(value: Any) -> int:
    """Return an id: 1 to 19 digits, as text.

    Floats and signs are refused, since they have lost digits already.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, str | int)
        or not PLAIN_DIGITS.fullmatch(str(value))
    ):
        raise ValueError(f"not an id: {value!r}"[:80])
    if not 0 < int(value) <= LARGEST:
        raise ValueError("an id out of range")
    return int(value)


def moment(value: Any) -> datetime:
    """Return a time in RFC 3339, between X's first days and the year 2200, in UTC."""
    if not isinstance(value, str):
        raise ValueError("not a time")
    parsed = datetime.fromisoformat(value.replace("Z", "+00:00"))
    parsed = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    if not EARLIEST <= parsed <= LATEST:
        raise ValueError("a time at which X was not there")
    return parsed.astimezone(UTC)


def made_at(post_id: int) -> datetime:
    """Return the time an id was made: its upper bits are milliseconds."""
    return datetime.fromtimestamp(((post_id >> 22) + EPOCH_MS) / 1000, UTC)


def id_at(at: datetime) -> int:
    """Return the smallest id a post made at this time can have."""
    return max(1, (int(at.timestamp() * 1000) - EPOCH_MS) << 22)


def read_page(body: Any) -> Page:
    """Read one answer.

    A body of another shape raises `ValueError`; a post of another shape becomes `Unreadable`.
    """
    if not isinstance(body, dict):
        raise ValueError("the answer is no JSON object")
    includes, meta = _dict(body.get("includes")), _dict(body.get("meta"))
    listed = _list(body.get("errors"))
    is_answer = bool(body.get("data")) or ("result_count" in meta and not listed)
    page = Page(
        next_token=str(meta.get("next_token") or ""),
        trouble=None if is_answer else errors_alone(body),
    )
    for raw in _list(includes.get("users")):
        try:
            user = read_user(raw)
            page.users[user.id] = user
        except MISSHAPEN:
            continue
    beside = attached.read_includes(includes)
    data = body.get("data") or []
    for raw in data if isinstance(data, list) else [data]:
        try:
            page.posts.append(read_post(raw, beside))
        except MISSHAPEN as wrong:
            page.unreadable.append(Unreadable(raw, f"{type(wrong).__name__}: {wrong}"[:200]))
    for post_id, kind in _missing(listed):
        if weight(kind) >= weight(page.missing.get(post_id, GONE)):
            page.missing[post_id] = kind
    try:
        page.newest_id = number(meta["newest_id"]) if meta.get("newest_id") else None
    except ValueError:
        page.newest_id = None
    return page


def weight(kind: str) -> int:
    """Of two errors about one post the less final one counts: anything else, hidden, gone."""
    if kind == GONE:
        return 0
    return 1 if kind == HIDDEN else 2


def read_post(raw: Any, beside: Includes | None = None) -> XPost:
    """Read one post in either vocabulary.

    Raises ValueError, TypeError or KeyError for one of another shape.
    """
    if not isinstance(raw, dict):
        raise ValueError("a post that is no object")
    beside = beside or Includes()
    post_id = number(raw["id"])
    note = _dict(raw.get("note_tweet") or raw.get("note_post"))
    delivered = note.get("text") or raw["text"]
    if not isinstance(delivered, str):
        raise ValueError("a text that is no text")
    urls = _urls(raw, note, delivered)
    references = dict(_references(raw.get("referenced_tweets") or raw.get("referenced_posts")))
    withheld = attached.withheld_of(raw, plain(delivered))
    is_notice = withheld is not None and withheld["said"] != ""
    text = without_own_links(plain(delivered), urls, references.get("quoted"))
    return XPost(
        id=post_id,
        version_ids=versions_of(raw, post_id),
        author_id=number(raw["author_id"]),
        text="" if is_notice else text.replace("\x00", "�"),
        created_at=moment(raw["created_at"]) if raw.get("created_at") else made_at(post_id),
        conversation_id=number(raw.get("conversation_id") or raw["id"]),
        replied_to=references.get("replied_to"),
        quoted=references.get("quoted"),
        reposted=references.get("retweeted"),
        named=read_named(raw, delivered),
        has_entities=has_entities(raw),
        links=() if is_notice else tuple(_links(urls, delivered)),
        media=tuple(attached.media_of(raw, beside)),
        extras=(*([withheld] if withheld else []), *attached.extras_of(raw, beside)),
        language="" if is_notice else str(raw.get("lang") or "")[:10],
        reply_settings=str(raw.get("reply_settings") or "everyone")[:30],
        written=tuple(_written(urls)),
    )


def versions_of(raw: dict[str, Any], post_id: int) -> tuple[int, ...]:
    """Return the ids of all versions of a post, ascending, its own among them."""
    history = _list(raw.get("edit_history_tweet_ids") or raw.get("edit_history_post_ids"))
    return tuple(sorted({*(number(one) for one in history if one != ""), post_id}))


def read_user(raw: Any) -> XUser:
    """Read one user; raises ValueError or KeyError."""
    counts = _dict(raw.get("public_metrics"))
    followers = counts.get("followers_count")
    return XUser(
        id=number(raw["id"]),
        handle=str(raw["username"])[:50],
        name=str(raw.get("name") or raw["username"])[:2000],
        avatar_url=str(raw.get("profile_image_url") or "")[:500],
        followers=followers if isinstance(followers, int) and 0 <= followers < 2**31 else 0,
        protected=raw.get("protected") is True,
    )


def without_own_links(text: str, urls: Any, quoted: int | None = None) -> str:
    """Return the text without the links that X puts at its end and shows nowhere.

    To its own media, to the post that it quotes.

    Whatever their order; other links among them stay.
    """
    hidden = {
        str(one["url"]): bool(one.get("media_key")) or leads_to(one, quoted)
        for one in reversed(_list(urls))
        if isinstance(one, dict) and SHORT_LINK.fullmatch(str(one.get("url")))
    }
    words, behind = text, ""
    while last := next((one for one in hidden if words.rstrip().endswith(one)), ""):
        before = words.rstrip().removesuffix(last)
        words = before.rstrip()
        if not hidden.pop(last):
            behind = before[len(words) :] + last + behind
    return (words + behind).lstrip() if words + behind != text else text


def leads_to(link: dict[str, Any], post_id: int | None) -> bool:
    """Whether a link is X's own to this post."""
    found = OF_A_POST.fullmatch(str(link.get("expanded_url")))
    return found is not None and int(found["id"]) == post_id


def _missing(errors: list) -> Iterator[tuple[int, str]]:
    """Which post each error is about (the newer vocabulary names it in `value`), and its type."""
    for one in errors:
        if isinstance(one, dict) and str(one.get("resource_type") or "") in NAMES_A_POST:
            named = str(one.get("resource_id") or one.get("value") or "")
            if named.isascii() and named.isdigit():
                yield int(named), last_segment(one.get("type") or "missing")


def _references(value: Any) -> Iterator[tuple[str, int]]:
    for one in _list(value):
        yield str(one["type"]), number(one["id"])


def _urls(raw: dict[str, Any], note: dict[str, Any], delivered: str) -> list:
    """Return the links that X names in these words.

    Of a long post the whole words' own, and of the cut words those that stand in the whole too.
    """
    own = _list(_dict(note.get("entities")).get("urls"))
    known = {str(one.get("url")) for one in own if isinstance(one, dict)}
    short = [
        one
        for one in _list(_dict(raw.get("entities")).get("urls"))
        if not note
        or (
            isinstance(one, dict)
            and str(one.get("url")) not in known
            and str(one.get("url")) in delivered
        )
    ]
    return [*own, *short]


def _links(value: Any, delivered: str) -> Iterator[dict[str, Any]]:
    for one in _list(value):
        if (
            isinstance(one, dict)
            and SHORT_LINK.fullmatch(str(one.get("url")))
            and not one.get("media_key")
        ):
            long = str(one.get("unwound_url") or one.get("expanded_url") or one["url"])
            place = place_in_plain(delivered, one)
            yield {
                "url": str(one["url"]),
                "expanded_url": long[:2000],
                "display_url": str(one.get("display_url") or long)[:300],
                **({"start": place} if place is not None else {}),
            }


def _written(value: Any) -> Iterator[Written]:
    found = [
        one
        for one in _list(value)
        if isinstance(one, dict) and SHORT_LINK.fullmatch(str(one.get("url")))
    ]
    for one in sorted(
        found, key=lambda entity: entity["start"] if isinstance(entity.get("start"), int) else 0
    ):
        yield Written(str(one["url"]), ways_of(one))


def _dict(value: Any) -> dict:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list:
    return value if isinstance(value, list) else []
