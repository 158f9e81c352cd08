"""The language of the answer beside the customer's, and the form of address of a German text."""

import re
from typing import Any

from approvals.checks.base import Place, Text
from approvals.checks.language.prose import CANDIDATES, QUOTED, blanked, detect
from networks.text import HANDLE, URL

INFORMAL = re.compile(r"\b(?:du|dich|dir|dein(?:e[mnrs]?)?|euch|euer|eure[mnrs]?)\b", re.IGNORECASE)
FORMAL = re.compile(r"\b(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b")
BEGINNING = re.compile(r"(?:^|[.!?…:\n]\s*|[–—]\s)$")


def other_language(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Find a text in another language than the customer's.

    Who mixes two may be answered in either.
    """
    asked = text.customer_language
    if asked not in CANDIDATES:
        return []
    found = detect(text.typed, least=settings.get("least_words", 5))
    return (
        [Place("other", values={"language": asked, "other": found, "customer": text.customer})]
        if found and found != asked
        else []
    )


def address_of(text: str) -> str:
    """How a customer speaks to us in German: `du`, `Sie`, or empty where it does not show."""
    plain = blanked(HANDLE, blanked(URL, blanked(QUOTED, text)))
    if INFORMAL.search(plain):
        return "du"
    return "Sie" if formal_places(plain) else ""


def formal_places(text: str) -> list[re.Match[str]]:
    """Formal words that cannot be anything else.

    At the beginning of a sentence "Sie" may be they and "Ihr" you all.
    """
    return [found for found in FORMAL.finditer(text) if not BEGINNING.search(text[: found.start()])]


def address_form(text: Text, settings: dict[str, Any]) -> list[Place]:
    """*du* and *Sie* in one German text, or not the form that the house uses with this customer."""
    if text.language != "de":
        return []
    informal, formal = list(INFORMAL.finditer(text.prose)), formal_places(text.prose)
    wanted = (
        "du"
        if settings.get("follow_customer", True) and text.customer_address == "du"
        else settings.get("house", "Sie")
    )
    wrong = informal if wanted == "Sie" else formal
    if informal and formal:
        return [Place("mixed", wrong[0].start(), wrong[0].end())]
    if wanted == "Sie" and informal:
        return [Place("not_house", informal[0].start(), informal[0].end())]
    return []
