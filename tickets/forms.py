"""Clean values from the ticket's forms."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, Reason

SNOOZES = {
    "hour": (_("In an hour"), timedelta(hours=1)),
    "afternoon": (_("In four hours"), timedelta(hours=4)),
    "tomorrow": (_("Tomorrow at 9 am"), None),
    "week": (_("In a week at 9 am"), None),
}


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
            Reason("until_unreadable", str(_("Choose when the ticket shall come back."))), "until"
        )
    return cleaned


def tags_of(text: str) -> list[str]:
    """Tags as typed, parted by commas."""
    return [part for part in text.replace("\x00", "").split(",") if part.strip()]
