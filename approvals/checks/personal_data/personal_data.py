"""Personal data in public.

E-mail addresses, telephone numbers, bank and card numbers, and numbers of the house's own
patterns.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import phonenumbers

from approvals.checks.addresses import without_addresses
from approvals.checks.base import Place, Text
from approvals.checks.language.prose import blanked
from approvals.checks.personal_data.spelt import spelt

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")
DATE_OR_VERSION = re.compile(r"(?<![\d.])\d{1,4}(?:\.\d{1,6}){2,3}(?![\d.])")


def is_iban(written: str) -> bool:
    """Hold the check digits of ISO 13616 (modulo 97), and the length of the country.

    A known country, between 15 and 34 characters.
    """
    plain = written.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    digits = "".join(str(int(one, 36)) for one in plain[4:] + plain[:4])
    return int(digits) % 97 == 1


def is_card(written: str) -> bool:
    """Return whether the check digit of ISO/IEC 7812 (Luhn) fits, and the first digit of a card."""
    digits = [int(one) for one in written if one.isdigit()]
    doubled = [
        sum(divmod(2 * one, 10)) if place % 2 else one for place, one in enumerate(reversed(digits))
    ]
    return digits[0] in {2, 3, 4, 5, 6} and sum(doubled) % 10 == 0


STANDS_FOR = {"#": r"\d", "@": r"[^\W\d_]"}


@lru_cache(maxsize=200)
def shape(written: str) -> re.Pattern[str]:
    """Return a pattern of the house: `#` is a digit, `@` a letter, everything else itself.

    As a word of its own.
    """
    made = "".join(STANDS_FOR.get(character) or re.escape(character) for character in written)
    return re.compile(rf"(?<![\w-]){made}(?![\w-])", re.IGNORECASE)


def personal_data(text: Text, settings: dict[str, Any]) -> Iterator[Place]:
    """Each piece once; what an allowed pattern or a link covers does not count."""
    rest = without_addresses(text.typed)
    for start, end in spelt(text.typed) if settings.get("email", True) else ():
        yield Place("email", start, end)
        rest = rest[:start] + " " * (end - start) + rest[end:]
    for written in settings.get("allowed", []):
        rest = blanked(shape(written), rest)
    kinds: list[tuple[str, Any]] = [
        ("email", EMAIL.finditer),
        ("iban", lambda one: (f for f in IBAN.finditer(one) if is_iban(f.group()))),
        *(
            (name, shape(written).finditer)
            for name, written in settings.get("patterns", {}).items()
            if written
        ),
        ("card", lambda one: (f for f in CARD.finditer(one) if is_card(f.group()))),
    ]
    for name, find in kinds:
        if settings.get(name, True) is False:
            continue
        for found in list(find(rest)):
            yield Place(name, found.start(), found.end())
            rest = rest[: found.start()] + " " * (found.end() - found.start()) + rest[found.end() :]
    rest = blanked(DATE_OR_VERSION, rest)
    yield from phones(rest, settings.get("phone", []))


def phones(text: str, countries: list[str]) -> Iterator[Place]:
    """Find telephone numbers that are possible in one of the countries, each place once.

    Possible as `phonenumbers` says.
    """
    taken: list[tuple[int, int]] = []
    for country in countries:
        for found in phonenumbers.PhoneNumberMatcher(
            text, country, leniency=phonenumbers.Leniency.POSSIBLE
        ):
            written = text[found.start : found.end]
            written_as_one = (
                written.lstrip("(").startswith(("0", "+")) and sum(map(str.isdigit, written)) >= 8
            )
            sure = phonenumbers.is_valid_number(found.number) or written.lstrip("(").startswith("+")
            if (
                written_as_one
                and sure
                and all(found.end <= low or high <= found.start for low, high in taken)
            ):
                taken.append((found.start, found.end))
                yield Place("phone", found.start, found.end)
