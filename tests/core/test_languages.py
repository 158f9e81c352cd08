"""Languages of posts have names; codes that were given up long ago are read as those of today."""

import pytest
from django.utils import translation

from core.text import languages

# Every code that X gives a post, but for those of posts without a language
OF_X = """
    am ar bg bn bo bs ca ckb cs cy da de dv el en es et eu fa fi fr gu hi hi-Latn hr ht hu hy in
    is it iw ja ka km kn ko lo lt lv ml mr my ne nl no or pa pl ps pt ro ru sd si sk sl sr sv ta
    te th tl tr ug uk ur vi zh zh-CN zh-TW
""".split()  # noqa: SIM905


@pytest.mark.parametrize("reader", ["de", "en"])
def test_every_language_of_x_has_a_name_and_none_has_two(reader):
    with translation.override(reader):
        names = [languages.name_of(code) for code in OF_X]
    assert len(set(names)) == len(OF_X)
    assert not [name for name in names if name.isupper() or len(name) < 3]


@pytest.mark.parametrize(
    ("code", "tag", "mark", "english", "german"),
    [
        ("iw", "he", "HE", "Hebrew", "Hebräisch"),
        ("in", "id", "ID", "Indonesian", "Indonesisch"),
        ("ji", "yi", "YI", "Yiddish", "Jiddisch"),
        ("zh-TW", "zh-TW", "ZH", "Chinese (traditional)", "Chinesisch (traditionell)"),
        ("und", "und", "", "Language unknown", "Sprache unbekannt"),
        ("", "und", "", "Language unknown", "Sprache unbekannt"),
        ("qme", "und", "", "Only links to pictures", "Nur Links zu Bildern"),
        ("zxx", "und", "", "Without words", "Ohne Worte"),
        ("qst", "und", "", "Too short to tell the language", "Zu kurz für eine Sprache"),
        ('"><b', "und", "", "Language unknown", "Sprache unbekannt"),
        ("xq", "xq", "XQ", "Language xq", "Sprache xq"),
    ],
)
def test_what_stands_on_screens_for_a_code_of_x(code, tag, mark, english, german):
    assert (languages.tag_of(code), languages.mark_of(code)) == (tag, mark)
    with translation.override("en"):
        assert languages.name_of(code) == english
    with translation.override("de"):
        assert languages.name_of(code) == german
