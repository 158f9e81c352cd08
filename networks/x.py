"""X's ids as the desk stores them: text, and X's own order of them beside it.

X's ids are numbers that grow with time; the code below (`xapi`) reads and asks by numbers.
"""

from typing import overload


@overload
def external_id_of(number: int) -> str: ...


@overload
def external_id_of(number: None) -> None: ...


def external_id_of(number: int | None) -> str | None:
    """Return the text id of a number on X; None for none."""
    return None if number is None else str(number)


@overload
def number_of(external_id: str) -> int: ...


@overload
def number_of(external_id: None) -> None: ...


def number_of(external_id: str | None) -> int | None:
    """Return the number on X behind a text id, to ask X by; None for none."""
    return None if external_id is None else int(external_id)


def position_of(external_id: str) -> int:
    """Return where a post stands in X's order: the number itself."""
    return int(external_id)
