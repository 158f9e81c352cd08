"""One verb for each of several tickets: what cannot be done is said and stays as it is."""

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.db import transaction
from django.utils.translation import ngettext

from core.errors import DeskError
from people.models import User
from people.requests import DeskRequest
from tickets.models import Ticket

Act = Callable[[Ticket, User], object]


def each(tickets: Iterable[Ticket], deed: Act, user: User) -> tuple[int, dict[str, int]]:
    """How many it was done for, and why not for the others."""
    done, refused = 0, dict[str, int]()
    for one in tickets:
        try:
            with transaction.atomic():
                deed(one, user)
            done += 1
        except DeskError as error:
            refused[str(error)] = refused.get(str(error), 0) + 1
    return done, refused


def say_refused(request: DeskRequest, refused: dict[str, int]) -> None:
    """Say for how many it was not done, and why."""
    for sentence, count in refused.items():
        messages.warning(
            request,
            ngettext("{n} ticket stays: {why}", "{n} tickets stay: {why}", count).format(
                n=count, why=sentence
            ),
        )
