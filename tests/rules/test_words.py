"""Know every field that somebody writes into, so that words are given back.

And every pane that is renewed can be held.
"""

import importlib
import re
from pathlib import Path

from django.forms import BaseForm, Textarea

from core.screens.typed_values import LINES, TEXTS

TEMPLATES = Path(__file__).parents[2] / "templates"
WITH_FORMS = ("people", "tickets", "approvals", "servicedesk")
# Fields that their own form alone gives back: short names of things, or what is sent once more.
OWN = {
    "{{ one.name }}",
    "handle",
    "name_en",
    "name_de",
    "time_zone",
    "holiday_state",
    "add_tags",
}
# Their form stands around them
PARTS_OF_FORMS = {"_finding.html", "tags.html"}
NO_WORDS = re.compile(r'type="(hidden|checkbox|radio|file|password|number|date|time)"')


def form_classes() -> list[type[BaseForm]]:
    """Each form of the desk."""
    modules = [importlib.import_module(f"{package}.forms") for package in WITH_FORMS]
    return [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, BaseForm) and one.__module__ == module.__name__
    ]


def fields_of_classes() -> dict[str, str]:
    """The names of fields for words in classes of forms, with the class that has them."""
    return {
        name: form.__name__
        for form in form_classes()
        for name, field in form.base_fields.items()
        if isinstance(field.widget, Textarea)
        or getattr(field.widget, "input_type", "") in {"text", "email"}
    }


def written_fields() -> dict[str, str]:
    """The names of fields for words in forms that post, with the template or class of each."""
    found = fields_of_classes()
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        posting = re.findall(r'<form(?=[^>]*method="post").*?(?:</form>|\Z)', text, re.DOTALL)
        if path.name.startswith(("_attachment", "_verb_")) or path.name in PARTS_OF_FORMS:
            posting = [text]
        for form in posting:
            for field in re.findall(r"<(?:textarea|input)\b[^>]*>", form):
                name = re.search(r'name="([^"]+)"', field)
                if name and not NO_WORDS.search(field):
                    found[name[1]] = str(path.relative_to(TEMPLATES))
    return found


def test_every_field_for_words_is_given_back_when_its_form_is_refused():
    fields = written_fields()
    assert {"text", "comment", "reason", "note", "text_de", "tags"} <= set(fields)
    known = {*LINES, *TEXTS, *OWN}
    assert {
        name: path
        for name, path in fields.items()
        if name not in known and not name.startswith(("alt:", "explain:"))
    } == {}


def test_every_pane_that_is_renewed_has_a_name_by_which_it_is_held():
    for path in TEMPLATES.rglob("*.html"):
        for tag in re.findall(r"<\w+[^<>]*\bdata-live=[^<>]*", path.read_text()):
            assert re.search(r'\bid="\w+"', tag), path
            assert "data-live-url=" in tag, path


def test_no_fold_with_a_form_is_taken_out_of_what_asks_but_the_filters():
    stays = [path.name for path in TEMPLATES.rglob("*.html") if "data-stays" in path.read_text()]
    assert stays == ["_filters.html"]


def test_whatever_decides_or_moves_on_in_a_review_is_marked():
    review = (TEMPLATES / "screens" / "_review.html").read_text()
    for tag in re.findall(r"<(?:summary|a|button)[^>]*data-key=[^>]*>", review):
        assert "data-decision" in tag or "data-onward" in tag, tag
    assert "data-needs-reading" in review
    assert "data-words-end" in review
