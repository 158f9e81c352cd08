"""What is drawn once says nothing of the page that it was drawn for first."""

from dataclasses import dataclass

import pytest
from django.template import TemplateSyntaxError, engines
from django.utils import translation

from core.screens import drawn_once
from core.screens.drawn_once import drawn


def template(text):
    return engines["django"].from_string("{% load i18n static %}" + text)


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ("{{ a.b }}", "a.b"),
        ("{% if a %}x{% endif %}", "IfNode"),
        ("{% for one in a %}x{% endfor %}", "ForNode"),
        ("{% url 'ticket' a.number %}", "a.number"),
        ("{% translate a %}", "a"),
        ("{% blocktranslate %}of {{ a }}{% endblocktranslate %}", "a"),
        ("{% blocktranslate with b=a %}of {{ b }}{% endblocktranslate %}", "a"),
        ("{% translate 'x'|default:a %}", "a"),
        ("{% csrf_token %}", "CsrfTokenNode"),
        ("{% include 'components/narrow.html' %}", "include without only"),
        ("{% include 'components/narrow.html' with label=a only %}", "a"),
        ("{% icon 'pen' a %}", "a"),
    ],
)
def test_a_part_that_differs_from_page_to_page_is_refused(inside, named):
    with pytest.raises(TemplateSyntaxError, match="Not the same on every page") as refused:
        template("{% once %}" + inside + "{% endonce %}")
    assert named in str(refused.value)


def test_it_is_drawn_in_each_language():
    page = template("{% once %}{% translate 'Save' %} {% icon 'pen' 14 %}{% endonce %}{{ a }}")
    for language, word in (("en", "Save"), ("de", "Speichern"), ("en", "Save")):
        with translation.override(language):
            for value in ("1", "<2>"):
                said = page.render({"a": value})
                assert said.startswith(f"{word} <svg")
                assert said.endswith({"1": "1", "<2>": "&lt;2&gt;"}[value])


@dataclass(frozen=True)
class Part:
    nameable: tuple = ()
    may_remember: bool = True


def test_what_goes_into_a_hole_is_escaped_and_belongs_to_one_page():
    drawn_once.forget()
    name = "screens/_notes.html"
    first = drawn(name, Part(), csrf_token="AAA", acts='/"><script>x</script>/')
    assert "<script" not in first
    assert "&quot;&gt;&lt;script&gt;" in first
    second = drawn(name, Part(), csrf_token="BBB", acts="/tickets/1/do/")
    assert "AAA" not in second
    assert second.count("BBB") == second.count("csrfmiddlewaretoken") > 0
    assert 'action="/tickets/1/do/note/"' in second
    assert drawn_once._pieces.cache_info().misses == 1


def test_other_facts_and_another_language_are_drawn_anew():
    drawn_once.forget()
    holes = {"csrf_token": "A", "acts": "/"}
    one = drawn("screens/_notes.html", Part(), **holes)
    assert drawn("screens/_notes.html", Part(may_remember=False), **holes) != one
    with translation.override("de"):
        assert drawn("screens/_notes.html", Part(), **holes) != one
    assert drawn_once._pieces.cache_info().misses == 3
