"""Search queries and stream rules.

Words, phrases, `#`, `@`, `$`, operators, blank as AND, `OR`, parentheses, `-`.
"""

import re
from collections.abc import Callable

from xapi.simulator.entities import links, mentions
from xapi.simulator.nouns import Post, Refused
from xapi.simulator.store import Store

TERM = re.compile(r'\s*(\(|\)|OR(?=[\s(])|-?(?:[a-z_]+:)?"[^"]*"|[^\s()]+)')
PARTS = re.compile(r"(-?)(?:([a-z_]+):)?(.+)", re.DOTALL)
SELF_SERVE, RULE = 512, 1024
Test = Callable[[Post], bool]


def matcher(store: Store, query: str, *, most: int = SELF_SERVE) -> Test:
    """A test for one post.

    Refuses an empty query, one over `most` characters, bad parentheses, and only dependent
    operators.
    """
    tokens = TERM.findall(query)
    if not tokens or len(query) > most:
        raise Refused(400, "There were errors processing your request: invalid 'query'.")
    test, alone, rest = _either(store, tokens)
    if rest:
        raise Refused(
            400, "There were errors processing your request: unbalanced parentheses in 'query'."
        )
    if not alone:
        raise Refused(
            400,
            (
                "There were errors processing your request: a standalone operator is needed in "
                "'query'."
            ),
        )
    return test


def _either(store: Store, tokens: list[str]) -> tuple[Test, bool, list[str]]:
    """Ways joined by OR.

    The test, whether every way has a standalone part, and the tokens left over.
    """
    ways: list[Test] = []
    alone = True
    while True:
        test, one_alone, tokens = _all(store, tokens)
        ways.append(test)
        alone = alone and one_alone
        if not tokens or tokens[0] != "OR":
            return (lambda post: any(way(post) for way in ways)), alone, tokens
        tokens = tokens[1:]


def _all(store: Store, tokens: list[str]) -> tuple[Test, bool, list[str]]:
    tests: list[Test] = []
    alone = False
    while tokens and tokens[0] not in {"OR", ")"}:
        head, tokens = tokens[0], tokens[1:]
        if head in {"(", "-"} and (head == "(" or tokens[:1] == ["("]):
            inside, inner_alone, tokens = _either(store, tokens[1:] if head == "-" else tokens)
            if not tokens or tokens[0] != ")":
                raise Refused(
                    400,
                    "There were errors processing your request: unbalanced parentheses in 'query'.",
                )
            tokens = tokens[1:]
            tests.append(negated(inside) if head == "-" else inside)
            alone = alone or (inner_alone and head == "(")
        else:
            parts = PARTS.fullmatch(head)
            assert parts
            test, dependent = _term(store, *parts.groups(""))
            tests.append(test)
            alone = alone or not dependent
    if not tests:
        raise Refused(400, "There were errors processing your request: invalid 'query'.")
    return (lambda post: all(test(post) for test in tests)), alone, tokens


def names(post: Post, handle: str) -> bool:
    """Whether the words of a post name this handle."""
    return any(one.text[1:].lower() == handle for one in mentions(post.text))


def says(post: Post, words: str) -> bool:
    """Whether these words stand in a post, whole, in any script and case."""
    return re.search(rf"(?<!\w){re.escape(words.lower())}(?!\w)", post.text.lower()) is not None


def negated(test: Test) -> Test:
    """The opposite of a test."""
    return lambda post: not test(post)


def _term(store: Store, minus: str, operator: str, value: str) -> tuple[Test, bool]:
    value = value.strip('"')
    handle = value.lstrip("@").lower()

    def author(post: Post) -> str:
        return store.users[post.author].username.lower()

    def answered(post: Post) -> str:
        parent = store.posts.get(post.reply_to or 0)
        return author(parent) if parent else ""

    def number(what: str) -> Test:
        return lambda post: (
            str(
                {
                    "conversation": post.conversation,
                    "reply": post.reply_to,
                    "quote": post.quoted,
                    "repost": post.repost_of,
                }[what]
            )
            == value
        )

    has: dict[str, Test] = {
        "media": lambda post: bool(post.media),
        "images": lambda post: any(one.get("type") == "photo" for one in post.media),
        "links": lambda post: bool(links(post.text)),
        "mentions": lambda post: bool(mentions(post.text)),
        "hashtags": lambda post: "#" in post.text,
    }
    kinds: dict[str, Test] = {
        "reply": lambda post: bool(post.reply_to),
        "quote": lambda post: bool(post.quoted),
        "retweet": lambda post: bool(post.repost_of),
        "verified": lambda post: False,
        "nullcast": lambda post: False,
    }
    tests: dict[str, Test] = {
        "": lambda post: names(post, handle) if value.startswith("@") else says(post, value),
        "from": lambda post: author(post) == handle,
        "to": lambda post: answered(post) == handle,
        "url": lambda post: any(value.lower() in one.text.lower() for one in links(post.text)),
        "conversation_id": number("conversation"),
        "in_reply_to_tweet_id": number("reply"),
        "quotes_of_tweet_id": number("quote"),
        "retweets_of": lambda post: (
            post.repost_of in store.posts and author(store.posts[post.repost_of]) == handle
        ),
        "is": kinds.get(value, lambda post: False),
        "has": has.get(value, lambda post: False),
        "lang": lambda post: post.lang == value,
    }
    if operator not in tests:
        raise Refused(
            400,
            (
                f"There were errors processing your request: Reference to invalid operator "
                f"'{operator}'."
            ),
        )
    test = tests[operator]
    dependent = operator in {"is", "has", "lang"} or bool(minus)
    return ((lambda post: not test(post)) if minus else test), dependent
