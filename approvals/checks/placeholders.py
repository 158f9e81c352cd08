"""Open fields of a reply: what stands in braces until somebody replaces it.

An open field is a letter, with whatever else, between two braces: `{customer}`, `{two words}`,
`{1st name}`, `{{ order }}`. Empty braces, numbers in braces (`{1}`), a single brace (`:{`) and
single braces around code (with one of `" : ; = < >` in them, as in JSON) are ordinary text;
between double braces everything that holds a letter is a field. What is no ASCII sign counts as
a letter, so that every script's letters do and Python and PostgreSQL, which both read
`PATTERN`, agree.
"""

import re

from django.utils.translation import gettext as _

from core.errors import Invalid, Reason

_OPEN = r"[{\uff5b]"
_CLOSE = r"[}\uff5d]"
_LETTER = r"[^\u0001-@\[-`{-\u007f\uff5b\uff5d]"
_SIGNS = r"[\u0001-!#-9?@\[-`|~\u007f]*"  # ASCII, but letters, braces and the signs of code
_SIGNS_AND_CODE = r"[\u0001-@\[-`|~\u007f]*"
_INSIDE = r'[^{}\uff5b\uff5d":;=<>]*'
_INSIDE_TWO = r"[^{}\uff5b\uff5d]*"
PATTERN = (
    f"{_OPEN}{_OPEN}{_SIGNS_AND_CODE}{_LETTER}{_INSIDE_TWO}{_CLOSE}{_CLOSE}"
    f"|{_OPEN}{_SIGNS}{_LETTER}{_INSIDE}{_CLOSE}"
)
FIELD = re.compile(PATTERN)


def left(text: str) -> list[str]:
    """Return the fields that nobody has filled in yet."""
    return [found.group() for found in FIELD.finditer(text)]


def refuse_in(text: str, *, field: str) -> None:
    """Refuse (`Invalid`, naming it) a text with an open field.

    `field` is where the text was typed.
    """
    if still := left(text):
        sentence = _("{field} is not filled in yet. Replace it, then submit.")
        raise Invalid(
            Reason("field_open", sentence.format(field=still[0])), field, open_fields=still
        )
