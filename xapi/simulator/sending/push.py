"""What X sends by itself.

The filtered stream with its rules, and Activity events to a stream or a webhook.

Old vocabulary throughout. May repeat and come in any order, by order of the control interface.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from xapi.simulator import refusals
from xapi.simulator.http import Answer, Request, Route, as_json
from xapi.simulator.nouns import Message, Post, Refused, User, is_id
from xapi.simulator.search import RULE, matcher
from xapi.simulator.sending import wire
from xapi.simulator.sending.hooks import Hooks
from xapi.simulator.store import Store
from xapi.simulator.text import entities

RULES = 1000
SUBSCRIPTIONS = 1500
MOST_LINES = {"filtered": 1, "activity": 2}
PRIVATE = {
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "dm.received",
    "dm.sent",
}
EVENTS = PRIVATE | {"post.create", "post.delete"}
INVALID = "invalid-request"
WHOLE = wire.Asked()


class Push:
    """Rules, subscriptions and open lines; told of everything that happens."""

    def __init__(self, store: Store, base: str) -> None:
        self.store, self.base, self.hooks = store, base, Hooks(store)
        self.lines: dict[str, set[asyncio.Queue[str | None]]] = {
            "filtered": set(),
            "activity": set(),
        }
        self.habits: dict[str, Any] = {
            "repeat": 0,
            "shuffle": False,
            "silent": False,
            "keepalive_seconds": 20,
        }
        self.held: list[Callable[[], None]] = []
        store.listeners.append(self.happened)

    def routes(self) -> list[Route]:
        """Where all this is; the app's own access is wanted."""
        rules, streams = "/2/tweets/search/stream/rules", "/2/tweets/search/stream"
        many, one = "/2/activity/subscriptions", r"/2/activity/subscriptions/([A-Za-z0-9_]+)"
        paged = frozenset({"ids", "max_results", "pagination_token"})
        nothing: frozenset[str] = frozenset()
        each = f"{many}/:id"
        return [
            Route("GET", rules, f"GET {rules}", self.get_rules, paged, "app"),
            Route("POST", rules, f"POST {rules}", self.change_rules, frozenset({"dry_run"}), "app"),
            Route("GET", streams, f"GET {streams}", self.filtered, nothing, "app"),
            Route(
                "GET", "/2/activity/stream", "GET /2/activity/stream", self.activity, nothing, "app"
            ),
            Route("POST", many, f"POST {many}", self.subscribe, nothing, "app"),
            Route("GET", many, f"GET {many}", self.subscriptions, nothing, "app"),
            Route("PUT", one, f"PUT {each}", self.change, nothing, "app"),
            Route("DELETE", one, f"DELETE {each}", self.unsubscribe, nothing, "app"),
            *self.hooks.routes(self.events_between),
        ]

    # Rules and the filtered stream

    def get_rules(self, request: Request, app: User) -> tuple[int, dict]:
        """Return the rules there are."""
        rules = self.store.settings["rules"]
        return 200, ({"data": rules} if rules else {}) | {
            "meta": {"sent": wire.stamp(self.store.now()), "result_count": len(rules)}
        }

    def change_rules(self, request: Request, app: User) -> tuple[int, dict]:
        """Add or delete rules; what is wrong with one does not stop the others."""
        body = request.json()
        if not isinstance(body, dict) or len(body) != 1 or not set(body) <= {"add", "delete"}:
            raise Refused(400, "One of `add` and `delete` is needed.", kind=INVALID)
        rules = list(self.store.settings["rules"])
        added, errors = self.add_rules(rules, body.get("add", []))
        gone = set(map(str, (body.get("delete") or {}).get("ids", [])))
        left = [rule for rule in rules if rule["id"] not in gone]
        if request.query.get("dry_run") != "true":
            self.store.set("rules", left)
        deleted = len(rules) - len(left)
        summary = {"deleted": deleted, "not_deleted": len(gone) - deleted}
        if "add" in body:
            summary = {
                "created": len(added),
                "not_created": len(errors),
                "valid": len(added),
                "invalid": len(errors),
            }
        answer: dict[str, Any] = {"data": added} if added else {}
        answer["meta"] = {"sent": wire.stamp(self.store.now()), "summary": summary}
        if errors:
            answer["errors"] = errors
        return 200, answer

    def add_rules(self, rules: list[dict], wanted: list[dict]) -> tuple[list[dict], list[dict]]:
        """Put these rules behind the others; the ones that were added, and what is wrong."""
        added, errors = [], []
        for rule in wanted:
            value = str(rule.get("value", ""))
            try:
                matcher(self.store, value, most=RULE)
            except Refused as refused:
                errors.append(not_a_rule(value, "UnprocessableEntity", refused.detail))
                continue
            if any(known["value"] == value for known in rules):
                errors.append(not_a_rule(value, "DuplicateRule", "There is such a rule already."))
            elif len(rules) >= RULES:
                errors.append(
                    not_a_rule(value, "RuleLimitExceeded", f"There are {RULES} rules already.")
                )
            else:
                made = {"id": str(self.store.new_id(self.store.now()) + len(rules)), "value": value}
                if rule.get("tag"):
                    made["tag"] = rule["tag"]
                added.append(made)
                rules.append(made)
        return added, errors

    def filtered(self, request: Request, app: User) -> Answer:
        """Open the stream of posts that match a rule."""
        return self.open("filtered")

    def activity(self, request: Request, app: User) -> Answer:
        """Open the stream of Activity events."""
        return self.open("activity")

    def open(self, which: str) -> Answer:
        """Answer with a line that stays open; one too many is refused."""
        if len(self.lines[which]) >= MOST_LINES[which]:
            full = refusals.problem(
                "streaming-connection",
                "new",
                title="ConnectionException",
                connection_issue="TooManyConnections",
            )
            return as_json(full, 429)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self.lines[which].add(queue)
        return Answer(lines=self.flow(which, queue))

    async def flow(self, which: str, queue: asyncio.Queue[str | None]) -> AsyncIterator[str]:
        """Yield what goes over an open line.

        One JSON object a line, and a blank line where nothing happens.
        """
        try:
            yield "\r\n"
            while True:
                try:
                    item = await asyncio.wait_for(queue.get(), self.habits["keepalive_seconds"])
                except TimeoutError:
                    if not self.habits["silent"]:
                        yield "\r\n"
                    continue
                if item is None:
                    return
                if not self.habits["silent"]:
                    yield item + "\r\n"
        finally:
            self.lines[which].discard(queue)

    def cut(self) -> None:
        """End every open line, as X does now and then."""
        for queue in [*self.lines["filtered"], *self.lines["activity"]]:
            queue.put_nowait(None)

    # Subscriptions

    def subscribe(self, request: Request, app: User) -> tuple[int, dict]:
        """Ask for one kind of event of one user."""
        body = request.json()
        if (
            not isinstance(body, dict)
            or set(body) - {"event_type", "filter", "tag", "webhook_id"}
            or body.get("event_type") not in EVENTS
        ):
            raise Refused(400, "One or more parameters to your request was invalid.", kind=INVALID)
        user_id = str((body.get("filter") or {}).get("user_id", ""))
        if not is_id(user_id) or int(user_id) not in self.store.users:
            raise Refused(400, "The filter needs a `user_id`.", kind=INVALID)
        if body["event_type"] in PRIVATE and not self.store.users[int(user_id)].account:
            raise Refused(403, "The user has not authorised this app.")
        known = self.store.settings["subscriptions"]
        if len(known) >= SUBSCRIPTIONS or any(
            (one["event_type"], one["filter"]) == (body["event_type"], body["filter"])
            for one in known
        ):
            raise Refused(400, "Such a subscription exists, or there are too many.", kind=INVALID)
        made = {
            "subscription_id": str(self.store.new_id(self.store.now()) + len(known)),
            "created_at": wire.stamp(self.store.now()),
            "updated_at": wire.stamp(self.store.now()),
            **body,
        }
        self.store.set("subscriptions", [*known, made])
        return 200, {
            "data": {"subscription": made},
            "meta": {"total_subscriptions": len(known) + 1},
        }

    def subscriptions(self, request: Request, app: User) -> tuple[int, dict]:
        """Return what is subscribed."""
        known = self.store.settings["subscriptions"]
        return 200, ({"data": known} if known else {}) | {
            "meta": {"total_subscriptions": len(known)}
        }

    def change(self, request: Request, app: User, subscription_id: str) -> tuple[int, dict]:
        """Another tag or webhook."""
        body = request.json()
        if not isinstance(body, dict) or set(body) - {"tag", "webhook_id"}:
            raise Refused(400, "Only `tag` and `webhook_id` can be changed.", kind=INVALID)
        changed = (
            self.subscription(subscription_id) | body | {"updated_at": wire.stamp(self.store.now())}
        )
        self.store.set(
            "subscriptions",
            [
                changed if one["subscription_id"] == subscription_id else one
                for one in self.store.settings["subscriptions"]
            ],
        )
        return 200, {"data": {"subscription": changed}}

    def unsubscribe(self, request: Request, app: User, subscription_id: str) -> tuple[int, dict]:
        """No more of it."""
        gone = self.subscription(subscription_id)
        self.store.set(
            "subscriptions", [one for one in self.store.settings["subscriptions"] if one != gone]
        )
        return 200, {
            "data": {"deleted": True},
            "meta": {"total_subscriptions": len(self.store.settings["subscriptions"])},
        }

    def subscription(self, subscription_id: str) -> dict[str, Any]:
        """Return the one of this id."""
        for one in self.store.settings["subscriptions"]:
            if one["subscription_id"] == subscription_id:
                return dict(one)
        raise Refused(
            404,
            "Could not find the subscription.",
            kind="resource-not-found",
            resource_type="subscription",
            value=subscription_id,
        )

    # What happens

    def happened(self, line: dict) -> None:
        """Send what somebody asked for, as soon as it is to be seen."""
        if line["what"] in {"post.created", "post.edited"}:
            post = self.store.posts[line["post"]["id"]]
            wait = max(0, post.shown_from - self.store.now()) / 1000
            asyncio.get_running_loop().call_later(wait, self.seen, line, post)
        elif line["what"] in {"post.deleted", "message"}:
            self.tell(line)

    def seen(self, line: dict, post: Post) -> None:
        """Tell that a post is there for everybody."""
        if post.deleted or self.store.users[post.author].protected:
            return
        rules = [
            rule
            for rule in self.store.settings["rules"]
            if matcher(self.store, rule["value"], most=RULE)(post)
        ]
        if rules:
            body = wire.page_object(self.store, [post], WHOLE, base=self.base)
            body["data"] = body["data"][0]
            body["matching_rules"] = [
                {"id": rule["id"], **({"tag": rule["tag"]} if "tag" in rule else {})}
                for rule in rules
            ]
            self.spread("filtered", json.dumps(body, ensure_ascii=False))
        self.tell(line)

    def tell(self, line: dict) -> None:
        """Send the events of this line of history to whoever subscribed to them."""
        for subscription, event in self.events_of(line):
            body = json.dumps(event, ensure_ascii=False)
            if subscription.get("webhook_id"):
                hook = str(subscription["webhook_id"])
                self.handed(partial(self.hooks.send, hook, body))
            else:
                self.spread("activity", body)

    def events_of(self, line: dict) -> list[tuple[dict, dict]]:
        """Return the subscriptions that this line concerns, each with its event."""
        found = []
        for subscription in self.store.settings["subscriptions"]:
            payload = self.payload(
                line, subscription["event_type"], int(subscription["filter"]["user_id"])
            )
            if payload is not None:
                whole = json.dumps([line, subscription["subscription_id"]], sort_keys=True).encode()
                # May be negative, and is the same when repeated
                uuid = int.from_bytes(hashlib.sha256(whole).digest()[:8], signed=True)
                found.append(
                    (
                        subscription,
                        {
                            "data": {
                                "event_uuid": str(uuid),
                                "filter": subscription["filter"],
                                "event_type": subscription["event_type"],
                                "tag": subscription.get("tag", ""),
                                "payload": payload,
                            }
                        },
                    )
                )
        return found

    def payload(self, line: dict, event: str, user_id: int) -> dict | None:
        """Return what this kind of event says of the line, or None where the line is none of it."""
        if line["what"] == "message":
            message = Message(**line["message"])
            concerned = {"dm.received": message.to, "dm.sent": message.sender}.get(event) == user_id
            return wire.message_object(message) if concerned else None
        post = self.store.posts[
            line["id"] if line["what"] == "post.deleted" else line["post"]["id"]
        ]
        if line["what"] == "post.deleted":
            return (
                {"id": str(post.id), "author_id": str(post.author)}
                if event == "post.delete" and post.author == user_id
                else None
            )
        parent, quoted = (
            self.store.posts.get(post.reply_to or 0),
            self.store.posts.get(post.quoted or 0),
        )
        concerned = {
            "post.create": post.author == user_id,
            "post.mention.create": user_id in self.named_by_hand(post),
            "post.reply.create": parent is not None and parent.author == user_id != post.author,
            "post.quote.create": quoted is not None and quoted.author == user_id != post.author,
        }.get(event, False)
        if not concerned:
            return None
        made = wire.post_object(self.store, post, WHOLE)
        if post.reply_to:
            made["in_reply_to_tweet_id"] = str(post.reply_to)
        return made

    def named_by_hand(self, post: Post) -> set[int]:
        """Who is named in the words themselves, not only by the chain in front of a reply."""
        words = entities.behind_handles(post.text) if post.reply_to else post.text
        return set(self.store.whom(words)) - {post.author}

    def events_between(self, hook: str, start: str, end: str) -> list[str]:
        """Return the events of a span of time again, for a replay."""
        return [
            json.dumps(event, ensure_ascii=False)
            for line in self.store.lines
            if start <= wire.stamp(line["written"]) < end
            and line["what"] in {"post.created", "post.edited", "post.deleted", "message"}
            for subscription, event in self.events_of(line)
            if str(subscription.get("webhook_id")) == hook
        ]

    def spread(self, which: str, body: str) -> None:
        """Put it on every open line of this kind."""

        def put() -> None:
            for queue in self.lines[which]:
                queue.put_nowait(body)

        self.handed(put)

    def handed(self, send: Callable[[], None]) -> None:
        """Send in the ordered manner: again and again, or each second one before the first."""
        if self.habits["shuffle"] and not self.held:
            self.held.append(send)
            return
        for one in [send, *self.held]:
            for _ in range(1 + self.habits["repeat"]):
                one()
        self.held.clear()


def not_a_rule(value: str, title: str, detail: str) -> dict[str, Any]:
    """Return what stands under `errors` of a rule that was not added."""
    return refusals.problem(
        INVALID, "new", title=title, detail=detail, value=value, details=[detail]
    )
