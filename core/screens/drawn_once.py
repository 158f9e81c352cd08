"""Parts of pages that a process draws once for the same facts, with holes for what is never twice.

The bar of a page and the menus of a ticket say the same thing page after page. Each is drawn from
one frozen dataclass; what differs each time, as the token of a form, is put into its holes.
"""

import secrets
from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.text import foreign_html

MOST = 500  # parts of one process
MARK = secrets.token_hex(16)  # nobody outside knows it, so no text of theirs is taken for a hole


def drawn(template: str, part: Hashable, **holes: str) -> SafeString:
    """Draw a template with its `part` in the reader's language; its other values are `holes`.

    A template says nothing of a hole but where it is: no condition, no filter.
    """
    return foreign_html.filled(_pieces(template, part, get_language(), tuple(holes)), holes)


@lru_cache(maxsize=MOST)
def _pieces(
    template: str, part: Hashable, _language: str | None, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return what stands between the holes, and in between the name of each hole."""
    marks = {name: f"{MARK}{name}{MARK}" for name in names}
    return tuple(get_template(template).render({"part": part, **marks}).split(MARK))


def forget() -> None:
    """Draw everything anew."""
    _pieces.cache_clear()
