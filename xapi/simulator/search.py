"""Search queries and stream rules.

Words, phrases, `#`, `@`, `$`, operators, blank as AND, `OR`, parentheses, `-`.
"""

import re
from collections.abc import Callable

from xapi.simulator.nouns import Post, Refused
from xapi.simulator.store import Store
from xapi.simulator.text.entities import links, mentions

TERM = re.compile(r'\s*(\(|\)|OR(?=[\s(])|-?(?:[a-z_]+:)?"[^"]*"|[^\s()]+)')
PARTS = re.compile(r"(-?)(?:([a-z_]+):)?(.+)", re.DOTALL)
SELF_SERVE = 512
RULE = 1024
Test = Callable[[Post], bool]


def matcher(store: Store, query: str, *, most: int = SELF_SERVE) -> Test:
    """Return a test for one post.

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
    """Return the opposite of a test."""
    return lambda post: not test(post)


def _term(store: Store, minus: str, operator: str, value: str) -> tuple[Test, bool]:
    value = value.strip('"')
    operators = {**of_words(value), **of_people(store, value), **of_ids(value), **of_kinds(value)}
    if operator not in operators:
        raise Refused(
            400,
            f"There were errors processing your request: Reference to invalid operator "
            f"'{operator}'.",
        )
    test = operators[operator]
    dependent = operator in {"is", "has", "lang"} or bool(minus)
    return (negated(test) if minus else test), dependent


def of_words(value: str) -> dict[str, Test]:
    """Operators that look at the words of a post."""
    handle = value.lstrip("@").lower()
    return {
        "": lambda post: names(post, handle) if value.startswith("@") else says(post, value),
        "url": lambda post: any(value.lower() in one.text.lower() for one in links(post.text)),
        "lang": lambda post: post.lang == value,
    }


def of_people(store: Store, value: str) -> dict[str, Test]:
    """Operators that look at who wrote a post, and whom it answers or repeats."""
    handle = value.lstrip("@").lower()

    def is_by_them(post_id: int | None) -> bool:
        post = store.posts.get(post_id or 0)
        return post is not None and store.users[post.author].username.lower() == handle

    return {
        "from": lambda post: store.users[post.author].username.lower() == handle,
        "to": lambda post: is_by_them(post.reply_to),
        "retweets_of": lambda post: is_by_them(post.repost_of),
    }


def of_ids(value: str) -> dict[str, Test]:
    """Operators that look at the ids of other posts."""
    return {
        "conversation_id": lambda post: str(post.conversation) == value,
        "in_reply_to_tweet_id": lambda post: str(post.reply_to) == value,
        "quotes_of_tweet_id": lambda post: str(post.quoted) == value,
    }


def of_kinds(value: str) -> dict[str, Test]:
    """Operators that look at what a post is and has; no post is or has what nobody knows."""
    return {"is": IS.get(value, nothing), "has": HAS.get(value, nothing)}


def nothing(_post: Post) -> bool:
    """Refuse every post."""
    return False


IS: dict[str, Test] = {
    "reply": lambda post: bool(post.reply_to),
    "quote": lambda post: bool(post.quoted),
    "retweet": lambda post: bool(post.repost_of),
}
HAS: dict[str, Test] = {
    "media": lambda post: bool(post.media),
    "images": lambda post: any(one.get("type") == "photo" for one in post.media),
    "links": lambda post: bool(links(post.text)),
    "mentions": lambda post: bool(mentions(post.text)),
    "hashtags": lambda post: "#" in post.text,
}
