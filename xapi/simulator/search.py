"""Recent search with the operators that the desk uses: words, phrases, `#`, `@`, `from:`, `to:`, `conversation_id:`,
`in_reply_to_tweet_id:`, `is:reply`, `is:quote`, `lang:`, `-`, `OR`. Blank is AND; parentheses are not read."""

import re
from collections.abc import Callable

from xapi.simulator.store import Post, Refused, Store

TERM = re.compile(r'(-?)(?:(\w+):)?("[^"]*"|\S+)')


def matcher(store: Store, query: str) -> Callable[[Post], bool]:
    """A test for one post; refuses an empty query, one over 512 characters, and one of only dependent operators."""
    if not query.strip() or len(query) > 512 or "(" in query:
        raise Refused(400, "There were errors processing your request: invalid 'query'.")
    ways = [[_term(store, *found) for found in TERM.findall(way)] for way in re.split(r"\sOR\s", query)]
    if any(all(dependent for _test, dependent in way) for way in ways):
        raise Refused(400, "There were errors processing your request: a standalone operator is needed in 'query'.")
    return lambda post: any(all(test(post) for test, _dependent in way) for way in ways)


def _term(store: Store, minus: str, operator: str, value: str) -> tuple[Callable[[Post], bool], bool]:
    value = value.strip('"')
    handle = value.lstrip("@").lower()

    def author(post: Post) -> str:
        return store.users[post.author].username.lower()

    def answered(post: Post) -> str:
        parent = store.posts.get(post.reply_to or 0)
        return author(parent) if parent else ""

    tests: dict[str, Callable[[Post], bool]] = {
        "": lambda post: re.search(rf"(?<!\w){re.escape(value.lower())}(?!\w)", post.text.lower()) is not None,
        "from": lambda post: author(post) == handle,
        "to": lambda post: answered(post) == handle,
        "conversation_id": lambda post: str(post.conversation) == value,
        "in_reply_to_tweet_id": lambda post: str(post.reply_to) == value,
        "is": lambda post: {"reply": bool(post.reply_to), "quote": bool(post.quoted), "retweet": bool(post.repost_of)}.get(value, False),
        "lang": lambda post: post.lang == value,
    }
    if operator not in tests:
        raise Refused(400, f"There were errors processing your request: Reference to invalid operator '{operator}'.")
    test = tests[operator]
    dependent = operator in {"is", "lang"} or bool(minus)
    return ((lambda post: not test(post)) if minus else test), dependent
