"""Clean values from the forms about tickets, accounts and routing rules."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, Reason
from core.screens.form_values import (
    Choice,
    Choices,
    DeskForm,
    Line,
    WholeNumber,
    posted,
    text_box,
)
from core.text.languages import name_of
from core.text.readable import one_line
from people.forms import OneDepartment
from tickets.accounts import connecting
from tickets.models import ConnectedAccount
from tickets.outcomes.recording import Said
from tickets.states import Priority

SNOOZES = {
    "hour": (_("In an hour"), timedelta(hours=1)),
    "afternoon": (_("In four hours"), timedelta(hours=4)),
    "tomorrow": (_("Tomorrow at 9 am"), None),
    "week": (_("In a week at 9 am"), None),
}

LANGUAGES = ("de", "en", "fr", "es", "it", "nl", "pl", "tr", "und")
MOST_WORDS = 200
MOST_TAGS = 20
LONGEST_WORD = 120


def snooze_until(choice: str) -> datetime:
    """Return the time behind a choice, or behind a date and time in ISO form.

    Refuses anything else.
    """
    now = timezone.localtime()
    if choice in {"hour", "afternoon"}:
        return now + SNOOZES[choice][1]  # type: ignore[operator]
    if choice in {"tomorrow", "week"}:
        return (now + timedelta(days=1 if choice == "tomorrow" else 7)).replace(
            hour=9, minute=0, second=0, microsecond=0
        )
    value = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "iso8601"])
    try:
        cleaned = value.clean(choice)
    except forms.ValidationError:
        cleaned = None
    if cleaned is None:
        raise Invalid(
            Reason("until_unreadable", str(_("Choose when the ticket should come back."))), "until"
        )
    return cleaned


def left_as(request: HttpRequest) -> Said:
    """Return what the form of resolving says of how the customer left; it may say nothing."""
    return Said(posted(request, "outcome"), posted(request, "outcome_post"))


def tags_of(text: str) -> list[str]:
    """Tags as typed, separated by commas."""
    return [part for part in text.replace("\x00", "").split(",") if part.strip()]


class ConnectForm(DeskForm):
    """An account of ours with the values by which X knows it.

    On the simulated X there are no such values.
    """

    handle = Line(label=_("Handle"), attrs={"maxlength": 16, "required": True})
    name = Line(label=_("Name"), attrs={"maxlength": 200})
    department = OneDepartment(
        label=_("Department"),
        help_text=_("It gets what comes in on this account, unless a routing rule says otherwise."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        if settings.X_IS_SIMULATED:
            return
        for name in connecting.VALUES:
            self.fields[name] = Line(
                label=name,
                widget=forms.PasswordInput(render_value=True),
                attrs={"autocomplete": "off", "required": True},
            )

    def wanted(self) -> dict[str, Any]:
        """Return what `connecting.connect_by` takes."""
        given = {name: self.cleaned_data[name] for name in type(self).base_fields}
        values = {name: self.cleaned_data.get(name, "") for name in connecting.VALUES}
        return given | {"values": values}


class Several(Line):
    """Words that somebody lists; refuses more than a rule holds.

    Nothing that a rule decides by is dropped without a word.
    """

    def __init__(self, *, most: int, parts: Callable[[str], list[str]], **given: Any) -> None:
        super().__init__(**given)
        self.most, self.parts = most, parts

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the words, each as it will be compared."""
        try:
            listed = self.parts(str(value or ""))
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        if len(listed) > self.most or any(len(one) > LONGEST_WORD for one in listed):
            sentence = gettext("At most {n} in one rule, each of at most {letters} characters.")
            raise forms.ValidationError(
                sentence.format(n=self.most, letters=LONGEST_WORD), code="rule_full"
            )
        return listed


def by_lines(text: str) -> list[str]:
    """Return what stands on each line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def by_commas(text: str) -> list[str]:
    """Return what commas part, each on one line; refuses a character that nobody sees."""
    return [one_line(part, "tags") for part in text.split(",") if part.strip()]


class Tags(Several):
    """Tags, separated by commas."""

    def __init__(self, **given: Any) -> None:
        super().__init__(most=MOST_TAGS, parts=by_commas, **given)


class RuleForm(DeskForm):
    """A routing rule: its name, when it holds, and what it does."""

    name = Line(
        label=_("Name"),
        help_text=_("It appears on the tickets that the rule routed."),
        attrs={"maxlength": 120},
    )
    words = Several(
        label=_("One of these words"),
        help_text=_(
            "One per line, whole words. * at either end stands for any letters (erstatt*), … "
            "for a few words in between (schreiben … gut), ~ in front compares by word stem."
        ),
        most=MOST_WORDS,
        parts=by_lines,
        widget=text_box(rows=5),
    )
    languages = Choices(
        label=_("Language"),
        help_text=_("As X names it."),
        choices=lambda: [(one, name_of(one)) for one in LANGUAGES],
        needed=True,
    )
    accounts = Choices(
        label=_("Account"),
        help_text=_("On which account the post came in."),
        choices=lambda: [(one.pk, f"@{one.handle}") for one in ConnectedAccount.objects.all()],
        needed=True,
    )
    tags = Tags(label=_("Tag of the customer"), help_text=_("Separated by commas."))
    followers = WholeNumber(
        label=_("Followers at least"),
        help_text=_("How far the post reaches."),
        attrs={"min": 0},
    )
    hours = Choice(
        label=_("Service hours"),
        help_text=_("Of the account’s department."),
        choices=[
            ("", _("at any time")),
            ("inside", _("within service hours")),
            ("outside", _("outside service hours")),
        ],
    )
    department = OneDepartment(
        label=_("Department"),
        empty_label=_("unchanged"),
        help_text=_(
            "Who sees, drafts and reviews it; the reply still leaves from the account that was "
            "addressed."
        ),
    )
    priority = Choice(
        label=_("Priority"),
        help_text=_("It appears on the ticket."),
        choices=[("", _("unchanged")), *Priority.choices],
    )
    add_tags = Tags(label=_("Add tags"), help_text=_("Separated by commas."))
    minutes = WholeNumber(
        label=_("Minutes to the first reply"),
        help_text=_("This gives a ticket its target time, counted in service hours."),
        attrs={"min": 1},
    )

    @property
    def conditions(self) -> list[BoundField]:
        """The fields that say when the rule holds."""
        names = ("words", "languages", "accounts", "tags", "followers", "hours")
        return [self[name] for name in names]

    @property
    def effects(self) -> list[BoundField]:
        """The fields that say what it does."""
        return [self[name] for name in ("department", "priority", "add_tags", "minutes")]

    def rule(self) -> dict[str, Any]:
        """Return what `rule_writing.save_rule` takes."""
        given, department = self.cleaned_data, self.cleaned_data["department"]
        when = {name: given[name] for name in ("words", "languages", "tags", "followers", "hours")}
        return {
            "name": given["name"],
            "when": when | {"accounts": [int(one) for one in given["accounts"]]},
            "then": {
                "department": department.pk if department else None,
                "priority": given["priority"],
                "tags": given["add_tags"],
                "minutes": given["minutes"],
            },
        }


def as_typed(rule: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in the fields of a rule's form before anybody types."""
    when, then = rule["when"], rule["then"]
    return {
        "name": rule["name"],
        "words": "\n".join(when.get("words", [])),
        "tags": ", ".join(when.get("tags", [])),
        "followers": when.get("followers"),
        "hours": when.get("hours", ""),
        "languages": when.get("languages", []),
        "accounts": when.get("accounts", []),
        "department": then.get("department"),
        "priority": then.get("priority", ""),
        "add_tags": ", ".join(then.get("tags", [])),
        "minutes": then.get("minutes"),
    }
