"""Find promises and spelt-out addresses in marked sentences.

Also numbers in words, and what a clause says.
"""

import time
from collections import Counter

import pytest

from approvals.checks import Text, examine
from approvals.checks.language.clauses import clauses
from approvals.checks.promises.amounts import worth
from approvals.checks.promises.number_words import value
from tests.approvals import examples, marked

pytestmark = [pytest.mark.campaign, pytest.mark.table]

KINDS = [
    "amounts_in_words",
    "costs_taken",
    "durations",
    "separable_verbs",
    "spelt_addresses",
    "vouchers",
    "weekdays",
]


@pytest.fixture(scope="module")
def first():
    """The sentences that were written before the code, judged once."""
    return marked.judged(marked.FIRST)


def money(typed: str, **settings) -> list[str]:
    """What the check for promises of money finds in a German text."""
    check = {"kind": "money", "severity": "hint", "settings": settings}
    found = examine(Text(typed=typed, customer_language="de"), [{"number": 1, "checks": [check]}])
    return [one.words for one in found]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_promise_is_found_and_near_misses_are_not(kind, first):
    counts, differences = first
    count = counts[kind]
    assert count["right"] + count["missed"] >= 40
    assert count["rightly silent"] + count["wrong"] >= 40
    assert examples.precision(count) >= 0.95, differences
    assert examples.recall(count) >= 0.95, differences


def test_two_hundred_sentences_that_were_written_afterwards_are_judged_apart():
    for folder, least in ((marked.FRESH, 0.9), (marked.SECOND, 0.9)):
        counts, differences = marked.judged(folder)
        total = sum(counts.values(), Counter())
        assert sum(1 for _one in marked.sentences(folder)) == 100
        assert set(counts) == set(KINDS)
        assert examples.precision(total) >= least, differences
        assert examples.recall(total) >= least, differences


def test_a_mark_is_cut_out_of_its_sentence():
    assert marked.unmarked("In ⟦zwei⟧ von ⟦drei⟧ Tagen.") == (
        "In zwei von drei Tagen.",
        ((3, 7), (12, 16)),
    )


@pytest.mark.parametrize(
    ("words", "worth_it"),
    [
        ("zwölf", 12),
        ("zwoelf", 12),
        ("dreißig", 30),
        ("dreissig", 30),
        ("neunundneunzig", 99),
        ("zweihundertfünfzig", 250),
        ("tausendzweihundert", 1200),
        ("einen", 1),
        ("hundert", 100),
        ("a hundred and five", 105),
        ("twelve hundred", 1200),
        ("thirty eight", 38),
        ("forty-eight", 48),
        ("two thousand three hundred", 2300),
        ("1.200", 1200),
        ("1,200.50", 1200.5),
        ("49,99", 49.99),
        ("ein paar", None),
        ("a few", None),
        ("Huhn", None),
    ],
)
def test_a_number_in_words_has_its_value(words, worth_it):
    assert value(words) == worth_it


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("49,99 €", "€49.99"),
        ("89 Euro", "neunundachtzig Euro"),
        ("£20", "twenty pounds"),
        ("29,90 EUR", "neunundzwanzig Euro neunzig"),
    ],
)
def test_one_sum_in_figures_and_in_words_is_the_same(one, other):
    assert worth(one) == worth(other)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("Wir erstatten das.", [False]),
        ("Ob wir das erstatten, prüft jemand.", [True, False]),
        ("Erstatten wir das?", [True]),
        ("Wir erstatten das, ok?", [False, False]),
        ("Darf ich es erstatten?", [False]),
        ("Keine Sorge, wir erstatten es.", [False, False]),
        ("Ich kann nicht sagen, dass wir es erstatten.", [True, True]),
        ("You want it back.", [True]),
        ("I'm checking whether we refund.", [False, True]),
    ],
)
def test_what_a_clause_says(text, nothing):
    assert [one.says_nothing for one in clauses(text)] == nothing


def test_what_stands_in_brackets_does_not_part_a_verb_from_its_particle():
    assert money("Wir schreiben Ihnen den Betrag (er ist gebucht) gut.")


def test_an_administrator_may_leave_the_common_expressions_out():
    text = "Wir übernehmen die Kosten und geben Ihnen einen Gutschein."
    assert money(text)
    assert money(text, known=False) == []
    assert money(text, known=False, terms={"de": ["Gutschein"]}) == ["Gutschein"]


def test_an_exception_holds_for_common_expressions_too():
    assert money("Die Anfahrt geht auf uns.")
    assert money("Die Anfahrt geht auf uns.", exceptions={"de": ["Anfahrt geht auf uns"]}) == []


@pytest.mark.parametrize(
    "typed",
    [
        "1,1" * 1600,
        "wir zahlen Kosten " * 270,
        "zwei " * 1000,
        "hundert" * 700,
        "einundzwanzig" * 380,
        "a hundred and " * 350,
        "a at b dot " * 450,
        "we pay the " * 450,
        "(at)" * 1200,
        "in zwei " * 600,
        "Montag " * 700,
        "€ 1" * 1600,
        "you get " * 600,
        "Wir haben " * 500,
        "a.a at a." * 500,
    ],
)
def test_promises_are_looked_for_in_strange_texts_in_a_moment(typed):
    paragraphs = examples.guideline()
    began = time.process_time()
    for language in ("de", "en", ""):
        examine(Text(typed=typed, whole=typed, customer_language=language), paragraphs)
    assert time.process_time() - began < 15  # a hang, not a measure
