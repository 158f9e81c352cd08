"""Why this person may not set up people and departments."""

from django.utils.translation import gettext as _

from core.errors import Reason
from people.models import User


def why_not_manage(by: User | None) -> Reason | None:
    """Administrators set up the desk; so do commands, which nobody signs in for."""
    if by is None or (by.is_active and by.is_administrator):
        return None
    return Reason("no_right", _("Administrators set up people and departments. Tell one of them what should change."))
