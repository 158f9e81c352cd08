"""X, as the desk asks a network."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from networks import contract, text
from networks.errors import NetworkError
from networks.ids import Number
from networks.names import Network, Surface
from networks.pages import Page
from networks.x import answers
from networks.x.connection import Connection
from xapi import comparison, errors, payloads

MOST_NAMES = 8
CLOSED = {"following", "subscribers", "verified", "other"}  # who may reply, without us


class Text:
    """How X counts and reads a text."""

    limit = text.LIMIT
    most_cashtags = text.MOST_CASHTAGS
    links = text.URL
    handles = text.HANDLE
    cashtags = text.CASHTAG

    def weigh(self, words: str) -> int:
        """How many of the 280 characters X counts for these words."""
        return text.weighted_length(words)

    def normal(self, words: str) -> str:
        """Return the form in which the words are kept."""
        return text.normal(words)

    def behind_handles(self, words: str) -> str:
        """Return what a reply says after the handles in front."""
        return text.behind_handles(words)

    def pieces(
        self,
        words: str,
        links: Iterable[Mapping[str, Any]] = (),
        named: Iterable[Mapping[str, Any]] = (),
    ) -> list[text.Piece]:
        """Return the words cut into plain ones, links and handles."""
        return text.pieces(words, links, named)


class X:
    """X, reached by the client of `xapi`."""

    name = Network.X.value
    surfaces = (Surface.PUBLIC.value,)
    text: contract.TextRules = Text()
    # The timeline of mentions ends at 800 posts, fewer where some came in while it was read.
    limits = contract.Limits(pictures=4, may_miss=100, handed_out=700)

    def reply_case(self, *, reply_settings: str, names_us: bool, quotes_us: bool) -> str:
        """Whether X takes a reply by its rule for replies over the API, and why.

        Only to a post whose author named or quoted the account and lets it reply.
        """
        if reply_settings in CLOSED:
            return "restricted"
        if names_us:
            return "named"
        return "quoted" if quotes_us else "keyword"

    def open_connection(
        self,
        credentials: Mapping[str, str],
        *,
        base_url: str,
        timeout: float,
        vocabulary: str = "",
    ) -> contract.Connection:
        """Return an account's access, in the older vocabulary (`old`) or the newer (`new`)."""
        return Connection(
            credentials, base_url=base_url, timeout=timeout, vocabulary=vocabulary or "old"
        )

    def query_for(self, handles: Sequence[str]) -> str:
        """Return the search for everything that names or answers an account of these handles.

        The first eight of them: X takes 512 characters.
        """
        return " OR ".join(f"@{one} OR to:{one}" for one in handles[:MOST_NAMES])

    def read_page(self, body: Any) -> Page:
        """Read one kept answer; `ValueError` for one of another shape."""
        return answers.read_page(body)

    def read_post(self, raw: Any) -> contract.Post:
        """Read one kept post; raises one of `MISSHAPEN` for one of another shape."""
        return payloads.read_post(raw)

    def read_profile(self, raw: Any) -> contract.Profile:
        """Read one profile; raises one of `MISSHAPEN` for one of another shape."""
        return payloads.read_user(raw)

    def error_in(self, body: Any, *, outcome: str) -> NetworkError:
        """Return what an answer of status 200 says that holds errors alone."""
        return answers.in_desk_words(errors.errors_alone(body, outcome=outcome))

    def id_at(self, at: datetime) -> Number:
        """Return the smallest id that a post made at this time can have."""
        return payloads.id_at(at)

    def made_at(self, post_id: Number) -> datetime:
        """When an id was made: its upper bits are milliseconds."""
        return payloads.made_at(post_id)

    def says_the_same(self, sent: str, shown: contract.Post) -> bool:
        """Whether X made this post of the text that was sent."""
        return comparison.says_the_same(sent, shown.text, shown.written)
