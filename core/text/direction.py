"""Which way a text runs: by its language, or by its first letter that is neither handle nor link.

A browser's own guess (`dir="auto"`) takes the handle in front of a reply, and runs every Arabic
text from the left. Everything that shows words asks here; `static/js/lib/direction.js` is the same
rule for words that are being typed. Pure.
"""

import regex

from core.text.languages import tag_of

RIGHT_TO_LEFT_LANGUAGES = frozenset(
    [
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "he",
        "ks",
        "ku-Arab",
        "nqo",
        "pa-Arab",
        "ps",
        "rhg",
        "sd",
        "syr",
        "ug",
        "ur",
        "yi",
    ]
)
# The blocks that Unicode keeps for scripts from the right; every letter in them is one of those
BLOCKS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
FROM_THE_RIGHT = regex.compile(rf"[[{BLOCKS}]&&\p{{L}}]", regex.VERSION1)
FROM_THE_LEFT = regex.compile(rf"[\p{{L}}--[{BLOCKS}]]", regex.VERSION1)
NO_WORDS = regex.compile(
    r"(?<![A-Za-z0-9_])[@＠][A-Za-z0-9_]+|https?://[^ \n\t]+", regex.IGNORECASE | regex.ASCII
)
RTL = "rtl"
LTR = "ltr"


def direction_of(text: str, language: str = "") -> str:
    """Return `rtl` or `ltr` for a text in this language, as its network names it.

    The language counts where the text has a letter that runs its way, or none at all; otherwise
    the first letter does. Where nothing says it, the text runs from the left.
    """
    words = NO_WORDS.sub(" ", text)
    right, left = FROM_THE_RIGHT.search(words), FROM_THE_LEFT.search(words)
    if of_language := direction_of_language(language):
        runs_so = right if of_language == RTL else left
        if runs_so or not (right or left):
            return of_language
    if right is None or (left is not None and left.start() < right.start()):
        return LTR
    return RTL


def direction_of_language(code: str) -> str:
    """Return which way a language is written; empty where the code names none."""
    tag = tag_of(code)
    if tag == "und":
        return ""
    is_from_the_right = {tag, tag.partition("-")[0]} & RIGHT_TO_LEFT_LANGUAGES
    return RTL if is_from_the_right and not tag.endswith("-Latn") else LTR
