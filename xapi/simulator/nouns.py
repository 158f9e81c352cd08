"""What there is on the simulated X: users, posts in their versions, direct messages, uploads.

And what X answers when it will not.
"""

from dataclasses import dataclass, field

EPOCH_MS = 1288834974657  # from when the ids count


def is_id(text: str) -> bool:
    """Whether this is the number of something: plain digits, not too many."""
    return text.isascii() and text.isdigit() and len(text) < 20


class Refused(Exception):
    """X would not do this: HTTP status, problem type (its bare name) and sentence, in X's wording.

    `more` is what else the problem says.
    """

    def __init__(
        self, status: int, detail: str, *, kind: str = "about:blank", title: str = "", **more: str
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind, self.more = status, detail, kind, more
        self.title = title or {
            400: "Invalid Request",
            401: "Unauthorized",
            403: "Forbidden",
            404: "Not Found Error",
        }.get(status, "Error")


@dataclass
class User:
    """Somebody on the simulated X."""

    id: int
    username: str
    name: str
    bio: str = ""
    followers: int = 0
    hue: int = 0
    protected: bool = False
    account: bool = False
    receives_dm: bool = True
    blocked: list[int] = field(default_factory=list)
    former: list[str] = field(default_factory=list)


@dataclass
class Post:
    """One version of a post.

    `versions` holds the ids of all versions, oldest first; the newest one is shown.

    Besides words: `media`; a `poll` with its options and the minutes it is open; an `article` and a
    `place` by title and names; the address of a `card`; the numbers of community notes; the
    countries in which the post is `withheld`.
    """

    id: int
    author: int
    text: str
    at: int
    conversation: int
    reply_to: int | None = None
    quoted: int | None = None
    named: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    media: list[dict] = field(default_factory=list)
    lang: str = ""
    reply_settings: str = "everyone"
    shown_from: int = 0
    deleted: bool = False
    repost_of: int | None = None
    hidden: bool = False
    withheld: list[str] = field(default_factory=list)
    poll: dict = field(default_factory=dict)
    article: dict = field(default_factory=dict)
    place: dict = field(default_factory=dict)
    card: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass
class Message:
    """A direct message between two users."""

    id: int
    sender: int
    to: int
    text: str
    at: int
    media: list[str] = field(default_factory=list)

    @property
    def conversation(self) -> str:
        """The name that X gives to a conversation of two: smaller id, larger id."""
        return "-".join(map(str, sorted((self.sender, self.to))))


@dataclass
class Upload:
    """A picture, GIF or video that a user uploaded.

    `data` is base64, as it stands in the history.
    """

    id: int
    owner: int
    category: str
    kind: str
    at: int
    data: str = ""
    size: int = 0
    alt_text: str = ""
    done: bool = False
