"""The checks against several hundred German and English sentences, and what terms mean."""

import time

import pytest

from approvals.checks import KINDS, SEVERITIES, Text, examine
from approvals.checks.personal_data.personal_data import is_card, is_iban
from tests.approvals import examples
from tickets.routing.terms import matches


@pytest.fixture(scope="module")
def judged():
    """Every sentence, judged once."""
    return examples.judged()


@pytest.mark.campaign
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_check_is_held_against_enough_sentences_and_is_precise(kind, judged):
    counts, differences = judged
    count = counts[kind]
    assert count["right"] + count["missed"] >= 12
    assert count["rightly silent"] >= 12
    assert examples.precision(count) >= 0.95, differences
    assert examples.recall(count) >= 0.9, differences


def test_there_are_at_least_three_hundred_sentences_in_both_languages():
    languages = [one["lang"] for one in examples.examples()]
    assert len(languages) >= 300
    assert min(languages.count("de"), languages.count("en")) >= 150


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("erstatt*", "Wir erstatten es.", ["erstatten"]),
        ("erstatt*", "Die Rückerstattung läuft.", []),
        ("*erstatt*", "Die Rückerstattung läuft.", ["Rückerstattung"]),
        (
            "schreiben … gut",
            "Wir schreiben Ihnen den Betrag gut.",
            ["schreiben Ihnen den Betrag gut"],
        ),
        ("schreiben … gut", "Wir schreiben. Gut so.", []),
        ("100 %", "Das ist 100 % sicher.", ["100 %"]),
        ("Pech gehabt", "PECH  GEHABT!", ["PECH  GEHABT"]),
        ("", "nichts", []),
        ("*", "nichts", []),
        ("(", "a ( b", ["("]),
    ],
)
def test_what_a_term_matches(term, text, found):
    assert [text[start:end] for start, end in matches([term], text, "de")] == found


def test_a_term_with_a_tilde_compares_by_stem_in_the_language_of_the_text():
    assert matches(["~waive"], "We waived it.", "en")
    assert not matches(["~waive"], "The waiver is signed.", "en")
    assert matches(["~Erstattung"], "Erstattungen dauern.", "de")


def test_an_exception_covers_the_word_inside_it():
    assert not matches(["Depp*"], "In Deppendorf ist alles gut.", "de", ["Deppendorf"])


def test_of_the_same_words_only_the_weightier_finding_stays():
    paragraphs = [
        {
            "number": 1,
            "checks": [
                {
                    "kind": "forbidden_words",
                    "severity": severity,
                    "settings": {"terms": {"en": ["bad"]}},
                }
                for severity in SEVERITIES
            ],
        }
    ]
    assert [
        one.severity for one in examine(Text(typed="This is a bad day for all of us."), paragraphs)
    ] == ["blocks"]


def test_the_place_of_a_finding_counts_characters_also_behind_an_emoji():
    typed = "🙂 bad words"
    found = examine(
        Text(typed=typed, customer_language="en"),
        [
            {
                "number": 1,
                "checks": [
                    {
                        "kind": "forbidden_words",
                        "severity": "hint",
                        "settings": {"terms": {"en": ["bad"]}},
                    }
                ],
            }
        ],
    )
    assert typed[found[0].start : found[0].end] == "bad"


def test_an_unknown_kind_of_a_later_desk_is_left_out():
    assert (
        examine(
            Text(typed="hello"),
            [{"number": 1, "checks": [{"kind": "telepathy", "severity": "hint", "settings": {}}]}],
        )
        == []
    )


def test_check_digits():
    assert is_iban("DE89 3704 0044 0532 0130 00")
    assert not is_iban("DE88 3704 0044 0532 0130 00")
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")


def test_right_check_digits_of_the_wrong_length_or_kind_are_no_number_of_a_bank():
    assert not is_iban("DE933704004405")
    assert not is_iban("DE853704004405370400440537040044051")
    assert not is_card("9111111111111110")


@pytest.mark.campaign
@pytest.mark.parametrize(
    "typed",
    [
        "(" * 3000,
        "a" * 5000,
        "K" + "1" * 4000,
        "… " * 1500,
        "! " * 2000,
        "@" * 4000,
        "\u202e" * 50,
        "„" * 3000,
        "1 " * 2500,
        "Sie " * 1200,
        "a." * 2500,
        "a.com " * 800,
        "http://" * 700,
        "http://a.com/" + "(a" * 2400,
        "www." * 1200,
        "あ.com" * 1000,
        "a@b.c" * 1000,
        "-a.com" * 800,
    ],
)
def test_strange_texts_are_examined_in_a_moment(typed):
    began = time.process_time()
    examine(Text(typed=typed, whole=typed, customer_language="de"), examples.guideline())
    assert time.process_time() - began < 5  # a hang, not a measure


def test_five_thousand_letters_are_examined_while_somebody_types():
    words = (
        "Hi Grace, please unplug the box for 30 seconds; see amselnetz.example.com/hilfe or "
        "bit.ly/abc, it takes four minutes. "
    )
    typed = (words * 60)[:5000]
    paragraphs = examples.guideline()
    # The model of languages is read once
    examine(Text(typed=words, whole=words, customer_language="en"), paragraphs)
    began = time.process_time()
    found = examine(Text(typed=typed, whole=typed, customer_language="en"), paragraphs)
    assert time.process_time() - began < 1  # about 40 ms on a quiet machine
    assert sum(one.detail == "host" for one in found) == typed.count("bit.ly/abc")
