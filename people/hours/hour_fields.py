"""Fields for service hours and days off, filled with the browser's own clock and calendar."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.screens.form_values import Control, day_in
from people.hours import business_hours

MIDNIGHT = "24:00"  # as the end of a day; a clock of a browser calls it 00:00


class Several(forms.Widget):
    """Inputs of one kind in a row, all of one name; its value is the list of what stands in them.

    There are `spare` empty ones behind those that are filled, and `least` in all.
    """

    kind = "text"

    def __init__(self, *, spare: int, least: int = 0) -> None:
        super().__init__()
        self.spare, self.least = spare, least

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> list[str]:
        """Return what came by this name, in its order."""
        return list(data.getlist(name) if hasattr(data, "getlist") else data.get(name) or [])

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the row; the first input has the field's id."""
        values = [str(one) for one in value or []]
        values += [""] * max(self.spare, self.least - len(values))
        given = {**self.attrs, **(attrs or {})}
        inputs = [
            {
                "before": self.before(place),
                "value": one,
                "label": self.label(place, len(values)),
                "attrs": self.of_one(given, place),
            }
            for place, one in enumerate(values)
        ]
        return render_to_string(
            "people/_several_inputs.html", {"name": name, "kind": self.kind, "inputs": inputs}
        )

    @staticmethod
    def of_one(attrs: dict[str, Any], place: int) -> dict[str, Any]:
        """Return the attributes of one input: an id and the focus are only once on a page."""
        once = ("id", "autofocus")
        return {name: value for name, value in attrs.items() if place == 0 or name not in once}

    def before(self, place: int) -> str:
        """Return what stands before an input."""
        return ""

    def label(self, place: int, _of: int) -> str:
        """Return what a reader of screens says of an input."""
        raise NotImplementedError


class Times(Several):
    """From and to, as often as a day has spans."""

    kind = "time"

    def __init__(self, day: Any) -> None:
        super().__init__(spare=2, least=4)
        self.day = day

    def before(self, place: int) -> str:
        """Return a dash within a span; spans stand apart by themselves."""
        return "–" if place % 2 else ""

    def label(self, place: int, _of: int) -> str:
        """Return the day, and which end of which span."""
        sentence = _("{day}, span {number}, to") if place % 2 else _("{day}, span {number}, from")
        return sentence.format(day=self.day, number=place // 2 + 1)


class Days(Several):
    """One day in each input."""

    kind = "date"

    def label(self, place: int, of: int) -> str:
        """Return which one it is."""
        return _("Day off {number} of {all}").format(number=place + 1, all=of)


class HoursField(Control):
    """The spans of one day, as `business_hours.spans_of` reads them: `08:00-12:00, 13:00-24:00`."""

    def __init__(self, day: Any) -> None:
        super().__init__(label=day, widget=Times(day))

    def to_python(self, value: Any) -> str:
        """Return the spans as one text; refuses one that has only one end."""
        given = [str(one).strip() for one in value or []]
        if len(given) % 2:
            given.append("")
        pairs = [pair for pair in zip(given[::2], given[1::2], strict=True) if any(pair)]
        if any(not all(pair) for pair in pairs):
            raise forms.ValidationError(_("A span needs both, from and to."), code="hours_odd")
        return ", ".join(f"{start}-{MIDNIGHT if end == '00:00' else end}" for start, end in pairs)


class DaysField(Control):
    """Days off, one in each input."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=Days(spare=3), **given)

    def to_python(self, value: Any) -> list[date]:
        """Return the days in their order; refuses what is none."""
        return [self.day(one) for one in map(str.strip, value or []) if one]

    @staticmethod
    def day(text: str) -> date:
        """Return the day that was chosen, or typed where the browser has no calendar."""
        if (written := day_in(text)) is None:
            sentence = _("{day} is not a day. Write days like 2026-12-24.")
            raise forms.ValidationError(sentence.format(day=text))
        return written


def typed_hours(spans: Sequence[Sequence[str]]) -> list[str]:
    """Return the ends of a day's spans, as they stand in its inputs."""
    return ["00:00" if one == MIDNIGHT else one for span in spans for one in span]


def states() -> list[tuple[str, Any]]:
    """Return the states of all countries that have holidays of their own, in groups by country."""
    groups = [
        (country, [(code, ", ".join([code, *names])) for code, names in listed])
        for country in business_hours.countries()
        if (listed := business_hours.named_subdivisions(country))
    ]
    return [("", _("the whole country")), *groups]
