"""Posts and users as X delivers them, in the vocabulary that the request asked in."""

from datetime import UTC, datetime
from typing import Any

from xapi.simulator.store import Post, Store, User, delivered
from xapi.text import HANDLE, LIMIT, escaped, weighted_length

RENAMED = {"edit_history_tweet_ids": "edit_history_post_ids", "referenced_tweets": "referenced_posts", "note_tweet": "note_post"}


def stamp(at_ms: int) -> str:
    """A time as X writes it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"


def user_object(user: User, base: str) -> dict[str, Any]:
    """A user, with the fields that the desk asks for."""
    return {"id": str(user.id), "username": user.username, "name": user.name, "protected": user.protected,
            "profile_image_url": f"{base}/avatar/{user.id}.svg", "description": user.bio,
            "public_metrics": {"followers_count": user.followers, "following_count": 0, "tweet_count": 0, "listed_count": 0}}


def post_object(store: Store, post: Post, *, new: bool) -> dict[str, Any]:
    """A post; absent fields are absent, not null. A long one is cut and stands whole in its note."""
    text, urls = delivered(post.text)
    mentions = [{"start": match.start(), "end": match.end(), "username": user.username, "id": str(user.id)}
                for match in HANDLE.finditer(text) if (user := store.user_named(match.group(1)))]
    entities = {name: found for name, found in (("urls", urls), ("mentions", mentions)) if found}
    made: dict[str, Any] = {
        "id": str(post.id), "text": escaped(text), "author_id": str(post.author), "created_at": stamp(post.at),
        "conversation_id": str(post.conversation), "edit_history_tweet_ids": [str(one) for one in post.versions],
        "reply_settings": post.reply_settings, "lang": post.lang or "und"}
    if entities:
        made["entities"] = entities
    if weighted_length(post.text) > LIMIT:
        made["note_tweet"] = {"text": escaped(text), **({"entities": entities} if entities else {})}
        made["text"] = escaped(text[:270]) + "…"
    references = [("replied_to", post.reply_to), ("quoted", post.quoted), ("retweeted", post.repost_of)]
    if found := [{"type": kind, "id": str(target)} for kind, target in references if target]:
        made["referenced_tweets"] = found
    if post.reply_to and post.reply_to in store.posts:
        made["in_reply_to_user_id"] = str(store.posts[post.reply_to].author)
    if post.media:
        made["attachments"] = {"media_keys": [f"3_{post.versions[0]}{place}" for place in range(len(post.media))]}
    return {RENAMED.get(key, key): value for key, value in made.items()} if new else made


def page_object(store: Store, posts: list[Post], *, new: bool, base: str, meta: dict | None = None) -> dict[str, Any]:
    """An answer with `data`, `includes` and, for timelines, `meta`; without posts `data` is absent."""
    body: dict[str, Any] = {}
    if posts:
        body["data"] = [post_object(store, one, new=new) for one in posts]
        authors = dict.fromkeys(one.author for one in posts)
        body["includes"] = {"users": [user_object(store.users[one], base) for one in authors]}
        media = [{"media_key": f"3_{one.versions[0]}{place}", **item} for one in posts for place, item in enumerate(one.media)]
        if media:
            body["includes"]["media"] = media
    if meta is not None:
        ids = {"newest_id": str(max(one.id for one in posts)), "oldest_id": str(min(one.id for one in posts))} if posts else {}
        body["meta"] = {"result_count": len(posts), **ids, **meta}
    return body
