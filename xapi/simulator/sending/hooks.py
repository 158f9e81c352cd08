"""Webhooks.

Registered with a challenge, challenged again every hour, told of events with a signature over
the raw body.

Calls nobody but this machine; any other host fails the challenge as one that cannot be reached.
"""

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests

from xapi.simulator import refusals
from xapi.simulator.http import Answer, Request, Route, as_json
from xapi.simulator.nouns import Refused, User
from xapi.simulator.sending import wire
from xapi.simulator.store import Store

CONSUMER_SECRET = "simulated-consumer-secret"  # noqa: S105 - opens nothing outside this simulation
HERE = {"127.0.0.1", "localhost"}
MOST = 1
HOUR_MS = 3_600_000
FORGIVEN_MS = 28 * 3_600_000
TIMEOUT = 10
INVALID = "invalid-request"


class Hooks:
    """The registered webhooks and what was delivered to them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.delivered: list[dict[str, Any]] = []

    def routes(self, events_between: Callable[[str, str, str], list[str]]) -> list[Route]:
        """Where they are; `events_between` gives the events that a replay repeats."""
        self.events_between = events_between
        one = r"/2/webhooks/([0-9]+)"
        return [
            Route("POST", r"/2/webhooks", "POST /2/webhooks", self.register, frozenset(), "app"),
            Route(
                "GET",
                r"/2/webhooks",
                "GET /2/webhooks",
                self.all,
                frozenset({"webhook_config.fields"}),
                "app",
            ),
            Route("PUT", one, "PUT /2/webhooks/:id", self.again, frozenset(), "app"),
            Route("DELETE", one, "DELETE /2/webhooks/:id", self.remove, frozenset(), "app"),
            Route(
                "POST",
                r"/2/webhooks/replay",
                "POST /2/webhooks/replay",
                self.replay,
                frozenset(),
                "app",
            ),
        ]

    def register(self, request: Request, app: User) -> Answer:
        """Challenge the address, and keep it if it knows the secret."""
        body = request.json()
        url = str(body.get("url", "")) if isinstance(body, dict) else ""
        known = self.store.settings["hooks"]
        if not acceptable(url):
            raise Refused(400, "UrlValidationFailed", kind=INVALID)
        if any(one["url"] == url for one in known):
            raise Refused(400, "DuplicateUrlFailed", kind=INVALID)
        if len(known) >= MOST:
            raise Refused(400, "WebhookLimitExceeded", kind=INVALID)

        def then(result: str) -> Answer:
            if result != "ok":
                failed = refusals.problem(
                    INVALID,
                    "new",
                    title="Invalid Request",
                    status=400,
                    detail="CrcValidationFailed",
                    errors=[{"message": "CrcValidationFailed"}],
                )
                return as_json(failed, 400)
            now = self.store.now()
            made = {
                "id": str(self.store.new_id(now)),
                "url": url,
                "valid": True,
                "created_at": wire.stamp(now),
                "checked_at": now,
                "good_at": now,
            }
            self.store.set("hooks", [*self.store.settings["hooks"], made])
            return as_json({"data": shown(made)})

        return challenged(url, then)

    def all(self, request: Request, app: User) -> tuple[int, dict]:
        """Every webhook."""
        known = [shown(one) for one in self.store.settings["hooks"]]
        return 200, ({"data": known} if known else {}) | {"meta": {"result_count": len(known)}}

    def again(self, request: Request, app: User, hook_id: str) -> Answer:
        """Challenge again; a good answer makes it valid again."""
        hook = self.hook(hook_id)

        def then(result: str) -> Answer:
            self.judged(hook_id, result)
            return as_json({"data": {"valid": self.hook(hook_id)["valid"]}})

        return challenged(hook["url"], then)

    def remove(self, request: Request, app: User, hook_id: str) -> tuple[int, dict]:
        """Forget it."""
        gone = self.hook(hook_id)
        self.store.set("hooks", [one for one in self.store.settings["hooks"] if one != gone])
        return 200, {"data": {"deleted": True}}

    def replay(self, request: Request, app: User) -> tuple[int, dict]:
        """Deliver a past span once more."""
        body = request.json()
        if not isinstance(body, dict) or set(body) != {"webhook_id", "from_date", "to_date"}:
            raise Refused(400, "`webhook_id`, `from_date` and `to_date` are needed.", kind=INVALID)
        self.hook(str(body["webhook_id"]))
        for event in self.events_between(
            str(body["webhook_id"]), str(body["from_date"]), str(body["to_date"])
        ):
            self.send(str(body["webhook_id"]), event)
        return 200, {
            "data": {
                "job_id": str(self.store.new_id(self.store.now())),
                "created_at": wire.stamp(self.store.now()),
            }
        }

    def hook(self, hook_id: str) -> dict[str, Any]:
        """Return the webhook of this id."""
        for one in self.store.settings["hooks"]:
            if one["id"] == hook_id:
                return dict(one)
        raise Refused(
            404,
            "Could not find the webhook.",
            kind="resource-not-found",
            resource_type="webhook",
            value=hook_id,
        )

    def judged(self, hook_id: str, result: str) -> None:
        """Note what a challenge brought.

        A wrong answer ends it at once, silence only after more than a day.
        """
        now = self.store.now()
        changed = []
        for one in self.store.settings["hooks"]:
            if one["id"] == hook_id:
                good = now if result == "ok" else one["good_at"]
                valid = result == "ok" or (
                    one["valid"] and result == "silent" and now - good < FORGIVEN_MS
                )
                one = one | {"checked_at": now, "good_at": good, "valid": valid}
            changed.append(one)
        self.store.set("hooks", changed)

    def due(self) -> list[dict[str, Any]]:
        """Return the webhooks whose hourly challenge is due."""
        return [
            one
            for one in self.store.settings["hooks"]
            if one["valid"] and self.store.now() - one["checked_at"] >= HOUR_MS
        ]

    def send(self, hook_id: str, body: str) -> None:
        """Deliver one event in a thread of its own; an invalid webhook gets none."""
        hook = next(
            (one for one in self.store.settings["hooks"] if one["id"] == hook_id and one["valid"]),
            None,
        )
        if hook is not None:
            threading.Thread(
                target=self.post, args=(hook["url"], body.encode()), daemon=True
            ).start()

    def post(self, url: str, body: bytes) -> None:
        """Deliver it; what came of it is kept for who asks."""
        try:
            status = requests.post(
                url,
                data=body,
                timeout=TIMEOUT,
                allow_redirects=False,
                headers={
                    "content-type": "application/json",
                    "x-twitter-webhooks-signature": signature(body),
                },
            ).status_code
        except requests.RequestException:
            status = 0
        self.delivered.append({"url": url, "status": status})
        del self.delivered[:-1000]


def acceptable(url: str) -> bool:
    """X's rule: https, no port, at most 200 characters.

    This machine's own addresses are taken as they are.
    """
    try:
        parts = urlsplit(url)
        if len(url) > 200 or not parts.hostname:
            return False
        return parts.hostname in HERE or (parts.scheme == "https" and parts.port is None)
    except ValueError:
        return False


def challenge(url: str) -> str:
    """Ask the address to prove that it knows the secret.

    `ok`, `wrong` (also a redirect or bad TLS), or `silent`.
    """
    if urlsplit(url).hostname not in HERE:
        return "silent"
    token = secrets.token_urlsafe(24)
    try:
        answer = requests.get(
            url, params={"crc_token": token}, timeout=TIMEOUT, allow_redirects=False
        )
        if answer.status_code >= 400:
            return "silent"
        given = answer.json().get("response_token", "") if answer.status_code == 200 else ""
    except (requests.exceptions.SSLError, ValueError, AttributeError):
        return "wrong"
    except requests.RequestException:
        return "silent"
    return "ok" if hmac.compare_digest(str(given), signature(token.encode())) else "wrong"


def challenged(url: str, then: Callable[[str], Answer]) -> Answer:
    """Answer after the challenge; `then` runs where the state may be changed."""

    def ask() -> Callable[[], Answer]:
        result = challenge(url)
        return lambda: then(result)

    return Answer(later=ask)


def signature(body: bytes) -> str:
    """HMAC-SHA256 with the consumer secret, as it stands in header and challenge."""
    return (
        "sha256="
        + base64.b64encode(
            hmac.new(CONSUMER_SECRET.encode(), body, hashlib.sha256).digest()
        ).decode()
    )


def shown(hook: dict[str, Any]) -> dict[str, Any]:
    """Return what X tells of a webhook."""
    return {name: hook[name] for name in ("id", "url", "valid", "created_at")}
