"""The form of a check's settings.

From settings to fields, and from what was typed back to settings.
"""

import re
from typing import Any

from django.http import QueryDict

from approvals.text_checks.base import LANGUAGES
from approvals.text_checks.kinds import COUNTRIES, Kind, Setting
from core.forms import is_number

PATTERN = re.compile(r"^\s*([a-z_]{2,30})\s+(\S.{0,60}?)\s*$", re.MULTILINE)


def fields(kind: Kind, settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Say what the form shows for each setting.

    Its name, form, label, help and present value as text.
    """
    shown = []
    for one in kind.settings:
        value = settings.get(one.name, one.default)
        if one.form == "terms":
            shown += [
                _field(
                    one,
                    f"{one.name}_{language}",
                    "\n".join((value or {}).get(language, [])),
                    language,
                )
                for language in LANGUAGES
            ]
        elif one.form == "words":
            shown.append(_field(one, one.name, ", ".join(value or ())))
        elif one.form == "patterns":
            shown.append(
                _field(
                    one,
                    one.name,
                    "\n".join(f"{name} {pattern}" for name, pattern in (value or {}).items()),
                )
            )
        else:
            shown.append(_field(one, one.name, "" if value is None else value))
    return shown


def _field(one: Setting, name: str, value: Any, language: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "form": one.form,
        "label": one.label,
        "help": one.help,
        "value": value,
        "language": language,
        "choices": COUNTRIES if one.form == "countries" else one.choices,
    }


def read(kind: Kind, typed: QueryDict) -> dict[str, Any]:
    """Return the settings out of a form.

    What is no number or not among the choices falls back to the default.

    Lists are read whole: one that is too long is refused when the check is saved, never cut.
    """
    settings: dict[str, Any] = {}
    for one in kind.settings:
        text = typed.get(one.name, "")
        if one.form == "terms":
            lists = {
                language: _lines(typed.get(f"{one.name}_{language}", "")) for language in LANGUAGES
            }
            settings[one.name] = {language: terms for language, terms in lists.items() if terms}
        elif one.form == "words":
            settings[one.name] = [part.strip() for part in text.split(",") if part.strip()]
        elif one.form == "patterns":
            settings[one.name] = dict(PATTERN.findall(text.replace("\r\n", "\n")))
        elif one.form == "countries":
            settings[one.name] = [
                country for country in typed.getlist(one.name) if country in COUNTRIES
            ]
        elif one.form == "yes":
            settings[one.name] = text == "yes"
        elif one.form == "number":
            settings[one.name] = int(text) if is_number(text.strip(), 6) else one.default
        elif one.form == "choice":
            settings[one.name] = text if text in one.choices else one.default
        else:
            settings[one.name] = text.strip()[:60] or one.default
    return settings


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
