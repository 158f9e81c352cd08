"""What is set outside the desk, by the environment, with its source; secrets are never shown.

And what nobody sets: how long things are kept.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicedesk import env


@dataclass(frozen=True)
class Setting:
    """One variable: what it is about, its value as people read it, and where that comes from."""

    label: str
    value: str
    variable: str
    is_set: bool


@dataclass(frozen=True)
class Known:
    """A variable before anybody asks: its label, its name in the settings, whether it is secret."""

    label: Any
    setting: str
    is_secret: bool = False
    unit: Any = ""


MAIL = {
    "DESK_MAIL_HOST": Known(gettext_lazy("Mail server"), "EMAIL_HOST"),
    "DESK_MAIL_PORT": Known(gettext_lazy("Port"), "EMAIL_PORT"),
    "DESK_MAIL_USER": Known(gettext_lazy("User name there"), "EMAIL_HOST_USER"),
    "DESK_MAIL_PASSWORD": Known(
        gettext_lazy("Password there"), "EMAIL_HOST_PASSWORD", is_secret=True
    ),
    "DESK_MAIL_TLS": Known(gettext_lazy("TLS on the line"), "EMAIL_USE_TLS"),
    "DESK_MAIL_FROM": Known(gettext_lazy("Sender of e-mails"), "DEFAULT_FROM_EMAIL"),
}
SECONDS = gettext_lazy("seconds")
X = {
    "X_API_URL": Known(gettext_lazy("Address of X"), "X_API_URL"),
    "X_TIMEOUT_SECONDS": Known(
        gettext_lazy("Longest request to X"), "X_TIMEOUT_SECONDS", unit=SECONDS
    ),
    "DESK_CREDENTIALS_KEYS": Known(
        gettext_lazy("Keys for the accounts’ access"), "CREDENTIALS_KEYS", is_secret=True
    ),
}
DESK = {
    "DESK_URL": Known(gettext_lazy("Public address"), "DESK_URL"),
    "DESK_TIME_ZONE": Known(gettext_lazy("Time zone of the desk"), "TIME_ZONE"),
    "DESK_SETTLE_SECONDS": Known(
        gettext_lazy("After this, what X does not show was not posted"),
        "SETTLE_SECONDS",
        unit=SECONDS,
    ),
    "DESK_SECOND_READING_SECONDS": Known(
        gettext_lazy("Between the two readings that settle it"),
        "SECOND_READING_SECONDS",
        unit=SECONDS,
    ),
    "DESK_ANCHOR_FILE": Known(gettext_lazy("File of anchors of the audit chain"), "ANCHOR_FILE"),
    "DESK_ANCHOR_KEY": Known(gettext_lazy("Key that signs them"), "ANCHOR_KEY", is_secret=True),
    "DESK_BACKUP_DIRECTORY": Known(gettext_lazy("Directory of backups"), "BACKUP_DIRECTORY"),
    "DESK_BACKUP_KEEP": Known(gettext_lazy("Full backups that are kept"), "BACKUP_KEEP"),
}


def shown(known: dict[str, Known]) -> list[Setting]:
    """Return these variables with value and source; of a secret only whether there is one."""
    return [
        Setting(str(one.label), value_of(one), variable, env.is_set(variable))
        for variable, one in known.items()
    ]


def value_of(one: Known) -> str:
    """Return a setting as people read it."""
    value = getattr(settings, one.setting)
    if one.is_secret:
        return _("set, not shown") if value else _("not set")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        value = f"{value:g}"
    return f"{value} {one.unit}".strip() if value else _("not set")


def kept() -> list[tuple[str, str]]:
    """Return what is kept for how long, and why nobody chooses it here."""
    return [
        (
            _("Posts that are gone on X"),
            _("Their words are removed here too once X has said so twice, an hour apart."),
        ),
        (_("Unchanged answers of X"), _("A day.")),
        (_("Posts that could not be read"), _("30 days.")),
        (_("Our texts, decisions and the audit trail"), _("For good; they are the evidence.")),
    ]
