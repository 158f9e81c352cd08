"""What kind of thing a clause says: a statement, a question, a condition, a request, a denial.

A promise stands in a statement. *Ob wir es erstatten, prüft …* and *Did you get it?* hold the same
words and promise nothing.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from approvals.checks.language.prose import sentences

LONGEST = 300  # characters; a reply has 280, and patterns over a clause take their time
SUBJECT = (
    r"(?:wir|ich|Sie|du|er|sie|es|das|die|der|man|unsere?|Ihre?|we|I|you|it|they|he|she|our|your"
    r"|the|that|this)"
)
CUT = re.compile(
    rf"[,;:](?!\d)|(?<!\d)[,;:]|\s[–—-]\s|\s(?=(?:aber|doch|denn|sondern|weil|ob|falls|but|because"
    rf"|whether|if|unless)\s)"
    rf"|\s(?=(?:und|and|so)\s{SUBJECT}\b)"
)
BESIDE = re.compile(r"\(([^()]*)\)")
ASKED = re.compile(
    r"^\W*(?:und\s|and\s)?(?:ob|whether|falls|wenn|if|sofern|unless"
    r"|sollten?\s(?:Sie|du|ich|wir|die|der|das|es|Ihre?)|should\s(?:you|it|we|the"
    r"|your|anything))\b",
    re.IGNORECASE,
)
TAG = re.compile(
    r",?\s(?:(?:ist\s)?(?:das\s)?(?:für\s\w+\s)?(?:so\s)?(?:ok|okay|einverstanden"
    r"|in\sOrdnung|recht|ja|gut)|(?:is\sthat\s)?"
    r"(?:ok|okay|fine|alright|all\sright|deal|right))(?:\s(?:for|with)\syou)?\?+$",
    re.IGNORECASE,
)
OFFER = re.compile(
    r"^\W*(?:(?:darf|dürfen|kann|können|soll|sollen)\s(?:ich|wir)\b|(?:möchten|wollen|hätten"
    r"|mögen)\sSie\b|wie\s(?:wäre|klingt)|passt"
    r"|(?:may|can|could|shall)\s(?:I|we)\b|(?:would|how|what)\s(?:you\slike|about)\b|how\sdoes\b)",
    re.IGNORECASE,
)
HARMLESS_NO = re.compile(
    r"\b(?:keine?\s(?:Sorge|Problem|Frage|Angst|Umstände)|nicht\s(?:nur|zuletzt|länger\sals"
    r"|mehr\sals|später\sals|lange?)|ohne\s(?:Wenn|weiteres|Umwege)"
    r"|nicht\s(?:ge|ver|be|er)\w+te[nrms]?|no\s(?:problem|worries|doubt|later|more|longer)"
    r"|not\s(?:only|just|more\sthan|later\sthan|longer\sthan)"
    r"|do(?:n['’]t|\snot)\sworry|without\s(?:delay|further|service|a\sline|internet)|ohne\s(?:Netz"
    r"|Internet|Anschluss|Verbindung))\b",
    re.IGNORECASE,
)
NO = re.compile(
    r"\b(?:nicht|nichts|keine?[mnrs]?|nie|niemals|weder|not|no|never|cannot|nothing"
    r"|neither|without|ohne|unable)\b|n['’]t\b",
    re.IGNORECASE,
)
THEIR_WISH = re.compile(
    r"\b(?:Sie|du)\b.*\b(?:wollen|wollten|willst|möchten|möchtest|wünschen|fordern|verlangen"
    r"|erwarten|hoffen|gefordert|verlangt)\b"
    r"|\byou\s(?:\w+\s)?(?:want(?:ed)?|would\slike|ask(?:ed)?|expect(?:ed)?|demand(?:ed)?|wish"
    r"|hoped?)\b",
    re.IGNORECASE,
)
THAT = re.compile(r"^\W*(?:dass|daß|that|bis|until|zu\b|Ihnen\b.*\bzu\b)", re.IGNORECASE)
IMPERATIVE_DE = re.compile(
    r"^\W*(?:(?:dann|und|bitte|oder)\s)*(?:[A-ZÄÖÜ]?[a-zäöüß]+(?:en|ern"
    r"|eln))\sSie\b|\bbitte\b",
    re.IGNORECASE,
)
IMPERATIVE_EN = re.compile(
    r"\bplease\b|^\W*(?:(?:then|and|just|now|so)\s)*(?:wait|hold|unplug|press|keep|leave|give\sit"
    r"|try|restart|reset|switch|turn|plug|put|take|check|look"
    r"|write|send|call|type|enter|open|go|let|tell|ask|choose|select|use|sign|log|pull|push|remove"
    r"|charge|show)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """A part of a sentence with its place in the text, and the part in front of it."""

    start: int
    text: str
    before: str
    is_question: bool

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @cached_property
    def is_asked(self) -> bool:
        """A question or a condition, in which nothing is said to be so.

        An offer in the form of a question (*May I …?*) is none.
        """
        return self.is_question or bool(ASKED.search(self.text))

    @cached_property
    def is_theirs(self) -> bool:
        """It says what the customer wants or asked for."""
        return bool(THEIR_WISH.search(self.text))

    @cached_property
    def is_denied(self) -> bool:
        """It says that something is not so, or hangs on a part that does.

        *Ich kann nicht versprechen, dass wir es erstatten* is denied in both parts.
        """
        return denies(self.text) or (bool(THAT.search(self.text)) and denies(self.before))

    @property
    def says_nothing(self) -> bool:
        """Nothing in it is promised: a question, a condition, a denial, or the customer's wish."""
        return self.is_denied or self.is_asked or self.is_theirs

    @cached_property
    def is_request(self) -> bool:
        """It asks the reader to do something."""
        return bool(IMPERATIVE_DE.search(self.text) or IMPERATIVE_EN.search(self.text))


def denies(words: str) -> bool:
    """Whether there is a *not* that is meant."""
    return bool(NO.search(HARMLESS_NO.sub(" ", words)))


def clauses(text: str) -> list[Clause]:
    """Return the clauses of a text; what stands in brackets is one of its own.

    Commas inside numbers part none.
    """
    found = []
    beside = [(one.start(1), one[1]) for one in BESIDE.finditer(text)]
    for start, sentence in [*sentences(BESIDE.sub(lambda one: " " * len(one[0]), text)), *beside]:
        question = sentence.rstrip().endswith("?") and not TAG.search(sentence.rstrip())
        question = question and not OFFER.search(sentence)
        last, before = 0, ""
        for cut in [*CUT.finditer(sentence), None]:
            end = cut.start() if cut else len(sentence)
            words = sentence[last:end]
            if words.strip():
                found += [
                    Clause(start + last + begun, words[begun : begun + LONGEST], before, question)
                    for begun in range(0, len(words), LONGEST)
                ]
                before = words[-LONGEST:]
            last = cut.end() if cut else end
    return found


def clause_at(parts: list[Clause], place: int) -> Clause | None:
    """Return the clause around a place."""
    return next((one for one in parts if one.start <= place < one.end), None)
