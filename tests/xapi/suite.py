"""X's conformance suite, and who is held against it: the desk and the simulated X."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import yaml

from servicedesk.launcher.running import ROOT
from xapi.cashtags import CASHTAG
from xapi.handles import HANDLE, handle_in_front
from xapi.links import URL
from xapi.simulator.text import entities, weights
from xapi.text import weighted_length

FOLDER = ROOT / "tests" / "assets" / "twitter-text"
Place = tuple[str, int, int]


class Reader(NamedTuple):
    """Somebody's way to read a text: its weight, what stands where in it, and whom it answers."""

    weight: Callable[[str], int]
    links: Callable[[str], list[Place]]
    mentions: Callable[[str], list[Place]]
    cashtags: Callable[[str], list[Place]]
    reply: Callable[[str], str | None]

    def all_of(self, text: str) -> tuple:
        """Everything that is read in a text."""
        return tuple(read(text) for read in self)


def of_desk(finder: Any, sign: int = 0) -> Callable[[str], list[Place]]:
    """Places as a finder of the desk finds them; without the sign in front."""
    return lambda text: [
        (one.group()[sign:], one.start(), one.end()) for one in finder.finditer(text)
    ]


def of_simulator(
    read: Callable[[str], list[entities.Entity]], sign: int = 0
) -> Callable[[str], list[Place]]:
    """Places as the simulated X finds them, likewise."""
    return lambda text: [(one.text[sign:], one.start, one.end) for one in read(text)]


def name_of(found: Any, written: str) -> str | None:
    """The name of a handle without its sign; None where there is none."""
    return getattr(found, written).lstrip("@＠") if found else None


DESK = Reader(
    weighted_length,
    of_desk(URL),
    of_desk(HANDLE, 1),
    of_desk(CASHTAG, 1),
    lambda text: name_of(handle_in_front(text), "written"),
)
SIMULATOR = Reader(
    weights.weight,
    of_simulator(entities.links),
    of_simulator(entities.mentions, 1),
    of_simulator(entities.cashtags, 1),
    lambda text: name_of(entities.reply_to(text), "text"),
)
READERS = {"the desk": DESK, "the simulated X": SIMULATOR}


class Part(NamedTuple):
    """A list of the suite: what of a reader it asks, and how the answer is written there."""

    file: str
    name: str
    answer: Callable[[Reader, str], Any]
    expected: Callable[[dict[str, Any]], Any] = lambda case: case["expected"]


def words(places: list[Place]) -> list[str]:
    """The words alone."""
    return [word for word, _begins, _ends in places]


def indexed(places: list[Place], called: str) -> list[dict[str, Any]]:
    """Words with their places, as the suite writes them."""
    return [{called: word, "indices": [begins, ends]} for word, begins, ends in places]


def people_alone(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The expected mentions without those of lists, which name nobody."""
    return [
        {"screen_name": one["screen_name"], "indices": one["indices"]}
        for one in case["expected"]
        if not one["list_slug"]
    ]


def weight_of(case: dict[str, Any]) -> int:
    """The expected weight."""
    return int(case["expected"]["weightedLength"])


PARTS = {
    "weights (configuration v3)": Part(
        "validate",
        "WeightedTweetsWithDiscountedEmojiCounterTest",
        lambda by, text: by.weight(text),
        weight_of,
    ),
    "weights with marks of direction": Part(
        "validate",
        "UnicodeDirectionalMarkerCounterTest",
        lambda by, text: by.weight(text),
        weight_of,
    ),
    "links": Part("extract", "urls", lambda by, text: words(by.links(text))),
    "links with their places": Part(
        "extract", "urls_with_indices", lambda by, text: indexed(by.links(text), "url")
    ),
    "links with marks of direction": Part(
        "extract", "urls_with_directional_markers", lambda by, text: indexed(by.links(text), "url")
    ),
    "links to t.co": Part(
        "extract", "tco_urls_with_params", lambda by, text: words(by.links(text))
    ),
    "mentions": Part("extract", "mentions", lambda by, text: words(by.mentions(text))),
    "mentions with their places": Part(
        "extract",
        "mentions_with_indices",
        lambda by, text: indexed(by.mentions(text), "screen_name"),
    ),
    "mentions beside lists": Part(
        "extract",
        "mentions_or_lists_with_indices",
        lambda by, text: indexed(by.mentions(text), "screen_name"),
        people_alone,
    ),
    "replies": Part("extract", "replies", lambda by, text: by.reply(text)),
    "cashtags": Part("extract", "cashtags", lambda by, text: words(by.cashtags(text))),
    "cashtags with their places": Part(
        "extract", "cashtags_with_indices", lambda by, text: indexed(by.cashtags(text), "cashtag")
    ),
}


@cache
def suite(file: str) -> dict[str, list[dict[str, Any]]]:
    """The lists of one of its files."""
    written = (FOLDER / f"{file}.yml").read_text()
    return dict(yaml.safe_load(written)["tests"])


def cases(part: Part) -> list[dict[str, Any]]:
    """The cases of a list."""
    return suite(part.file)[part.name]


def broken(part: Part, reader: Reader) -> list[str]:
    """Each case of a list that a reader does not hold.

    Its name, what is expected, what was read.
    """
    read = [(case, part.answer(reader, case["text"])) for case in cases(part)]
    return [
        f"{case['description']}: {part.expected(case)!r}, not {answer!r}"
        for case, answer in read
        if answer != part.expected(case)
    ]
