"""Ask the one table of characters.

What people write in their languages passes, what nobody sees does not, and the database agrees.
"""

import time
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from core.text.characters import (
    CONTEXTS,
    FLAGS,
    NEVER,
    TAGS,
    cleaned,
    faults_at,
    first_fault,
    revealed,
    says_something,
    without_hidden,
)

# Written in escapes, so that what is meant can be seen here.
ALLOWED = {
    "Persian: I want": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Persian: I do not know": "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645",
    "Persian: companies": "\u0634\u0631\u06a9\u062a\u200c\u0647\u0627",
    "Persian: your house": "\u062e\u0627\u0646\u0647\u200c\u06cc \u0634\u0645\u0627",
    "Persian: with a mark before the non-joiner": "\u0628\u0650\u200c\u0647\u0627",
    "Kurdish": "\u062f\u0647\u200c\u06a9\u0627\u062a",
    "Urdu": "\u0622\u067e \u06a9\u06cc \u0645\u062f\u062f",
    "Sinhala: Sri Lanka": "\u0dc1\u0dca\u200d\u0dbb\u0dd3 \u0dbd\u0d82\u0d9a\u0dcf\u0dc0",
    "Sinhala: verb": "\u0d9a\u0dca\u200d\u0dbb\u0dd2\u0dba\u0dcf\u0dc0",
    "Sinhala: ya": "\u0dc0\u0dca\u200d\u0dba\u0dcf\u0db4\u0dcf\u0dbb\u0dba",
    "Hindi: half letter": "\u0915\u094d\u200d\u0937",
    "Hindi: virama shown": "\u0930\u093e\u092e\u0928\u094d\u200c",
    "Hindi: sentence": (
        "\u0906\u092a\u0915\u0940 \u0938\u0939\u093e\u092f\u0924\u093e \u0915\u0947 "
        "\u0932\u093f\u090f \u0927\u0928\u094d\u092f\u0935\u093e\u0926"
    ),
    "Marathi: eyelash ra": "\u0926\u0931\u094d\u200d\u092f\u093e",
    "Bengali: ya behind ra": "\u09b0\u200d\u09cd\u09af\u09be\u09ac",
    "Bengali": "\u09a7\u09a8\u09cd\u09af\u09ac\u09be\u09a6",
    "Malayalam: chillu as virama and joiner": (
        "\u0d05\u0d35\u0d28\u0d4d\u200d \u0d35\u0d28\u0d4d\u0d28\u0d41"
    ),
    "Malayalam: chillu": "\u0d05\u0d35\u0d7b",
    "Malayalam: non-joiner": (
        "\u0d38\u0d4b\u0d2b\u0d4d\u0d31\u0d4d\u0d31\u0d4d\u200c\u0d35\u0d46\u0d2f\u0d7c"
    ),
    "Kannada: non-joiner": "\u0cb8\u0cbe\u0cab\u0ccd\u0c9f\u0ccd\u200c\u0cb5\u0cc7\u0cb0\u0ccd",
    "Kannada: ra and joiner": "\u0cb0\u200d\u0ccd\u0caf\u0cbe\u0c82\u0c95\u0ccd",
    "Telugu: non-joiner": "\u0c38\u0c3e\u0c2b\u0c4d\u0c1f\u0c4d\u200c\u0c35\u0c47\u0c30\u0c4d",
    "Tamil": "\u0ba8\u0ba9\u0bcd\u0bb1\u0bbf",
    "Gujarati": "\u0a86\u0aad\u0abe\u0ab0",
    "Punjabi": "\u0a27\u0a70\u0a28\u0a35\u0a3e\u0a26",
    "Khmer": "\u17a2\u179a\u1782\u17bb\u178e",
    "Khmer: words parted": "\u1797\u17b6\u179f\u17b6\u200b\u1781\u17d2\u1798\u17c2\u179a",
    "Thai": "\u0e02\u0e2d\u0e1a\u0e04\u0e38\u0e13\u0e04\u0e23\u0e31\u0e1a",
    "Thai: words parted": "\u0e02\u0e2d\u0e1a\u0e04\u0e38\u0e13\u200b\u0e04\u0e23\u0e31\u0e1a",
    "Lao": "\u0e82\u0ead\u0e9a\u0ec3\u0e88",
    "Burmese": (
        "\u1000\u103b\u1031\u1038\u1007\u1030\u1038\u1010\u1004\u103a\u1015\u102b\u1010\u101a\u103a"
    ),
    "Burmese: dotted form": "\u1000\ufe00",
    "Tibetan": "\u0f50\u0f74\u0f42\u0f66\u0f0b\u0f62\u0f97\u0f7a\u0f0b\u0f46\u0f7a\u0f0d",
    "Mongolian: vowel separator": "\u182e\u1823\u1829\u182d\u1823\u182f\u180e\u1820",
    "Mongolian: variant": "\u182a\u1822\u180b",
    "Arabic": "\u0634\u0643\u0631\u0627\u064b \u0644\u0643",
    "Arabic: mark of direction": "\u0634\u0643\u0631\u0627\u064b!\u200f",
    "Hebrew": "\u05ea\u05d5\u05d3\u05d4 \u05e8\u05d1\u05d4",
    "Hebrew: points": "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
    "Hebrew: mark behind C++": "C++\u200e \u05d1\u05e2\u05d1\u05e8\u05d9\u05ea",
    "Hebrew: mark at the end": "\u05ea\u05d5\u05d3\u05d4!\u200f",
    "Korean": "\uac10\uc0ac\ud569\ub2c8\ub2e4",
    "Korean: composed of jamo": "\ud55c\uad6d",
    "Japanese": "\u3042\u308a\u304c\u3068\u3046\u3054\u3056\u3044\u307e\u3059",
    "Japanese: wide blank": "\u306f\u3044\u3000\u305d\u3046\u3067\u3059",
    "Chinese": "\u8c22\u8c22\u60a8\u7684\u6765\u4fe1",
    "Greek": "\u0395\u03c5\u03c7\u03b1\u03c1\u03b9\u03c3\u03c4\u03ce",
    "Russian": "\u0421\u043f\u0430\u0441\u0438\u0431\u043e",
    "Georgian": "\u10db\u10d0\u10d3\u10da\u10dd\u10d1\u10d0",
    "Armenian": (
        "\u0547\u0576\u0578\u0580\u0570\u0561"
        "\u056f\u0561\u056c\u0578\u0582\u0569\u0575\u0578\u0582\u0576"
    ),
    "Amharic": "\u12a0\u1218\u1230\u130d\u1293\u1208\u1201",
    "German": "Gr\xfc\xdfe aus K\xf6ln \u2013 \u201ealles gut\u201c \u2026",
    "French": "\xc7a va tr\xe8s bien ! \xab Merci \xbb",
    "Vietnamese": "C\u1ea3m \u01a1n b\u1ea1n",
    "Turkish": "Te\u015fekk\xfcrler",
    "two lines": "Zeile eins\nZeile zwei",
    "family": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "woman astronaut with skin": "\U0001f469\U0001f3fd\u200d\U0001f680",
    "couple with two skins": "\U0001f469\U0001f3fb\u200d\U0001f91d\u200d\U0001f468\U0001f3ff",
    "rainbow flag": "\U0001f3f3\ufe0f\u200d\U0001f308",
    "pirate flag": "\U0001f3f4\u200d\u2620\ufe0f",
    "heart on fire": "\u2764\ufe0f\u200d\U0001f525",
    "eye in bubble": "\U0001f441\ufe0f\u200d\U0001f5e8\ufe0f",
    "detective": "\U0001f575\U0001f3fd\u200d\u2642\ufe0f",
    "broken chain": "\u26d3\ufe0f\u200d\U0001f4a5",
    "thumb": "\U0001f44d\U0001f3fd",
    "heart": "\u2764\ufe0f",
    "circled M": "\u24c2\ufe0f",
    "blood type A": "\U0001f170\ufe0f",
    "copyright": "\xa9\ufe0f",
    "text style": "\u2702\ufe0e",
    "keycap": "1\ufe0f\u20e3",
    "keycap without selector": "5\u20e3",
    "hash key": "#\ufe0f\u20e3",
    "star key": "*\ufe0f\u20e3",
    "Germany": "\U0001f1e9\U0001f1ea",
    "England": "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "Scotland": "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "Wales": "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "black flag alone": "\U0001f3f4 los",
    "face of Unicode 16": "\U0001fae9",
    "number sign of Arabic": "\u0600\u0661\u0662",
}
REFUSED = {
    "control": "a\x07b",
    "escape": "a\x1bb",
    "delete": "a\x7fb",
    "NUL": "a\x00b",
    "next line": "a\x85b",
    "blank of no width": "a\u200bb",
    "joiner in Latin": "a\u200db",
    "non-joiner in Latin": "Auf\u200clage",
    "joiner alone": "\u200d",
    "joiner behind a face": "\U0001f600\u200d",
    "joiner before a face": "\u200d\U0001f600",
    "joiner between face and letter": "\U0001f600\u200da",
    "two joiners in a family": "\U0001f469\u200d\u200d\U0001f467",
    "joiner between digits": "1\u200d2",
    "joiner in Cyrillic": "\u0421\u043f\u0430\u200d\u0441\u0438\u0431\u043e",
    "joiner in Han": "\u8c22\u200d\u8c22",
    "joiner in Hangul": "\uac10\u200d\uc0ac",
    "non-joiner at the end": "\u0645\u06cc\u200c",
    "non-joiner at the beginning": "\u200c\u0645\u06cc",
    "two non-joiners": "\u0645\u06cc\u200c\u200c\u062e\u0648\u0627\u0647\u0645",
    "joiner in Arabic": "\u0634\u0643\u200d\u0631\u0627\u064b",
    "non-joiner before Latin": "\u0645\u06cc\u200ca",
    "joiner in Hindi without virama": "\u0938\u0940\u200d\u0924\u093e",
    "non-joiner in Hindi without virama": "\u0938\u0940\u200c\u0924\u093e",
    "two joiners behind a virama": "\u0915\u094d\u200d\u200d\u0937",
    "virama without a letter": "a \u094d\u200d",
    "blank of no width in Arabic": "\u0634\u0643\u200b\u0631\u0627\u064b",
    "two blanks of no width in Thai": "\u0e02\u0e2d\u0e1a\u200b\u200b\u0e04\u0e38\u0e13",
    "blank of no width between Thai and Latin": "\u0e02\u0e2d\u0e1a\u200ba",
    "left-to-right mark in Latin": "a\u200eb",
    "right-to-left mark in Latin": "a\u200fb",
    "two marks of direction": "\u05ea\u05d5\u05d3\u05d4\u200f\u200f\u05d0",
    "Arabic mark in Latin": "a\u061cb",
    "embedding": "a\u202ab",
    "override": "abc\u202ecba",
    "pop": "a\u202cb",
    "isolate": "a\u2066b",
    "override in Hebrew": "\u05ea\u05d5\u202e\u05d3\u05d4",
    "isolate in Arabic": "\u0634\u0643\u2067\u0631\u0627\u064b",
    "pop isolate": "a\u2069",
    "word joiner": "a\u2060b",
    "invisible times": "a\u2062b",
    "byte order mark": "\ufeffa",
    "grapheme joiner": "a\u034fb",
    "old digit shapes": "a\u206fb",
    "selector behind a letter": "x\ufe0f",
    "selector behind a digit": "1\ufe0f",
    "selector behind Han": "\u8fbb\ufe00",
    "selector alone": "\ufe0f",
    "two selectors": "\u2764\ufe0f\ufe0f",
    "selector behind a blank": " a \ufe0e",
    "selector behind a flag": "\U0001f1e9\U0001f1ea\ufe0f",
    "selector of the supplement": "\u8fbb\U000e0100",
    "supplement behind a letter": "a\U000e01ef",
    "supplement behind a face": "\U0001f600\U000e0101",
    "Mongolian selector in Latin": "a\u180bb",
    "Mongolian selector twice": "\u182a\u180b\u180c",
    "fourth Mongolian selector": "a\u180f",
    "vowel separator in Latin": "a\u180eb",
    "vowel separator at the end": "\u182a\u180e",
    "Khmer inherent aq": "\u1780\u17b4",
    "Khmer inherent aa": "\u1780\u17b5",
    "tag letter": "a\U000e0041",
    "tag of language": "\U000e0001a",
    "tag behind a face": "\U0001f600\U000e0067",
    "flag without its end": "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067",
    "flag of Texas": "\U0001f3f4\U000e0075\U000e0073\U000e0074\U000e0078\U000e007f",
    "flag with words in it": "\U0001f3f4\U000e0068\U000e0069\U000e007f",
    "end of a tag alone": "a\U000e007f",
    "England twice tagged": (
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f\U000e0067"
    ),
    "Hangul filler": "a\u3164b",
    "half-width filler": "a\uffa0b",
    "choseong filler": "\u115fa",
    "jungseong filler": "a\u1160",
    "blank of Braille": "a\u2800b",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "private": "a\ue000b",
    "private far out": "a\U000f0000b",
    "half of a character": "a\ud800b",
    "no character": "a\uffffb",
    "no character in the middle": "a\ufdd0b",
    "unassigned": "a\u0378b",
    "object replacement": "a\ufffcb",
    "annotation": "a\ufff9b",
    "shorthand": "a\U0001bca0b",
    "beam": "a\U0001d173b",
    "null notehead": "a\U0001d159b",
    "Khitan filler": "a\U00016fe4b",
    "hieroglyph blank": "a\U00013441b",
}
EVERY_CHARACTER = "".join(map(chr, range(0x110000)))
IGNORABLE = regex.findall(r"\p{Default_Ignorable_Code_Point}", EVERY_CHARACTER)
WORDS = st.text(st.sampled_from("abc xyzÄöß.,!?-–0189@#\n'"), min_size=1, max_size=40)
ANYTHING = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(IGNORABLE),
        st.sampled_from(sorted(CONTEXTS)),
        st.sampled_from("\t\r\n\u00a0\u3000\u3001\u00ad"),
        st.sampled_from("".join(ALLOWED.values())),
    ),
    max_size=30,
)


@pytest.mark.parametrize("name", ALLOWED)
def test_what_people_write_in_their_language_passes_as_it_is(name):
    text = unicodedata.normalize("NFC", ALLOWED[name])
    assert first_fault(text) is None
    assert cleaned(text) == text


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_sees_is_refused_by_name_and_place(name):
    text = cleaned(REFUSED[name])
    fault = first_fault(text)
    assert fault
    assert text[fault.place] == fault.character
    assert fault.code == f"U+{ord(fault.character):04X}"
    assert fault.code in fault.around
    assert fault.name.isupper()


def test_there_are_sixty_samples_on_either_side():
    assert min(len(ALLOWED), len(REFUSED)) >= 60


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\tb", "a b"),
        ("Donau\u00addampf", "Donaudampf"),
        ("10\u00a0\u20ac", "10 \u20ac"),
        ("so\u202f!", "so !"),
        ("a\u2003b", "a b"),
        ("e\u0301", "\u00e9"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u3000b", "a b"),
        ("\u306f\u3044\u3000\u305d", "\u306f\u3044\u3000\u305d"),
        (" \u00a0a ", "a"),
        ("e\u00ad\u0301", "\u00e9"),
        ("\u06a9\u0627\u0631\u200c\u0647\u0627", "\u06a9\u0627\u0631\u0647\u0627"),
    ],
)
def test_blanks_become_one_kind_and_a_soft_hyphen_goes(typed, kept):
    assert cleaned(typed) == kept
    assert first_fault(kept) is None


@given(ANYTHING)
def test_cleaning_twice_is_cleaning_once_and_leaves_it_composed(text):
    once = cleaned(text)
    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not {"\t", "\r", "\u00a0", "\u00ad"} & set(once)


@given(WORDS, WORDS, st.sampled_from(IGNORABLE))
def test_nothing_ignorable_stays_hidden_between_latin_letters(before, after, hidden):
    keycap = before[-1] in "0123456789#*"
    kept = cleaned(before + hidden + after)
    assert first_fault(kept) is not None or hidden not in kept
    assert keycap or first_fault(kept) is None or first_fault(kept).character == hidden


@given(ANYTHING)
def test_what_passes_holds_nothing_unseen_but_what_its_context_allows(text):
    kept = cleaned(text)
    if first_fault(kept) is not None:
        return
    for one in kept:
        unseen = unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co"} or regex.match(
            r"\p{Default_Ignorable_Code_Point}", one
        )
        assert (
            not unseen
            or one == "\n"
            or one in CONTEXTS
            or TAGS[0] <= ord(one) <= TAGS[1]
            or regex.match(r"\p{Prepended_Concatenation_Mark}", one)
        )


def test_what_is_never_allowed_is_all_that_is_ignorable_but_for_the_contexts():
    never = {code for low, high in NEVER for code in range(low, high + 1)}
    in_context = {ord(one) for one in CONTEXTS} | set(range(TAGS[0], TAGS[1] + 1))
    assert {ord(one) for one in IGNORABLE} <= never | in_context
    assert not never & in_context
    for one in regex.findall(r"[\p{Cc}\p{Co}\p{Noncharacter_Code_Point}]", EVERY_CHARACTER):
        assert ord(one) in never or one in "\n\x00", hex(ord(one))
    apart = "".join(f"a{chr(code)}b" for code in sorted(never))
    assert list(faults_at(apart)) == list(range(1, len(apart), 3))


def test_the_flags_that_exist_are_three():
    assert [cleaned(flag) for flag in FLAGS] == [
        ALLOWED[name] for name in ("England", "Scotland", "Wales")
    ]


@given(ANYTHING)
def test_words_of_others_are_shown_with_nothing_hidden(text):
    shown = revealed(text)
    assert all(shown[place] in "\t\r\u00ad" for place in faults_at(shown))
    assert first_fault(without_hidden(text)) is None or first_fault(text)


def test_a_reversed_address_of_others_is_shown_as_it_is():
    assert revealed("pay at \u202emoc.liam") == "pay at ⟨U+202E⟩moc.liam"
    assert revealed("\u200b") == "⟨U+200B⟩"
    assert without_hidden("Anna\u202e \u200b B") == "Anna B"


def test_what_nobody_sees_says_nothing():
    assert not says_something(" \u200b\u3164\u2800\u00a0\n")
    assert says_something(" . ")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 5000,
        "\u200f!" * 2500,
        "!" * 4000 + "\u200f",
        "\u200b" * 5000,
        "\u0e01\u200b" * 2500,
        "\u0645\u200c" * 2500,
        "\u3000" * 5000,
        "\u0300" * 4999 + "\u200c",
        "\u0631" + "\u0300" * 4998 + "\u200c",
        "\U0001f3f4" * 2500 + "\U000e0067" * 2500,
    ],
)
def test_no_text_makes_the_table_slow(text):
    began = time.process_time()
    list(faults_at(cleaned(text)))
    revealed(text)
    assert time.process_time() - began < 1  # a hang, not a measure: some milliseconds are usual
