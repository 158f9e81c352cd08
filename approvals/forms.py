"""Forms about guidelines, their checks, and saved replies."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.checks.base import LANGUAGES
from approvals.checks.kinds import COUNTRIES, SEVERITY_LABELS, Kind, Setting
from approvals.models import GuidelineDraft, SavedReply
from core.screens.form_values import Choice, Choices, DeskForm, Line, WholeNumber, Words
from people.forms import LANGUAGES as LANGUAGE_NAMES
from people.forms import LanguageButtons, OneDepartment
from people.models import Department

MOST_HOURS = 24 * 90
PATTERN = re.compile(r"\s*([a-z_]{2,30})\s+(\S.{0,60}?)\s*")


class SavedReplyForm(DeskForm):
    """A saved reply: where it belongs, its language, title and text.

    Where it belongs is asked for a new one alone, and not if it is an incident's.
    """

    title = Line(label=_("Title"), help_text=_("What people search for."), attrs={"maxlength": 120})
    department = OneDepartment(label=_("Belongs to"), help_text=_("Who finds it while writing."))
    language = Choice(
        label=_("Language"), choices=LANGUAGE_NAMES, otherwise=None, widget=LanguageButtons
    )
    text = Words(
        label=_("Text"),
        help_text=_(
            "{customer} and {agent} are filled in; any other word in braces has to be replaced "
            "before the reply can be submitted."
        ),
        rows=6,
    )

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any], owned: list[Department | None] | None
    ) -> None:
        super().__init__(data, initial=initial)
        if owned is None:
            del self.fields["department"]
        else:
            choices = [(one.pk, one.name) if one else ("", _("Company")) for one in owned]
            self.fields["department"].choices = choices  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs["lang"] = self["language"].value() or ""


def as_typed(reply: SavedReply) -> dict[str, Any]:
    """Return what stands in the fields of a saved reply before anybody types."""
    return {"title": reply.title, "language": reply.language, "text": reply.text}


class GuidelineForm(DeskForm):
    """The next version of a guideline, in both languages."""

    text_en = Words(label="English", attrs={"lang": "en"})
    text_de = Words(label="Deutsch", attrs={"lang": "de"})
    summary = Line(label=_("What is new, in one sentence"), attrs={"maxlength": 300})
    confirm_within_hours = WholeNumber(
        label=_("Hours to confirm it"),
        help_text=_(
            "Whoever writes has to confirm the new version within these hours; after that they "
            "cannot write until they do."
        ),
        attrs={"min": 1, "max": MOST_HOURS},
    )
    training_en = Words(label="English", attrs={"lang": "en"})
    training_de = Words(label="Deutsch", attrs={"lang": "de"})

    def __init__(self, draft: GuidelineDraft, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(draft, name) for name in self.base_fields})
        self.draft = draft

    @property
    def has_training(self) -> bool:
        """Whether something stands in the training note, or is wrong with it."""
        notes = (self["training_en"], self["training_de"])
        return any(one.value() or one.errors for one in notes)

    def clean_confirm_within_hours(self) -> int:
        """Return the hours, at most ninety days; as before if none are given."""
        hours = self.cleaned_data["confirm_within_hours"]
        return min(hours, MOST_HOURS) if hours else self.draft.confirm_within_hours


class Terms(Words):
    """A list of terms, one on a line."""

    def prepare_value(self, value: Any) -> Any:
        """Return the list as it is typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the terms."""
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class Parted(Line):
    """A list of words, separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        """Return the list as it is typed."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the words."""
        return [part.strip() for part in str(value or "").split(",") if part.strip()]


class Patterns(Words):
    """Patterns of numbers: a name and a pattern on each line."""

    def prepare_value(self, value: Any) -> Any:
        """Return the patterns as they are typed."""
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{name} {pattern}" for name, pattern in value.items())

    def to_python(self, value: Any) -> dict[str, str]:  # type: ignore[override]
        """Return the patterns by their names; refuses a line that is none."""
        patterns = {}
        for line in filter(str.strip, str(value or "").splitlines()):
            if (found := PATTERN.fullmatch(line)) is None:
                sentence = gettext(
                    "“{line}” is not a name and a pattern. Write a name in small letters, a "
                    "space and the pattern, like customer_number K########."
                )
                raise forms.ValidationError(sentence.format(line=line.strip()))
            patterns[found[1]] = found[2]
        return patterns


FIELDS: dict[str, Callable[[Setting, dict[str, Any]], forms.Field]] = {
    "text": lambda _setting, given: Line(**given),
    "words": lambda _setting, given: Parted(**given),
    "patterns": lambda _setting, given: Patterns(rows=6, **given),
    "number": lambda _setting, given: WholeNumber(attrs={"min": 0}, **given),
    "countries": lambda _setting, given: Choices(
        choices=[(one, one) for one in COUNTRIES], **given
    ),
    "choice": lambda setting, given: Choice(
        choices=[(one, one) for one in setting.choices], otherwise=setting.default, **given
    ),
    "yes": lambda _setting, given: Choice(
        choices=[("yes", _("yes")), ("no", _("no"))],
        otherwise="no",
        widget=forms.RadioSelect,
        **given,
    ),
}


def fields_of(setting: Setting, value: Any) -> dict[str, forms.Field]:
    """Return the fields of a setting by their names, with its value; terms have one a language."""
    given = {"label": setting.label, "help_text": setting.help}
    if setting.form == "yes":
        value = "yes" if value else "no"
    if setting.form != "terms":
        return {setting.name: FIELDS[setting.form](setting, given | {"initial": value})}
    names = dict(LANGUAGE_NAMES)
    return {
        f"{setting.name}_{language}": Terms(
            label=format_lazy("{} ({})", setting.label, names[language]),
            help_text=setting.help,
            initial=(value or {}).get(language, []),
            rows=6,
            attrs={"lang": language},
        )
        for language in LANGUAGES
    }


class CheckForm(DeskForm):
    """A check of a paragraph: how much it weighs, its settings, and a sentence to try it on."""

    severity = Choice(
        label=_("Severity"),
        help_text=_(
            "A hint is only shown. Explained: one sentence is needed, and the reviewer reads it. "
            "The lead: the ticket is escalated on submit. Blocks: the text cannot be submitted."
        ),
        choices=list(SEVERITY_LABELS.items()),
        otherwise=None,
        widget=forms.RadioSelect,
    )
    sample = Words(label=_("A sentence"), rows=3)

    def __init__(self, kind: Kind, check: dict[str, Any], data: Any = None) -> None:
        super().__init__(data, initial={"severity": check["severity"]})
        self.kind = kind
        for setting in kind.settings:
            value = check["settings"].get(setting.name, setting.default)
            self.fields |= fields_of(setting, value)

    @property
    def settings(self) -> list[BoundField]:
        """The fields of the settings."""
        return [self[name] for name in self.fields if name not in self.base_fields]

    def check(self) -> dict[str, Any]:
        """Return the check as a paragraph keeps it."""
        return {
            "kind": self.kind.name,
            "severity": self.cleaned_data["severity"] or "hint",
            "settings": {one.name: self.setting(one) for one in self.kind.settings},
        }

    def setting(self, setting: Setting) -> Any:
        """Return what was given for a setting; its default where that is nothing."""
        if setting.form == "terms":
            lists = {one: self.cleaned_data[f"{setting.name}_{one}"] for one in LANGUAGES}
            return {language: terms for language, terms in lists.items() if terms}
        value = self.cleaned_data[setting.name]
        if setting.form == "yes":
            return value == "yes"
        if setting.form == "number":
            return setting.default if value is None else value
        return value.strip()[:60] or setting.default if setting.form == "text" else value
