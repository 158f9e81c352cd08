"""Sentences in which ⟦ ⟧ marks what a check must find, and near misses: how many of both are right.

A set is a folder of JSON files. A file holds sentences of one kind of promise in two
languages and names the check that has to find them; a sentence is a string, or has what
the customer wrote before.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from approvals.checks import Text, examine
from tests.approvals.examples import HERE, guideline

FIRST = HERE / "marked_sentences"  # written before the code
FRESH = HERE / "fresh_sentences"  # written after it; then it learnt from them
SECOND = HERE / "second_hundred"  # written after that, and never learnt from
MARKED = re.compile("⟦(.*?)⟧")


@dataclass(frozen=True)
class Sentence:
    """One sentence: its plain text, the places that must be found, and what the customer wrote."""

    kind: str
    check: str
    detail: str
    language: str
    text: str
    wanted: tuple[tuple[int, int], ...]
    customer: str = ""


def sentences(folder: Path) -> Iterator[Sentence]:
    """Every sentence of a set; one under `found` without a mark, or the reverse, is refused."""
    for path in sorted(folder.glob("*.json")):
        held = json.loads(path.read_text())
        for language in ("de", "en"):
            for side in ("found", "silent"):
                for entry in held[language][side]:
                    given = entry if isinstance(entry, dict) else {"text": entry}
                    text, wanted = unmarked(given["text"])
                    assert bool(wanted) == (side == "found"), given["text"]
                    yield Sentence(
                        path.stem,
                        held["check"],
                        held.get("detail", ""),
                        language,
                        text,
                        wanted,
                        given.get("customer", ""),
                    )


def unmarked(written: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text without its marks, and the places that they held."""
    text, wanted, last = "", [], 0
    for mark in MARKED.finditer(written):
        text += written[last : mark.start()]
        wanted.append((len(text), len(text) + len(mark[1])))
        text += mark[1]
        last = mark.end()
    return text + written[last:], tuple(wanted)


def found_in(sentence: Sentence, paragraphs: list[dict]) -> list[tuple[int, int]]:
    """The places that the sentence's own check finds in it."""
    asked = sentence.customer.replace("{account}", "@AmselnetzHilfe")
    text = Text(
        typed=sentence.text,
        whole=f"{sentence.text} ^an",
        initials="an",
        known_initials=frozenset({"an"}),
        customer="@customer",
        customer_text=asked,
        customer_language=sentence.language,
        customer_address="Sie",
    )
    return [
        (one.start, one.end)
        for one in examine(text, paragraphs)
        if one.kind == sentence.check and one.detail in {sentence.detail or one.detail}
    ]


def judged(folder: Path) -> tuple[dict[str, Counter], list[str]]:
    """For each kind how often the check was right, wrong, missed it, or rightly said nothing.

    A sentence is right if a finding touches its marks and none stands elsewhere. Also each
    difference in words.
    """
    paragraphs = guideline()
    counts: dict[str, Counter] = {}
    differences = []
    for one in sentences(folder):
        count = counts.setdefault(one.kind, Counter())
        places = found_in(one, paragraphs)
        touched = any(
            low < end and start < high for start, end in places for low, high in one.wanted
        )
        astray = any(
            all(end <= low or high <= start for low, high in one.wanted) for start, end in places
        )
        count["right"] += touched
        count["missed"] += bool(one.wanted) and not touched
        count["wrong"] += astray
        count["rightly silent"] += not places and not one.wanted
        if astray or bool(one.wanted) != touched:
            words = [one.text[start:end] for start, end in places]
            differences.append(f"{one.kind}, {one.language}: {one.text} | found {words}")
    return counts, differences
