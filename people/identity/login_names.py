"""What people sign in with.

User names and e-mail addresses are one space, each once, compared as the database folds them.
"""

import unicodedata

from django.db import models
from django.utils.translation import gettext as _

from core.errors import Reason
from people.models import LoginName, User
from people.models.person import Folded

MARKS = "._+-"


def cleaned(written: str) -> str:
    """Return a user name as it is kept.

    In the usual form of its letters, without blanks around it.
    """
    return unicodedata.normalize("NFKC", written).strip()


def holder(written: str) -> User | None:
    """Who signs in with this name or address, however it is written."""
    if not written.strip() or "\x00" in written:
        return None
    known = (
        LoginName.objects.filter(folded=Folded(models.Value(written)))
        .select_related("user__person")
        .first()
    )
    return known.user if known else None


def why_not_username(username: str) -> Reason | None:
    """Say why nobody new can be called this.

    It is empty, has odd letters, or somebody signs in with it already.
    """
    letters = [one for one in username if one.isalpha()]
    latin = [one for one in letters if unicodedata.name(one, "").startswith("LATIN")]
    if (
        not username
        or len(username) > 150
        or any(not one.isalnum() and one not in MARKS for one in username)
        or 0 < len(latin) < len(letters)
    ):
        return Reason(
            "username_odd",
            _(
                "A user name has letters of one script, digits and . _ + - and no spaces. "
                "Choose another one."
            ),
        )
    if holder(username):
        return Reason("username_taken", _("This user name is taken or empty. Choose another one."))
    return None


def why_not_email(email: str, *, user: User | None = None) -> Reason | None:
    """Why this address cannot be this sign-in's: somebody else signs in with it."""
    known = holder(email)
    if known and known.pk != (user.pk if user else None):
        return Reason(
            "email_known", _("This e-mail address belongs to somebody else at this desk.")
        )
    return None
