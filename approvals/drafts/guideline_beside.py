"""The guideline beside a text that is being written: what matters for it is open."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from approvals.models import GuidelineVersion
from tickets.models import Ticket


@dataclass(frozen=True)
class Paragraph:
    """One paragraph in the reader's language; `key` names its version and its number."""

    key: str
    number: int
    title: str
    text: str
    matters: bool


@dataclass(frozen=True)
class GuidelineBeside:
    """The versions that hold, and the keys of their paragraphs that matter for the text.

    Two are the same where the same versions, of departments of the same names, hold and the same
    paragraphs matter: a published version never changes.
    """

    shown: tuple[tuple[int, str], ...]
    mattering: frozenset[str]
    versions: tuple[GuidelineVersion, ...] = field(compare=False)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Every paragraph of every version, in the reader's language."""
        return [
            Paragraph(key, one["number"], one["title"], one["text"], key in self.mattering)
            for version in self.versions
            for one in version.shown_paragraphs
            for key in [key_of(version, one)]
        ]


def key_of(version: GuidelineVersion, paragraph: dict[str, Any]) -> str:
    """Name a paragraph for the page: by its version and its number."""
    return f"{version.pk}:{paragraph['number']}"


def beside(
    versions: Collection[GuidelineVersion], findings: list[dict[str, Any]], ticket: Ticket
) -> GuidelineBeside:
    """Return the guideline beside a text with these findings, for this ticket."""
    return GuidelineBeside(
        shown=tuple((one.pk, one.department.name if one.department else "") for one in versions),
        mattering=frozenset(mattering(versions, findings, ticket)),
        versions=tuple(versions),
    )


def mattering(
    versions: Collection[GuidelineVersion], findings: list[dict[str, Any]], ticket: Ticket
) -> Iterator[str]:
    """Yield the key of each paragraph that matters for this text and this customer.

    A finding is about it, or a tag of the customer is named by its checks.
    """
    found = {one["paragraph"] for one in findings}
    tags = {tag.lower() for tag in [*ticket.customer.tags, *ticket.tags]}
    for version in versions:
        for paragraph in version.paragraphs:
            if str(paragraph["number"]) in found or tags & named_by(paragraph):
                yield key_of(version, paragraph)


def named_by(paragraph: dict[str, Any]) -> set[str]:
    """Return the customers' tags that the checks of a paragraph name, in small letters."""
    return {
        tag.lower()
        for check in paragraph.get("checks", [])
        if check["kind"] == "customer_tag"
        for tag in check["settings"].get("tags", [])
    }
