"""Counting and cleaning text as X does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xapi.text import escaped, normal, plain, unreadable_at, weighted_length


@pytest.mark.parametrize(("text", "length"), [
    ("", 0), ("hello", 5), ("ä" * 10, 10), ("€", 2), ("…", 2), ("•", 2), ("™", 2), ("©", 2), ("„so“ ‘x’ – —", 12), ("日本", 4), ("👍", 2), ("👍🏽", 2),
    ("👩‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("1️⃣", 2), ("❤️", 2), ("https://example.com/a/very/long/path/that/goes/on/and/on", 23), ("see example.com now", 31),
    ("a@b", 3), ("e\u0301", 1), ("line\r\nbreak", 10)])
def test_weighted_length(text, length):
    assert weighted_length(text) == length


@pytest.mark.parametrize("text", ["\x00", "a\x07", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u2028", "\ue000", "\U000e0041", "\u3164", "x\ufe0f", "\ud800"])
def test_what_cannot_be_seen_is_found(text):
    assert unreadable_at(text) is not None


@pytest.mark.parametrize("text", ["Grüße, wie geht’s?", "two\nlines", "👩‍👩‍👧‍👦 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣", "日本語", "עברית", "a & b < c"])
def test_what_people_write_is_readable(text):
    assert unreadable_at(text) is None


@given(st.text(max_size=200))
def test_escaping_comes_back(text):
    assert plain(escaped(text)) == plain(text) or "&" in text


@given(st.text(max_size=200))
def test_normal_is_stable_and_length_counts_it(text):
    assert normal(normal(text)) == normal(text)
    assert weighted_length(text) == weighted_length(normal(text))
