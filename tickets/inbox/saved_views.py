"""Lists with their filters, kept under a name.

By one person for themselves or for their department.
"""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.database.editions import kept
from core.errors import Invalid, NotAllowed, Reason
from core.text.readable import one_line
from people.access import department_ids
from people.models import Department, User
from tickets.inbox import filters
from tickets.models import SavedView

PARTS = ("tab", "q", *filters.NAMES)
MOST = 20  # of one person


def of(user: User) -> list[SavedView]:
    """Return this person's own, and those of their departments; by name."""
    return of_keys(user.pk, tuple(department_ids(user)))


@kept(SavedView, Department)
def of_keys(user: int, departments: tuple[int, ...]) -> list[SavedView]:
    """Return the same, by the keys of the person and the departments."""
    views = SavedView.objects.filter(Q(user=user) | Q(department__in=departments))
    return list(views.select_related("department").order_by("name", "id"))


def cleaned(query: str) -> str:
    """Return the part of an address that says which tickets are shown; nothing else is kept."""
    known = {
        name: value.replace("\x00", "").strip()[:200]
        for name, value in parse_qsl(query[:4000])
        if name in PARTS
    }
    return urlencode({name: known[name] for name in PARTS if known.get(name)})


@transaction.atomic
def keep(*, name: str, query: str, department: Department | None, by: User) -> SavedView:
    """Keep a view under a name; the same name again keeps the new filters.

    Refuses an empty name, a list without filters, a name that a colleague has shared with the
    department, and more than twenty.
    """
    name = one_line(name)[:60]
    wanted = cleaned(query)
    if not name:
        raise Invalid(Reason("name_empty", _("Give the view a name.")), "name")
    if not wanted:
        raise Invalid(
            Reason("view_empty", _("Filter or search first; then save what you see.")), "name"
        )
    if department and department.pk not in department_ids(by):
        raise NotAllowed(Reason("not_member", _("You do not belong to this department.")))
    if (
        department
        and SavedView.objects.filter(department=department, name__iexact=name)
        .exclude(user=by)
        .exists()
    ):
        raise Invalid(
            Reason(
                "view_shared",
                _("{department} has a view of this name already. Choose another name.").format(
                    department=department.name
                ),
            ),
            "name",
        )
    own = SavedView.objects.filter(user=by)
    if own.exclude(name=name).count() >= MOST:
        raise Invalid(
            Reason("views_many", _("You have saved {n} views; discard one first.").format(n=MOST)),
            "name",
        )
    view, _new = SavedView.objects.update_or_create(
        user=by, name=name, defaults={"query": wanted, "department": department}
    )
    return view


def discard(view: SavedView) -> None:
    """Forget a view; the tickets stay where they are."""
    view.delete()
