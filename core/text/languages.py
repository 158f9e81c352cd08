"""The languages of posts by name, and as the web writes them.

X keeps codes that others gave up long ago (`iw` for Hebrew), and has some of its own for posts
that are in no language: handles alone, links alone, an emoji.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

UNKNOWN = "und"
TODAY = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "sr", "no": "nb"}
IN_NO_LANGUAGE: dict[str, Promise] = {
    "": later("Language unknown"),
    "und": later("Language unknown"),
    "art": later("Only emoji"),
    "qam": later("Only handles"),
    "qct": later("Only cashtags"),
    "qht": later("Only hashtags"),
    "qme": later("Only links to pictures"),
    "qst": later("Too short to tell the language"),
    "zxx": later("Without words"),
}
# Those of X that Django does not name in German
NAMES: dict[str, Promise] = {
    "am": later("Amharic"),
    "bo": later("Tibetan"),
    "ckb": later("Kurdish (Sorani)"),
    "dv": later("Dhivehi"),
    "gu": later("Gujarati"),
    "hi-Latn": later("Hindi in Latin letters"),
    "ht": later("Haitian Creole"),
    "jv": later("Javanese"),
    "lo": later("Lao"),
    "nb": later("Norwegian"),
    "or": later("Odia"),
    "ps": later("Pashto"),
    "sd": later("Sindhi"),
    "si": later("Sinhala"),
    "tl": later("Tagalog"),
    "ug": later("Uyghur"),
    "yi": later("Yiddish"),
    "zh": later("Chinese"),
    "zh-CN": later("Chinese (simplified)"),
    "zh-TW": later("Chinese (traditional)"),
}
TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def tag_of(code: str) -> str:
    """Return the language as the web writes it, for `lang`; `und` where the code names none."""
    if code in IN_NO_LANGUAGE or not TAG.fullmatch(code):
        return UNKNOWN
    first, dash, rest = code.partition("-")
    first = first.lower()
    return TODAY.get(first, first) + dash + rest


def name_of(code: str) -> str:
    """Return the language's name for people, or what a post without a language is."""
    if code in IN_NO_LANGUAGE:
        return str(IN_NO_LANGUAGE[code])
    tag = tag_of(code)
    for key in (tag, tag.partition("-")[0]):
        if key in NAMES:
            return str(NAMES[key])
        try:
            return str(get_language_info(key)["name_translated"])
        except KeyError:
            continue
    return _("Language {code}").format(code=code) if tag != UNKNOWN else str(IN_NO_LANGUAGE[""])


def mark_of(code: str) -> str:
    """Return two or three capitals for a row; empty where the code names no language."""
    tag = tag_of(code)
    return "" if tag == UNKNOWN else tag.partition("-")[0].upper()
