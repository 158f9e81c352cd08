"""What the description of the API says beyond its views.

Every call may be refused, always in one shape.
"""

from typing import Any

ERROR = {
    "type": "object",
    "required": ["error"],
    "description": (
        "Why the call was refused. `code` is for programs, `message` for people, `fields` "
        "names what was wrong."
    ),
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {"type": "object"},
            },
        }
    },
}


def with_errors(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Give every operation the answer that a refusal has."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    for path in result["paths"].values():
        for operation in path.values():
            # Verbs are named by what they do: `drafts_approve`.
            if operation["operationId"] != "tokens_create":
                operation["operationId"] = operation["operationId"].removesuffix("_create")
            operation["responses"]["default"] = {
                "description": (
                    "Refused: 400 cannot be used, 401 not signed in, 403 not allowed, 404 not "
                    "there or not for you, 409 has changed meanwhile, 429 too often."
                ),
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            }
    return result
