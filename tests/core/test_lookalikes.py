"""Letters that look like others."""

import pytest

from core.text.lookalikes import mixed_words, only_looks_like, skeleton

KNOWN = ["AmselnetzHilfe", "Amselnetz", "grace_adeyemi", "amselnetz.example.com"]


@pytest.mark.parametrize(
    "word",
    [
        "В\u0435ra",
        "Amsеlnetz",
        "аmselnetz",
        "Ρaypal",
        "Ωmega",
        "Вrandt",
        "Amse\u04cfnetz",
        "Αmselnetz",
    ],
)
def test_letters_of_two_scripts_in_one_word_are_noticed(word):
    assert [one.written for one in mixed_words(f"Hi {word}, thanks")] == [word]


@pytest.mark.parametrize(
    "text",
    [
        "Grüße aus Köln",
        "привет Anna",
        "kΩ und μm und Δt",
        "URLは例",
        "Samsung은 좋다",
        "Wi-Fiの",
        "Ελλάδα and England",
        "Ça va",
        "שלום Anna",
        "iPhoneتلفن",
        "2×4 µF",
    ],
)
def test_languages_side_by_side_and_units_are_not(text):
    assert list(mixed_words(text)) == []


@pytest.mark.parametrize(
    ("word", "like"),
    [
        ("AmseInetzHilfe", "AmselnetzHilfe"),
        ("Amse1netzHilfe", "AmselnetzHilfe"),
        ("ArnselnetzHilfe", "AmselnetzHilfe"),
        ("АmselnetzHilfe", "AmselnetzHilfe"),
        ("Amselnétz", "Amselnetz"),
        ("grace_adeyerni", "grace_adeyemi"),
        ("аmselnetz.ехаmрlе.соm", "amselnetz.example.com"),
        ("ａmselnetz", "Amselnetz"),
        ("AmselnetzHilfe", ""),
        ("amselnetzhilfe", ""),
        ("AMSELNETZ", ""),
        ("Amselnetze", ""),
        ("Hilfe", ""),
        ("amsel", ""),
    ],
)
def test_a_word_that_only_looks_like_a_known_one_is_named(word, like):
    assert only_looks_like(word, KNOWN) == like


def test_a_skeleton_is_the_same_for_what_is_drawn_the_same():
    assert skeleton("Ӏ0О") == skeleton("loo")
    assert skeleton("paypal") != skeleton("paypai")
