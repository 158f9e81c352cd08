"""`{% translate %}` says what Django's own tag says, in every language."""

import pytest
from django.template import Context, Template
from django.templatetags.i18n import TranslateNode
from django.utils import translation

from core.templatetags.own_i18n import ConstantWords


def node_of(text):
    return next(
        one for one in Template("{% load i18n %}" + text).nodelist if isinstance(one, TranslateNode)
    )


def drawn(text, **values):
    return Template("{% load i18n %}" + text).render(Context(values))


CONSTANT = [
    ("{% translate 'Inbox' %}", "Inbox", "Eingang"),
    ("{% translate 'Merge' context 'tickets' %}", "Merge", "Zusammenführen"),
    ("{% trans 'Inbox' noop %}", "Inbox", "Inbox"),
    ("{% translate '<b> & 100 %' %}", "<b> & 100 %", "<b> & 100 %"),
    ("{% autoescape off %}{% translate 'Inbox' %}{% endautoescape %}", "Inbox", "Eingang"),
]


@pytest.mark.parametrize(("text", "english", "german"), CONSTANT)
def test_constant_words_in_the_readers_language_each_time(text, english, german):
    template = Template("{% load i18n %}" + text)
    for _again in range(2):
        for language, words in (("en", english), ("de", german)):
            with translation.override(language):
                assert template.render(Context()) == words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("{% translate word %}", {"word": "Inbox"}),
        ("{% translate 'Inbox'|lower %}", {}),
        ("{% translate 'Inbox' as there %}[{{ there }}]", {}),
        ("{% translate 'Merge' context which %}", {"which": "tickets"}),
    ],
)
def test_what_may_differ_is_left_to_django(text, values):
    assert not isinstance(node_of(text), ConstantWords)
    with translation.override("de"):
        assert drawn(text, **values)


def test_constant_words_are_translated_once(monkeypatch):
    text = "{% translate 'Inbox' %}"
    assert isinstance(node_of(text), ConstantWords)
    template = Template("{% load i18n %}" + text)
    with translation.override("de"):
        template.render(Context())
        monkeypatch.setattr(TranslateNode, "render", None)
        assert template.render(Context()) == "Eingang"


def test_every_other_tag_is_there():
    assert "{{" not in drawn("{% blocktranslate with n=3 %}{{ n }} chosen{% endblocktranslate %}")
    assert drawn("{{ 'de'|language_name_local }}") == "Deutsch"
