"""The form for notices and quiet hours."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.screens.form_values import Choices, DeskForm, Line
from notices import subscriptions
from notices.kinds import Way
from people.models import User


class NoticesForm(DeskForm):
    """Which notices come, by which way, and when the desk keeps quiet."""

    quiet_from = Line(
        label=pgettext_lazy("time", "From"), widget=forms.TextInput(attrs={"type": "time"})
    )
    quiet_until = Line(
        label=pgettext_lazy("time", "Until"), widget=forms.TextInput(attrs={"type": "time"})
    )
    quiet_days = Choices(label=_("All day on"), choices=list(WEEKDAYS.items()))

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, initial=as_typed(user))
        self.kinds = subscriptions.shown(user)
        for one in self.kinds:
            self.fields[f"ways-{one['kind']}"] = Choices(choices=Way.choices, initial=one["ways"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each kind of notice with its sentence and its ticks."""
        return [one | {"ticks": self[f"ways-{one['kind']}"]} for one in self.kinds]

    def chosen(self) -> dict[str, Any]:
        """Return what `preferences.choose_notices` takes."""
        given = self.cleaned_data
        return {
            "ways": {one["kind"]: given[f"ways-{one['kind']}"] for one in self.kinds},
            "quiet_from": given["quiet_from"],
            "quiet_until": given["quiet_until"],
            "quiet_days": [int(one) for one in given["quiet_days"]],
        }


def as_typed(user: User) -> dict[str, Any]:
    """Return what stands in the fields of quiet hours before anybody types."""
    return {
        "quiet_from": f"{user.quiet_from:%H:%M}" if user.quiet_from else "",
        "quiet_until": f"{user.quiet_until:%H:%M}" if user.quiet_until else "",
        "quiet_days": user.quiet_days,
    }
