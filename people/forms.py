"""Signing in."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """User name or e-mail address, and password.

    The answer does not say which of the two was wrong.
    """

    error_messages = {
        "invalid_login": _(
            "This user name and password do not belong together. Check both; the password "
            "knows capitals."
        ),
        "inactive": _("This sign-in is switched off. The administrator can say why."),
    }
