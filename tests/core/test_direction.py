"""Which way a text runs: by its language, or its first letter that is neither handle nor link.

The words of a reply come behind a handle, so a browser's own guess would be wrong for each.
"""

import sys
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from core.text import direction
from core.text.direction import direction_of

ARABIC = "مرحبا، الإنترنت لا يعمل"
HEBREW = "שלום, האינטרנט לא עובד"
GERMAN = "Mein Internet geht nicht"
HANDLES = st.lists(st.from_regex(r"@[A-Za-z0-9_]{1,15}", fullmatch=True), max_size=4)
LINKS = st.lists(st.from_regex(r"https://[a-z]{1,8}\.de/[a-z]{0,4}", fullmatch=True), max_size=2)
NO_LETTERS = st.text(alphabet="0123456789 .,!?…🎉🇩🇪€+-", max_size=12)


@given(HANDLES, LINKS, NO_LETTERS, st.sampled_from([(ARABIC, "rtl"), (GERMAN, "ltr")]))
def test_handles_links_and_signs_in_front_turn_nothing(handles, links, signs, words):
    text, runs = words
    assert direction_of(" ".join([*handles, *links, signs, text])) == runs


@given(st.text(), st.sampled_from(["", "und", "qme", "zxx", "ar", "iw", "he", "de", "en", "\x00"]))
def test_every_text_runs_one_way_or_the_other(text, language):
    assert direction_of(text, language) in {"rtl", "ltr"}


@given(st.text())
def test_without_a_language_the_first_letter_outside_handles_and_links_says_it(text):
    words = direction.NO_WORDS.sub(" ", text)
    letter = regex.search(r"\p{L}", words)
    is_from_the_right = letter and regex.match(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}]", letter[0])
    assert direction_of(text) == ("rtl" if is_from_the_right else "ltr")


def test_the_blocks_are_exactly_the_letters_that_unicode_runs_from_the_right():
    letters = [chr(one) for one in range(sys.maxunicode + 1)]
    letters = [one for one in letters if unicodedata.category(one)[0] == "L"]
    assert [one for one in letters if direction.FROM_THE_RIGHT.match(one)] == [
        one for one in letters if unicodedata.bidirectional(one) in {"R", "AL"}
    ]


@pytest.mark.parametrize(
    ("text", "language", "runs"),
    [
        (f"@KiebitzHilft {ARABIC}", "ar", "rtl"),
        ("iPhone שלי לא עובד", "iw", "rtl"),
        ("iPhone שלי לא עובד", "he", "rtl"),
        ("שלום means hello", "en", "ltr"),
        ("Shalom, habayit", "iw", "ltr"),  # the language named wrongly, or in Latin letters
        (HEBREW, "en", "rtl"),
        ("@KiebitzHilft", "fa", "rtl"),
        ("🎉🎉", "ur", "rtl"),
        ("🎉🎉", "zxx", "ltr"),
        ("", "", "ltr"),
        (f"RT @a_b: {HEBREW}", "", "ltr"),
        (f"mail@host.de {HEBREW}", "", "ltr"),
    ],
)
def test_the_language_counts_where_the_text_has_a_letter_of_it_or_none(text, language, runs):
    assert direction_of(text, language) == runs


def test_the_script_for_fields_has_the_same_blocks():
    """The browser's half of the rule, read from its source."""
    with open("static/js/lib/direction.js", encoding="utf-8") as file:
        source = file.read()
    found = regex.search(r"FROM_THE_RIGHT =\s+/\[(.*)\]/u", source)
    ranges = regex.sub(r"\\u\{?([0-9A-F]+)\}?", lambda one: chr(int(one[1], 16)), found[1])
    assert ranges == direction.BLOCKS
    assert r"(?<![A-Za-z0-9_])[@＠][A-Za-z0-9_]+|https?:\/\/[^ \n\t]+" in source
