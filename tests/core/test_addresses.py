"""`{% url %}` says what Django's own tag says."""

import pytest
from django.template import Context, Template
from django.template.defaulttags import URLNode
from django.test.utils import override_script_prefix
from django.urls import NoReverseMatch, reverse

from core.templatetags import addresses


def drawn(text, **values):
    return Template(text).render(Context(values))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("{% url 'inbox' %}", {}),
        ("{% url 'ticket' number %}", {"number": 10001}),
        ("{% url 'ticket' number %}", {"number": "10001"}),
        ("{% url 'ticket' number=number %}", {"number": 10002}),
        ("{% url 'ticket-act' number verb %}", {"number": 10003, "verb": "take"}),
        ("{% url 'ticket' number as there %}[{{ there }}]", {"number": 10004}),
        ("{% url 'ticket' none as there %}[{{ there }}]", {}),
        ("{% url view %}", {"view": "outbox"}),
    ],
)
def test_the_same_address_each_time(text, values, monkeypatch):
    found = [drawn(text, **values) for _again in range(2)]
    monkeypatch.setattr(addresses.Address, "render", URLNode.render)
    assert found == [drawn(text, **values)] * 2


def test_equal_values_of_other_kinds_are_other_values():
    for value in (1, True, "1", 1.0):
        try:
            theirs = reverse("ticket", args=[value])
        except NoReverseMatch:
            with pytest.raises(NoReverseMatch):
                drawn("{% url 'ticket' number %}", number=value)
        else:
            assert drawn("{% url 'ticket' number %}", number=value) == theirs


def test_what_leads_nowhere_is_refused_each_time():
    for _again in range(2):
        with pytest.raises(NoReverseMatch):
            drawn("{% url 'no-such-page' %}")
        with pytest.raises(NoReverseMatch):
            drawn("{% url 'ticket' number %}", number="<script>")


def test_below_another_root_it_begins_there():
    plain = drawn("{% url 'ticket' 10001 %}")
    with override_script_prefix("/desk/"):
        assert drawn("{% url 'ticket' 10001 %}") == f"/desk{plain}"
    assert drawn("{% url 'ticket' 10001 %}") == plain
