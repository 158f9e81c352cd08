"""What the desk asks of a network, and what it reads of an answer.

An adapter fulfils these protocols; `networks.registry.network_of` finds it by the network's name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from networks.errors import NetworkError
from networks.ids import Number
from networks.text import Finder, Found, Handle, Link, Piece

if TYPE_CHECKING:
    from networks.pages import Answer, Page


class Named(Protocol):
    """Somebody whom a post names: in small letters, and by number where the network gave one."""

    @property
    def handle(self) -> str:
        """The handle without its sign."""

    @property
    def id(self) -> Number | None:
        """The account's id; None where the network gave none."""

    def as_data(self) -> dict[str, Any]:
        """For keeping, as JSON; ids are text."""


class Profile(Protocol):
    """Somebody on a network, as delivered."""

    @property
    def id(self) -> Number:
        """The account's id, which stays when its names change."""

    @property
    def handle(self) -> str:
        """What one is called by, without a sign."""

    @property
    def name(self) -> str:
        """What one calls oneself."""

    @property
    def avatar_url(self) -> str:
        """The address of one's picture; empty for none."""

    @property
    def followers(self) -> int:
        """How many follow."""

    @property
    def protected(self) -> bool:
        """Whether only followers may read."""


class Post(Protocol):
    """One version of a post."""

    @property
    def id(self) -> Number:
        """The id of this version."""

    @property
    def key(self) -> Number:
        """The id that stays the same through every edit."""

    @property
    def version_ids(self) -> Sequence[Number]:
        """The ids of all versions, ascending, this one among them."""

    @property
    def author_id(self) -> Number:
        """Who wrote it."""

    @property
    def text(self) -> str:
        """The words, whole and unescaped; empty where a notice stands in their place."""

    @property
    def created_at(self) -> datetime:
        """When it was written."""

    @property
    def conversation_id(self) -> Number:
        """The conversation that it stands in."""

    @property
    def replied_to(self) -> Number | None:
        """The post that it answers."""

    @property
    def quoted(self) -> Number | None:
        """The post that it quotes."""

    @property
    def reposted(self) -> Number | None:
        """The post that it only passes on."""

    @property
    def named(self) -> Sequence[Named]:
        """Whom it names, as the network says."""

    @property
    def links(self) -> Sequence[Mapping[str, Any]]:
        """What each short link of the words stands for, and where it stands."""

    @property
    def media(self) -> Sequence[Mapping[str, Any]]:
        """Its pictures and films (`networks.attached`)."""

    @property
    def extras(self) -> Sequence[dict[str, Any]]:
        """What else it has besides words (`networks.attached`)."""

    @property
    def language(self) -> str:
        """The language by the network's guess; empty for none."""

    @property
    def reply_settings(self) -> str:
        """Who may answer it, in the network's word."""

    @property
    def written(self) -> Sequence[Any]:
        """How the network writes its links; only the network's `says_the_same` reads it."""

    @property
    def expansions(self) -> Mapping[str, str]:
        """From each short link to the address behind it."""

    def names(self, account_id: Number, handles: Iterable[str], /) -> bool:
        """Whether it names this account; its handles count only where no id is given."""


@dataclass(frozen=True)
class Limits:
    """What a network sets bounds to.

    `pictures` are the most of one post. A reading of `may_miss` posts or more may have missed some,
    and at `handed_out` the network has probably stopped handing out.
    """

    pictures: int
    may_miss: int
    handed_out: int


class TextRules(Protocol):
    """How a network counts and reads a text."""

    @property
    def limit(self) -> int:
        """The greatest weight of a post."""

    @property
    def most_cashtags(self) -> int:
        """How many ticker symbols one post may have."""

    @property
    def links(self) -> Finder[Link]:
        """Find what becomes a link."""

    @property
    def handles(self) -> Finder[Handle]:
        """Find who is named."""

    @property
    def cashtags(self) -> Finder[Found]:
        """Find ticker symbols."""

    def weigh(self, text: str) -> int:
        """How much of the limit this text takes."""

    def normal(self, text: str) -> str:
        """Return the form in which the text is kept."""

    def behind_handles(self, text: str) -> str:
        """Return what a reply says after the handles in front."""

    def pieces(
        self,
        text: str,
        links: Iterable[Mapping[str, Any]] = (),
        named: Iterable[Mapping[str, Any]] = (),
    ) -> list[Piece]:
        """Return the text cut into plain words, links and handles."""


class Connection(Protocol):
    """One account's access to its network.

    Every method raises `NetworkError`. `before` is called once, ahead of the first request, with
    the connection, and may refuse it; until it has let one pass, nothing is asked.
    """

    before: "Callable[[Connection], None] | None"

    def me(self) -> "Answer":
        """Whose access this is."""

    def mentions(
        self,
        user_id: Number,
        *,
        since_id: Number | None = None,
        token: str = "",
        most: int = 100,
    ) -> "Answer":
        """Return a page of posts that reached this account, newest first."""

    def own_posts(
        self,
        user_id: Number,
        *,
        since_id: Number | None = None,
        token: str = "",
        most: int = 100,
    ) -> "Answer":
        """Return a page of this account's own posts, newest first."""

    def posts(self, ids: list[Number]) -> "Answer":
        """Look posts up; which of them are missing, and why, stands on the page."""

    def search(
        self,
        query: str,
        *,
        since_id: Number | None = None,
        until_id: Number | None = None,
        token: str = "",
        most: int = 100,
    ) -> "Answer":
        """Return a page of posts that a search finds between these ids, newest first."""

    def upload_picture(self, picture: bytes) -> str:
        """Upload a picture for a later post and return what the network calls it."""

    def describe_picture(self, media_id: str, alt: str) -> None:
        """Give an uploaded picture its description."""

    def create_post(self, text: str, *, reply_to: Number, pictures: Sequence[str] = ()) -> Number:
        """Post a reply once and return its id; what an error means is its `outcome`."""

    def delete_post(self, post_id: Number) -> bool:
        """Delete a post; returns whether that was done now, False if it was gone."""

    def close(self) -> None:
        """Give the connection back."""


class Adapter(Protocol):
    """One network: how it is reached, how its answers and its texts are read."""

    @property
    def name(self) -> str:
        """The name in `networks.names.Network`."""

    @property
    def surfaces(self) -> Sequence[str]:
        """Where on it a text of ours can stand."""

    @property
    def text(self) -> TextRules:
        """How it counts and reads a text."""

    @property
    def limits(self) -> Limits:
        """What it sets bounds to."""

    def reply_case(self, *, reply_settings: str, names_us: bool, quotes_us: bool) -> str:
        """Whether it takes our reply to such a post, and why.

        It does: `named`, `quoted`. It does not: `restricted` by its author, `keyword` where the
        post has nothing to do with us but the words.
        """

    def open_connection(
        self,
        credentials: Mapping[str, str],
        *,
        base_url: str,
        timeout: float,
        vocabulary: str = "",
    ) -> Connection:
        """Return an account's access; nothing is asked yet.

        `base_url` is where the network answers, `timeout` is in seconds, `vocabulary` names one of
        the ways in which the network writes its answers (empty for the usual one).
        """

    def query_for(self, handles: Sequence[str]) -> str:
        """Return the search for everything that names or answers an account of these handles."""

    def read_page(self, body: Any) -> "Page":
        """Read one kept answer; `ValueError` for one of another shape."""

    def read_post(self, raw: Any) -> Post:
        """Read one kept post; raises one of `MISSHAPEN` for one of another shape."""

    def read_profile(self, raw: Any) -> Profile:
        """Read one profile; raises one of `MISSHAPEN` for one of another shape."""

    def error_in(self, body: Any, *, outcome: str) -> NetworkError:
        """Return what an answer says that holds errors in place of what was asked for."""

    def id_at(self, at: datetime) -> Number:
        """Return the smallest id that a post made at this time can have."""

    def made_at(self, post_id: Number) -> datetime:
        """When a post of this id was made."""

    def says_the_same(self, sent: str, shown: Post) -> bool:
        """Whether the network made this post of the text that was sent."""
