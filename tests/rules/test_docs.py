"""The pages for people: one sentence a line, four kinds, a decision for each choice."""

import re

import pytest

from servicedesk.launcher.running import ROOT
from tests.support import sentences

FOLDERS = (
    "core|people|xapi|networks|tickets|satisfaction|approvals|posting|notices|servicedesk"
    "|templates|static|bench|tests|docs|locale|requirements"
)
# A file or folder of ours in a sentence; the parts in <…> stand for any name
PLACE = re.compile(rf"`((?:{FOLDERS})/[^\s`:…]+?)(?:::[^`]*)?`")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", sentences.pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_has_one_sentence_a_line(page):
    text = page.read_text()
    assert sentences.set_anew(text) == text, "python -m tests.support.sentences sets it anew"


@pytest.mark.parametrize("page", sentences.pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_place_that_a_page_names_is_there(page):
    text = page.read_text()
    places = {re.sub(r"<\w+>", "*", one).rstrip("/") for one in PLACE.findall(text)}
    missing = {one for one in places if not any(ROOT.glob(one))}
    missing |= {one for one in LINK.findall(text) if not (page.parent / one).exists()}
    assert not missing


def test_sentences_are_told_from_what_only_looks_like_their_end():
    page = (
        "Say `a. B` once (e.g. Now. Here). Then go\non. It is 5. The\n- one. Two.\n    third\n\n"
        "    code. Stays\n"
    )
    assert sentences.set_anew(page) == (
        "Say `a. B` once (e.g. Now. Here).\nThen go on.\nIt is 5.\nThe\n"
        "- one.\n  Two. third\n\n    code. Stays\n"
    )
