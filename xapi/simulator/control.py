"""The control interface under `/_control/`.

Users, posts, edits, deletions, faults, clock, history, journal, scripted customers.
"""

import json
from typing import Any

from xapi.simulator.faults import Plan
from xapi.simulator.http import Answer, Request, as_json
from xapi.simulator.nouns import Refused
from xapi.simulator.sending.hooks import CONSUMER_SECRET
from xapi.simulator.store import Store

DESCRIPTION: dict[str, dict[str, tuple[str, dict[str, str]]]] = {
    "/_control/users": {
        "get": ("Everybody on the simulated X.", {}),
        "post": (
            "Make a user, or change the one with this handle.",
            {
                "username": "string",
                "name": "string",
                "id": "integer",
                "followers": "integer",
                "protected": "boolean",
                "account": "boolean",
                "receives_dm": "boolean",
                "bio": "string",
                "hue": "integer",
            },
        ),
    },
    "/_control/messages": {
        "post": (
            "Write a direct message as a user.",
            {"username": "string", "to": "string", "text": "string"},
        )
    },
    "/_control/push": {
        "get": ("The open lines, how X sends, and what webhooks answered.", {}),
        "post": (
            (
                "How X sends: each event `repeat` times more, each second one first, silence "
                "on open lines, cut them now, seconds between blank lines."
            ),
            {
                "repeat": "integer",
                "shuffle": "boolean",
                "silent": "boolean",
                "cut": "boolean",
                "keepalive_seconds": "number",
            },
        ),
    },
    "/_control/posts": {
        "post": (
            "Post as a user.",
            {
                "username": "string",
                "text": "string",
                "reply_to": "integer",
                "quoted": "integer",
                "minutes_ago": "number",
                "lang": "string",
                "reply_settings": "string",
                "bare": "boolean",
                "media": "array",
                "shown_after_seconds": "number",
                "withheld": "array",
                "poll": "object",
                "article": "object",
                "place": "object",
                "card": "string",
                "notes": "array",
            },
        )
    },
    "/_control/renames": {
        "post": ("Give a user another handle.", {"username": "string", "to": "string"})
    },
    "/_control/withholdings": {
        "post": (
            "Withhold a post in some countries, or nowhere.",
            {"id": "integer", "countries": "array"},
        )
    },
    "/_control/storm": {
        "post": (
            "Many posts at once that name an account.",
            {"account": "string", "count": "integer", "authors": "integer"},
        )
    },
    "/_control/edits": {"post": ("Edit a post.", {"id": "integer", "text": "string"})},
    "/_control/deletions": {"post": ("Delete a post.", {"id": "integer"})},
    "/_control/blocks": {
        "post": ("One user blocks another.", {"username": "string", "blocked": "string"})
    },
    "/_control/faults": {
        "get": ("The faults that wait.", {}),
        "post": (
            "Order a fault (see the kinds in the answer to a wrong one).",
            {
                "kind": "string",
                "on": "string",
                "times": "integer",
                "seconds": "number",
                "body": "object",
                "headers": "object",
                "vocabulary": "string",
            },
        ),
        "delete": ("Forget the faults that wait.", {}),
    },
    "/_control/plans": {
        "get": ("The plans of faults, and how often each kind has hit.", {}),
        "post": (
            "Add a plan: by chance, each kind takes its share of the requests.",
            {"seed": "integer", "shares": "object", "on": "string", "seconds": "number"},
        ),
        "delete": ("Forget the plans.", {}),
    },
    "/_control/duplicates": {"post": ("Whether X refuses the same text twice.", {"on": "boolean"})},
    "/_control/search_lag": {
        "post": ("Whether search leaves out the last 30 seconds.", {"on": "boolean"})
    },
    "/_control/crowd": {
        "post": ("Many posts at once, each with its author, text and time.", {"posts": "array"})
    },
    "/_control/limits": {
        "post": (
            "Rate limits on or off; `most` sets one, by `header METHOD /path`.",
            {"on": "boolean", "most": "object"},
        )
    },
    "/_control/clock": {
        "get": ("The simulator's time.", {}),
        "post": ("Put the clock ahead of the machine's.", {"ahead_seconds": "number"}),
    },
    "/_control/history": {
        "get": ("Everything that ever happened, as JSON lines; the witness.", {})
    },
    "/_control/journal": {
        "get": ("Every request under /2/, as JSON lines.", {}),
        "delete": ("Empty the journal.", {}),
    },
    "/_control/answers": {
        "get": (
            (
                "The newest requests under /2/, each with its answer and the fault that hit "
                "it, as JSON lines."
            ),
            {},
        )
    },
    "/_control/scripted": {
        "get": ("How the scripted customers stand.", {}),
        "post": (
            "Start or stop the scripted customers, set their pace.",
            {"running": "boolean", "pace": "number"},
        ),
    },
    "/_control/wave": {"post": ("Start the wave of posts about an outage.", {})},
    "/_control/openapi.json": {"get": ("This description.", {})},
}


class Control:
    """Answers to `/_control/`; a body of another shape is 400 with a sentence."""

    def __init__(self, store: Store, server: Any) -> None:
        self.store, self.server = store, server

    def answer(self, request: Request) -> Answer:
        """Find the handler by path and method."""
        known = DESCRIPTION.get(request.path, {})
        if request.method.lower() not in known:
            return as_json({"detail": "No such path or method; see /_control/openapi.json."}, 404)
        noun = request.path.removeprefix("/_control/").removesuffix(".json")
        handler = getattr(self, f"{request.method.lower()}_{noun}")
        try:
            body = request.json() if request.method == "POST" else {}
            if not isinstance(body or {}, dict):
                raise ValueError("the body must be an object")
            if unknown := set(body or {}) - set(known[request.method.lower()][1]):
                raise ValueError(f"unknown field: {sorted(unknown)[0]}")
            return handler(body or {})
        except Refused as refused:
            return as_json({"detail": refused.detail}, refused.status)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            return as_json({"detail": f"{type(wrong).__name__}: {wrong}"}, 400)

    def user(self, username: str) -> Any:
        """Return the user of this handle; raises KeyError."""
        found = self.store.user_named(username)
        if found is None:
            raise KeyError(f"nobody is called @{username}")
        return found

    def get_users(self, body: dict) -> Answer:
        """All users."""
        return as_json([vars(user) for user in self.store.users.values()])

    def post_users(self, body: dict) -> Answer:
        """Make or change one."""
        fields = dict(body)
        return as_json(vars(self.store.add_user(fields.pop("username"), **fields)), 201)

    def post_posts(self, body: dict) -> Answer:
        """Post as somebody."""
        fields = dict(body)
        author = self.user(fields.pop("username"))
        ago = fields.pop("minutes_ago", 0)
        fields["shown_after_ms"] = int(1000 * fields.pop("shown_after_seconds", 0))
        at = self.store.now() - int(ago * 60_000) if ago else None
        return as_json(vars(self.store.create(author, fields.pop("text"), at=at, **fields)), 201)

    def post_renames(self, body: dict) -> Answer:
        """Rename somebody."""
        return as_json(vars(self.store.rename(self.user(body["username"]), body["to"])))

    def post_withholdings(self, body: dict) -> Answer:
        """Withhold a post."""
        self.store.withhold(int(body["id"]), [str(one) for one in body["countries"]])
        return as_json({"withheld": body["countries"]})

    def post_messages(self, body: dict) -> Answer:
        """Write to somebody."""
        return as_json(
            vars(self.store.send(self.user(body["username"]), self.user(body["to"]), body["text"])),
            201,
        )

    def get_push(self, body: dict) -> Answer:
        """Answer with the open lines, the habits, and the deliveries."""
        push = self.server.api.push
        return as_json(
            {
                "open": {name: len(lines) for name, lines in push.lines.items()},
                **push.habits,
                "delivered": push.hooks.delivered,
                "consumer_secret": CONSUMER_SECRET,
            }
        )

    def post_push(self, body: dict) -> Answer:
        """Set the habits."""
        push = self.server.api.push
        if body.pop("cut", False):
            push.cut()
        push.habits |= body
        return self.get_push({})

    def post_storm(self, body: dict) -> Answer:
        """Many posts, by `authors` invented people in turn."""
        authors = [
            self.store.user_named(f"storm{n}")
            or self.store.add_user(f"storm{n}", name=f"Storm {n}")
            for n in range(body.get("authors", 50))
        ]
        account, at = body["account"], self.store.now()
        ids = [
            self.store.create(
                authors[n % len(authors)], f"@{account} number {n} of the storm, please help", at=at
            ).id
            for n in range(body["count"])
        ]
        return as_json({"ids": ids}, 201)

    def post_edits(self, body: dict) -> Answer:
        """Edit a post."""
        return as_json(vars(self.store.edit(int(body["id"]), body["text"])), 201)

    def post_deletions(self, body: dict) -> Answer:
        """Delete a post."""
        self.store.delete(int(body["id"]))
        return as_json({"deleted": True})

    def post_blocks(self, body: dict) -> Answer:
        """Block somebody."""
        user, blocked = self.user(body["username"]), self.user(body["blocked"])
        self.store.add_user(user.username, blocked=sorted({*user.blocked, blocked.id}))
        return as_json({"blocked": True})

    def get_faults(self, body: dict) -> Answer:
        """Answer with the faults that wait."""
        return as_json([vars(fault) for fault in self.server.faults.waiting])

    def post_faults(self, body: dict) -> Answer:
        """Order one."""
        return as_json(vars(self.server.faults.order(**body)), 201)

    def delete_faults(self, body: dict) -> Answer:
        """Forget them."""
        self.server.faults.waiting.clear()
        return as_json({"waiting": 0})

    def get_plans(self, body: dict) -> Answer:
        """Answer with the plans and their hits."""
        return as_json({"plans": self.store.settings["plans"], "hits": self.server.faults.hits})

    def post_plans(self, body: dict) -> Answer:
        """Add one."""
        Plan(**body)
        self.store.set("plans", [*self.store.settings["plans"], body])
        self.server.restore()
        return self.get_plans({})

    def delete_plans(self, body: dict) -> Answer:
        """Forget them."""
        self.store.set("plans", [])
        self.server.restore()
        return self.get_plans({})

    def post_duplicates(self, body: dict) -> Answer:
        """Whether the same text is refused twice."""
        self.store.set("duplicates", bool(body["on"]))
        return as_json({"on": self.store.settings["duplicates"]})

    def post_search_lag(self, body: dict) -> Answer:
        """Whether search leaves out the last moments."""
        self.store.set("search_lag", bool(body["on"]))
        return as_json({"on": self.store.settings["search_lag"]})

    def post_crowd(self, body: dict) -> Answer:
        """Many posts; authors that nobody knows are made."""
        made = []
        for one in body["posts"]:
            author = self.store.user_named(one["username"]) or self.store.add_user(one["username"])
            after = int(1000 * one.get("shown_after_seconds", 0))
            made.append(
                self.store.create(
                    author, one["text"], reply_to=one.get("reply_to"), shown_after_ms=after
                ).id
            )
        return as_json({"ids": made}, 201)

    def post_limits(self, body: dict) -> Answer:
        """Rate limits on or off, and how many."""
        self.store.set("limits", bool(body["on"]))
        self.store.set(
            "most", {str(name): int(most) for name, most in body.get("most", {}).items()}
        )
        self.server.restore()
        return as_json({"on": self.server.api.limits.on, "most": self.server.api.limits.most})

    def get_clock(self, body: dict) -> Answer:
        """Answer with the time."""
        return as_json({"now_ms": self.store.now(), "ahead_seconds": self.store.ahead_ms / 1000})

    def post_clock(self, body: dict) -> Answer:
        """Put it ahead."""
        self.store.set_clock(ahead_ms=int(body["ahead_seconds"] * 1000))
        return self.get_clock({})

    def get_history(self, body: dict) -> Answer:
        """All lines."""
        return lines(self.store.lines)

    def get_journal(self, body: dict) -> Answer:
        """All requests under /2/."""
        return lines(self.server.journal)

    def get_answers(self, body: dict) -> Answer:
        """Return the newest requests with their answers.

        What is no JSON stands there as text.
        """
        return lines([entry | {"answer": _read(answer)} for entry, answer in self.server.answers])

    def delete_journal(self, body: dict) -> Answer:
        """Empty it."""
        self.server.journal.clear()
        self.server.answers.clear()
        self.server.answered = 0
        return as_json({"lines": 0})

    def get_scripted(self, body: dict) -> Answer:
        """How the scripted customers stand."""
        return as_json({"running": self.server.script.running, "pace": self.server.script.pace})

    def post_scripted(self, body: dict) -> Answer:
        """Start, stop, set the pace."""
        self.server.script.steer(running=body.get("running"), pace=body.get("pace"))
        return self.get_scripted({})

    def post_wave(self, body: dict) -> Answer:
        """Start the wave."""
        self.server.script.start_wave()
        return as_json({"started": True}, 201)

    def get_openapi(self, body: dict) -> Answer:
        """Answer with the description of this interface."""
        paths = {
            path: {
                method: operation(summary, fields) for method, (summary, fields) in methods.items()
            }
            for path, methods in DESCRIPTION.items()
        }
        return as_json(
            {
                "openapi": "3.0.3",
                "info": {"title": "Control of the simulated X", "version": "1"},
                "paths": paths,
            }
        )


def operation(summary: str, fields: dict[str, str]) -> dict[str, Any]:
    """One operation of the description."""
    made: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": {"description": "Done."},
            "400": {"description": "Says what is wrong."},
        },
    }
    if fields:
        schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {"type": kind, **({"items": {"type": "object"}} if kind == "array" else {})}
                for name, kind in fields.items()
            },
        }
        made["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return made


def lines(rows: list[dict]) -> Answer:
    """Rows as JSON lines."""
    return Answer(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(),
        200,
        "application/jsonl; charset=utf-8",
    )


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
