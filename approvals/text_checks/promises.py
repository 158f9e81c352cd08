"""Amounts and dates that a reader takes for promised. What is past, quoted from the customer, a service hour or the length of a step is none."""

import re
from collections.abc import Iterator
from typing import Any

from approvals.text_checks.base import Place, Text
from approvals.text_checks.prose import sentences

CURRENCY = r"(?:€|EUR|Euros?|euros?|\$|£|CHF|Cent|cents?|pounds?|dollars?)"
AMOUNT = re.compile(rf"(?:€|\$|£)\s?\d[\d.,]*\d|(?:€|\$|£)\s?\d|\d(?:[\d.,]*\d)?\s?{CURRENCY}(?!\w)")

DAY_DE = r"(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)(?:vormittag|mittag|nachmittag|abend|morgen)?(?!\w)"
MONTH_DE = r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
DATE_DE = rf"(?:der |dem |den |zum )?\d{{1,2}}\.\s?(?:\d{{1,2}}\.(?:\d{{2,4}})?|{MONTH_DE})"
TIME_DE = r"(?:,?\s(?:um|gegen|bis|ab)\s\d{1,2}(?:[:.]\d{2})?\sUhr)"
SOON_DE = (rf"(?:übermorgen|morgen(?:\s(?:früh|mittag|nachmittag|abend|vormittag))?|heute\s(?:Abend|Nachmittag|Nacht|Mittag)|{DAY_DE}|{DATE_DE}"
           r"|Ende\sder\sWoche|zum\sWochenende)")
DAYTIME_DE = r"(?:\s(?:früh|mittag|nachmittag|abend|vormittag))"
GOES_ON_DE = r"(?:um|gegen|ab|kommt|wird|läuft|ist|haben|geht|sind|schicke|rufe|melde)"
GERMAN = re.compile(
    rf"\b(?:spätestens(?:\s(?:bis|am|ab))?|bis(?:\sspätestens)?|ab|noch)\s(?:(?:kommende[nrm]?|nächste[nrm]?)\s)?(?:{SOON_DE}){TIME_DE}?"
    rf"|\bam\s(?:(?:kommenden|nächsten)\s)?(?:{DAY_DE}|{DATE_DE}){TIME_DE}?"
    r"|(?<!Guten )(?<!guten )(?<!heute )(?<!gestern )(?<!jeden )(?<!am )"
    rf"\b(?:übermorgen|[mM]orgen(?={DAYTIME_DE}|\s{GOES_ON_DE}){DAYTIME_DE}?|(?<=\s)morgen(?=[\s,.!?]|$)){TIME_DE}?"
    rf"|\b(?:heute\s(?:Abend|Nachmittag|Nacht)|noch\sheute){TIME_DE}?"
    rf"|\b(?:nächste[nr]?|kommende[nr]?)\s(?:Woche|Monat|Tage[n]?|{DAY_DE})\b"
    r"|\b(?:in|innerhalb\svon|binnen)\s(?:den\snächsten\s)?(?:\d+|einer|einem|zwei|drei|vier|fünf|sechs|wenigen)"
    r"\s(?:Stunden?|Tage?n?|Wochen?|Werktagen?|Minuten)\b"
    r"|\bum\s\d{1,2}(?:[:.]\d{2})?\sUhr(?=\s(?:kommt|ist|läuft|sind|haben))", re.IGNORECASE)
PAST_DE = re.compile(r"\b(?:gestern|vorgestern|seit|war(?:en|t)?|hatten?|wurden?|begann(?:en)?|lief(?:en)?|kam(?:en)?|schrieben|letzte[nmrs]?"
                     r"|vergangene[nmrs]?|vorhin|bereits|schon|vor\s\w+\s(?:Tagen|Stunden|Wochen))\b"
                     r"|\b(?:ist|sind|habe|hat|haben)\b.*\b(?:ge\w+(?:t|en)|[a-zäöüß]+ge\w+(?:t|en))\b", re.IGNORECASE)
STEP_DE = re.compile(r"\b(?:bitte|warten\sSie|ziehen\sSie|halten\sSie|warte)\b", re.IGNORECASE)

DAY_EN = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?:\s(?:morning|afternoon|evening|night))?"
MONTH_EN = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE_EN = rf"(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH_EN}|{MONTH_EN}\s\d{{1,2}}(?:st|nd|rd|th)?)"
TIME_EN = r"(?:\s(?:at|by|from|around)\s\d{1,2}(?:[:.]\d{2})?(?:\s?(?:am|pm|o['’]clock))?)"
ENGLISH = re.compile(
    r"\b(?:by|until|before|no\slater\sthan)\s(?:tomorrow|tonight|noon|midnight|the\send\sof\s(?:the\s)?(?:day|week|month)|next\s(?:week|month)"
    rf"|(?:next\s|this\s)?{DAY_EN}|{DATE_EN}|\d{{1,2}}(?:[:.]\d{{2}})?\s?(?:am|pm|o['’]clock)){TIME_EN}?"
    rf"|\btomorrow(?:\s(?:morning|afternoon|evening|night))?{TIME_EN}?"
    rf"|\b(?:next|this\scoming)\s(?:week|month|{DAY_EN}){TIME_EN}?"
    r"|\b(?:within|in)\s(?:the\snext\s)?(?:\d+|an?|one|two|three|four|five|six|a\sfew)\s(?:minutes?|hours?|(?:working\s)?days?|weeks?)\b"
    rf"|\bon\s(?:{DAY_EN}|{DATE_EN}){TIME_EN}?"
    r"|\b(?:tonight|this\s(?:afternoon|evening)|later\stoday)\b", re.IGNORECASE)
PAST_EN = re.compile(r"\b(?:yesterday|since|last|ago|was|were|had|did|asked|wrote|called|began|started|happened|came|went)\b", re.IGNORECASE)
FUTURE_EN = re.compile(r"\b(?:will|shall|going\sto)\b|['’]ll\b|\bby\b", re.IGNORECASE)
STEP_EN = re.compile(r"\b(?:please|wait|hold|give\sit|try)\b", re.IGNORECASE)


def amount(text: Text, settings: dict[str, Any]) -> Iterator[Place]:
    """Sums of money, without those that the customer named."""
    named = {plain(found.group()) for found in AMOUNT.finditer(text.customer_text)}
    for found in AMOUNT.finditer(text.typed):
        if plain(found.group()) not in named:
            yield Place("amount", found.start(), found.end())


def plain(written: str) -> str:
    """The number alone: `49,99 €` and `€49.99` are the same sum."""
    digits = re.sub(r"[^\d.,]", "", written).strip(".,").replace(",", ".")
    return re.sub(r"\.00?$", "", digits)


def date(text: Text, settings: dict[str, Any]) -> Iterator[Place]:
    """Days and times that lie ahead, in sentences that speak of what will be."""
    for start, sentence in sentences(text.unquoted):
        if text.language in {"de", ""}:
            yield from _places(GERMAN, sentence, start, PAST_DE, STEP_DE)
        if text.language in {"en", ""}:
            yield from _places(ENGLISH, sentence, start, PAST_EN, STEP_EN, future=FUTURE_EN)


def _places(dates: re.Pattern[str], sentence: str, start: int, past: re.Pattern[str], step: re.Pattern[str],
            future: re.Pattern[str] | None = None) -> Iterator[Place]:
    ahead = future is not None and bool(future.search(sentence))
    for found in dates.finditer(sentence):
        words = found.group().lower()
        if past.search(sentence) and not ahead:
            continue
        if "minute" in words and step.search(sentence):
            continue
        if future is not None and words.startswith("on ") and not ahead:
            continue
        yield Place("date", start + found.start(), start + found.end())
