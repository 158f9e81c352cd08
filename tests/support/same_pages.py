"""Compare two sets of templates: every screen in both languages, rendered by each.

`python -m tests.support.same_pages FOLDER [--only WORD]` renders each screen of `tests/screens.py`
with the templates of this checkout and with those in FOLDER (the `templates/` of another commit,
`git worktree add /tmp/before COMMIT`), by the same code on the same data. Pages are equal
when their elements, attributes and words are: white space counts as one blank, and none beside an
element that stands on lines of its own. With `--code` FOLDER is the whole checkout of the other
commit, and its pages are rendered by its own code. With `--drawn` a browser judges what a blank
does: it draws both, and each element has to stand at the same place in the same size. Prints how
many were compared, each difference, and exits with 1 if there is one.
"""

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from bench.servers import stack
from servicedesk.launcher import stopping
from servicedesk.launcher.running import ROOT
from tests.support.other_checkout import other_checkout
from tests.support.same_drawing import drawn_differently

Shows = Callable[[Any, str], str]

# Elements before, behind and inside whose borders a browser shows no white space.
LINES = frozenset(
    re.findall(
        r"\S+",
        "html head body title meta link script style template noscript header footer main nav "
        "section article aside div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody "
        "tfoot tr "
        "td th form fieldset legend details summary dialog figure figcaption blockquote pre hr br "
        "option optgroup datalist path g circle rect line symbol use defs search menu button",
    )
)
# Made anew for each answer.
FRESH = [
    re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]*'),
    re.compile(r'(?<=nonce=")[^"]*'),
]
LANGUAGES = ("en", "de")


class Tokens(HTMLParser):
    """The elements, attributes and words of a page, one after the other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.blank = False
        self.at_line = True

    def element(self, tag: str, token: str) -> None:
        """An element begins or ends."""
        if tag in LINES:
            self.blank, self.at_line = False, True
        elif self.blank:
            self.space()
        self.found.append(token)

    def space(self) -> None:
        """A blank that a browser shows."""
        if not self.at_line:
            self.found.append(" ")
        self.blank = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element and its attributes, whatever their order."""
        words = [f"{name}={plain(value or '')!r}" for name, value in sorted(attrs)]
        self.element(tag, f"<{' '.join([tag, *words])}>")

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        self.element(tag, f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Words, and the blanks around them."""
        if data[:1].isspace():
            self.blank = True
        for word in data.split():
            if self.blank:
                self.space()
            self.found.append(word)
            self.blank, self.at_line = True, False
        self.blank = data[-1:].isspace()


def plain(value: str) -> str:
    """The value of an attribute with single blanks, and none behind a comma."""
    return re.sub(r",\s+", ",", " ".join(value.split()))


def tokens(page: str) -> list[str]:
    """What a page says, without what is made anew each time."""
    for pattern in FRESH:
        page = pattern.sub("", page)
    reader = Tokens()
    reader.feed(page)
    reader.close()
    return reader.found


def differences(before: str, after: str, blanks: bool) -> list[str]:
    """Where two pages differ: lines of a difference, at most forty. With or without `blanks`."""
    old, new = (
        [token for token in tokens(page) if blanks or token != " "] for page in (before, after)
    )
    changes = difflib.unified_diff(old, new, "before", "after", "", "", 3, "")
    return list(changes)[:40]


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the other templates")
    parser.add_argument("--only", default="", help="screens whose name contains this word")
    parser.add_argument(
        "--drawn",
        action="store_true",
        help="let a browser judge the blanks: compare the place of each element",
    )
    parser.add_argument(
        "--code",
        action="store_true",
        help="the folder is another checkout: render its pages by its own code",
    )
    return parser.parse_args()


def main() -> int:
    """Compare every screen; 1 if one differs."""
    options = asked()
    compared, differing = 0, 0
    with stack() as running, ExitStack() as ending:
        from tests.gallery import stage
        from tests.screens import said_again, shown_besides

        numbers = {
            "fresh": stage(running),
            "again": said_again(running, "twice"),
            "besides": shown_besides(running, "robin_shows"),
        }
        for part in ("beat", "worker"):  # from here on nothing moves by itself
            running.parts[part].stop()
        folder = options.folder.resolve()
        other: Shows = by_templates(folder)
        if options.code:
            other = ending.enter_context(other_checkout(folder)).shows
        versions = list(pages(other, numbers, options.only))
        for name, before, after in versions:
            compared += 1
            found = differences(before, after, blanks=not options.drawn)
            differing += bool(found)
            for line in [f"{name} differs:", *found] if found else []:
                print(line)
        for line in drawn_differently(running.url, versions) if options.drawn else []:
            differing += 1
            print(f"drawn otherwise: {line}")
    print(f"{compared} pages compared, {differing} differ")
    return 1 if differing or not compared else 0


def pages(other: Shows, numbers: dict[str, int], only: str) -> Iterator[tuple[str, str, str]]:
    """Each screen in each language: its name, as the other commit shows it, and as ours does."""
    from tests.screens import EVERYDAY, OUTSIDE, SETTING_UP

    seen: set[tuple[str, str]] = set()
    for screen in [*OUTSIDE, *EVERYDAY, *SETTING_UP]:
        path = screen.path.format(**numbers)
        if only not in screen.name or (screen.who, path) in seen:
            continue
        seen.add((screen.who, path))
        for language in LANGUAGES:
            client = signed_in(screen.who, language)
            yield f"{screen.name} ({language})", *both(client, path, other)


def signed_in(who: str, language: str) -> Any:
    """A browser of this person, or of nobody."""
    from django.test import Client

    from people.models import User

    client = Client(headers={"host": "127.0.0.1", "accept-language": language})
    if who:
        client.force_login(User.objects.get(username=who))
        client.post("/language/", {"language": language})
    return client


def both(client: Any, path: str, other: Shows) -> tuple[str, str]:
    """The page by the other commit and by ours; asked for again while its times move."""
    before, ours = "", ["", ""]
    for _attempt in range(25):
        ours[0] = page_of(client, path)
        before = other(client, path)
        ours[1] = page_of(client, path)
        if tokens(ours[0]) == tokens(ours[1]):
            break
    return before, ours[1]


def page_of(client: Any, path: str) -> str:
    """The page that this browser gets."""
    return str(client.get(path).content.decode())


def by_templates(folder: Path) -> Shows:
    """A way to get pages by this code with the templates of another folder."""

    def shows(client: Any, path: str) -> str:
        from django.conf import settings
        from django.test import override_settings

        ours = settings.TEMPLATES[0]
        with override_settings(TEMPLATES=[{**ours, "DIRS": [folder]}]):
            return page_of(client, path)

    return shows


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(stopping.command(main))
