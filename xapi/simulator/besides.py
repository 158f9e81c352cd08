"""What a post of the simulated X has besides its words.

Links to its own media and to what it quotes, polls, articles, places, cards, notes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from xapi.simulator.nouns import Post, User
from xapi.simulator.store import Store
from xapi.simulator.text.rewriting import short_link

PREFIXES = {"photo": 3, "video": 7, "animated_gif": 16}
KINDS = {"photo": "photo", "video": "video", "animated_gif": "video"}
POLL_MINUTES = 1440


def media_key(post: Post, place: int) -> str:
    """Return the key of a medium; its beginning tells the kind."""
    return f"{PREFIXES.get(str(post.media[place].get('type')), 3)}_{post.versions[0]}{place}"


def media_items(post: Post) -> Iterator[tuple[int, dict]]:
    """Return the media that X describes beside a post.

    One that is `hidden` has a key and no description.
    """
    return ((place, item) for place, item in enumerate(post.media) if not item.get("hidden"))


def with_own_links(store: Store, text: str, urls: list[dict], post: Post) -> tuple[str, list[dict]]:
    """X ends the text with a link to its media, and one to the post that it quotes behind that.

    An entity for each medium says which.
    """
    if post.withheld:
        return text, urls
    if post.media:
        text, urls = with_media_link(text, urls, post, store.users[post.author])
    if post.quoted and post.quoted in store.posts:
        quoted = store.posts[post.quoted]
        address = f"https://x.com/{store.users[quoted.author].username}/status/{quoted.id}"
        text, placed = ended(text, address)
        urls = [*urls, {**placed, "display_url": address.removeprefix("https://")[:26] + "…"}]
    return text, urls


def with_media_link(
    text: str, urls: list[dict], post: Post, author: User
) -> tuple[str, list[dict]]:
    """Return the text with the link to its media, which all of them share."""
    kind = KINDS.get(str(post.media[0].get("type")), "photo")
    text, placed = ended(
        text, f"https://x.com/{author.username}/status/{post.versions[0]}/{kind}/1"
    )
    placed["display_url"] = f"pic.x.com/{placed['url'].rpartition('/')[2]}"
    return text, [
        *urls,
        *({**placed, "media_key": media_key(post, place)} for place in range(len(post.media))),
    ]


def ended(text: str, address: str) -> tuple[str, dict]:
    """Return the text with a short link at its end, and where that stands."""
    short = short_link(address)
    text = f"{text} {short}" if text else short
    return text, {
        "start": len(text) - len(short),
        "end": len(text),
        "url": short,
        "expanded_url": address,
    }


def notice_of(post: Post, author: User) -> str:
    """Return what X shows in place of a post that it withholds."""
    return (
        f"This Post from @{author.username} has been withheld in {', '.join(post.withheld)} in "
        f"response to a legal demand."
    )


def described(post: Post, *, new: bool) -> dict[str, Any]:
    """Return the fields of a post that name what it has.

    Community notes are an object in the older description, a list in the newer.
    """
    made: dict[str, Any] = {}
    keys = [media_key(post, place) for place in range(len(post.media))]
    attached = {"media_keys": keys, "poll_ids": [poll_id(post)] if post.poll else []}
    if attached := {name: found for name, found in attached.items() if found}:
        made["attachments"] = attached
    if post.article:
        made["article"] = dict(post.article)
        made |= {"article_title": {"title": post.article.get("title", "")}} if new else {}
    if post.place:
        made["geo"] = {"place_id": place_id(post)}
    if post.card:
        made["card_uri"] = post.card
    if notes := [{"note_id": one, "match_status": "matched_and_shown"} for one in post.notes]:
        made["matched_media_notes"] = notes if new else notes[0]
    return made


def polls_and_places(posts: list[Post]) -> tuple[list[dict], list[dict]]:
    """Return the polls and places of these posts, as they stand beside them."""
    return (
        [poll_object(one) for one in posts if one.poll],
        [{"id": place_id(one), **one.place} for one in posts if one.place],
    )


def poll_object(post: Post) -> dict[str, Any]:
    """Return a poll with its options, in their order."""
    minutes = int(post.poll.get("minutes", POLL_MINUTES))
    ends = datetime.fromtimestamp(post.at / 1000 + minutes * 60, UTC)
    options = [
        {"position": place, "label": label, "votes": 0}
        for place, label in enumerate(post.poll["options"], 1)
    ]
    return {
        "id": poll_id(post),
        "options": options,
        "duration_minutes": minutes,
        "end_datetime": ends.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "voting_status": "open",
    }


def poll_id(post: Post) -> str:
    """Return a poll's number."""
    return str(post.versions[0] + 7)


def place_id(post: Post) -> str:
    """Return a place's number, which is hexadecimal."""
    return f"{post.versions[0]:016x}"
