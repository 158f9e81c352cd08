"""What a check is made of.

The text with its surroundings, a check with its settings, a finding with its place.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from approvals.checks.language.prose import QUOTED, blanked, detect
from networks.text import HANDLE, URL

SEVERITIES = ("hint", "must_explain", "needs_lead", "blocks")
LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Text:
    """A reply as it is typed, and what is known around it.

    `typed` is what stands in the field, `whole` the same with the signature that the desk adds.
    `customer_address` is the form of address that the customer used (`Sie`, `du` or empty).
    `recent_replies` are ours of the last day with the customer they went to, `saved_replies` texts
    by their key, filled in for this customer and writer.
    """

    typed: str
    whole: str = ""
    initials: str = ""
    known_initials: frozenset[str] = frozenset()
    first_reply: bool = False
    customer: str = ""
    customer_text: str = ""
    customer_language: str = ""
    customer_address: str = ""
    customer_tags: tuple[str, ...] = ()
    saved_replies: dict[str, str] = field(default_factory=dict)
    recent_replies: tuple[tuple[str, str], ...] = ()

    @cached_property
    def language(self) -> str:
        """`de` or `en`; where the words do not tell, the customer's."""
        return next(
            (one for one in (detect(self.typed), self.customer_language) if one in LANGUAGES), ""
        )

    @cached_property
    def unquoted(self) -> str:
        """The text with what stands in quotation marks blanked out; places stay the same."""
        return blanked(QUOTED, self.typed)

    @cached_property
    def prose(self) -> str:
        """The text with quotations, links and handles blanked out."""
        return blanked(HANDLE, blanked(URL, self.unquoted))


@dataclass(frozen=True)
class Place:
    """Where in the typed text, and which variety of the check it is.

    Without an end it is about the whole text.
    """

    detail: str
    start: int = 0
    end: int = 0
    values: dict[str, str] = field(default_factory=dict)


Look = Callable[[Text, dict[str, Any]], Iterable[Place]]


@dataclass(frozen=True)
class Finding:
    """A place that a check of a paragraph does not like, and how much that weighs."""

    kind: str
    detail: str
    severity: str
    paragraph: str
    words: str
    start: int
    end: int
    values: dict[str, str]
    version: int = 0
    title_en: str = ""
    title_de: str = ""

    @property
    def key(self) -> str:
        """Say how an explanation names the finding.

        The same while the same words break the same check.
        """
        return f"{self.paragraph}:{self.kind}:{self.detail}:{self.words}"[:200]
