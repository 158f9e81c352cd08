"""Posts, users, media and messages as X delivers them.

Only the fields that were asked for, in the vocabulary that the request asked in.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from xapi.simulator.besides import (
    described,
    media_items,
    media_key,
    notice_of,
    polls_and_places,
    with_own_links,
)
from xapi.simulator.nouns import Message, Post, Upload, User
from xapi.simulator.store import EDIT_WINDOW_MS, EDITS, Store
from xapi.simulator.text.rewriting import delivered, escaped
from xapi.simulator.text.weights import MOST, weight

RENAMED = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
}
POST_DEFAULT = {"id", "text", "edit_history_tweet_ids"}
USER_DEFAULT = {"id", "name", "username"}
MEDIA_DEFAULT = {"media_key", "type"}
POLL_DEFAULT = {"id", "options"}
PLACE_DEFAULT = {"id", "full_name"}
UNFINISHED = re.compile(r"&[a-z]*$")
MESSAGE_DEFAULT = {"id", "event_type", "text"}
BY_EXPANSION = {"author_id", "in_reply_to_user_id", "referenced_tweets", "edit_history_tweet_ids"}


@dataclass(frozen=True)
class Asked:
    """What a request wants to see; None is everything there is, as in what X pushes."""

    new: bool = False
    old: bool = False
    post: frozenset[str] | None = None
    user: frozenset[str] | None = None
    media: frozenset[str] | None = None
    poll: frozenset[str] | None = None
    place: frozenset[str] | None = None
    expansions: frozenset[str] | None = None

    def expands(self, *names: str) -> bool:
        """Whether one of these expansions was asked for."""
        return self.expansions is None or bool(self.expansions & set(names))


def asked(query: dict[str, str]) -> Asked:
    """Read a request's fields and expansions.

    The new vocabulary obtains some fields through expansions only.
    """
    new = "post.fields" in query
    expansions = _names(query.get("expansions"))
    old = {value: key for key, value in RENAMED.items()}
    fields = {
        old.get(name, name) for name in _names(query.get("post.fields" if new else "tweet.fields"))
    }
    if new:
        fields -= BY_EXPANSION
    fields |= POST_DEFAULT | {
        old.get(name.split(".")[0], name.split(".")[0]) for name in expansions
    }
    if {"attachments.media_keys", "attachments.poll_ids"} & expansions:
        fields.add("attachments")
    return Asked(
        new,
        "tweet.fields" in query,
        frozenset(fields),
        frozenset(_names(query.get("user.fields")) | USER_DEFAULT),
        frozenset(_names(query.get("media.fields")) | MEDIA_DEFAULT),
        frozenset(_names(query.get("poll.fields")) | POLL_DEFAULT),
        frozenset(_names(query.get("place.fields")) | PLACE_DEFAULT),
        frozenset(expansions),
    )


def stamp(at_ms: int) -> str:
    """Return a time as X writes it."""
    return (
        datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{at_ms % 1000:03d}Z"
    )


def user_object(store: Store, user: User, wanted: Asked, base: str) -> dict[str, Any]:
    """Return a user.

    How many posts there are is named in the vocabulary of the request, and in both where it uses
    neither, as streams do.
    """
    posts = store.post_counts.get(user.id, 0)
    counts = {
        "followers_count": user.followers,
        "following_count": 0,
        "listed_count": 0,
        **({} if wanted.new else {"tweet_count": posts}),
        **({} if wanted.old else {"post_count": posts}),
    }
    made = {
        "id": str(user.id),
        "username": user.username,
        "name": user.name,
        "protected": user.protected,
        "verified": False,
        "profile_image_url": f"{base}/avatar/{user.id}.svg",
        "description": user.bio,
        "receives_your_dm": user.receives_dm,
        "public_metrics": counts,
    }
    return _kept(made, wanted.user)


def post_object(store: Store, post: Post, wanted: Asked) -> dict[str, Any]:
    """Return a post; absent fields are absent, not null.

    A long one is cut and stands whole in its note.
    """
    words = notice_of(post, store.users[post.author]) if post.withheld else post.text
    text, urls, named = delivered(words)
    text, urls = with_own_links(store, text, urls, post)
    mentions = [
        one | {"id": str(user.id)} for one in named if (user := store.meant(post, one["username"]))
    ]
    entities = {name: found for name, found in (("urls", urls), ("mentions", mentions)) if found}
    made = always_there(store, post) | {"text": text}
    if entities:
        made["entities"] = entities
    if weight(post.text) > MOST:
        made["note_tweet"] = {"text": text, **({"entities": entities} if entities else {})}
        made["text"] = UNFINISHED.sub("", text[:270]) + "…"
    made |= references_of(store, post)
    made |= described(post, new=wanted.new)
    if post.withheld:
        made["withheld"] = {
            "copyright": False,
            "country_codes": post.withheld,
            "scope": "post" if wanted.new else "tweet",
        }
    made = _kept(made, wanted.post)
    if "public_metrics" in made and not wanted.old:
        # Streams use neither vocabulary's query, and say both.
        made["public_metrics"]["repost_count"] = made["public_metrics"]["retweet_count"]
        if wanted.new:
            del made["public_metrics"]["retweet_count"]
    return {RENAMED.get(key, key): value for key, value in made.items()} if wanted.new else made


COUNTS = ("retweet", "reply", "like", "quote", "bookmark", "impression")


def always_there(store: Store, post: Post) -> dict[str, Any]:
    """Return what every post has, whatever it says."""
    first = store.posts[post.versions[0]].at
    window = int(timedelta(milliseconds=EDIT_WINDOW_MS).total_seconds() * 1000)
    return {
        "id": str(post.id),
        "text": "",
        "author_id": str(post.author),
        "created_at": stamp(post.at),
        "conversation_id": str(post.conversation),
        "edit_history_tweet_ids": [str(one) for one in post.versions],
        "reply_settings": post.reply_settings,
        "lang": post.lang or "und",
        "possibly_sensitive": False,
        "edit_controls": {
            "edits_remaining": EDITS + 1 - len(post.versions),
            "is_edit_eligible": post.reply_to is None,
            "editable_until": stamp(first + window),
        },
        "public_metrics": {f"{name}_count": 0 for name in COUNTS},
    }


def references_of(store: Store, post: Post) -> dict[str, Any]:
    """Which posts this one answers, quotes or repeats, and whom it answers."""
    made: dict[str, Any] = {}
    targets = {
        "replied_to": post.reply_to,
        "quoted": post.quoted,
        "retweeted": post.repost_of,
    }
    found = [{"type": kind, "id": str(target)} for kind, target in targets.items() if target]
    if found:
        made["referenced_tweets"] = found
    if post.reply_to and post.reply_to in store.posts:
        made["in_reply_to_user_id"] = str(store.posts[post.reply_to].author)
    return made


def includes(store: Store, posts: list[Post], wanted: Asked, base: str) -> dict[str, Any]:
    """Return what stands beside posts: people, media, and posts that they refer to."""
    made: dict[str, Any] = {}
    people = dict.fromkeys(one.author for one in posts) if wanted.expands("author_id") else {}
    if wanted.expands("in_reply_to_user_id"):
        people |= dict.fromkeys(
            store.posts[one.reply_to].author for one in posts if one.reply_to in store.posts
        )
    if wanted.expands("entities.mentions.username"):
        people |= dict.fromkeys(named for one in posts for named in one.named)
    if wanted.expands("referenced_tweets.id", "referenced_posts"):
        seen = referred_to(store, posts)
        if seen:
            name = "posts" if wanted.new else "tweets"
            made[name] = [post_object(store, one, wanted) for one in seen]
        if wanted.expands("referenced_tweets.id.author_id"):
            people |= dict.fromkeys(one.author for one in seen)
    if people:
        made["users"] = [user_object(store, store.users[one], wanted, base) for one in people]
    return made | attached_to(posts, wanted)


def referred_to(store: Store, posts: list[Post]) -> list[Post]:
    """Return the newest versions of what these posts answer or quote.

    Each once, if it may be seen.
    """
    known = [
        store.newest(target)
        for one in posts
        for target in (one.reply_to, one.quoted)
        if target in store.posts
    ]
    seen = {
        one.id: one for one in known if not one.deleted and not store.users[one.author].protected
    }
    return list(seen.values())


def attached_to(posts: list[Post], wanted: Asked) -> dict[str, Any]:
    """Media, polls and places of these posts, as far as they were asked for."""
    made: dict[str, Any] = {}
    media = [
        _kept({"media_key": media_key(one, place), **item}, wanted.media)
        for one in posts
        for place, item in media_items(one)
    ]
    if media and wanted.expands("attachments.media_keys"):
        made["media"] = media
    polls, places = polls_and_places(posts)
    if polls and wanted.expands("attachments.poll_ids"):
        made["polls"] = [_kept(one, wanted.poll) for one in polls]
    if places and wanted.expands("geo.place_id"):
        made["places"] = [_kept(one, wanted.place) for one in places]
    return made


def page_object(
    store: Store, posts: list[Post], wanted: Asked, *, base: str, meta: dict | None = None
) -> dict[str, Any]:
    """Return an answer with `data`, `includes` and, for timelines, `meta`.

    Without posts `data` is absent.
    """
    body: dict[str, Any] = {}
    if posts:
        body["data"] = [post_object(store, one, wanted) for one in posts]
        if beside := includes(store, posts, wanted, base):
            body["includes"] = beside
    if meta is not None:
        ids = (
            {
                "newest_id": str(max(one.id for one in posts)),
                "oldest_id": str(min(one.id for one in posts)),
            }
            if posts
            else {}
        )
        body["meta"] = {"result_count": len(posts), **ids, **meta}
    return body


def message_object(message: Message, fields: frozenset[str] | None = None) -> dict[str, Any]:
    """Return a direct message as an event; a `MessageCreate` names no participants."""
    made: dict[str, Any] = {
        "id": str(message.id),
        "event_type": "MessageCreate",
        "text": escaped(message.text),
        "sender_id": str(message.sender),
        "dm_conversation_id": message.conversation,
        "created_at": stamp(message.at),
    }
    if message.media:
        made["attachments"] = {"media_keys": [f"3_{one}" for one in message.media]}
    return _kept(made, fields)


def upload_object(upload: Upload, now: int) -> dict[str, Any]:
    """Return an upload and how far its processing is; videos take some seconds."""
    made: dict[str, Any] = {
        "id": str(upload.id),
        "media_key": f"3_{upload.id}",
        "expires_after_secs": 86_400,
        "size": upload.size,
    }
    if upload.category.endswith("_video") and upload.done:
        waits = max(0, 5 - (now - upload.at) // 1000)
        made["processing_info"] = (
            {
                "state": "in_progress",
                "check_after_secs": waits,
                "progress_percent": 20 * (5 - waits),
            }
            if waits
            else {"state": "succeeded", "progress_percent": 100}
        )
    return made


def _names(value: str | None) -> set[str]:
    return {one for one in (value or "").split(",") if one}


def _kept(made: dict[str, Any], fields: frozenset[str] | None) -> dict[str, Any]:
    return made if fields is None else {key: value for key, value in made.items() if key in fields}
