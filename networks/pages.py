"""Answers of a network and what is read of them; and posts and profiles that the desk itself knows.

The posts on a page are those of the adapter, as it read them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from networks.contract import Named, Post, Profile
from networks.errors import NetworkError
from networks.ids import Number

# Why a post is missing on a page: only these two are certain.
GONE = "resource-not-found"
HIDDEN = "not-authorized-for-resource"


@dataclass(frozen=True)
class Unreadable:
    """A post that our reading does not understand: the raw object and why."""

    raw: Any
    why: str


@dataclass
class Page:
    """One page of a timeline, search or look-up.

    `missing` are posts that were not shown, by id, with the reason (`GONE`, `HIDDEN` or another).
    Where the network told of errors alone `trouble` says which: then the page says nothing of what
    there is.
    """

    posts: list[Post] = field(default_factory=list)
    users: dict[Number, Profile] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    missing: Mapping[Number, str] = field(default_factory=dict)
    newest_id: Number | None = None
    next_token: str = ""
    trouble: NetworkError | None = None

    def checked(self) -> "Page":
        """Return this page; raises its trouble, if it has one."""
        if self.trouble:
            raise self.trouble
        return self


class Answer(dict[str, Any]):
    """The body of an answer as it came, fit to be stored; its network reads it."""

    def __init__(self, body: Mapping[str, Any], read: Callable[[Any], Page]) -> None:
        super().__init__(body)
        self._read = read

    def page(self) -> Page:
        """Read it as a page of posts; `ValueError` for one of another shape."""
        return self._read(self)


@dataclass(frozen=True)
class KnownProfile:
    """A profile of which the desk knows only what stands here."""

    id: Number
    handle: str
    name: str
    avatar_url: str = ""
    followers: int = 0
    protected: bool = False


@dataclass(frozen=True)
class KnownPost:
    """A post as the desk itself knows it: what it sent, or kept earlier."""

    id: Number
    version_ids: tuple[Number, ...]
    author_id: Number
    text: str
    created_at: datetime
    conversation_id: Number
    replied_to: Number | None = None
    quoted: Number | None = None
    reposted: Number | None = None
    named: Sequence[Named] = ()
    links: Sequence[Mapping[str, Any]] = ()
    media: Sequence[Mapping[str, Any]] = ()
    extras: Sequence[dict[str, Any]] = ()
    language: str = ""
    reply_settings: str = ""
    written: Sequence[Any] = ()
    expansions: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Number:
        """The id that stays the same through every edit."""
        return self.version_ids[0]

    def names(self, account_id: Number, _handles: Iterable[str], /) -> bool:
        """Whether it names this account, as far as the desk knows: by its id."""
        return any(one.id == account_id for one in self.named)
