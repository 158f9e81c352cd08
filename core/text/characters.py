"""Which characters our own words may hold: one table for all, by context, not by category.

`cleaned` makes of what was typed what will stand there; `first_fault` names the first character in
that which nobody could see, or which turns others round. `revealed` is for words of others: nothing
is refused, but nothing stays hidden either. Pure.

Sources: RFC 5892 appendix A.1 and A.2 (joiners), UTS #51 (emoji sequences), UAX #9 (marks of
direction), UAX #44 (Default_Ignorable_Code_Point), Unicode's StandardizedVariants.txt (selectors).
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

# Refused wherever they stand, first and last of each range. The database refuses them too; NUL and
# halves of characters it cannot even keep.
NEVER = (
    (0x01, 0x09),
    (0x0B, 0x1F),
    (0x7F, 0x9F),  # controls; the line break alone is one of ours
    (0xAD, 0xAD),  # soft hyphen: `cleaned` lets it go
    # letters that show nothing
    (0x34F, 0x34F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x3164, 0x3164),
    (0xFFA0, 0xFFA0),
    (0x2028, 0x202E),
    (0x2060, 0x206F),  # separators, embeddings, overrides, isolates
    # blank, but no blank space
    (0x2800, 0x2800),
    (0xFFFC, 0xFFFC),
    (0x13441, 0x13442),
    (0x16FE4, 0x16FE4),
    (0x1D159, 0x1D159),
    (0xFE01, 0xFE0D),  # selectors that nothing of ours needs
    (0xFEFF, 0xFEFF),
    (0xFFF0, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE000, 0xF8FF),
    (0xFDD0, 0xFDEF),
    (0xF0000, 0x10FFFF),  # private ones, none at all
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0xF0000, 0x10000)),
    (0xE0000, 0xE001F),
    (0xE0080, 0xE0FFF),  # tags without a flag; the selectors' supplement
)

TAGS = (0xE0020, 0xE007F)  # only in the flags that exist

RIGHT_TO_LEFT = r"[[\p{Bidi_Class=R}\p{Bidi_Class=AL}]&&\p{L}]"
OF_DIRECTION = r"[\u200E\u200F\u061C]"
BESIDE = r"[\p{P}\p{S}\p{N}\p{M}\x20]{0,20}"
JOINS_ONWARD = r"[\p{Joining_Type=L}\p{Joining_Type=D}]"
JOINS_BACKWARD = r"[\p{Joining_Type=R}\p{Joining_Type=D}]"
VIRAMA = r"\p{Canonical_Combining_Class=Virama}"
WITHOUT_BLANKS = r"[[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&[\p{L}\p{M}\p{N}\p{P}]]"
PICTURE = r"[\p{Emoji}--[0-9#*]--\p{Emoji_Modifier}--\p{Regional_Indicator}]"
MONGOLIAN = r"[\p{Mongolian}&&\p{L}]"
MYANMAR_DOTTED = (
    "\u1000\u1002\u1004\u1010\u1011\u1015\u1019\u101a\u101c\u101d\u1022\u1031"
    "\u1075\u1078\u107a\u1080"
    "\uaa60-\uaa66\uaa6b\uaa6c\uaa6f\uaa7a"
)
PHAGS_PA_REVERSED = "\ua856\ua85c\ua85e-\ua860\ua868"

# Allowed where this matches: the character itself between what has to stand around it.
CONTEXTS = {
    "\u200c": rf"(?<=\p{{L}}\p{{M}}*{VIRAMA})\u200C"
    rf"|(?<={JOINS_ONWARD}\p{{M}}*)\u200C(?=\p{{M}}*{JOINS_BACKWARD})"
    r"|(?<=\p{Khmer})\u200C(?=[\u17C9\u17CA])",
    "\u200d": rf"(?<=\p{{L}}\p{{M}}*{VIRAMA})\u200D"
    rf"|(?<=[\u09B0\u09F0\u0CB0])\u200D(?={VIRAMA}\p{{L}})"
    r"|(?<=\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier_Base}\p{Emoji_Modifier})"
    r"\u200D(?=\p{Extended_Pictographic})",
    "\u200b": rf"(?<={WITHOUT_BLANKS})\u200B(?={WITHOUT_BLANKS})",
    **dict.fromkeys(
        "\u200e\u200f\u061c",
        rf"(?:(?<={RIGHT_TO_LEFT}{BESIDE}){OF_DIRECTION}"
        rf"|{OF_DIRECTION}(?={BESIDE}{RIGHT_TO_LEFT}))(?!{OF_DIRECTION})",
    ),
    **dict.fromkeys(
        "\ufe0e\ufe0f",
        rf"(?<={PICTURE})[\uFE0E\uFE0F]"
        r"|(?<=[0-9#*])[\uFE0E\uFE0F](?=\u20E3)",
    ),
    "\ufe00": rf"(?<=[{MYANMAR_DOTTED}{PHAGS_PA_REVERSED}])\uFE00",
    **dict.fromkeys("\u180b\u180c\u180d\u180f", rf"(?<={MONGOLIAN})[\u180B-\u180D\u180F]"),
    "\u180e": rf"(?<={MONGOLIAN}[\u180B-\u180D\u180F]?)\u180E(?=[\u1820\u1821])",
}
BLACK_FLAG = "\U0001f3f4"
END_OF_TAG = "\U000e007f"
FLAGS = tuple(
    BLACK_FLAG + "".join(chr(0xE0000 + ord(letter)) for letter in region) + END_OF_TAG
    for region in ("gbeng", "gbsct", "gbwls")
)  # England, Scotland, Wales


def escape(code: int) -> str:
    """Return a character in the escapes of patterns that Python and PostgreSQL share."""
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def as_class(ranges: tuple[tuple[int, int], ...]) -> str:
    """Return the ranges as the inside of a character class."""
    return "".join(f"{escape(low)}-{escape(high)}" for low, high in ranges)


IN_CONTEXT = {one: regex.compile(pattern, regex.VERSION1) for one, pattern in CONTEXTS.items()}
FLAG_PATTERN = "|".join("".join(escape(ord(one)) for one in flag) for flag in FLAGS)
FLAG = regex.compile(FLAG_PATTERN)
SUSPECT = regex.compile(
    rf"[[{as_class(NEVER)}\p{{C}}\p{{Zl}}\p{{Zp}}\p{{Default_Ignorable_Code_Point}}]"
    r"--[\n\p{Prepended_Concatenation_Mark}]--[\p{Cn}&&\p{Extended_Pictographic}]]",
    regex.VERSION1,
)
EAST_ASIAN = r"\p{Ideographic}\p{Hiragana}\p{Katakana}\p{Hangul}\u3001-\u303F\uFF00-\uFF60"
BLANK = regex.compile(r"[\t\p{Zs}--[\x20\u3000]]", regex.VERSION1)
WIDE_BLANKS = regex.compile(rf"(?<![{EAST_ASIAN}\u3000])\u3000++(?![{EAST_ASIAN}])", regex.VERSION1)
WITHOUT_EFFECT = regex.compile(
    r"(?<=[\p{Joining_Type=R}&&\p{L}]\p{M}*)\u200C(?=\p{L})", regex.VERSION1
)
SOFT_HYPHEN = "\u00ad"
IN_FOREIGN_WORDS = {"\t", "\r", SOFT_HYPHEN}  # common there, and they hide nothing
WORD_AROUND = 12
LONGEST_FLAG = max(map(len, FLAGS))


@dataclass(frozen=True)
class Fault:
    """A character that cannot stand where it does: place, name in Unicode, the word around it."""

    place: int
    character: str
    name: str
    around: str

    @property
    def code(self) -> str:
        """As Unicode writes it: `U+200B`."""
        return code_of(self.character)


def code_of(character: str) -> str:
    """Return the character's number as Unicode writes it."""
    return f"U+{ord(character):04X}"


def cleaned(text: str) -> str:
    """Return what will stand there of what was typed: composed, one kind of line break and blank.

    A tab and every other blank becomes a plain one; the wide blank of Chinese and Japanese stays
    beside their signs. A soft hyphen goes, and so does a non-joiner behind a letter that does not
    join anyway: it shows nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(SOFT_HYPHEN, "")
    text = WITHOUT_EFFECT.sub("", unicodedata.normalize("NFC", text))
    return WIDE_BLANKS.sub(lambda found: " " * len(found.group()), BLANK.sub(" ", text)).strip()


def first_fault(text: str) -> Fault | None:
    """Return the first character that nobody sees or that turns others round.

    None if there is none.
    """
    place = next(faults_at(text), None)
    if place is None:
        return None
    return Fault(place, text[place], name_of(text[place]), word_around(text, place))


def faults_at(text: str) -> Iterator[int]:
    """Yield the places of all such characters, in order."""
    for found in SUSPECT.finditer(text):
        place, one = found.start(), found.group()
        if one in IN_CONTEXT and IN_CONTEXT[one].match(text, place):
            continue
        if TAGS[0] <= ord(one) <= TAGS[1] and in_a_flag(text, place):
            continue
        yield place


def in_a_flag(text: str, place: int) -> bool:
    """Whether the tag at this place belongs to a flag that exists."""
    begins = text.rfind(BLACK_FLAG, max(0, place - LONGEST_FLAG), place)
    flag = FLAG.match(text, begins) if begins >= 0 else None
    return flag is not None and place < flag.end()


def name_of(character: str) -> str:
    """Return the character's name in Unicode, or what it is where it has none."""
    kinds = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE CHARACTER", "Cs": "HALF OF A CHARACTER"}
    kind = kinds.get(unicodedata.category(character), "UNASSIGNED CHARACTER")
    return unicodedata.name(character, kind)


def word_around(text: str, place: int) -> str:
    """Return the word that the character stands in, with the character itself made visible."""
    before = regex.search(r"\S*\Z", text[max(0, place - WORD_AROUND) : place])
    after = regex.match(r"\S*", text[place + 1 : place + 1 + WORD_AROUND])
    return revealed(before.group()) + shown(text[place]) + revealed(after.group())


def shown(character: str) -> str:
    """Return a sign that everybody sees, in the place of one that nobody does."""
    return f"⟨{code_of(character)}⟩"


def revealed(text: str) -> str:
    """Words of others for a screen: what nobody would see, or turns words round, as a number."""
    if not SUSPECT.search(text):
        return text
    hidden = {place for place in faults_at(text) if text[place] not in IN_FOREIGN_WORDS}
    return "".join(shown(one) if place in hidden else one for place, one in enumerate(text))


def without_hidden(text: str) -> str:
    """Return a name of somebody else's choice without what nobody sees in it."""
    hidden = set(faults_at(text))
    return " ".join("".join(one for place, one in enumerate(text) if place not in hidden).split())


def says_something(text: str) -> bool:
    """Whether there is anything to be seen in it."""
    return bool(without_hidden(text))
