"""Names stand in `bdi`, and whatever shows words says which way they run.

Read from the templates: a name from the right turns round what stands beside it, and the browser's
own guess takes the handle in front of a reply.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servicedesk.launcher.running import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PIECE = re.compile(
    r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<(?=[A-Za-z/!])|>|[^{<>]+|.", re.DOTALL
)
OF_DJANGO = ("{%", "{{", "{#")
EMPTY = {"input", "img", "br", "hr", "meta", "link", "path", "use", "circle", "rect", "!doctype"}
PLAIN = {"option", "title", "textarea"}  # no element may stand in them
NAME = re.compile(r"\{\{ *(?:\w+\.)+(?:name|first_name)(?=[ |}])")
NAMED = re.compile(r"=((?:\w+\.)+(?:name|first_name))(?=[\s%])")
WORDS = re.compile(
    r"\{\{ *(?:\w+\.)+(?:text|words|comment|(?:end_)?reason|explanation|html|alt)(?=[ |}])"
)
# Words of ours, in the reader's language
OUR_NAMES = {
    "group.name": "a heading of the inbox",
    "step.name": "a station of a sending",
    "sign.name": "a sign of health",
    "one.name": {"components/shapes.html": "what a post has"},
}
OUR_WORDS = {
    "wait.words", "screen.wait.words", "row.wait.words", "row.pair.words", "row.claim.words",
    "event.words", "entry.begins.words",
}  # fmt: skip
OUR_PAGES = {
    "servicedesk/first_steps.html": "what to do",
    "approvals/guideline_check.html": "marked words of an example",
    "tickets/routing.html": "words of a rule, in our own languages",
}


@dataclass
class Shown:
    """Something of Django in a template, with the elements that it stands in."""

    piece: str
    in_tag: bool
    around: list[tuple[str, str]]

    @property
    def elements(self) -> set[str]:
        """The names of the elements around it."""
        return {name for name, _attributes in self.around}

    @property
    def has_direction(self) -> bool:
        """Whether an element around it says which way it runs."""
        return any(re.search(r'\bdir="', attributes) for _name, attributes in self.around)


def shown_in(text: str) -> Iterator[Shown]:
    """Yield each value and tag of Django in a template."""
    around: list[tuple[str, str]] = []
    tag: str | None = None
    for piece in PIECE.findall(text):
        if piece == "{% block title %}":
            around.append(("title", ""))
        elif piece == "{% endblock %}" and around and around[-1] == ("title", ""):
            around.pop()
        if piece.startswith(OF_DJANGO):
            yield Shown(piece, tag is not None, list(around))
        if piece == "<" and tag is None:
            tag = ""
        elif piece == ">" and tag is not None:
            follow(around, tag.strip())
            tag = None
        elif tag is not None:
            tag += piece


def follow(around: list[tuple[str, str]], tag: str) -> None:
    """Open or close an element."""
    name = re.split(r"\s", tag.lstrip("/"), maxsplit=1)[0].lower()
    if tag.startswith("/"):
        while around and around.pop()[0] != name:
            pass
    elif name and name not in EMPTY and not tag.endswith("/"):
        around.append((name, tag))


def path_of(piece: str) -> str:
    """The value's path, without filters."""
    return re.sub(r"^\{\{ *|[ |].*$", "", piece.replace("\n", " "))


def in_templates() -> Iterator[tuple[str, Shown]]:
    """Everything of Django in every template, with the template's name."""
    for path in TEMPLATES:
        for shown in shown_in(Path(path).read_text()):
            yield path.relative_to(ROOT / "templates").as_posix(), shown


def is_ours(template: str, path: str) -> bool:
    """Whether it is no name of somebody."""
    ours = OUR_NAMES.get(path, {})
    return isinstance(ours, str) or template in ours


def test_names_stand_in_bdi():
    bare = [
        f"{template}: {shown.piece}"
        for template, shown in in_templates()
        if NAME.match(shown.piece)
        and not shown.in_tag
        and not shown.elements & {"bdi", *PLAIN}
        and not is_ours(template, path_of(shown.piece))
    ]
    assert not bare


def test_names_in_sentences_are_isolated():
    bare = [
        f"{template}: {found[1]}"
        for template, shown in in_templates()
        if shown.piece.startswith("{% blocktrans")
        and not shown.in_tag
        and not shown.elements & PLAIN
        for found in NAMED.finditer(shown.piece)
    ]
    assert not bare


def test_whatever_shows_words_says_which_way_they_run():
    silent = [
        f"{template}: {shown.piece}"
        for template, shown in in_templates()
        if WORDS.match(shown.piece)
        and not shown.in_tag
        and not shown.has_direction
        and "|markdown" not in shown.piece
        and path_of(shown.piece) not in OUR_WORDS
        and template not in OUR_PAGES
    ]
    assert not silent


def test_no_element_leaves_the_guess_to_the_browser():
    for path in TEMPLATES:
        assert 'dir="auto"' not in path.read_text(), path


def test_the_rule_sees_what_it_is_for():
    page = '<p title="{{ a.name }}">{{ a.name }} <bdi>{{ b.name }}</bdi></p>'
    found = list(shown_in(page + '<i dir="rtl">{{ c.text }}</i>'))
    assert [one.in_tag for one in found] == [True, False, False, False]
    assert found[2].elements == {"p", "bdi"}
    assert [one.has_direction for one in found] == [False, False, False, True]
