"""The forms of a survey: what an administrator sets up, and what a customer answers."""

from django.utils.translation import gettext_lazy as _

from core.screens.form_values import Choice, DeskForm, Line, WholeNumber, Words
from satisfaction import answering
from satisfaction.surveys import LONGEST

ANSWERS = (
    ("5", _("Yes, completely")),
    ("4", _("Mostly")),
    ("3", _("Partly")),
    ("2", _("Hardly")),
    ("1", _("No, not at all")),
)


class SurveyForm(DeskForm):
    """The question in both languages, and how many of a hundred are asked."""

    question_en = Line(label=_("Question in English"), attrs={"maxlength": LONGEST})
    question_de = Line(label=_("Question in German"), attrs={"maxlength": LONGEST})
    rate = WholeNumber(
        label=_("Of a hundred tickets, how many are asked"),
        help_text=_(
            "0 asks nobody. Which ones is decided by chance; the invitation is words of the reply, "
            "read and signed by two people. X charges about 0.20 USD for a public post with a link."
        ),
        attrs={"min": 0, "max": 100},
    )


class AnswerForm(DeskForm):
    """One of five answers in words, the best first, and what the customer adds."""

    value = Choice(label=_("Your answer"), choices=ANSWERS, otherwise=None)
    text = Words(
        label=_("If you like, say why (it is no reply to us)"),
        rows=4,
        attrs={"maxlength": answering.LONGEST},
    )

    @property
    def answers(self) -> tuple[tuple[str, object], ...]:
        """The five answers: what a choice sends, and its words."""
        return ANSWERS
