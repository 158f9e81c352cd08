"""Reading what a form brings, and the form and the fields that all forms of the desk are made of.

Numbers that are none, or far too long, are no reason to fail. A field demands nothing: what is
missing or cannot be is said by the verb, and stands beside its field afterwards.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.errors import DeskError, Invalid, Reason

# The first and the last day that anybody means.
EARLIEST = date(1900, 1, 1)
LATEST = date(2999, 12, 31)
LONGEST = 12
LONGEST_ID = 18  # digits; the database's own numbers have no more


def is_number(text: str, most: int = LONGEST_ID) -> bool:
    """Whether this is a whole number in plain digits, and not too long.

    Digits of other scripts do not count.
    """
    return text.isascii() and text.isdigit() and len(text) <= most


def whole(text: str) -> int | None:
    """Return a whole number out of what was typed.

    None if it is none, or longer than any number of ours.
    """
    text = text.strip()
    return int(text) if is_number(text, LONGEST - 1) else None


def is_meant(at: date) -> bool:
    """Whether a day or time lies in the centuries that people mean.

    It can then be moved by time zones and days.
    """
    day = at.date() if isinstance(at, datetime) else at
    return EARLIEST <= day <= LATEST


def moment(text: str) -> datetime | None:
    """Return a time with its zone out of an address; None if it is none, or of another age."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo and is_meant(at) else None


def day_in(text: str) -> date | None:
    """Return a day as `2026-12-24`, or as `24.12.2026`; None if it is none, or of another age."""
    text = text.strip()
    try:
        written = (
            datetime.strptime(text, "%d.%m.%Y").date() if "." in text else date.fromisoformat(text)
        )
    except ValueError:
        return None
    return written if is_meant(written) else None


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether a page of ours may be opened by this address.

    A bare word is none, though Django takes it for a view's name.
    """
    is_address = address.startswith(("/", "http://", "https://")) and not address.startswith("//")
    return is_address and url_has_allowed_host_and_scheme(address, {request.get_host()})


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form brought, to make it of; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def posted(request: HttpRequest, name: str) -> str:
    """Return what a button, or a form of one or two values, brought by this name; else empty."""
    return request.POST.get(name, "")


def is_posted(request: HttpRequest, name: str) -> bool:
    """Whether such a form brought this name at all."""
    return name in request.POST


def all_posted(request: HttpRequest, name: str) -> list[str]:
    """Return everything that such a form brought by this name, in its order."""
    return request.POST.getlist(name)


def posted_by_key(request: HttpRequest, prefix: str) -> dict[str, str]:
    """Return what it brought by names with this prefix: the rest of each name, and its value."""
    return {
        name.removeprefix(prefix): value
        for name, value in request.POST.items()
        if name.startswith(prefix) and isinstance(value, str)
    }


def whole_number(request: HttpRequest, name: str) -> int | None:
    """Return the number that it brought by this name, likewise."""
    return whole(posted(request, name))


class DeskForm(forms.Form):
    """A form that takes a verb's refusal, beside the field that it names, and loses nothing typed.

    The first field that is wrong has the focus when the page is shown again.
    """

    use_required_attribute = False
    refusal: DeskError | None = None

    def __init__(self, *args: Any, **given: Any) -> None:
        given.setdefault("label_suffix", "")
        super().__init__(*args, **given)

    @property
    def status(self) -> int:
        """The status of the page: of the refusal; 400 if a field cannot be read; else 200."""
        if self.refusal is not None:
            return self.refusal.status
        return 400 if self.errors else 200

    def values(self) -> dict[str, Any]:
        """Return the cleaned values.

        Raises the first thing that is wrong, for a page that is not shown again with this form.
        """
        if self.is_valid():
            return self.cleaned_data
        field, errors = next(iter(self.errors.as_data().items()))
        raise Invalid(Reason(errors[0].code or "invalid", errors[0].messages[0]), field)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Put on the form what a verb refuses within."""
        try:
            yield
        except DeskError as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: DeskError) -> None:
        """Show a refusal beside the field that it names; over the form if it names none of ours."""
        self.refusal = refusal
        field = getattr(refusal, "field", "")
        self.add_error(field if field in self.fields else None, str(refusal))

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error; the first one's field has the focus."""
        super().add_error(field, error)
        if field and len(self.errors) == 1:
            self.fields[field].widget.attrs["autofocus"] = True


class Control(forms.Field):
    """What is typed into or chosen in an element of the page with these `attrs`."""

    def __init__(self, *, attrs: Mapping[str, Any] | None = None, **given: Any) -> None:
        given.setdefault("required", False)
        super().__init__(**given)
        if not self.widget.use_fieldset:
            self.widget.attrs["class"] = "input"
        self.widget.attrs.update(attrs or {})


class Line(Control, forms.CharField):
    """Words on one line, as they were typed."""

    def __init__(self, **given: Any) -> None:
        super().__init__(strip=False, **given)


def text_box(rows: int | None = None) -> forms.Textarea:
    """Return an element for words on several lines; as high as the screen says without `rows`."""
    return forms.Textarea(attrs={"cols": False, "rows": rows or False})


class Words(Line):
    """Words on several lines, as they were typed; `rows` is how many are seen."""

    def __init__(self, *, rows: int | None = None, **given: Any) -> None:
        super().__init__(widget=text_box(rows), **given)


class Secret(Line):
    """A password: it is never shown again."""

    widget = forms.PasswordInput


class Day(Control):
    """A day as a browser gives it, or as people write it: 2026-12-24 or 24.12.2026.

    Where none is `needed`, an empty field is None.
    """

    def __init__(self, *, needed: bool = True, **given: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "date"}), **given)
        self.needed = needed

    def to_python(self, value: Any) -> date | None:
        """Return the day; refuses what is none, and nothing where one is needed."""
        if not value and not self.needed:
            return None
        if (day := day_in(str(value or ""))) is None:
            raise forms.ValidationError(_("Choose a day."), code="day_odd")
        return day


class WholeNumber(Control):
    """A whole number in digits; None if the field was left empty."""

    widget = forms.NumberInput

    def to_python(self, value: Any) -> int | None:
        """Return the number; refuses what is none."""
        text = str(value or "").strip()
        if not text:
            return None
        if (number := whole(text)) is None:
            raise forms.ValidationError(_("Write a whole number, in digits."))
        return number


class Choice(Control, forms.ChoiceField):
    """One of a list.

    What does not stand there counts as `otherwise`; None leaves it as it came, for the verb.
    """

    def __init__(self, *, otherwise: str | None = "", **given: Any) -> None:
        super().__init__(**given)
        self.otherwise = otherwise

    def clean(self, value: Any) -> str:
        """Return what was chosen."""
        chosen = str(value or "")
        if self.otherwise is None or self.valid_value(chosen):
            return chosen
        return self.otherwise


class Choices(Control, forms.MultipleChoiceField):
    """Any number out of a list.

    What does not stand there counts as not chosen, or is refused where all are `needed`.
    """

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, needed: bool = False, **given: Any) -> None:
        super().__init__(**given)
        self.needed = needed

    def clean(self, value: Any) -> list[str]:
        """Return what was chosen, in the order in which it came."""
        if self.needed:
            return list(super().clean(value))
        return [one for one in value or [] if self.valid_value(one)]
