"""Text from outside becomes HTML here and nowhere else.

Cut into pieces before, each escaped once, and cleaned by an allow-list after.

Nothing is ever replaced in text that is HTML already. A rule of the house reads that nothing
else calls a string safe.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from core.text.characters import revealed
from core.text.search_marks import places_of

AWAY = {"rel": "noopener nofollow noreferrer", "target": "_blank"}
WEB = {"http", "https"}
LINK = "link"
HANDLE = "handle"
FOUND = "found"
ODD = "odd"
SEVERITIES = {"hint", "must_explain", "needs_lead", "blocks"}
WORDS = nh3.Cleaner(
    tags={"a", "span", "br", "mark"},
    attributes={"a": {"href"}, "mark": {"title"}},
    tag_attribute_values={
        "span": {"class": {"handle"}},
        "mark": {"data-severity": SEVERITIES},
    },
    set_tag_attribute_values={"a": AWAY},
    link_rel=None,
    url_schemes=WEB,
    url_relative="deny",
)
PROSE = nh3.Cleaner(
    tags={
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "em",
        "strong",
        "s",
        "code",
        "pre",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    },
    attributes={"a": {"href"}, "ol": {"start"}},
    set_tag_attribute_values={"a": AWAY},
    link_rel=None,
    url_schemes=WEB,
    url_relative="deny",
)
MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")


def words(pieces: Iterable[tuple[str, str, str]]) -> SafeString:
    """Pieces of text as HTML, given as what is shown, what it is, and where a link leads."""
    escaped = format_html_join("", "{}", ((piece(*one),) for one in pieces))
    return SafeString(WORDS.clean(escaped))


def piece(shown: str, kind: str, target: str) -> SafeString | str:
    """One piece.

    A link, a handle, a word that was searched for, an odd place or a finding's (its sentence is
    the target), or plain words.
    """
    shown = revealed(readable(shown))
    if kind == LINK and target:
        return format_html(
            '<a href="{}" rel="{}" target="{}">{}</a>',
            readable(target),
            AWAY["rel"],
            AWAY["target"],
            shown,
        )
    if kind == HANDLE:
        return format_html('<span class="handle">{}</span>', shown)
    if kind == ODD:
        return format_html('<mark title="{}">{}</mark>', readable(target), shown)
    if kind in SEVERITIES:
        return format_html(
            '<mark data-severity="{}" title="{}">{}</mark>', kind, readable(target), shown
        )
    return format_html("<mark>{}</mark>", shown) if kind == FOUND else shown


def marked(text: str, terms: Sequence[str]) -> SafeString | str:
    """Return the text with what a search found in it marked.

    With terms it is HTML; without them plain text, which the template escapes.
    """
    if not terms:
        return revealed(text or "")
    return words(around(text or "", places_of(text or "", terms)))


def around(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[str, str, str]]:
    """Yield the text in pieces, those at these places as found."""
    end = 0
    for begin, stop in places:
        yield text[end:begin], "", ""
        yield text[begin:stop], FOUND, ""
        end = stop
    yield text[end:], "", ""


def isolated(name: Any) -> SafeString:
    """Return somebody's name so that its letters turn nothing round that stands beside them."""
    return format_html("<bdi>{}</bdi>", readable(name))


@lru_cache(maxsize=500)
def prose(markdown: str) -> SafeString:
    """Markdown as HTML; HTML in the text is shown, not obeyed, and pictures stay away."""
    return SafeString(PROSE.clean(MARKDOWN.render(readable(markdown))))


def filled(pieces: Sequence[str], values: Mapping[str, str]) -> SafeString:
    """Return what a template rendered, cut at its holes, with a value put into each, escaped.

    Every second piece is the name of a hole.
    """
    return SafeString(
        "".join(escape(values[piece]) if place % 2 else piece for place, piece in enumerate(pieces))
    )


def trimmed(rendered: str) -> SafeString:
    """Return what a template of ours rendered, without the blanks around it.

    Every value in it is escaped.
    """
    return SafeString(rendered.strip())


def readable(text: Any) -> str:
    """Without what no HTML can hold: NUL and halves of characters."""
    return str(text or "").replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
