"""How the API's description names the two ways of saying who one is."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Token <key>`."""

    target_class = "people.identity.api_authentication.Token"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """As OpenAPI has it: a key in a header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and the key, separated by a space.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    """The signed-in browser."""

    target_class = "people.identity.api_authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return a cookie; writing needs the CSRF token besides."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
