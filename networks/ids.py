"""The ids of a network: text, as the desk stores them, and each network's own order beside it.

Every network that the desk knows today numbers its posts as X does: with digits that grow with
time, so a connection speaks of numbers. A network that does not brings an order of its own with
its adapter.
"""

from typing import overload

from xapi.payloads import LARGEST, id_at, made_at, number

__all__ = [
    "LARGEST",
    "Number",
    "external_id_of",
    "id_at",
    "made_at",
    "number",
    "number_of",
    "position_of",
]

Number = int  # what a connection calls a post or an account by


@overload
def external_id_of(number: int) -> str: ...


@overload
def external_id_of(number: None) -> None: ...


def external_id_of(number: int | None) -> str | None:
    """Return the text id of a number; None for none."""
    return None if number is None else str(number)


@overload
def number_of(external_id: str) -> int: ...


@overload
def number_of(external_id: None) -> None: ...


def number_of(external_id: str | None) -> int | None:
    """Return the number behind a text id, to ask the network by; None for none."""
    return None if external_id is None else int(external_id)


def position_of(external_id: str) -> int:
    """Return where a post stands in its network's order: the number itself."""
    return int(external_id)
