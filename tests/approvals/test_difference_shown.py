"""A difference between two texts keeps the blanks of the text, and escapes its letters."""

from approvals.drafts import word_differences
from approvals.templatetags.drafts import as_difference


def test_what_was_added_and_removed_is_marked_and_the_rest_is_not():
    pieces = [
        word_differences.Piece("same", "We come "),
        word_differences.Piece("removed", "on Monday"),
        word_differences.Piece("added", "today"),
    ]
    assert as_difference(pieces) == "We come <del>on Monday</del><ins>today</ins>"


def test_line_breaks_and_blanks_of_the_text_stay_as_they_are():
    text = "first  line\n\n  second"
    assert as_difference([word_differences.Piece("same", text)]) == text
    assert as_difference(word_differences.by_words(text, text)) == text


def test_foreign_letters_are_escaped_once_in_every_kind_of_piece():
    hostile, escaped = "<b>&amp;", "&lt;b&gt;&amp;amp;"
    shown = as_difference(
        [word_differences.Piece(kind, hostile) for kind in ("same", "added", "removed")]
    )
    assert shown == f"{escaped}<ins>{escaped}</ins><del>{escaped}</del>"
    assert hasattr(shown, "__html__")
