"""Tests read pages without the layout of their templates; words and attributes all stay."""

import pytest

from tests.support.markup import without_layout


@pytest.mark.parametrize(
    ("laid_out", "read"),
    [
        ('<p\n  class="a"\n  lang="de"\n>\n  Hello\n</p>\n', '<p class="a" lang="de">Hello</p>'),
        ('<use\n  href="a"\n/>', '<use href="a"/>'),
        ("<b>Picture</b>\n  without a description", "<b>Picture</b> without a description"),
        ("<p>\n  one\n  <a>two</a>\n</p>\n<p>three</p>", "<p>one <a>two</a></p><p>three</p>"),
        ("<b>one</b><b>two</b>", "<b>one</b><b>two</b>"),
        ('<a title="a >  b\n c">x</a>', '<a title="a >  b\n c">x</a>'),
        ("<p>first\n\nsecond</p>", "<p>first\n\nsecond</p>"),
        ('<textarea\n  name="t"\n>  a\n   b</textarea>', '<textarea name="t">  a\n   b</textarea>'),
        ("<script>\n  a\n</script>", "<script>\n  a\n</script>"),
    ],
)
def test_the_layout_goes_and_words_attributes_and_kept_blanks_stay(laid_out, read):
    assert without_layout(laid_out) == read
