"""Faults.

Ordered one by one (what goes wrong next, at which endpoint, how often), or drawn by chance from
a seeded plan.
"""

import random
from dataclasses import dataclass, field
from typing import Any

from xapi.simulator import refusals

PROBLEMS: dict[str, tuple[int, dict[str, Any]]] = {
    "401": (
        401,
        {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"},
    ),
    "402": (
        402,
        {"title": "Payment Required", "type": "credits-depleted", "detail": "credits depleted"},
    ),
    "403 duplicate": (
        403,
        {
            "title": "Forbidden",
            "type": "about:blank",
            "detail": "You are not allowed to create a Tweet with duplicate content.",
        },
    ),
    "403 reply_rule": (
        403,
        {
            "title": "Forbidden",
            "type": "not-authorized-for-resource",
            "detail": (
                "You can only reply to or quote posts where you are mentioned or are the author."
            ),
        },
    ),
    "403 reply_rule_old": (
        403,
        {
            "title": "Forbidden",
            "status": 403,
            "detail": "Reply to this conversation is not allowed because you have not been "
            "mentioned or otherwise engaged by the author of the post you are replying to.",
        },
    ),
    "403 gone": (
        403,
        {
            "title": "Forbidden",
            "status": 403,
            "detail": "You attempted to reply to a Tweet that is deleted or not visible to you.",
        },
    ),
    "403 restricted": (
        403,
        {
            "errors": [
                {
                    "code": 433,
                    "message": "The original Tweet author restricted who can reply to this Tweet.",
                }
            ]
        },
    ),
    "403 permission": (
        403,
        {
            "title": "Forbidden",
            "type": "oauth1-permissions",
            "detail": (
                "Your client app is not configured with the appropriate oauth1 app permissions "
                "for this endpoint."
            ),
        },
    ),
    "403 locked": (
        403,
        {
            "title": "Forbidden",
            "status": 403,
            "detail": "Your account is suspended and is not permitted to access this feature.",
        },
    ),
    "403 cashtag": (
        403,
        {"title": "Forbidden", "status": 403, "detail": "Posts may contain only one cashtag."},
    ),
    "403 other": (
        403,
        {
            "title": "Forbidden",
            "status": 403,
            "detail": "You are not permitted to perform this action.",
        },
    ),
    "400": (
        400,
        {
            "title": "Invalid Request",
            "type": "invalid-request",
            "detail": "One or more parameters to your request was invalid.",
        },
    ),
    "404": (
        404,
        {
            "title": "Not Found Error",
            "type": "resource-not-found",
            "detail": "Could not find the post.",
        },
    ),
    "429": (
        429,
        {"title": "Too Many Requests", "type": "about:blank", "detail": "Too Many Requests"},
    ),
    "429 code": (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}),
    "429 capped": (
        429,
        {
            "title": "UsageCapExceeded",
            "type": "usage-capped",
            "detail": "Usage cap exceeded: Monthly product cap",
        },
    ),
    "413": (413, {"title": "Payload Too Large", "detail": "Payload Too Large"}),
    "422": (422, {"title": "Unprocessable Entity", "detail": "Unprocessable Entity"}),
    "500": (500, {"title": "Internal Server Error", "detail": "Something went wrong."}),
    "503": (503, {"title": "Service Unavailable", "detail": "Service Unavailable"}),
}
SPECIAL = {
    "slow",
    "hang",
    "garbage",
    "html",
    "lost",
    "late",
    "drop",
    "errors",
    "redirect",
    "no_id",
    "partial",
    "loop",
    "endless",
    "undeleted",
}


@dataclass
class Fault:
    """One ordered fault.

    `on` is the beginning of "METHOD /path"; `seconds` and `body` belong to some kinds.

    `vocabulary` (`old`, `new`) is that of the refusals in `refusals`; empty means the request's
    own.
    """

    kind: str
    on: str = "POST /2/tweets"
    times: int = 1
    seconds: float = 8
    body: Any = None
    user: int | None = None
    vocabulary: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Plan:
    """Faults by chance.

    Of all requests whose "METHOD /path" begins with `on`, each kind takes its share (0 to 1).

    `seconds` is the longest wait of the kinds that have one. The same seed draws the same sequence.
    """

    seed: int
    shares: dict[str, float]
    on: str = "POST /2/tweets"
    seconds: float = 1

    def __post_init__(self) -> None:
        if unknown := set(self.shares) - set(PROBLEMS) - SPECIAL - set(refusals.kinds()):
            raise ValueError(f"unknown kind of fault: {sorted(unknown)[0]}")
        if sum(self.shares.values()) > 1:
            raise ValueError("the shares are more than the whole")
        self.chance = random.Random(self.seed)

    def draw(self, method: str, path: str) -> Fault | None:
        """Return what chance has in store for this request."""
        if not f"{method} {path}".startswith(self.on):
            return None
        drawn, wait = self.chance.random(), self.seconds * self.chance.uniform(0.2, 1)
        for kind, share in sorted(self.shares.items()):
            drawn -= share
            if drawn < 0:
                return Fault(
                    kind, on=self.on, seconds=wait, body="lost" if kind == "late" else None
                )
        return None


class Faults:
    """The waiting faults, taken in the order in which they were ordered; then the plans."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.plans: list[Plan] = []
        self.hits: dict[str, int] = {}

    def order(self, **fields: Any) -> Fault:
        """Order a fault; raises ValueError for a kind that nobody knows."""
        fault = Fault(
            **{key: value for key, value in fields.items() if key in Fault.__dataclass_fields__}
        )
        if (
            fault.kind not in PROBLEMS
            and fault.kind not in SPECIAL
            and not refusals.known(fault.kind)
        ):
            raise ValueError(
                f"unknown kind of fault: {fault.kind}; known: "
                f"{', '.join(sorted([*PROBLEMS, *SPECIAL, *refusals.kinds()]))}"
            )
        self.waiting.append(fault)
        return fault

    def next_for(self, method: str, path: str, user: int | None) -> Fault | None:
        """Return the fault that hits this request, if any; it is used up once."""
        for fault in self.waiting:
            if f"{method} {path}".startswith(fault.on) and (
                fault.user is None or fault.user == user
            ):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return self.count(fault)
        for plan in self.plans:
            if drawn := plan.draw(method, path):
                return self.count(drawn)
        return None

    def count(self, fault: Fault) -> Fault:
        """Note that it hit."""
        self.hits[fault.kind] = self.hits.get(fault.kind, 0) + 1
        return fault
