"""A page without the layout of its template, so that tests look for elements and words only."""

import re
from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse

TAG = re.compile(
    r"""(<!--.*?-->|<(textarea|pre|script)\b.*?</\2>|</?[a-zA-Z](?:"[^"]*"|'[^']*'|[^'">])*>)""",
    re.DOTALL,
)
QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
AROUND_LINES = re.compile(
    r"</?(?:html|head|body|title|meta|link|script|template|header|footer|main|nav|section|article"
    r"|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|form|legend|details|summary"
    r"|figure|figcaption|blockquote|br|option|select)\b"
)
LAYOUT = re.compile(r"\s*\n[ \t]{2,}\s*|^\s*\n\s*|\s*\n\s*$")
RAW = re.compile(r"<(?:pre|script)\b")
START = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^'">])*""")
BLANKS = re.compile(r"\s+")
END = re.compile(r" (/?)$")
KNOWN = 20_000  # pieces of pages; the same ones come again with every page of a template


def without_layout(page: str) -> str:
    """Return the page with one blank between attributes, and no indented line breaks between words.

    A line break inside the words of a person stays: no template indents those.
    """
    parts, at = [], 0
    for tag in TAG.finditer(page):
        parts += [page[at : tag.start()], tag[0]]
        at = tag.end()
    parts.append(page[at:])
    words, tags = parts[::2], ["", *parts[1::2], ""]
    return "".join(
        between(text, before, after) + one_line(after)
        for text, before, after in zip(words, tags[:-1], tags[1:], strict=True)
    )


@lru_cache(KNOWN)
def between(text: str, before: str, after: str) -> str:
    """Return the text between two tags as it reads, without the blanks of its layout."""
    text = LAYOUT.sub(" ", text)
    if (before and not before.startswith("</")) or AROUND_LINES.match(before):
        text = text.lstrip(" ")
    if after.startswith("</") or AROUND_LINES.match(after):
        text = text.rstrip(" ")
    return text


@lru_cache(KNOWN)
def one_line(tag: str) -> str:
    """Return a tag with one blank between its attributes; raw text stays as it is."""
    if not tag or tag.startswith("<!--") or RAW.match(tag):
        return tag
    start = START.match(tag)
    assert start, tag
    pieces = [
        piece if index % 2 else BLANKS.sub(" ", piece)
        for index, piece in enumerate(QUOTED.split(start[0]))
    ]
    return END.sub(r"\1", "".join(pieces)) + tag[start.end() :]


class WithoutLayout:
    """Give tests each HTML page without the layout of its template."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the desk does, the page without its layout."""
        response = self.get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = without_layout(response.content.decode()).encode()
        return response


def rows_in(page: str) -> int:
    """Return how many rows the lists of a page have; dialogs for a row's verbs are none."""
    return len(re.findall(r"\bdata-row[\s>]", page))
