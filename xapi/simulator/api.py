"""The endpoints under `/2/`: what the desk's client calls, answered as X answers."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

from xapi.simulator import refusals
from xapi.simulator.http import Answer, Request, Route, as_json
from xapi.simulator.limits import Limits
from xapi.simulator.media import Media
from xapi.simulator.messages import Messages
from xapi.simulator.nouns import Post, Refused, User, is_id
from xapi.simulator.search import RULE, SELF_SERVE, matcher
from xapi.simulator.sending import wire
from xapi.simulator.sending.push import Push
from xapi.simulator.store import Store

CAP = 800
OWN_CAP = 3200
SEARCH_LAG_MS = 30_000
CREATE_KEYS = {
    "text",
    "reply",
    "media",
    "reply_settings",
    "quote_tweet_id",
    "poll",
    "geo",
    "community_id",
    "nullcast",
    "card_uri",
    "direct_message_deep_link",
    "made_with_ai",
    "paid_partnership",
    "edit_options",
    "for_super_followers_only",
}
INVALID = "invalid-request"
OLD_NAMES = {"tweet.fields"}
NEW_NAMES = {"post.fields"}
KNOWN = (
    {"expansions", "user.fields", "media.fields", "poll.fields", "place.fields"}
    | OLD_NAMES
    | NEW_NAMES
)
APP = User(id=0, username="app", name="The developer's app", account=True)
PAGING = {"max_results", "pagination_token", "since_id", "until_id", "start_time", "end_time"}


REPLY_SETTINGS = {None, "following", "mentionedUsers", "subscribers", "verified"}


def read_post_body(request: Request) -> dict[str, Any]:
    """Read the body of a new post; refuse what X refuses of its form."""
    try:
        body: Any = request.json()
    except ValueError as wrong:
        raise Refused(400, "The body is not JSON.", kind=INVALID) from wrong
    if (
        not isinstance(body, dict)
        or set(body) - CREATE_KEYS
        or not isinstance(body.get("text"), str)
    ):
        raise Refused(400, "One or more parameters to your request was invalid.", kind=INVALID)
    if body.get("quote_tweet_id"):
        raise Refused(403, "Quoting posts is not available on this tier.")
    if body.get("reply_settings") not in REPLY_SETTINGS:
        sentence = "The value of [reply_settings] is not one of the known ones."
        raise Refused(400, sentence, kind=INVALID)
    return body


class Api:
    """Routes of X's API over the store."""

    def __init__(self, store: Store, base: str) -> None:
        self.store, self.base, self.limits = store, base, Limits()
        self.push, self.media = Push(store, base), Media(store, base)
        self.messages = Messages(store)
        self.routes = [
            *self.reading_routes(),
            *self.writing_routes(),
            *self.push.routes(),
            *self.media.routes(),
            *self.messages.routes(),
        ]

    def reading_routes(self) -> list[Route]:
        """Where users, timelines and posts are read."""
        paging, query = frozenset(PAGING), frozenset(PAGING | {"query", "next_token", "sort_order"})
        named, numbered = r"/2/users/by/username/([A-Za-z0-9_]+)", r"/2/users/([0-9]+)"
        searches = r"/2/tweets/search"
        return [
            Route("GET", r"/2/users/me", "GET /2/users/me", self.me, who="user"),
            Route("GET", named, "GET /2/users/by/username/:username", self.by_name),
            Route(
                "GET", rf"{numbered}/mentions", "GET /2/users/:id/mentions", self.mentions, paging
            ),
            Route(
                "GET",
                rf"{numbered}/tweets",
                "GET /2/users/:id/tweets",
                self.timeline,
                paging | {"exclude"},
            ),
            Route("GET", r"/2/tweets", "GET /2/tweets", self.lookup, frozenset({"ids"})),
            Route("GET", rf"{searches}/recent", f"GET {searches}/recent", self.search, query),
            Route("GET", rf"{searches}/all", f"GET {searches}/all", self.archive, query, "app"),
            Route("GET", r"/2/tweets/([0-9]+)", "GET /2/tweets/:id", self.single),
        ]

    def writing_routes(self) -> list[Route]:
        """Where posts are made, deleted and hidden."""
        one = r"/2/tweets/([0-9]+)"
        return [
            Route("POST", r"/2/tweets", "POST /2/tweets", self.create, who="user"),
            Route("DELETE", one, "DELETE /2/tweets/:id", self.delete, who="user"),
            Route("PUT", rf"{one}/hidden", "PUT /2/tweets/:id/hidden", self.hide, who="user"),
        ]

    def answer(self, request: Request, user: User | None) -> Answer:
        """Answer one request; refusals come as problem JSON."""
        for route in self.routes:
            match = re.fullmatch(route.pattern, request.path)
            if match is None or route.method != request.method:
                continue
            words = refusals.vocabulary_of(request.query)
            if user is None:
                return problem(Refused(401, "Unauthorized"), words)
            allowed, headers = self.limits.take(user.id, route.endpoint, self.store.now() // 1000)
            headers["Date"] = _http_date(self.store.now())
            if not allowed:
                return problem(
                    Refused(429, "Too Many Requests", title="Too Many Requests"), words, headers
                )
            try:
                self.check(request, route, user)
                result = route.handler(request, user, *match.groups())
            except Refused as refused:
                return problem(refused, words, headers)
            except (ValueError, TypeError, AttributeError, KeyError):
                return problem(
                    Refused(
                        400, "One or more parameters to your request was invalid.", kind=INVALID
                    ),
                    words,
                    headers,
                )
            if isinstance(result, Answer):
                result.headers |= headers
                return result
            return as_json(result[1], result[0], headers)
        return problem(Refused(404, "Not Found"), refusals.vocabulary_of(request.query))

    def check(self, request: Request, route: Route, user: User) -> None:
        """Refuse what X refuses of any request.

        The wrong kind of access, parameters that it does not know, mixed vocabularies, and page
        sizes out of range.
        """
        if route.who != "any" and route.who != ("app" if user is APP else "user"):
            raise Refused(
                403,
                (
                    f"Authenticating with this kind of access is forbidden for this endpoint; "
                    f"it takes the {route.who}'s."
                ),
                kind="unsupported-authentication",
                title="Unsupported Authentication",
            )
        names = set(request.query)
        if unknown := names - route.parameters - KNOWN:
            raise Refused(
                400,
                f"The query parameter [{sorted(unknown)[0]}] is not one of the known ones.",
                kind=INVALID,
            )
        if names & OLD_NAMES and names & NEW_NAMES:
            raise Refused(400, "Old and new field names cannot be mixed.", kind=INVALID)
        if "max_results" in request.query:
            least = 1 if "/dm_" in request.path else 5
            if "search" in request.path:
                least = 10
            most = 500 if request.path.endswith("/search/all") else 100
            size = request.query["max_results"]
            if not is_id(size) or not least <= int(size) <= most:
                raise Refused(
                    400,
                    (
                        f"The `max_results` query parameter value [{size}] is not between "
                        f"{least} and {most}."
                    ),
                    kind=INVALID,
                )

    def me(self, request: Request, user: User) -> tuple[int, dict]:
        """Whose token this is."""
        return 200, {
            "data": wire.user_object(self.store, user, wire.asked(request.query), self.base)
        }

    def by_name(self, request: Request, user: User, username: str) -> tuple[int, dict]:
        """Answer with a user by handle; a missing one is 200 with only errors."""
        found = self.store.user_named(username)
        if not found:
            detail = f"Could not find user with username: [{username}]."
            return 200, {
                "errors": [
                    refusals.problem(
                        "resource-not-found",
                        refusals.vocabulary_of(request.query),
                        title="Not Found Error",
                        detail=detail,
                        resource_type="user",
                        resource_id=username,
                        parameter="username",
                        value=username,
                    )
                ]
            }
        return 200, {
            "data": wire.user_object(self.store, found, wire.asked(request.query), self.base)
        }

    def mentions(self, request: Request, user: User, user_id: str) -> tuple[int, dict]:
        """Answer with the posts that reached the user.

        At most the 800 newest, whatever is asked.
        """
        ids = self.store.reaching.get(int(user_id), [])
        return 200, self.page(request, self.shown(ids, user, CAP, but=int(user_id)))

    def timeline(self, request: Request, user: User, user_id: str) -> tuple[int, dict]:
        """Answer with the user's own posts."""
        posts = self.shown(self.store.by.get(int(user_id), []), user, OWN_CAP)
        if "replies" in request.query.get("exclude", ""):
            posts = [post for post in posts if not post.reply_to][:CAP]
        return 200, self.page(request, posts)

    def search(self, request: Request, user: User) -> tuple[int, dict]:
        """Recent search: seven days back, without the last moments where the clock says so."""
        return self.found(
            request, user, since=self.store.now() - 7 * 24 * 3600 * 1000, most=SELF_SERVE
        )

    def archive(self, request: Request, user: User) -> tuple[int, dict]:
        """Search without an end in the past; the app's access only."""
        return self.found(request, user, since=0, most=RULE)

    def found(self, request: Request, user: User, *, since: int, most: int) -> tuple[int, dict]:
        """Return posts that match the query of at most so many characters, from this time on."""
        test = matcher(self.store, request.query.get("query", ""), most=most)
        until = self.store.now() - (SEARCH_LAG_MS if self.store.settings["search_lag"] else 0)
        posts = []
        for post_id in self.between(request):
            post = self.store.newest(post_id)
            if (
                post.id == post_id
                and since <= post.at < until
                and not post.repost_of
                and self.store.visible_to(post, user.id)
                and test(post)
            ):
                posts.append(post)
                if len(posts) > int(request.query.get("max_results", 10)):
                    break
        return 200, self.page(request, posts, token="next_token")

    def between(self, request: Request) -> Iterator[int]:
        """Return the ids that a request's limits leave over, newest first.

        `since_id`, `until_id` and token.
        """
        query, order = request.query, self.store.order
        token = query.get("next_token") or query.get("pagination_token") or ""
        upper = min(
            [int(one) for one in (query.get("until_id", ""), token[1:]) if is_id(one)], default=None
        )
        lower = int(query["since_id"]) if is_id(query.get("since_id", "")) else 0
        for place in range((bisect_left(order, upper) if upper else len(order)) - 1, -1, -1):
            if order[place] <= lower:
                return
            yield order[place]

    def shown(self, ids: list[int], user: User, most: int, *, but: int = 0) -> list[Post]:
        """Return the newest versions behind these ids (ascending) that the user may see.

        The newest first, each once, at most so many.

        `but` is an author whose posts do not count.
        """
        found: dict[int, Post] = {}
        for post_id in reversed(ids):
            post = self.store.newest(post_id)
            if (
                post.versions[0] not in found
                and post.author != but
                and self.store.visible_to(post, user.id)
            ):
                found[post.versions[0]] = post
                if len(found) >= most:
                    break
        return list(found.values())

    def page(self, request: Request, posts: list[Post], token: str = "pagination_token") -> dict:
        """Cut a page out of these posts (newest first); the token names the last id shown."""
        query, size = request.query, int(request.query.get("max_results", 10))
        if since := query.get("since_id"):
            posts = [post for post in posts if post.id > _id(since, "since_id")]
        if until := query.get("until_id"):
            posts = [post for post in posts if post.id < _id(until, "until_id")]
        for name, keep in (
            ("start_time", lambda post, at: wire.stamp(post.at) >= at),
            ("end_time", lambda post, at: wire.stamp(post.at) < at),
        ):
            if (at := query.get(name)) and not query.get(
                "since_id" if name == "start_time" else "until_id"
            ):
                posts = [post for post in posts if keep(post, at)]
        if after := query.get(token) or query.get("pagination_token"):
            if not re.fullmatch(r"p[0-9]{1,19}", after):
                raise Refused(400, f"The query parameter [{token}] is invalid.", kind=INVALID)
            posts = [post for post in posts if post.id < int(after[1:])]
        cut = posts[:size]
        meta = {"next_token": f"p{cut[-1].id}"} if len(posts) > size else {}
        if after and cut:
            meta["previous_token"] = f"b{cut[0].id}"
        return wire.page_object(self.store, cut, wire.asked(query), base=self.base, meta=meta)

    def lookup(self, request: Request, user: User) -> tuple[int, dict]:
        """Up to 100 posts by id; what is missing or not visible stands under `errors`."""
        ids = request.query.get("ids", "").split(",")
        if not 1 <= len(ids) <= 100 or not all(re.fullmatch(r"[0-9]{1,19}", one) for one in ids):
            raise Refused(
                400, "The `ids` query parameter is not a list of 1 to 100 ids.", kind=INVALID
            )
        found, errors = [], []
        for one in ids:
            post = self.store.newest(int(one)) if int(one) in self.store.posts else None
            if post and self.store.visible_to(post, user.id):
                found.append(post)
            else:
                hidden = (
                    post is not None and not post.deleted and post.shown_from <= self.store.now()
                )
                kind = "not-authorized-for-resource" if hidden else "resource-not-found"
                one_asked = Request("GET", request.path, {**request.query, "ids": one}, {})
                errors += refusals.listed(kind, one_asked, refusals.vocabulary_of(request.query))
        body = wire.page_object(self.store, found, wire.asked(request.query), base=self.base)
        return 200, body | ({"errors": errors} if errors else {})

    def single(self, request: Request, user: User, post_id: str) -> tuple[int, dict]:
        """One post by id; a missing one is 200 with only errors, as on some of X's paths."""
        inner = Request("GET", "/2/tweets", {**request.query, "ids": post_id}, {})
        _status, body = self.lookup(inner, user)
        if "data" in body:
            body["data"] = body["data"][0]
        return 200, body

    def create(self, request: Request, user: User) -> tuple[int, dict]:
        """Make a post by the API; unknown keys are refused."""
        body = read_post_body(request)
        target = (body.get("reply") or {}).get("in_reply_to_tweet_id")
        media = []
        if body.get("media"):
            media = self.media.attached(user, body["media"].get("media_ids", []))
        post = self.store.create(
            user,
            body["text"],
            reply_to=_id(target, "in_reply_to_tweet_id") if target else None,
            by_api=True,
            media=media,
            reply_settings=body.get("reply_settings") or "everyone",
        )
        return 201, {
            "data": {
                "id": str(post.id),
                "text": body["text"],
                "edit_history_tweet_ids": [str(post.id)],
            }
        }

    def delete(self, request: Request, user: User, post_id: str) -> tuple[int, dict]:
        """Delete one of the user's own posts."""
        post = self.store.posts.get(int(post_id))
        if post is None or post.deleted:
            return 200, {"data": {"deleted": False}}
        if post.author != user.id:
            raise Refused(403, "You are not allowed to delete this post.")
        self.store.delete(post.id)
        return 200, {"data": {"deleted": True}}

    def hide(self, request: Request, user: User, post_id: str) -> tuple[int, dict]:
        """Hide a reply in one of the user's own conversations, or show it again."""
        body, post = request.json(), self.store.posts.get(int(post_id))
        if (
            not isinstance(body, dict)
            or not isinstance(body.get("hidden"), bool)
            or set(body) != {"hidden"}
        ):
            raise Refused(400, "The `hidden` parameter is missing.", kind=INVALID)
        root = self.store.posts.get(post.conversation) if post else None
        if post is None or root is None or post.id == root.id or root.author != user.id:
            raise Refused(403, "You can only hide replies in your own conversations.")
        self.store.hide(post.id, hidden=body["hidden"])
        return 200, {"data": {"hidden": body["hidden"]}}


def problem(refused: Refused, vocabulary: str, headers: dict[str, str] | None = None) -> Answer:
    """Answer with a refusal in the form of a problem."""
    body = {
        "title": refused.title,
        "type": refused.kind,
        "status": refused.status,
        "detail": refused.detail,
        **refused.more,
    }
    return as_json(refusals.placed(body, vocabulary), refused.status, headers)


def _id(value: Any, name: str) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,19}", value):
        raise Refused(400, f"The value of [{name}] is not an id.", kind=INVALID)
    return int(value)


def _http_date(now_ms: int) -> str:
    return formatdate(now_ms / 1000, usegmt=True)
