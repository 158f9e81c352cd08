"""How a call of the API says who it is: a token, or the browser's session (with its CSRF token)."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions

from core import channel
from people.identity import tokens
from people.models import ApiToken, User


class Token(authentication.BaseAuthentication):
    """`Authorization: Token <key>`; refused once it is revoked or its person is switched off."""

    def authenticate(self, request: HttpRequest) -> tuple[User, ApiToken] | None:
        """Return the token's sign-in, or None where the call brings no token."""
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in {"token", "bearer"}:
            return None
        # Nobody can tell an unknown key from one that was revoked
        token = tokens.find(key.strip()).first()
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is not valid, or no longer."))
        tokens.note_use(token)
        channel.enter(f"token:{token.pk}")
        return token.user, token

    def authenticate_header(self, request: HttpRequest) -> str:
        """Return what a 401 asks for."""
        return "Token"


class Session(authentication.SessionAuthentication):
    """The signed-in browser; writing needs the CSRF token."""
