"""Checks that look for listed words and phrases, and for tags of the customer."""

from typing import Any

from approvals.checks.base import Place, Text
from approvals.checks.favours.favours import favours
from approvals.checks.language.clauses import clause_at, clauses
from approvals.checks.promises.promises import longest
from tickets.routing.terms import matches


def listed(settings: dict[str, Any], name: str, language: str) -> list[str]:
    """Return the terms of a setting for a language.

    Where the language is not clear, those of every language.
    """
    lists = settings.get(name) or {}
    return (
        list(lists.get(language, []))
        if language
        else [term for terms in lists.values() for term in terms]
    )


def forbidden(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Each listed word or phrase."""
    found = matches(
        listed(settings, "terms", text.language),
        text.typed,
        text.language,
        listed(settings, "exceptions", text.language),
    )
    return [Place(settings.get("name") or "word", start, end) for start, end in found]


def required(text: Text, settings: dict[str, Any]) -> list[Place]:
    """If something from the first list is there, something from the second must be there too."""
    found = matches(
        listed(settings, "when", text.language),
        text.typed,
        text.language,
        listed(settings, "exceptions", text.language),
    )
    if not found or matches(listed(settings, "need", text.language), text.typed, text.language):
        return []
    return [Place(settings.get("name") or "word", *found[0])]


def money(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Find what promises money back, a discount, a gift or a cost that we bear.

    Where a clause says so.

    Listed terms, and the expressions that the desk knows by itself unless `known` is off.
    Questions, conditions, denials and what the customer wants promise nothing.
    """
    said, parts = text.unquoted, clauses(text.unquoted)
    excepted = listed(settings, "exceptions", text.language)
    found = [
        place
        for place in matches(
            listed(settings, "terms", text.language), said, text.language, excepted
        )
        if (part := clause_at(parts, place[0])) and not part.says_nothing
    ]
    if settings.get("known", True):
        taken = [*found, *matches(excepted, said, text.language)]
        found += [one for one in longest(favours(parts, text.language)) if not overlaps(one, taken)]
    return [Place("money", start, end) for start, end in sorted(found)]


def overlaps(place: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Whether a place shares a character with one of the others."""
    return any(place[0] < end and start < place[1] for start, end in others)


def tagged(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Find that the customer bears one of the tags; it is not about the words."""
    wanted = {one.lower() for one in settings.get("tags", [])}
    return [
        Place(tag, values={"tag": tag, "customer": text.customer})
        for tag in text.customer_tags
        if tag.lower() in wanted
    ][:1]
