"""Reading a text.

What is quoted, where its sentences end, and in which language it is (py3langid, only if it is
sure).
"""

import re
from functools import cache
from typing import Any

from networks.text import HANDLE, URL, Finder

QUOTED = re.compile(r"„[^“”\"]*[“”\"]|“[^”]*”|\"[^\"]*\"|»[^«]*«|«[^»]*»|‚[^‘’]*[‘’]")
ABBREVIATIONS = (
    "max",
    "min",
    "Min",
    "Std",
    "ca",
    "Ca",
    "ggf",
    "evtl",
    "inkl",
    "zzgl",
    "bzw",
    "Nr",
    "Dr",
    "Hr",
    "Fr",
    "Mo",
    "Di",
    "Mi",
    "Do",
    "Sa",
    "So",
    "Tel",
    "Str",
    "Mr",
    "Mrs",
    "Ms",
    "approx",
    "incl",
    "hrs",
    "mins",
    "Jan",
    "Feb",
    "Aug",
    "Sept",
    "Okt",
    "Nov",
    "Dez",
    "Oct",
    "Dec",
    "Mon",
    "Tue",
    "Tues",
    "Wed",
    "Thu",
    "Thurs",
    "Fri",
)
SHORTENED = "|".join(rf"(?<=\b{one})" for one in ABBREVIATIONS)
# a full stop behind an abbreviation ends a sentence only where the next word could not go on
SENTENCE = re.compile(
    rf"[^.!?…\n]+(?:(?:[.!?…](?=\S)|(?:(?<=\d)|{SHORTENED})\.(?=\s))[^.!?…\n]*)*[.!?…]*"
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
CANDIDATES = ["de", "en", "fr", "es", "it", "nl", "pl", "tr"]
SURE = 0.9
WORDS = 4


def blanked(pattern: re.Pattern[str] | Finder[Any], text: str) -> str:
    """Return the text with every match replaced by blanks of the same length."""
    return pattern.sub(lambda found: " " * len(found.group()), text)


def sentences(text: str) -> list[tuple[int, str]]:
    """Return the sentences with their beginnings.

    A full stop inside a number or an abbreviation ends none.
    """
    return [(found.start(), found.group()) for found in SENTENCE.finditer(text)]


def sentence_at(text: str, place: int) -> str:
    """Return the sentence around a place."""
    return next(
        (sentence for start, sentence in sentences(text) if start <= place < start + len(sentence)),
        "",
    )


@cache
def identifier() -> Any:
    """Return the model, read once per process.

    It takes a second and some 60 MB, so only where texts are checked. A second one is made of what
    the first holds of our languages: the weights of the others (20 MB) go with the first.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(CANDIDATES)
    return LanguageIdentifier(
        whole.nb_ptc.copy(),
        whole.nb_pc.copy(),
        whole.nb_classes,
        whole.tk_nextmove,
        whole.tk_output,
        tk_row=whole.tk_row,
        norm_probs=True,
    )


def detect(text: str, *, least: int = WORDS) -> str:
    """Return the language of a text as two letters; empty where it is too short or not clear.

    Quotations, links and handles do not count.
    """
    plain = blanked(HANDLE, blanked(URL, blanked(QUOTED, text)))
    words = WORD.findall(plain)
    if len(words) < least:
        return ""
    language, sureness = identifier().classify(" ".join(words))
    return str(language) if sureness >= SURE else ""
