"""An answer's class is decided by status, then type, then legacy code, then whole words.

A page says nothing of an account.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract import description
from xapi import errors
from xapi.errors import ACCOUNT_WIDE, BY_LEGACY_CODE, Said, code_of, read_said
from xapi.simulator import refusals


def said(**fields):
    return read_said({"title": "Forbidden", **fields})


@pytest.mark.parametrize(
    "detail",
    [
        "You have been blocked from the author of this Tweet.",
        "User has been suspended.",
        "The conversation is unlocked.",
        "It was blocked, locked and suspended elsewhere.",
        "Your account is not permitted to see that the author is suspended.",
    ],
)
def test_words_that_only_look_like_it_say_nothing_of_our_account(detail):
    assert code_of(403, said(detail=detail)) not in ACCOUNT_WIDE


@pytest.mark.parametrize("kind", sorted(errors.OF_ONE_POST))
@pytest.mark.parametrize("code", sorted(BY_LEGACY_CODE))
def test_a_type_about_one_post_never_stops_the_account(kind, code):
    body = {
        "type": f"https://api.x.com/2/problems/{kind}",
        "detail": "Your account is suspended.",
        "errors": [{"code": code, "message": "x"}],
    }
    assert code_of(403, read_said(body)) not in ACCOUNT_WIDE | set(errors.WAITS)


@pytest.mark.parametrize(
    "host",
    [
        "https://api.twitter.com/2/problems/",
        "https://api.x.com/2/problems/",
        "https://example.com/",
        "",
    ],
)
@pytest.mark.parametrize("kind", sorted(refusals.TYPES))
def test_the_host_of_a_type_does_not_matter(host, kind):
    told = said(type=host + kind, detail=refusals.TYPES[kind])
    assert code_of(403, told) == code_of(
        403, said(type=refusals.HOSTS["old"] + kind, detail=refusals.TYPES[kind])
    )


def test_the_type_wins_over_code_and_words_and_the_code_over_words():
    both = {
        "errors": [{"code": 326, "message": "x", "type": "x/usage-capped"}],
        "detail": "duplicate content",
    }
    assert code_of(403, read_said(both)) == "capped"
    assert (
        code_of(403, read_said({"errors": [{"code": 187, "message": "Your account is locked."}]}))
        == "duplicate"
    )
    assert code_of(401, read_said({"title": "x", "type": "x/usage-capped"})) == "401", (
        "the status comes first"
    )


@given(st.sampled_from([400, 401, 402, 403, 404, 405, 407, 409, 422, 451]), st.text())
def test_what_is_not_x_s_says_nothing(status, words):
    assert code_of(status, Said(words=f"{words} Your account is suspended. {words}")) in {
        "not_x",
        "server",
    }
    assert not read_said({"error": words}).is_from_x
    assert not read_said([words]).is_from_x


@pytest.mark.campaign
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from(["errors", "title", "detail", "type", "code", "message", "x"]), one
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_json_comes_has_a_class(body):
    told = read_said(body)
    for status in (200, 302, 400, 403, 404, 429, 500):
        assert isinstance(code_of(status, told), str)
    assert errors.errors_alone(body).code


def test_every_problem_that_x_describes_is_known_by_name():
    assert description.problems() <= set(refusals.TYPES)


@pytest.mark.parametrize("detail", ["It was unblocked from here.", "This account is lockedup."])
def test_a_word_within_another_one_is_none(detail):
    assert code_of(403, said(detail=detail)) == "refused"
