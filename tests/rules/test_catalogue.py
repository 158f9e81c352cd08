"""The sentences of the desk are said as colleagues say them, in both languages.

Each pattern is a way of saying that once stood on a screen and read translated, or a word that the
glossary gives to something else.
"""

import re

import polib
import pytest

from servicedesk.launcher.running import ROOT

CATALOGUE = polib.pofile(str(ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"))
ENGLISH = {
    "anew, shall, lately": r"\b(?:anew|shall|lately)\b",
    "This is no picture": r"\b(?:This|[}”’]) is no \w",
    "separated, not parted": r"\b[Pp]arted by\b",
    "it stands on the page": r"\bstands (?:on|in|at|there|under|here)\b",
    "an e-mail is not a letter": r"\b(?:letters? (?:to you|of the desk|with)|trial letter)\b",
    "approve, not endorse": r"\bendors",
    "remove, not take away": r"\btake (?:it |this |one )?away\b|\b[Tt]aken away\b",
    "snooze, not put aside": r"\bput aside\b",
}
GERMAN = {
    "Kürzel, nicht Unterschrift": r"[Uu]nterschr",
    "vorlegen, nicht einreichen": r"[Ee]inreich|eingereicht",
    "Eingang, nicht Posteingang": r"Posteingang",
    "zuteilen, nicht zuweisen": r"zugewiesen|zuweis",
    "Benachrichtigung, nicht Mitteilung": r"\bMitteilung",
    "Kürzelverzeichnis, nicht Liste der Kürzel": r"Liste der Kürzel",
    "die Kundin oder der Kunde": r"(?<!oder )\b[Dd](?:er|en|es) Kunden?\b",
    "veröffentlicht, nicht gepostet": r"\bgepostet\b|\bTweet",
    "In Freigabe, nicht in Prüfung": r"\bin Prüfung\b",
    "entfernen, nicht wegnehmen": r"[Ww]egnehmen|[Ww]eggenommen",
    "eine Frist, keine Uhr": r"\bUhr ruft\b|\bUhrbalken\b",
}


@pytest.mark.parametrize("saying", ENGLISH)
def test_no_english_sentence_reads_translated(saying):
    said = [text for one in CATALOGUE for text in (one.msgid, one.msgid_plural) if text]
    assert [text for text in said if re.search(ENGLISH[saying], text)] == []


@pytest.mark.parametrize("word", GERMAN)
def test_each_thing_has_its_german_word(word):
    said = [text for one in CATALOGUE for text in (one.msgstr, *one.msgstr_plural.values()) if text]
    assert [text for text in said if re.search(GERMAN[word], text)] == []
