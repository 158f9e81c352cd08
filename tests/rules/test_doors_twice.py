"""Every address that takes a POST, with what the second of two equal calls gives.

A new one must be answered for here.
"""

import inspect
import re
from collections.abc import Iterator

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from tests.approvals.test_twice import TWICE

TAKEN = re.compile(r"POST|\b(?:sent|posted)\(request")
SAME = (
    "the same answer; one effect, one event"  # shown verb by verb in tests/approvals/test_twice.py
)
KEPT = "the same values are kept once more"
SECOND = {
    "api-account-resume": SAME,
    "api-delivery-absent": SAME,
    "api-delivery-another": "it is called another already",
    "api-delivery-public": SAME,
    "api-delivery-take-down": SAME,
    "api-delivery-look": "it looks once more",
    "api-draft-pictures": "the same picture is the one that is there",
    "api-token-list": "another key, which is listed and can be revoked",
    "home": "nothing is kept",
    "sign-in": "signed in anew",
    "sign-in-as": "signed in anew",
    "sign-out": "signed out already",
    "account-new": "a known account is given the same access",
    "account-pause": SAME,
    "account-resume": SAME,
    "attachment-add": "the same picture is the one that is there",
    "attachment-remove": "it is gone already",
    "company": KEPT,
    "forgotten": "another letter, three within an hour at most",
    "sign-ins-act": "it has ended already; a further sign-in is refused: the name is taken",
    "department": KEPT,
    "department-new": "refused: the name is taken",
    "draft-revoke": SAME,
    "draft-save": KEPT,
    "draft-submit": SAME,
    "draft-take-over": SAME,
    "draft-withdraw": "nothing is open any more",
    "escalate": SAME,
    "hand-back": SAME,
    "guideline-check": KEPT,
    "guideline-confirm": "confirmed already",
    "guideline-edit": "refused: the draft has moved on, or was published",
    "incident": "the open one of that name; over already",
    "invitation": "refused: used once",
    "invite": "another invitation, which is listed and can be revoked",
    "language": KEPT,
    "theme": KEPT,
    "tour": KEPT,
    "preferences": KEPT,
    "notice-choices": KEPT,
    "posts-known": "known already",
    "outcome-check": SAME,
    "people": "refused: the name is taken",
    "person-act": KEPT,
    "review-decide": SAME,
    "review-weigh": "weighed alike, nothing is kept",
    "review-release": SAME,
    "review-take-back": SAME,
    "setup": KEPT,
    "setup-try": "tried out once more, with an event of its own",
    "routing": "refused: the draft has moved on, or is live",
    "routing-rule": KEPT,
    "saved-reply": KEPT,
    "saved-reply-new": "the one that says the very same",
    "saved-reply-use": "counted once more",
    "settle": SAME,
    "survey": "for an hour the newer answer counts, then the link is over",
    "survey-edit": KEPT,
    "several": "each ticket's own verb, as there",
    "ticket-act": SAME,
    "undo": SAME,
    "view-discard": "it is gone already",
    "view-keep": KEPT,
}


def doors(patterns: list, inside: str = "") -> Iterator[str]:
    """The names of the addresses that take a POST, without Django's admin site."""
    for one in patterns:
        if not isinstance(one, URLPattern):
            if "admin" not in str(one.pattern):
                yield from doors(one.url_patterns, inside)
            continue
        view = getattr(one.callback, "cls", None) or getattr(one.callback, "view_class", None)
        verbs = getattr(one.callback, "actions", None)
        if (
            "post" in (verbs or dir(view))
            if view
            else TAKEN.search(inspect.getsource(inspect.unwrap(one.callback)))
        ):
            yield str(one.name)


def test_every_address_that_takes_a_post_says_what_the_second_call_gives():
    assert set(doors(get_resolver().url_patterns)) == set(TWICE) | set(SECOND)
    assert not set(TWICE) & set(SECOND)
