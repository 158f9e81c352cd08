"""The state of the simulated X.

Users, posts and their edits, in memory, rebuilt at start from the append-only history.
"""

import json
import re
import time
from bisect import insort
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from xapi.simulator.nouns import EPOCH_MS, Message, Post, Refused, Upload, User
from xapi.simulator.text.entities import cashtags, named
from xapi.simulator.text.weights import MOST, kept, weight

EDITS = 5
EDIT_WINDOW_MS = 3_600_000
DUPLICATE_WINDOW_MS = 3_600_000


def behind(handles: list[str], text: str) -> str:
    """Return the text behind these handles, without those that it names itself."""
    written = text.lower()
    return " ".join([*(f"@{one}" for one in handles if f"@{one.lower()}" not in written), text])


class Store:
    """Every verb writes one line of history before it answers.

    The history is the witness of what was ever public.
    """

    def __init__(self, history: Path | None = None) -> None:
        self.users: dict[int, User] = {}
        self.handles: dict[str, int] = {}
        self.posts: dict[int, Post] = {}
        self.messages: dict[int, Message] = {}
        self.uploads: dict[int, Upload] = {}
        self.order: list[int] = []
        self.reaching: dict[int, list[int]] = {}
        self.by: dict[int, list[int]] = {}
        self.post_counts: dict[int, int] = {}
        self.ahead_ms = 0
        self.last_id = 0
        self.settings: dict[str, Any] = {
            "duplicates": True,
            "limits": True,
            "plans": [],
            "search_lag": True,
            "most": {},
            "rules": [],
            "hooks": [],
            "subscriptions": [],
        }
        self.lines: list[dict] = []
        self.listeners: list[Any] = []
        self.path = history
        self.file = None
        if history and history.exists():
            for line in history.read_text().splitlines():
                if line.strip():
                    self.apply(json.loads(line))
        if history:
            self.file = history.open("a")

    def now(self) -> int:
        """Milliseconds since 1970 by the simulator's own clock."""
        return int(time.time() * 1000) + self.ahead_ms

    def note(self, what: str, **fields: Any) -> None:
        """Append to the history, apply, and tell listeners."""
        line = {"what": what, "written": self.now(), **fields}
        if self.file:
            self.file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self.file.flush()
        self.apply(line)
        for listener in list(self.listeners):
            listener(line)

    def apply(self, line: dict) -> None:
        """Make a line of history true; used for new lines and at start alike."""
        self.lines.append(line)
        if make_true := self.HAPPENS.get(line["what"]):
            make_true(self, line)

    def _user(self, line: dict) -> None:
        user = User(**line["user"])
        for former in user.former:
            if self.handles.get(former.lower()) == user.id:
                del self.handles[former.lower()]
        self.users[user.id] = user
        self.handles[user.username.lower()] = user.id

    def _post(self, line: dict) -> None:
        post = Post(**line["post"])
        self.posts[post.id] = post
        self.last_id = max(self.last_id, post.id)
        for version in post.versions:
            self.posts[version].versions = post.versions
        insort(self.order, post.id)
        insort(self.by.setdefault(post.author, []), post.id)
        if line["what"] == "post.created":
            self.post_counts[post.author] = self.post_counts.get(post.author, 0) + 1
        for user_id in self.reached(post):
            insort(self.reaching.setdefault(user_id, []), post.id)

    def _deleted(self, line: dict) -> None:
        self.post_counts[self.posts[line["id"]].author] -= 1
        self._set_versions(line["id"], deleted=True)

    def _set_versions(self, post_id: int, **fields: Any) -> None:
        for version in self.posts[post_id].versions:
            for name, value in fields.items():
                setattr(self.posts[version], name, value)

    def _message(self, line: dict) -> None:
        message = Message(**line["message"])
        self.messages[message.id] = message
        self.last_id = max(self.last_id, message.id)

    def _upload(self, line: dict) -> None:
        upload = Upload(**line["upload"])
        self.uploads[upload.id] = upload

    def _shown(self, line: dict) -> None:
        self.posts[line["id"]].shown_from = line["from"]

    def _clock(self, line: dict) -> None:
        self.ahead_ms = line["ahead_ms"]

    def _setting(self, line: dict) -> None:
        self.settings[line["name"]] = line["value"]

    def _hidden(self, line: dict) -> None:
        self._set_versions(line["id"], hidden=line["hidden"])

    def _withheld(self, line: dict) -> None:
        self._set_versions(line["id"], withheld=line["countries"])

    HAPPENS: ClassVar[dict[str, Callable[["Store", dict], None]]] = {
        "user": _user,
        "post.created": _post,
        "post.edited": _post,
        "post.deleted": _deleted,
        "post.shown": _shown,
        "post.hidden": _hidden,
        "post.withheld": _withheld,
        "message": _message,
        "upload": _upload,
        "clock": _clock,
        "setting": _setting,
    }

    def reached(self, post: Post) -> set[int]:
        """Whose mentions this post appears in.

        Everybody named, explicitly or through the chain, and who is quoted.
        """
        found = set(post.named) - {post.author}
        if post.quoted and post.quoted in self.posts:
            found.add(self.posts[post.quoted].author)
        return found - {post.author}

    def new_id(self, at: int) -> int:
        """Return an id that carries this time.

        Larger than one made in the same millisecond before.
        """
        made = max(1, (at - EPOCH_MS) << 22)
        while made in self.posts or made in self.messages or made in self.uploads:
            made += 1
        return made

    def user_named(self, username: str) -> User | None:
        """By handle, without case."""
        return self.users.get(self.handles.get(username.lower(), 0))

    def whom(self, text: str) -> list[int]:
        """Return the users whom a text names, each once."""
        found = (self.user_named(one.text[1:]) for one in named(text))
        return list(dict.fromkeys(user.id for user in found if user))

    def add_user(self, username: str, **fields: Any) -> User:
        """Return a new user, or the changed profile of one with this handle."""
        known = self.user_named(username)
        if known is None and not re.fullmatch(r"[A-Za-z0-9_]{1,15}", username):
            raise Refused(400, "A handle has 1 to 15 letters, digits or underscores.")
        user = known or User(
            id=fields.pop("id", None) or 1_000_000 + len(self.users) * 7919 + 17,
            username=username,
            name=username,
        )
        fields.pop("id", None)
        self.note(
            "user",
            user=asdict(user)
            | {
                key: value
                for key, value in fields.items()
                if value is not None and key in asdict(user)
            },
        )
        return self.users[user.id]

    def rename(self, user: User, username: str) -> User:
        """Give somebody another handle.

        The old one is free for others from then on, and old posts still mean the same person by it.
        """
        if not re.fullmatch(r"[A-Za-z0-9_]{1,15}", username) or self.user_named(username) not in (
            None,
            user,
        ):
            raise Refused(400, "This handle is taken, or none.")
        self.note(
            "user",
            user=asdict(user) | {"username": username, "former": [*user.former, user.username]},
        )
        return self.users[user.id]

    def meant(self, post: Post, handle: str) -> User | None:
        """Whom a post names by this handle: whoever bore it when it was written."""
        people = [self.users[one] for one in post.named if one in self.users]
        bearers = [
            one
            for one in people
            if handle.lower() in {one.username.lower(), *(former.lower() for former in one.former)}
        ]
        return bearers[0] if bearers else None

    def newest(self, post_id: int) -> Post:
        """Return the version that X shows for any id of the edit history.

        Raises KeyError for an unknown id.
        """
        return self.posts[self.posts[post_id].versions[-1]]

    def visible_to(self, post: Post, viewer: int | None) -> bool:
        """Whether the viewer may see the post now."""
        author = self.users[post.author]
        if post.deleted or post.shown_from > self.now():
            return False
        return post.author == viewer or (not author.protected and viewer not in author.blocked)

    def create(
        self,
        author: User,
        text: str,
        *,
        reply_to: int | None = None,
        quoted: int | None = None,
        at: int | None = None,
        by_api: bool = False,
        lang: str = "",
        media: list[dict] | None = None,
        reply_settings: str = "everyone",
        bare: bool = False,
        shown_after_ms: int = 0,
        **besides: Any,
    ) -> Post:
        """Return a new post.

        `by_api` applies X's rules for replies by API; `bare` leaves the handles of the chain out.

        `besides` is what a post has besides words and media: `poll`, `article`, `place`, `card`,
        `notes`, `withheld`.
        """
        text = kept(text)
        if not text:
            raise Refused(400, "Your post has no text.", kind="invalid-request")
        parent = self.parent(reply_to, author) if reply_to else None
        if by_api:
            self.check_api_rules(author, text, parent)
        at = at or self.now()
        shown = text if parent is None or bare else self.behind_chain(text, parent, author)
        post = Post(
            **self.first_version(author, shown, parent, at),
            quoted=quoted,
            media=media or [],
            lang=lang,
            reply_settings=reply_settings,
            shown_from=at + shown_after_ms if shown_after_ms else 0,
            **besides,
        )
        self.note("post.created", post=asdict(post))
        return self.posts[post.id]

    def first_version(
        self, author: User, text: str, parent: Post | None, at: int
    ) -> dict[str, Any]:
        """Return who says what when, and in which conversation, as fields of a new post.

        The id is new and carries `at` (milliseconds).
        """
        made = self.new_id(at)
        return {
            "id": made,
            "author": author.id,
            "text": text,
            "at": at,
            "conversation": parent.conversation if parent else made,
            "reply_to": parent.id if parent else None,
            "named": self.whom(text),
            "versions": [made],
        }

    def parent(self, reply_to: int, author: User) -> Post:
        """Return the post that is answered, or X's refusal."""
        gone = "You attempted to reply to a Tweet that is deleted or not visible to you."
        if reply_to not in self.posts:
            raise Refused(403, gone)
        parent = self.newest(reply_to)
        if not self.visible_to(parent, author.id):
            raise Refused(403, gone)
        return parent

    def check_api_rules(self, author: User, text: str, parent: Post | None) -> None:
        """Refuse what X refuses to self-serve developers.

        Long texts, duplicates, several cashtags, answers to whom did not name us.
        """
        if weight(text) > MOST:
            raise Refused(400, "Your post is too long.", kind="invalid-request")
        if len(cashtags(text)) > 1:
            raise Refused(403, "Posts may contain only one cashtag.")
        if parent is not None and parent.author != author.id:
            quotes_us = (
                parent.quoted in self.posts and self.posts[parent.quoted].author == author.id
            )
            if author.id not in parent.named and not quotes_us:
                raise Refused(
                    403,
                    (
                        "You can only reply to or quote posts where you are mentioned or are "
                        "the author."
                    ),
                    kind="not-authorized-for-resource",
                )
            if parent.reply_settings in {"following", "subscribers", "verified", "other"}:
                raise Refused(
                    403, "The original Tweet author restricted who can reply to this Tweet. (433)"
                )
        since = self.now() - DUPLICATE_WINDOW_MS
        if not self.settings["duplicates"]:
            return
        for known in reversed(self.by.get(author.id, [])):
            other = self.posts[known]
            if other.at < since:
                break
            if (
                not other.deleted
                and other.reply_to == (parent.id if parent else None)
                and other.text.endswith(text)
            ):
                raise Refused(403, "You are not allowed to create a Tweet with duplicate content.")

    def behind_chain(self, text: str, parent: Post, author: User) -> str:
        """Return a reply's text behind the handles that X puts before it.

        The author of its parent and everybody named there, without oneself.
        """
        ids = dict.fromkeys([parent.author, *parent.named])
        return behind(
            [self.users[one].username for one in ids if one != author.id and one in self.users],
            text,
        )

    def edit(self, post_id: int, text: str) -> Post:
        """Return a new version under a new id; X allows five within the hour."""
        old = self.newest(post_id)
        if (
            old.deleted
            or len(old.versions) > EDITS
            or self.now() - self.posts[old.versions[0]].at > EDIT_WINDOW_MS
        ):
            raise Refused(403, "You are not permitted to edit this post.")
        at = self.now()
        made = self.new_id(at)
        new = Post(
            **{
                **asdict(old),
                "id": made,
                "text": kept(text),
                "at": at,
                "named": list(dict.fromkeys([*self.whom(text), *self.chain_of(old)])),
                "versions": [*old.versions, made],
            }
        )
        self.note("post.edited", post=asdict(new))
        return self.posts[made]

    def chain_of(self, post: Post) -> list[int]:
        """Whom the post named through its reply chain."""
        if not post.reply_to or post.reply_to not in self.posts:
            return []
        parent = self.posts[post.reply_to]
        return [one for one in dict.fromkeys([parent.author, *parent.named]) if one in post.named]

    def delete(self, post_id: int) -> None:
        """Delete every version; raises KeyError for an unknown id."""
        if not self.posts[post_id].deleted:
            self.note("post.deleted", id=post_id)

    def show_from(self, post_id: int, at: int) -> None:
        """Show a post to nobody before this time (milliseconds)."""
        self.note("post.shown", id=post_id, **{"from": at})

    def hide(self, post_id: int, *, hidden: bool) -> None:
        """Hide a reply below one's own post, or show it again."""
        self.note("post.hidden", id=post_id, hidden=hidden)

    def withhold(self, post_id: int, countries: list[str]) -> None:
        """Show a notice in place of a post's words in these countries.

        With none, show the words again.
        """
        self.note("post.withheld", id=post_id, countries=countries)

    def send(self, sender: User, to: User, text: str, media: list[str] | None = None) -> Message:
        """Return a direct message; refused where the other takes none."""
        if not to.receives_dm or sender.id in to.blocked:
            raise Refused(403, "You cannot send messages to this user. (349)")
        message = Message(
            id=self.new_id(self.now()),
            sender=sender.id,
            to=to.id,
            text=kept(text),
            at=self.now(),
            media=media or [],
        )
        self.note("message", message=asdict(message))
        return self.messages[message.id]

    def keep(self, upload: Upload) -> Upload:
        """Keep an upload, or what has been added to it."""
        self.note("upload", upload=asdict(upload))
        return self.uploads[upload.id]

    def set(self, name: str, value: Any) -> None:
        """Change how this X behaves; kept over a restart.

        Raises KeyError for a name that nobody knows.
        """
        _ = self.settings[name]
        self.note("setting", name=name, value=value)

    def set_clock(self, *, ahead_ms: int) -> None:
        """Put the simulator's clock ahead of the machine's."""
        self.note("clock", ahead_ms=ahead_ms)
