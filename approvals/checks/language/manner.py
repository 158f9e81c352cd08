"""How a text looks.

Length with initials, greeting, shouting, links, signature, sameness with saved and earlier
replies.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from approvals.checks.addresses import addresses, without_addresses
from approvals.checks.base import Place, Text
from networks.text import HANDLE, LIMIT, ascii_host, behind_handles, weighted_length
from tickets.routing.terms import matches

CAPITALS = re.compile(r"[^\W\d_]{2,}")
MARKS = re.compile(r"[!]{2,}|[?]{2,}")
SIGNATURE = re.compile(r"(?<![\w^])\^([A-Za-z]{2,4})(?!\w)")
SHORT = 40


def length(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Longer than wished, signature included, as X counts."""
    now, most = weighted_length(text.whole or text.typed), settings.get("most", LIMIT)
    if now <= most:
        return []
    detail = "over" if now > LIMIT else "long"
    return [Place(detail, values={"n": str(now), "most": str(most)})]


def greeting(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Find that the first reply to somebody begins without a greeting."""
    if not text.first_reply or not text.typed.strip():
        return []
    beginning = behind_handles(text.typed.strip())[:60]
    greetings = [term for terms in (settings.get("terms") or {}).values() for term in terms]
    return (
        []
        if any(start == 0 for start, _end in matches(greetings, beginning, ""))
        else [Place("missing", values={"customer": text.customer})]
    )


def shouting(text: Text, settings: dict[str, Any]) -> Iterator[Place]:
    """Capital words in a row, and marks in a row or too many."""
    known = {one.upper() for one in settings.get("abbreviations", [])}
    run: list[re.Match[str]] = []
    for word in [*CAPITALS.finditer(without_addresses(text.typed)), None]:
        if (
            word is not None
            and word.group().isupper()
            and (not run or not re.search(r"[.!?…]", text.typed[run[-1].end() : word.start()]))
        ):
            run.append(word)
            continue
        loud = [one for one in run if one.group() not in known]
        if len(loud) >= settings.get("capital_words", 3):
            yield Place("capitals", loud[0].start(), loud[-1].end())
        run = [word] if word is not None and word.group().isupper() else []
    rows = [found for found in MARKS.finditer(text.typed)]
    yield from (Place("punctuation", found.start(), found.end()) for found in rows)
    single = [place for place, one in enumerate(text.typed) if one == "!"]
    if not rows and len(single) > settings.get("exclamation_marks", 1):
        place = single[settings.get("exclamation_marks", 1)]
        yield Place("punctuation", place, place + 1)


def links(text: Text, settings: dict[str, Any]) -> Iterator[Place]:
    """Links to other hosts than ours, or more of them than wished.

    What X turns into a link is one, with a scheme or without.
    """
    found = addresses(text.typed)
    allowed = {ascii_host(host) for host in settings.get("hosts", [])}
    foreign = [one for one in found if allowed and one.host not in allowed]
    yield from (Place("host", one.start, one.end) for one in foreign)
    if settings.get("most") is not None and not foreign:
        yield from (Place("several", one.start, one.end) for one in found[settings["most"] :])


def signature(text: Text, settings: dict[str, Any]) -> Iterator[Place]:
    """Find initials that nobody bears, somebody else's, or none at all.

    One's own may be typed, at the end.
    """
    for found in SIGNATURE.finditer(text.typed):
        initials = found.group(1).lower()
        if initials != text.initials.lower():
            yield Place(
                "others" if initials in text.known_initials else "unknown",
                found.start(),
                found.end(),
            )
    if not text.initials:
        yield Place("missing")


def unchanged_saved_reply(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Return the saved reply as it stands, only the name filled in."""
    for key, saved in text.saved_replies.items():
        if alike(text.typed, re.sub(r"\{\w+\}", " ", saved)) >= settings.get("percent", 97) / 100:
            return [Place(key)]
    return []


def near_duplicate(text: Text, settings: dict[str, Any]) -> list[Place]:
    """Nearly the words that somebody else just got; X refuses the same text twice.

    Very short ones do not count.
    """
    if len(text.typed) < SHORT:
        return []
    for customer, sent in text.recent_replies:
        if (
            alike(SIGNATURE.sub("", text.typed), SIGNATURE.sub("", sent))
            >= settings.get("percent", 90) / 100
        ):
            return [Place("recent", values={"customer": customer})]
    return []


def alike(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1, by their letters and digits; handles do not count."""
    first, second = (
        re.sub(r"[\W_]+", " ", HANDLE.sub(" ", text).lower()).strip() for text in (one, other)
    )
    if not first or not second or min(len(first), len(second)) / max(len(first), len(second)) < 0.8:
        return 0.0
    match = SequenceMatcher(None, first, second, autojunk=False)
    return match.ratio() if match.real_quick_ratio() > 0.8 and match.quick_ratio() > 0.8 else 0.0
