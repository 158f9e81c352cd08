"""The form and its fields: nothing typed is lost, and every error has a place."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string

from core.errors import Invalid, NotAllowed, Reason, Stale
from core.screens.form_values import Choice, Choices, Day, DeskForm, Line, WholeNumber, Words

COLOURS = [("red", "Red"), ("green", "Green")]


class Fence(DeskForm):
    """A form with one field of each kind."""

    name = Line(label="Name", help_text="As on the gate.", attrs={"maxlength": 9})
    note = Words(label="Note")
    posts = WholeNumber(label="Posts", attrs={"min": 1})
    colour = Choice(label="Colour", choices=COLOURS, otherwise="green")
    tints = Choices(label="Tints", choices=COLOURS)


def drawn(field) -> str:
    """The field as a screen shows it."""
    kind = "choices" if field.use_fieldset else "field"
    return render_to_string(f"components/{kind}.html", {"field": field})


def test_a_refusal_stands_beside_the_field_that_it_names_and_that_has_the_focus():
    form = Fence({"name": "<b>", "posts": "4"})
    assert form.is_valid()
    assert form.status == 200
    with form.refusing():
        raise Invalid(Reason("name_taken", "Taken."), "name")
    assert (form.status, form.refusal.code) == (400, "name_taken")
    assert form.errors == {"name": ["Taken."]}
    shown = drawn(form["name"])
    assert 'value="&lt;b&gt;"' in shown
    assert 'aria-invalid="true"' in shown
    assert "autofocus" in shown
    described = re.search(r'aria-describedby="([^"]+)"', shown)[1].split()
    assert len(described) == 2
    assert all(f'id="{one}"' in shown for one in described)
    assert "autofocus" not in drawn(form["posts"])


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAllowed(Reason("no", "Not you.")), 403),
        (Stale(Reason("old", "Too late.")), 409),
        (Invalid(Reason("odd", "Odd."), "elsewhere"), 400),
    ],
)
def test_a_refusal_that_names_no_field_of_the_form_stands_over_it(refusal, status):
    form = Fence({"name": "a"})
    with form.refusing():
        raise refusal
    assert (form.status, form.non_field_errors()) == (status, [str(refusal)])
    page = render_to_string("components/refusal.html", {"form": form})
    assert "data-refused" in page
    assert str(refusal) in page


def test_a_form_that_nobody_sent_says_nothing_and_a_verb_may_go_through():
    form = Fence(initial={"colour": "red"})
    assert (form.status, form.is_valid()) == (200, False)
    assert "error" not in drawn(form["name"])
    assert re.search(r'value="red"\s+selected', drawn(form["colour"]))
    sent = Fence({"name": " a "})
    assert sent.is_valid()
    with sent.refusing():
        assert sent.cleaned_data["name"] == " a "
    assert sent.status == 200


@pytest.mark.parametrize("odd", ["²", "9" * 40, "-1", "1e3", "٣", "x", "4 5"])
def test_what_is_no_whole_number_is_said_and_stays_in_its_field(odd):
    form = Fence({"posts": odd})
    assert (form.is_valid(), form.status) == (False, 400)
    shown = drawn(form["posts"])
    assert "Write a whole number" in shown
    assert f'value="{odd}"' in shown
    with pytest.raises(Invalid) as refused:
        form.values()
    assert refused.value.field == "posts"


@pytest.mark.parametrize(("typed", "number"), [("", None), ("  ", None), (" 12 ", 12), ("0", 0)])
def test_a_number_may_be_left_empty(typed, number):
    assert Fence({"posts": typed}).values()["posts"] == number


def test_what_stands_in_no_list_is_not_chosen():
    values = Fence({"colour": "blue", "tints": ["red", "blue"]}).values()
    assert (values["colour"], values["tints"]) == ("green", ["red"])

    class Strict(DeskForm):
        colour = Choice(choices=COLOURS, otherwise=None)
        tints = Choices(choices=COLOURS, needed=True)

    assert Strict({"colour": "blue"}).values() == {"colour": "blue", "tints": []}
    assert not Strict({"tints": ["red", "blue"]}).is_valid()


def test_a_day_is_read_as_browsers_and_people_write_it():
    class Away(DeskForm):
        first = Day(label="First day")

    for typed in ("2026-12-24", "24.12.2026"):
        assert Away({"first": typed}).values() == {"first": date(2026, 12, 24)}
    for typed in ("", "soon", "2026-02-30"):
        with pytest.raises(Invalid) as refused:
            Away({"first": typed}).values()
        assert refused.value.code == "day_odd"


def test_words_are_given_on_as_they_were_typed():
    typed = "  first\r\n\r\n second \t"
    assert Fence({"note": typed}).values()["note"] == typed
    assert "cols" not in drawn(Fence()["note"])
