"""Saying what was done, with a button that undoes it.

The button is a form of its own, so it works where there are no scripts. What the form sends
travels in the tags of Django's message.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

MARK = "undo:"


@dataclass(frozen=True)
class Undo:
    """The form that undoes what a message says: its address, and the hidden fields it sends."""

    address: str
    fields: Sequence[tuple[str, Any]] = ()


def say_done(request: HttpRequest, sentence: str, undo: Undo | None) -> None:
    """Show on the next page what was done, with the way to undo it if there is one."""
    tags = MARK + json.dumps([undo.address, list(undo.fields)]) if undo else ""
    messages.success(request, sentence, extra_tags=tags)


def undo_of(message: Message) -> Undo | None:
    """Return the form that the message brings, or None."""
    tags = message.extra_tags or ""
    if not tags.startswith(MARK):
        return None
    address, fields = json.loads(tags.removeprefix(MARK))
    return Undo(address, [(name, value) for name, value in fields])
