"""The forms for running the desk, for the audit trail and for the page of parts."""

from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.screens.form_values import Choice, Day, DeskForm, Line, WholeNumber, whole
from people.forms import LANGUAGES, LanguageButtons
from people.hours import pace
from people.models import Person
from people.models.pace import BOUNDS
from servicedesk import env
from servicedesk.evidence import trail


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


class PaceForm(DeskForm):
    """How fast the desk works; an empty field is as it is set outside."""

    def __init__(self, data: Any = None) -> None:
        chosen = pace.chosen()
        super().__init__(data, initial={name: getattr(chosen, name) for name in pace.KINDS})
        for name, kind in pace.KINDS.items():
            least, most = BOUNDS[name]
            self.fields[name] = WholeNumber(
                label=kind.label,
                help_text=format_lazy("{} {}", kind.help, self.source(kind)),
                attrs={"min": least, "max": most, "placeholder": f"{kind.outside:g}"},
            )

    @staticmethod
    def source(kind: pace.Kind) -> str:
        """Say what holds where the field is empty, and where that comes from."""
        sentence = (
            gettext("Empty: {value}, from {variable} in the environment.")
            if env.is_set(kind.variable)
            else gettext("Empty: {value}, the default ({variable} is not set).")
        )
        return sentence.format(value=f"{kind.outside:g}", variable=kind.variable)


class TrailForm(DeskForm):
    """What somebody looks for in the audit trail; what cannot be read narrows nothing."""

    person = Choice(label=_("Person"))
    ticket = Line(
        label=_("Ticket"),
        widget=forms.TextInput(attrs={"type": "search"}),
        attrs={"inputmode": "numeric", "maxlength": 12},
    )
    first_day = Day(label=_("From"), needed=False)
    last_day = Day(label=_("Until"), needed=False)
    kind = Choice(
        label=_("Kind"),
        choices=[("", _("Everything")), *((key, one[0]) for key, one in trail.KINDS.items())],
    )
    everything = forms.BooleanField(required=False)
    raw = forms.BooleanField(required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        names = Person.objects.order_by("name").values_list("pk", "name")
        cast(Choice, self.fields["person"]).choices = [("", _("Everybody")), *names]
        self.full_clean()

    @property
    def is_raw(self) -> bool:
        """Whether the names by which programs know events are shown too."""
        return bool(self.cleaned_data.get("raw"))

    def wanted(self) -> trail.Wanted:
        """Return what is looked for."""
        given = self.cleaned_data
        person = whole(given.get("person") or "")
        return trail.Wanted(
            person=Person.objects.filter(pk=person).first() if person else None,
            ticket=whole(given.get("ticket", "").replace(",", "").replace(" ", "")),
            first_day=given.get("first_day"),
            last_day=given.get("last_day"),
            kind=given.get("kind", ""),
            everything=bool(given.get("everything")),
        )
