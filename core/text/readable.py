"""Take words of ours in: cleaned by the one table, or refused with character and place."""

from django.utils.translation import gettext as _

from core.errors import Invalid, Reason
from core.text.characters import Fault, cleaned, first_fault
from core.text.formatting import quoted
from core.text.lookalikes import mixed_words


def readable(text: str, field: str = "text") -> str:
    """Return the text as it will stand there; refuses one with a character that nobody sees."""
    text = cleaned(text)
    fault = first_fault(text)
    if fault is not None:
        raise unreadable(fault, field)
    return text


def unreadable(fault: Fault, field: str = "text") -> Invalid:
    """Return the refusal of a text with this character, in words that help to find it."""
    sentence = _(
        "{words} contains a character that nobody can see: {name} ({code}), "
        "character {n} of the text. Delete it, then go on."
    )
    said = sentence.format(
        words=quoted(fault.around), name=fault.name, code=fault.code, n=fault.place + 1
    )
    return Invalid(
        Reason("text_unreadable", said),
        field,
        place=fault.place,
        character=fault.code,
        name=fault.name,
    )


def one_line(text: str, field: str = "name") -> str:
    """Return the text as it stands on one line: each run of blanks and line breaks is one blank.

    Refuses every other character that nobody sees, control characters among them.
    """
    return " ".join(readable(text, field).split())


def readable_name(text: str, field: str = "name") -> str:
    """Return a name of our own on one line, likewise.

    Refuses letters of two scripts in one word, too: they make a name that only looks like another.
    """
    text = one_line(text, field)
    for word in mixed_words(text):
        sentence = _(
            "{word} mixes letters of two scripts that look alike. Write it in one of them."
        )
        raise Invalid(Reason("name_mixed", sentence.format(word=quoted(word.written))), field)
    return text
