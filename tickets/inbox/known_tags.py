"""Tags that are in use, to choose from while one is typed."""

import time

from django.db.models import Count, F, Func, Subquery, TextField
from django.db.models.functions import Coalesce

from core.database.editions import kept
from people.access import department_ids
from people.models import Department, User
from tickets.models import Ticket

LATELY = 5000  # of the newest tickets, so that it costs the same however many there are
MOST = 200
KEPT_SECONDS = 60


class Each(Func):
    """Every element of an array, a row each."""

    function = "unnest"
    output_field = TextField()
    set_returning = True


def known_tags(user: User) -> list[str]:
    """Return the tags of the newest tickets that this person sees, the most frequent first."""
    return known_in(tuple(department_ids(user)), age())


def age() -> int:
    """Return another number each minute."""
    return int(time.monotonic() // KEPT_SECONDS)


@kept(Department)
def known_in(departments: tuple[int, ...], _age: int) -> list[str]:
    """Return the same for one who sees these departments; a new tag is among them soon."""
    newest = Ticket.objects.order_by("-pk").values("pk")[:1]
    lately = Ticket.objects.filter(
        pk__gt=Coalesce(Subquery(newest), 0) - LATELY, department__in=departments
    )
    counted = lately.annotate(tag=Each(F("tags"))).values("tag").annotate(n=Count("pk"))
    return [row["tag"] for row in counted.order_by("-n", "tag")[:MOST]]
