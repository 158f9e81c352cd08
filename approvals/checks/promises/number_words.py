"""Numbers as people write them, in figures or in words: patterns to build on, and their values.

German words are put together (*zweihundertfünfzig*), English ones stand beside each other (*two
hundred and fifty*).
"""

import re
from typing import Final, cast

from django.utils.functional import SimpleLazyObject

DE: Final = {
    "ein": 1,
    "zwei": 2,
    "zwo": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
    "dreizehn": 13,
    "vierzehn": 14,
    "fünfzehn": 15,
    "sechzehn": 16,
    "siebzehn": 17,
    "achtzehn": 18,
    "neunzehn": 19,
}
TENS_DE: Final = {
    "zwanzig": 20,
    "dreißig": 30,
    "vierzig": 40,
    "fünfzig": 50,
    "sechzig": 60,
    "siebzig": 70,
    "achtzig": 80,
    "neunzig": 90,
}
EN: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
TENS_EN: Final = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}


PLAINLY: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}


def umlauts(pattern: str) -> str:
    """Return the pattern with each umlaut and ß also as people type them without (*fuenf*).

    Those in a class of letters stay.
    """
    return re.sub(
        r"\[[^]]*\]|[äöüß]",
        lambda one: f"(?:{one[0]}|{PLAINLY[one[0]]})" if one[0] in PLAINLY else one[0],
        pattern,
    )


_made: list[re.Pattern[str]] = []


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of words in whatever case and with whatever umlauts they are typed.

    It is compiled at its first use: all of them together take as long as half a start of Django.
    """
    lazy = SimpleLazyObject(lambda: re.compile(umlauts(pattern), re.IGNORECASE))
    _made.append(cast("re.Pattern[str]", lazy))
    return _made[-1]


def compile_all() -> None:
    """Compile every pattern that waits for its first use."""
    for one in _made:
        one.search("")


def either(words: dict[str, int]) -> str:
    """Return an alternation of these words, the longest first."""
    return f"(?:{'|'.join(sorted(map(umlauts, words), key=len, reverse=True))})"


_HUNDRED_DE = rf"(?:{either(DE)}und{either(TENS_DE)}|{either(TENS_DE)}|{either(DE)})"
_THOUSAND_DE = rf"(?:{either(DE)}?hundert(?:und)?{_HUNDRED_DE}?|{_HUNDRED_DE})"
WORDS_DE = (
    rf"(?:(?:{_THOUSAND_DE})?tausend(?:und)?(?:{_THOUSAND_DE})?|{_THOUSAND_DE}(?:s|e[nmrs]?)?)"
)

_HUNDRED_EN = rf"(?:{either(TENS_EN)}(?:[\s-]{either(EN)})?|{either(EN)})"
_THOUSAND_EN = (
    rf"(?:(?:{_HUNDRED_EN}|an?)\s(?:hundred|thousand)(?:(?:\sand)?\s{_HUNDRED_EN})?"
    rf"|{_HUNDRED_EN})"
)
WORDS_EN = rf"(?:{_THOUSAND_EN}(?:\sthousand)?(?:(?:\sand)?\s{_THOUSAND_EN})?)"

FIGURES = r"(?<![\d.,])\d{1,9}(?:[.,'’]\d{1,9}){0,4}"
VAGUE_DE = (
    r"(?:(?:ein(?:e[mnr]?)?\s)?paar|(?:ein(?:e[rnms]?)?|['’]?ne[rmn]?)\s(?:gute|knappe|ganze"
    r"|kurze)[nrms]?"
    r"|einige[nmr]?|wenige[nr]?|mehrere[nr]?"
    r"|ein(?:e[nmr]?)?\shalbe[nrms]?|anderthalb"
    r"|(?:ein|zwei|drei)einhalb|halbe[nrms]?|etliche[nr]?|['’]?ne[rmn]?)"
)
VAGUE_EN = (
    r"(?:(?:a\s)?few|a\scouple\sof|a\scouple|several|(?:a\s)?half(?:\san?)?|one\sand\sa\shalf|an?)"
)
NUMBER_DE = rf"(?:{FIGURES}|{VAGUE_DE}|(?<!\w){WORDS_DE}(?!\w))"
ABOUT_EN = r"(?:[\s-]?odd|ish|\sor\sso)?"  # seventy-odd
NUMBER_EN = rf"(?:{FIGURES}{ABOUT_EN}|(?<!\w){WORDS_EN}{ABOUT_EN}(?!\w)|(?<!\w){VAGUE_EN}(?!\w))"


def value(written: str) -> float | None:
    """Return what a number in figures or words is worth; None where it is vague, or no number."""
    plain = " ".join(written.lower().split())
    if re.search(r"\d", plain):
        return of_figures(plain)
    in_german = of_german(plain.replace("ue", "ü").replace("oe", "ö").replace("ss", "ß"))
    return in_german if in_german is not None else of_english(plain)


def of_figures(written: str) -> float:
    """`1.200` is 1200, `1,200.50` and `49,99` have decimals.

    The last mark parts decimals, if not exactly three figures follow it.
    """
    digits = re.sub(r"[^\d.,]", "", written).strip(".,")
    whole, mark, rest = re.split(r"([.,])(?=\d+$)|$", digits, maxsplit=1)
    whole = re.sub(r"\D", "", whole)
    return (
        float(f"{whole}{rest}") if mark and len(rest) == 3 else float(f"{whole or 0}.{rest or 0}")
    )


def of_german(word: str) -> float | None:
    """Return a German number in one word; *ein* with its endings is one."""
    if not re.fullmatch(WORDS_DE, word):
        return None
    word = re.sub(r"^ein(?:e[mnrs]?|s)$", "ein", word)
    thousands, found, rest = word.rpartition("tausend")
    if found:
        return 1000 * (of_german(thousands) or 1) + (of_german(rest.removeprefix("und")) or 0)
    hundreds, found, rest = word.rpartition("hundert")
    if found:
        return 100 * (of_german(hundreds) or 1) + (of_german(rest.removeprefix("und")) or 0)
    if word in DE | TENS_DE:
        return (DE | TENS_DE)[word]
    unit, _und, tens = word.rpartition("und")
    return DE[unit] + TENS_DE[tens] if unit in DE and tens in TENS_DE else None


def of_english(words: str) -> float | None:
    """Return an English number in words: *a hundred and five*, *twelve hundred*, *thirty eight*."""
    total, group, seen = 0, 0, False
    for word in re.split(r"[\s-]+", words):
        if word in {"hundred", "thousand"}:
            group = (group or 1) * (100 if word == "hundred" else 1000)
            total, group = (total + group, 0) if word == "thousand" else (total, group)
        elif word in EN or word in TENS_EN:
            group += (EN | TENS_EN)[word]
        elif word not in {"and", "a", "an"}:
            return None
        seen = seen or word not in {"and", "a", "an"}
    return total + group if seen else None
