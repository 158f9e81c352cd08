"""How X refuses, in either vocabulary.

Every problem type, legacy code and status that X's descriptions and answers name, as a refusal
and as `errors` of a 200; and what stands between X and us.
"""

import re
from typing import Any

from xapi.simulator.http import Answer, Request, as_json

HOSTS = {"old": "https://api.twitter.com/2/problems/", "new": "https://api.x.com/2/problems/"}
# Source: the problems of X's OpenAPI descriptions 2.166 and 2.167, and three that answers were
# seen to hold.
TYPES = {
    "client-disconnected": "This client has disconnected.",
    "client-forbidden": (
        "When authenticating requests, you must use keys of a developer App that is attached "
        "to a Project."
    ),
    "conflict": "You cannot create a new job while another is running.",
    "credits-depleted": "credits depleted",
    "disallowed-resource": "This resource violates publisher rules.",
    "duplicate-rules": "Duplicate rules.",
    "field-hydration-failure": "Failed to hydrate the field.",
    "field-unauthorized": "You are not authorized to access this field.",
    "internal-error": "Something went wrong.",
    "invalid-request": "One or more parameters to your request was invalid.",
    "invalid-rules": "Invalid rules.",
    "noncompliant-rules": "Noncompliant rules.",
    "not-authorized-for-field": "Sorry, you are not authorized to access the field.",
    "not-authorized-for-resource": "Sorry, you are not authorized to see the resource.",
    "oauth1-permissions": (
        "Your client app is not configured with the appropriate oauth1 app permissions for "
        "this endpoint."
    ),
    "operational-disconnect": "This stream has been disconnected for operational reasons.",
    "rate-limit-exceeded": "Rate limit exceeded.",
    "resource-not-found": "Could not find the resource.",
    "resource-unavailable": "The resource is not available now.",
    "rule-cap": "Rule cap exceeded.",
    "streaming-connection": "This stream is currently at the maximum allowed connection limit.",
    "unheard-of": "A problem that no description names.",
    "unsupported-authentication": (
        "Authenticating with this kind of access is forbidden for this endpoint."
    ),
    "usage-capped": "Usage cap exceeded: Monthly product cap",
}
# Names and wordings of X's older answers.
CODES = {
    63: "User has been suspended.",
    64: "Your account is suspended and is not permitted to access this feature.",
    88: "Rate limit exceeded",
    136: "You have been blocked from the author of this Tweet.",
    185: "User is over daily status update limit.",
    186: "Tweet needs to be a bit shorter.",
    187: "Status is a duplicate.",
    226: "This request looks like it might be automated.",
    261: "Application cannot perform write actions.",
    326: (
        "To protect our users from spam and other malicious activity, this account is "
        "temporarily locked."
    ),
    385: "You attempted to reply to a Tweet that is deleted or not visible to you.",
    433: "The original Tweet author restricted who can reply to this Tweet.",
    453: "You currently have access to a subset of endpoints.",
    999: "A code that nobody has named.",
}
# Sentences of a 403 that name their case by words alone.
WORDS = {
    "duplicate": "You are not allowed to create a Tweet with duplicate content.",
    "status duplicate": CODES[187],
    "blocked": CODES[136],
    "user suspended": CODES[63],
    "daily limit": CODES[185],
    "automated": CODES[226],
    "gone": CODES[385],
    "restricted": CODES[433],
    "suspended": CODES[64],
    "locked": CODES[326],
    "reply rule": "You can only reply to or quote posts where you are mentioned or are the author.",
    "old reply rule": "Reply to this conversation is not allowed because you have not been "
    "mentioned or "
    "otherwise "
    "engaged by the author of the post you are replying to.",
    "cashtag": "Posts may contain only one cashtag.",
    "other": "You are not permitted to perform this action.",
    "unlocked": "The conversation was unlocked and blocked again.",
}
STATUSES = {
    400: "Invalid Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Payload Too Large",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
# What the newer description wants in a problem beside its type, title and detail.
NEEDS = {
    "resource_type": {"resource-not-found", "not-authorized-for-resource", "resource-unavailable"},
    "field": {"not-authorized-for-field", "field-unauthorized", "field-hydration-failure"},
}
HTML = {200, 400, 401, 402, 403, 404, 407, 413, 429, 503}
SHAPE = re.compile(r"(status|html|type|errors|code|words|alien) (.+)")


def kinds() -> list[str]:
    """Every refusal, by name."""
    return [
        *(f"status {one}" for one in STATUSES),
        *(f"html {one}" for one in sorted(HTML)),
        *(f"type {one}" for one in TYPES),
        *(f"errors {one}" for one in TYPES),
        *(f"code {one}" for one in CODES),
        *(f"words {one}" for one in WORDS),
        "alien 403",
    ]


def known(kind: str) -> bool:
    """Whether this is the name of a refusal."""
    return kind in kinds()


def refused(kind: str, request: Request, vocabulary: str = "") -> Answer:
    """Answer with the refusal of this name.

    A problem's host and names are those of the vocabulary, by default the request's.
    """
    match = SHAPE.fullmatch(kind)
    assert match
    family, what = match.groups()
    vocabulary = vocabulary or vocabulary_of(request.query)
    if family == "status":
        return as_json(
            {
                "title": STATUSES[int(what)],
                "type": "about:blank",
                "status": int(what),
                "detail": STATUSES[int(what)],
            },
            int(what),
        )
    if family == "html":
        page = (
            f"<html><title>{what}</title><body>Your account is suspended here. The proxy of "
            f"the company says {what}.</body></html>"
        )
        return Answer(page.encode(), int(what), "text/html")
    if family == "type":
        return as_json(problem(what, vocabulary, status=403), 403)
    if family == "errors":
        return as_json({"errors": listed(what, request, vocabulary)})
    if family == "code":
        return as_json({"errors": [{"code": int(what), "message": CODES[int(what)]}]}, 403)
    if family == "words":
        return as_json(
            {"title": "Forbidden", "type": "about:blank", "status": 403, "detail": WORDS[what]}, 403
        )
    return as_json({"error": "Your account is suspended. Ask your administrator."}, int(what))


def vocabulary_of(query: dict[str, str]) -> str:
    """In which vocabulary X refuses: the older one to who asks in it, else the newer."""
    return "old" if "tweet.fields" in query else "new"


def problem(kind: str, vocabulary: str, **more: Any) -> dict[str, Any]:
    """Return a problem in this vocabulary."""
    return placed({"type": kind, "title": kind.replace("-", " ").title(), **more}, vocabulary)


def placed(body: dict[str, Any], vocabulary: str) -> dict[str, Any]:
    """Return a problem whose type is a bare name, whole.

    At the host of this vocabulary and with every field that the newer description wants.
    """
    kind = body.get("type", "about:blank")
    if kind == "about:blank":
        return {"type": kind, **body}
    named = "post" if vocabulary == "new" else "tweet"
    needed = {
        name: value
        for name, value in (("resource_type", named), ("field", "text"))
        if kind in NEEDS[name]
    }
    return {"detail": TYPES[kind], **needed, **body, "type": HOSTS[vocabulary] + kind}


def listed(kind: str, request: Request, vocabulary: str) -> list[dict[str, Any]]:
    """Return the list `errors` of a 200: for a look-up one entry for each post.

    The newer vocabulary names it in `value` alone.
    """
    named = "post" if vocabulary == "new" else "tweet"
    ids = request.query.get("ids", "").split(",") if request.query.get("ids") else []
    if not ids:
        return [problem(kind, vocabulary)]
    return [
        problem(
            kind,
            vocabulary,
            parameter="ids",
            value=one,
            resource_type=named,
            **({"resource_id": one} if vocabulary == "old" else {}),
        )
        for one in ids
    ]
