"""Sums of money, in figures and in words, in front of their currency or behind it."""

import re
from collections.abc import Iterator
from typing import Any

from approvals.checks.base import Place, Text
from approvals.checks.promises.number_words import (
    NUMBER_DE,
    NUMBER_EN,
    WORDS_DE,
    WORDS_EN,
    compiled,
    value,
)

SIGN = r"(?:€|\$|£|EUR|CHF|USD|GBP|SFr\.?|Fr\.)"
CURRENCY = (
    r"(?:€|\$|£|EUR|CHF|USD|GBP|SFr\.?|Euros?|Euronen|Cents?|ct\.?|(?:Schweizer\s"
    r"|Swiss\s)?(?:Franken|Francs?)"
    r"|Rappen|Rp\.|(?:britische\s)?Pfund\sSterling|britische\sPfund|Pounds?|Quid|Pence"
    r"|(?:US-)?Dollars?|Bucks?)"
)
AROUND = r"(?:(?:knapp|über|rund|etwa|circa|ca\.|just\s(?:under|over)|around|about|under|over)\s)?"
NOT_MONEY = (
    r"(?!\w)(?!\s?(?:plugs?|notes?|coins?|zone|keys?|signs?|sockets?|adapters?|of)(?!\w))"
    r"(?!\s?-\s?(?:Zone|Stecker|Münze|Schein|Zeichen|Taste)(?!\w))"
)
CENTS = (
    rf"(?:\s(?:und\s|and\s)?(?:{WORDS_DE}|{WORDS_EN}|\d\d)(?!\w)(?!\s?(?:{CURRENCY}|%|Prozent"
    rf"|per\scent|Uhr)))?"
)
HYPHEN = r"(?:,?\s?[–-]{1,2}\s?)?"
AMOUNT = compiled(
    rf"(?<![\w.,]){AROUND}{SIGN}\s?\d[\d.,'’]*\d|(?<![\w.,]){SIGN}\s?\d"
    rf"|(?<![\w.,]){AROUND}(?:{NUMBER_DE}|{NUMBER_EN}){HYPHEN}\s?(?:,-\s?)?{CURRENCY}{NOT_MONEY}"
    rf"{CENTS}"
    r"|(?<![\w.,])\d+,(?:–|-{1,2})(?!\w)|(?<![\w.,])\d+[.,]\d\d(?=\s(?:im|pro|je|a|per"
    r"|each)\s(?:Monat|Jahr|Stück|month|year)\b)"
    r"|(?<!\w)(?:(?:an?|two|three|few)\s(?:tenner|fiver|grand)s?"
    rf"|(?:einen?|['’]?n(?:en)?|zwei|drei|paar)\s(?:Fünf|Zehn|Zwanzig|Fünfzig|Hundert)er)(?!\w)"
    rf"|(?<!\w)(?:{WORDS_DE}|{WORDS_EN})\s(?:{WORDS_DE}|{WORDS_EN})(?=\s(?:im|pro|je|a|per"
    rf"|each)\s(?:Monat|Jahr|Stück|month|year)\b)"
    r"|(?<![\w.,])(?!(?:144|240|360|480|540|576|720)p)\d{1,3}p(?!\w)"
)
WEIGHT = compiled(r"\b(?:weigh\w*|ounces?|oz|kilos?|kg|pressure|heavy)\b")
SAYING = compiled(r"\b(?:my|our|mein(?:e|en)?|unsere?)\s+$")
SMALL = compiled(r"^(?:two|2|zwei|fünf|five|5)\s*cents?$")


def amount(text: Text, settings: dict[str, Any]) -> Iterator[Place]:
    """Find sums of money, without those that the customer named."""
    named = {worth(found.group()) for found in AMOUNT.finditer(text.customer_text)}
    for found in AMOUNT.finditer(text.typed):
        worth_it = worth(found.group())
        if not is_none(found, text.typed) and (worth_it is None or worth_it not in named):
            yield Place("amount", found.start(), found.end())


def is_none(found: re.Match[str], text: str) -> bool:
    """Whether what reads like a sum is a weight, or the two cents of a saying."""
    if SMALL.match(found.group()) and SAYING.search(text[: found.start()]):
        return True
    return "pound" in found.group().lower() and bool(WEIGHT.search(text))


def worth(written: str) -> float | None:
    """Return the number alone, so that `49,99 €` and *forty-nine pounds ninety-nine* are one sum.

    None where it is vague.
    """
    digits = re.search(r"\d[\d.,'’]*", written)
    if digits:
        return value(digits.group())
    words = re.sub(rf"^{AROUND}", "", written.strip(), flags=re.IGNORECASE)
    if not re.search(rf"{CURRENCY}(?!\w)", words, re.IGNORECASE):
        return None
    whole, _currency, cents = (
        part.strip()
        for part in re.split(rf"\s?({CURRENCY})(?!\w)", words, maxsplit=1, flags=re.IGNORECASE)
    )
    number, rest = value(whole), value(re.sub(r"^(?:und|and)\s", "", cents)) if cents else 0
    return None if number is None or rest is None else round(number + rest / 100, 2)
