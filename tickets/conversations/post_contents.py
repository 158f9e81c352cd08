"""What a post has besides its words, for people to read.

Each thing with an icon, its name and what X says of it.

Whatever of it comes from outside is text here, and escaped where it is shown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import formatting
from networks import attached
from networks.text import web_address
from tickets.models import OwnPost, PostVersion

NAMES: dict[str, Promise] = {
    attached.PHOTO: gettext_lazy("Picture"),
    attached.VIDEO: gettext_lazy("Video"),
    attached.GIF: gettext_lazy("GIF"),
    attached.POLL: gettext_lazy("Poll"),
    attached.ARTICLE: gettext_lazy("Article"),
    attached.PLACE: gettext_lazy("Place"),
    attached.CARD: gettext_lazy("Card"),
    attached.NOTE: gettext_lazy("Community note"),
    attached.WITHHELD: gettext_lazy("Withheld by X"),
    attached.OTHER: gettext_lazy("Something the desk does not know"),
}
ICONS = {
    attached.PHOTO: "image",
    attached.VIDEO: "play",
    attached.GIF: "play",
    attached.POLL: "sliders",
    attached.ARTICLE: "para",
    attached.PLACE: "pin",
    attached.CARD: "link",
    attached.NOTE: "people",
    attached.WITHHELD: "stop",
    attached.OTHER: "unsure",
}

HANDLES = re.compile(r"(?:[@＠]\w{1,15}\s+)+", re.ASCII)


@dataclass(frozen=True)
class Shape:
    """One thing that a post has.

    `words` are X's or the author's (a description, a title); `hint` is ours. `picture` is the
    address of a picture to look at; what has none is looked at on X.
    """

    kind: str
    words: str = ""
    hint: str = ""
    picture: str = ""
    options: tuple[str, ...] = ()

    @property
    def icon(self) -> str:
        """The icon's name."""
        return ICONS[self.kind]

    @property
    def name(self) -> str:
        """What it is, in the reader's language."""
        return str(NAMES[self.kind])

    @property
    def is_medium(self) -> bool:
        """Whether it is something to look at."""
        return self.kind in attached.MEDIA

    @property
    def sentence(self) -> str:
        """All of it in one line, for lists."""
        said = " / ".join(self.options) or self.words
        return f"{self.name}: {said}" if said else self.name


def of(post: PostVersion | OwnPost | None) -> list[Shape]:
    """Everything besides the words: X's own notices first, then media, then the rest."""
    if not post:  # a template gives an empty text for what is not there
        return []
    extras = [one for one in post.extras if isinstance(one, dict)]
    first = [one for one in extras if one.get("kind") == attached.WITHHELD]
    return [
        *map(extra, first),
        *map(medium, post.media),
        *(extra(one) for one in extras if one not in first),
    ]


def medium(one: Mapping[str, Any]) -> Shape:
    """Return a picture, video or GIF."""
    kind = one.get("type")
    lasts = one.get("seconds")
    length = f"{lasts // 60}:{lasts % 60:02d}" if isinstance(lasts, int) else ""
    return Shape(
        kind if kind in attached.MEDIA else attached.OTHER,
        words=str(one.get("alt_text") or ""),
        hint=length,
        picture=web_address(one.get("url")),
    )


def extra(one: Mapping[str, Any]) -> Shape:
    """Return a poll, article, place, card, note or notice; anything else by X's name for it."""
    kind = one.get("kind")
    if kind == attached.WITHHELD:
        return withheld(one)
    if kind == attached.POLL:
        return Shape(kind, options=tuple(map(str, one.get("options") or ())), hint=poll_hint(one))
    if kind in {attached.ARTICLE, attached.CARD}:
        return Shape(kind, words=str(one.get("title") or ""))
    if kind == attached.PLACE:
        return Shape(kind, words=str(one.get("name") or ""))
    if kind == attached.NOTE:
        return Shape(kind, hint=_("Readers added context to what it shows."))
    return Shape(attached.OTHER, words=str(one.get("name") or ""))


def poll_hint(one: Mapping[str, Any]) -> str:
    """Until when a poll is open."""
    try:
        ends = datetime.fromisoformat(str(one.get("ends_at")).replace("Z", "+00:00"))
    except ValueError:
        return ""
    ends = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    return (
        _("open until {time}").format(time=formatting.until(ends))
        if ends > datetime.now(UTC)
        else _("closed")
    )


def withheld(one: Mapping[str, Any]) -> Shape:
    """X's notice, and where the post is withheld; why, as far as X says it."""
    countries = [str(code) for code in one.get("countries") or ()]
    if one.get("copyright"):
        hint = _("for a claim of copyright")
    elif "XX" in countries:  # X's sign for everywhere
        hint = _("everywhere")
    else:
        hint = _("in {countries}").format(countries=", ".join(countries)) if countries else ""
    return Shape(attached.WITHHELD, words=str(one.get("said") or ""), hint=hint)


def in_a_line(version: PostVersion | OwnPost | None) -> str:
    """Return a post's words; where it has none, what it has instead."""
    if not version:
        return ""
    return version.text if version.text.strip() else ", ".join(sentences(version))


def without_handle(text: str, handle: str) -> str:
    """Return a post's words without this handle among those that stand in front.

    For lists, where all posts would begin alike. What is nothing but handles stays as it is.
    """
    front = HANDLES.match(text)
    if front is None or front.end() == len(text):
        return text
    others = [one for one in front[0].split() if one[1:].lower() != handle.lower()]
    return " ".join([*others, text[front.end() :]])


def sentences(version: PostVersion | OwnPost) -> Iterator[str]:
    """Each thing besides the words in one line."""
    return (one.sentence for one in of(version))


def kinds(version: PostVersion | None) -> list[str]:
    """Return what it has, by X's own names: nothing of what anybody wrote."""
    return list(dict.fromkeys(one.kind for one in of(version)))


def undescribed(shapes: Iterable[Shape]) -> int:
    """Return how many pictures, videos and GIFs nobody has described."""
    return sum(one.is_medium and not one.words for one in shapes)


def are_words(shapes: Iterable[Shape]) -> bool:
    """Whether X's notice stands in place of the words."""
    return any(one.kind == attached.WITHHELD and one.words for one in shapes)
