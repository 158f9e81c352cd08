"""What a post has besides its words.

Media, a poll, an article, a place, a card, a community note, X's notice that it is withheld.

Read in both vocabularies and made small and plain. Of what the desk knows no more than the
name, it keeps the name: nothing that X shows of a post vanishes here without a word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PHOTO = "photo"
VIDEO = "video"
GIF = "animated_gif"
OTHER = "other"
MEDIA = {PHOTO, VIDEO, GIF}
BY_KEY = {"3": PHOTO, "7": VIDEO, "13": VIDEO, "16": GIF}  # what a media key begins with
POLL = "poll"
ARTICLE = "article"
PLACE = "place"
CARD = "card"
NOTE = "note"
WITHHELD = "withheld"
KNOWN_ATTACHMENTS = {"media_keys", "poll_ids", "media_source_tweet_id", "media_source_post_id"}
KNOWN_REFERENCES = {"replied_to", "quoted", "retweeted"}
NAME = re.compile(r"[A-Za-z0-9_.]{1,60}")
COUNTRY = re.compile(r"[A-Za-z]{2}")
NOTICE = re.compile(
    r"\s*(?:(?:this|the) (?:tweet|post|account|media)\b|@[A-Za-z0-9_]{1,20}\b).{0,160}\bwithheld\b",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
LONGEST_NOTICE = 400
Beside = dict[str, dict[str, Any]]
Extra = dict[str, Any]


@dataclass(frozen=True)
class Includes:
    """What stands beside the posts of an answer: media by key, polls and places by id."""

    media: Beside = field(default_factory=dict)
    polls: Beside = field(default_factory=dict)
    places: Beside = field(default_factory=dict)


def read_includes(includes: dict[str, Any]) -> Includes:
    """Sort what came with an answer."""
    return Includes(
        *(
            {str(one.get(key)): one for one in a_list(includes.get(name)) if isinstance(one, dict)}
            for name, key in (("media", "media_key"), ("polls", "id"), ("places", "id"))
        )
    )


def media_of(raw: dict[str, Any], beside: Includes) -> Iterator[dict[str, Any]]:
    """Each medium of a post.

    Its kind, an address of a picture of it (empty where X gave none), its description.

    A film has its length in seconds, where X says it.
    """
    for key in a_list(a_dict(raw.get("attachments")).get("media_keys")):
        one = beside.media.get(str(key), {})
        kind = str(one.get("type") or BY_KEY.get(str(key).partition("_")[0], OTHER))
        address = line(one.get("url") or one.get("preview_image_url"), 1000)
        made: dict[str, Any] = {
            "type": kind if kind in MEDIA else OTHER,
            "url": address if address.startswith(("https://", "http://")) else "",
            "alt_text": line(one.get("alt_text"), 1000),
        }
        lasts = one.get("duration_ms")
        if isinstance(lasts, int) and not isinstance(lasts, bool) and 0 < lasts < 10**9:
            made["seconds"] = max(1, round(lasts / 1000))
        yield made


def extras_of(raw: dict[str, Any], beside: Includes) -> list[Extra]:
    """Everything else, each with its `kind`; the order is the one in which people read it."""
    return [
        *_polls(raw, beside),
        *_articles(raw),
        *_cards(raw),
        *_places(raw, beside),
        *_notes(raw),
        *_unknown(raw),
    ]


def withheld_of(raw: dict[str, Any], text: str) -> Extra | None:
    """Return that X withholds the post, where, and X's notice.

    `said`: if that stands in place of the words.
    """
    withheld = raw.get("withheld")
    if not isinstance(withheld, dict):
        return None
    countries = [
        str(one).upper()
        for one in a_list(withheld.get("country_codes"))
        if COUNTRY.fullmatch(str(one))
    ]
    is_notice = len(text) <= LONGEST_NOTICE and NOTICE.match(text)
    return {
        "kind": WITHHELD,
        "countries": countries,
        "copyright": withheld.get("copyright") is True,
        "of": "user" if withheld.get("scope") == "user" else "post",
        "said": text.strip() if is_notice else "",
    }


def _polls(raw: dict[str, Any], beside: Includes) -> Iterator[Extra]:
    for key in a_list(a_dict(raw.get("attachments")).get("poll_ids")):
        poll = beside.polls.get(str(key), {})
        options = [one for one in a_list(poll.get("options")) if isinstance(one, dict)]
        options.sort(key=lambda one: one["position"] if isinstance(one.get("position"), int) else 0)
        labels = [line(one.get("label"), 200) for one in options]
        yield {"kind": POLL, "options": labels, "ends_at": line(poll.get("end_datetime"), 40)}


def _articles(raw: dict[str, Any]) -> Iterator[Extra]:
    titles = [raw[name] for name in ("article", "article_title") if raw.get(name)]
    if titles:
        found = (one.get("title") if isinstance(one, dict) else one for one in titles)
        title = next((one for one in found if isinstance(one, str)), "")
        yield {"kind": ARTICLE, "title": line(title, 500)}


def _cards(raw: dict[str, Any]) -> Iterator[Extra]:
    """Yield a poll; it is a card to X, and what it says of a link stands with the link."""
    if raw.get("card_uri") and not a_dict(raw.get("attachments")).get("poll_ids"):
        entities = a_dict(raw.get("entities"))
        titles = (one.get("title") for one in a_list(entities.get("urls")) if isinstance(one, dict))
        yield {"kind": CARD, "title": line(next((one for one in titles if one), ""), 500)}


def _places(raw: dict[str, Any], beside: Includes) -> Iterator[Extra]:
    if geo := a_dict(raw.get("geo")):
        place = beside.places.get(str(geo.get("place_id")), {})
        name = line(place.get("full_name") or place.get("name"), 200)
        country = line(place.get("country"), 100)
        yield {"kind": PLACE, "name": ", ".join(dict.fromkeys(filter(None, (name, country))))}


def _notes(raw: dict[str, Any]) -> Iterator[Extra]:
    """Community notes: one object in the older description, a list in the newer."""
    if raw.get("matched_media_notes"):
        yield {"kind": NOTE}


def _unknown(raw: dict[str, Any]) -> Iterator[Extra]:
    for name, value in a_dict(raw.get("attachments")).items():
        if value and name not in KNOWN_ATTACHMENTS:
            yield {"kind": OTHER, "name": named(name)}
    for one in a_list(raw.get("referenced_tweets") or raw.get("referenced_posts")):
        if isinstance(one, dict) and one.get("type") not in KNOWN_REFERENCES:
            yield {"kind": OTHER, "name": named(one.get("type"))}


def named(value: Any) -> str:
    """X's name for something unknown, if it is one that can stand on a screen."""
    found = NAME.match(str(value or ""))
    return found.group() if found else ""


def line(value: Any, most: int) -> str:
    """Return a text from X, cut; nothing else than text."""
    return value[:most].replace("\x00", "\ufffd") if isinstance(value, str) else ""


def a_dict(value: Any) -> dict[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> list[Any]:
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []
