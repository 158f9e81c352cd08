"""Checks that look for listed words and phrases, and for tags of the customer."""

import re
from typing import Any

from approvals.text_checks.base import Place, Text
from approvals.text_checks.prose import sentence_at
from tickets.terms import matches

NEGATED = re.compile(r"\b(?:nicht|keine?[mnrs]?|nie|niemals|not|no|never|cannot|without|ohne)\b|n['’]t\b", re.IGNORECASE)


def listed(settings: dict[str, Any], name: str, language: str) -> list[str]:
    """The terms of a setting for a language; where the language is not clear, those of every language."""
    lists = settings.get(name) or {}
    return list(lists.get(language, [])) if language else [term for terms in lists.values() for term in terms]


def forbidden(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Each listed word or phrase."""
    found = matches(listed(settings, "terms", text.language), text.typed, text.language, listed(settings, "exceptions", text.language))
    return [Place(settings.get("name") or "word", start, end) for start, end in found]


def required(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Where one of the first list stands, one of the second must stand too."""
    found = matches(listed(settings, "when", text.language), text.typed, text.language, listed(settings, "exceptions", text.language))
    if not found or matches(listed(settings, "need", text.language), text.typed, text.language):
        return []
    return [Place(settings.get("name") or "word", *found[0])]


def money(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Words that promise money back or a gift, unless their sentence denies it."""
    found = matches(listed(settings, "terms", text.language), text.typed, text.language, listed(settings, "exceptions", text.language))
    return [Place("money", start, end) for start, end in found if not NEGATED.search(sentence_at(text.typed, start))]


def tagged(text: Text, settings: dict[str, Any]) -> list[Place]:
    """The customer bears one of the tags; it is not about the words."""
    wanted = {one.lower() for one in settings.get("tags", [])}
    return [Place(tag, values={"tag": tag, "customer": text.customer}) for tag in text.customer_tags if tag.lower() in wanted][:1]
