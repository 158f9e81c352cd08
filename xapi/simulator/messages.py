"""Direct messages, the unencrypted ones: read by conversation, newest first, thirty days back.

Written as a user.
"""

import re
from typing import Any

from xapi.simulator.http import Request, Route
from xapi.simulator.nouns import Message, Refused, User, is_id
from xapi.simulator.sending import wire
from xapi.simulator.store import Store

KEPT_MS = 30 * 24 * 3600 * 1000
PARAMETERS = frozenset({"dm_event.fields", "event_types", "max_results", "pagination_token"})
INVALID = "invalid-request"


class Messages:
    """The endpoints of direct messages."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def routes(self) -> list[Route]:
        """Where they are."""
        talk, event = r"/2/dm_conversations/([0-9]+-[0-9]+)", "/2/dm_conversations/:id/dm_events"
        return [
            Route("GET", r"/2/dm_events", "GET /2/dm_events", self.events, PARAMETERS, "user"),
            Route(
                "GET",
                r"/2/dm_conversations/with/([0-9]+)/dm_events",
                f"GET {event}",
                self.events_with,
                PARAMETERS,
                "user",
            ),
            Route("GET", rf"{talk}/dm_events", f"GET {event}", self.events_of, PARAMETERS, "user"),
            Route(
                "POST",
                r"/2/dm_conversations/with/([0-9]+)/messages",
                "POST /2/dm_conversations/messages",
                self.send_to,
                who="user",
            ),
            Route(
                "POST",
                rf"{talk}/messages",
                "POST /2/dm_conversations/messages",
                self.send_in,
                who="user",
            ),
        ]

    def events(self, request: Request, user: User) -> tuple[int, dict]:
        """Every message of this user."""
        return self.page(
            request,
            [one for one in self.store.messages.values() if user.id in (one.sender, one.to)],
        )

    def events_with(self, request: Request, user: User, other: str) -> tuple[int, dict]:
        """Return the messages between the user and somebody."""
        return self.events_of(request, user, "-".join(map(str, sorted((user.id, int(other))))))

    def events_of(self, request: Request, user: User, conversation: str) -> tuple[int, dict]:
        """Return the messages of one conversation; another's is refused."""
        if str(user.id) not in conversation.split("-"):
            raise Refused(403, "You are not a participant of this conversation.")
        return self.page(
            request,
            [one for one in self.store.messages.values() if one.conversation == conversation],
        )

    def page(self, request: Request, messages: list[Message]) -> tuple[int, dict]:
        """Cut a page out of them."""
        size, token = (
            int(request.query.get("max_results", "100")),
            request.query.get("pagination_token", ""),
        )
        since = self.store.now() - KEPT_MS
        left = sorted((one for one in messages if one.at >= since), key=lambda one: -one.id)
        if token:
            if not re.fullmatch(r"p[0-9]{1,19}", token):
                raise Refused(
                    400, "The query parameter [pagination_token] is invalid.", kind=INVALID
                )
            left = [one for one in left if one.id < int(token[1:])]
        cut = left[:size]
        fields = (
            frozenset(request.query.get("dm_event.fields", "").split(",")) | wire.MESSAGE_DEFAULT
        )
        meta: dict[str, Any] = {"result_count": len(cut)}
        if len(left) > size:
            meta["next_token"] = f"p{cut[-1].id}"
        return 200, ({"data": [wire.message_object(one, fields) for one in cut]} if cut else {}) | {
            "meta": meta
        }

    def send_in(self, request: Request, user: User, conversation: str) -> tuple[int, dict]:
        """Write in a conversation."""
        both = {int(one) for one in conversation.split("-")}
        if user.id not in both or len(both) != 2:
            raise Refused(403, "You are not a participant of this conversation.")
        return self.send_to(request, user, str((both - {user.id}).pop()))

    def send_to(self, request: Request, user: User, other: str) -> tuple[int, dict]:
        """Write to somebody; a text, a picture, or both."""
        to = self.store.users.get(int(other))
        body = request.json()
        if (
            not isinstance(body, dict)
            or set(body) - {"text", "attachments"}
            or not (body.get("text") or body.get("attachments"))
        ):
            raise Refused(400, "One or more parameters to your request was invalid.", kind=INVALID)
        if to is None:
            raise Refused(
                404,
                "Could not find the user.",
                kind="resource-not-found",
                resource_type="user",
                value=other,
            )
        media = [str(one.get("media_id")) for one in body.get("attachments") or []]
        if any(not is_id(one) or int(one) not in self.store.uploads for one in media):
            raise Refused(400, "Your media IDs are invalid.", kind=INVALID)
        message = self.store.send(user, to, str(body.get("text") or ""), media)
        return 201, {
            "data": {"dm_conversation_id": message.conversation, "dm_event_id": str(message.id)}
        }
