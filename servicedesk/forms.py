"""The forms for notices and quiet hours, and for the page of parts."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import Choice, Choices, DeskForm, Line
from people import preferences
from people.forms import LANGUAGES, LanguageButtons
from people.models import User
from people.notice_kinds import Way


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
        self.kinds = preferences.shown(user)
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


class PartsForm(DeskForm):
    """The fields on the page of parts: one as it is, one with a list, one that is wrong."""

    title = Line(label=_("Title"), initial="Restart")
    department = Choice(label=_("Department"), choices=[("", _("All"))])
    tags = Line(label=_("Tag"), initial="?")
    language = Choice(label=_("Language"), choices=LANGUAGES, initial="en", widget=LanguageButtons)

    def __init__(self) -> None:
        super().__init__({name: field.initial for name, field in self.base_fields.items()})
        self.add_error("tags", _("What is typed stays; the sentence says what to do."))
        self.add_error(None, _("Nothing was posted."))
        self.fields["tags"].widget.attrs.pop("autofocus")
