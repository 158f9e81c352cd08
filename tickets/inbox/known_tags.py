"""Tags that are in use, to choose from while one is typed."""

from django.db.models import Count, F, Func, Subquery, TextField
from django.db.models.functions import Coalesce

from core.database import editions
from people.access import department_ids, rights_of
from people.models import User
from tickets.models import Ticket

LATELY = 5000  # of the newest tickets, so that it costs the same however many there are
MOST = 200


class Each(Func):
    """Every element of an array, a row each."""

    function = "unnest"
    output_field = TextField()
    set_returning = True


def known_tags(user: User) -> list[str]:
    """Return the tags of the newest tickets that this person sees, the most frequent first."""
    newest = Ticket.objects.order_by("-pk").values("pk")[:1]
    lately = Ticket.objects.filter(
        pk__gt=Coalesce(Subquery(newest), 0) - LATELY, department__in=department_ids(user)
    )
    counted = lately.annotate(tag=Each(F("tags"))).values("tag").annotate(n=Count("pk"))
    rows = editions.rows_of(
        ("known tags", rights_of(user)),
        lambda: counted.order_by("-n", "tag").values_list("tag", "n")[:MOST],
    )
    return [tag for tag, _n in rows]
