"""What must be kept in another place than the desk, and what is lost without it.

Keys are told apart by fingerprints and never shown. The public half of the anchors' key may be
known to everybody, so it is shown whole.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from core.database.db_time import desk_now
from people import company
from servicedesk.backups import keys
from servicedesk.evidence import anchors


@dataclass(frozen=True)
class Item:
    """One thing to keep: which it is, what is lost without it, and how to recognise it."""

    heading: str
    variable: str
    lost: str
    fingerprints: list[str] = field(default_factory=list)
    place: str = ""
    public: str = ""
    missing: str = ""


@dataclass(frozen=True)
class KeepElsewhere:
    """The page: whose desk it is, when it was made, and what is to be kept."""

    company: str
    address: str
    at: datetime
    items: list[Item]


def page() -> KeepElsewhere:
    """Return everything, as this process has it."""
    return KeepElsewhere(
        company=company.name(),
        address=settings.DESK_URL,
        at=desk_now(),
        items=[*_keys(), *_places()],
    )


def _keys() -> list[Item]:
    known = keys.fingerprints()
    key = anchors.private_key()
    return [
        Item(
            _("Secret key of the desk"),
            "DESK_SECRET_KEY",
            _(
                "Everybody signs in again. Where the accounts have no keys of their own, their "
                "access to X is lost too."
            ),
            known["DESK_SECRET_KEY"],
        ),
        Item(
            _("Keys for the accounts’ access"),
            "DESK_CREDENTIALS_KEYS",
            _("No account sends or reads before it is connected again with its values from X."),
            known["DESK_CREDENTIALS_KEYS"],
            missing=_("Not set: the access is sealed with the secret key."),
        ),
        Item(
            _("Key that signs anchors and exports"),
            "DESK_ANCHOR_KEY",
            _(
                "New anchors bear another signature. What was signed before is still proved by the "
                "public half, if that was kept."
            ),
            known["DESK_ANCHOR_KEY"],
            public=anchors.public_hex(key) if key else "",
            missing=_("Not set: nothing is anchored."),
        ),
    ]


def _places() -> list[Item]:
    return [
        Item(
            _("File of anchors"),
            "DESK_ANCHOR_FILE",
            _("Nobody can prove any longer that the whole audit trail was not rewritten."),
            place=settings.ANCHOR_FILE,
            missing=_("Not set: nothing is anchored."),
        ),
        Item(
            _("Directory of backups"),
            "DESK_BACKUP_DIRECTORY",
            _("Everything since the desk began: tickets, replies, decisions, the audit trail."),
            place=settings.BACKUP_DIRECTORY,
            missing=_("Not set: the desk makes no backups."),
        ),
    ]
