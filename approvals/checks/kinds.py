"""Every kind of check with its settings: what the configuration screen shows, and what runs."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from approvals.checks import terms
from approvals.checks.base import Look
from approvals.checks.language import languages, manner
from approvals.checks.personal_data import personal_data
from approvals.checks.promises import amounts, promises

COUNTRIES = ("DE", "AT", "CH", "GB", "IE", "LU", "FR", "NL", "PL")


@dataclass(frozen=True)
class Setting:
    """One setting of a check.

    `form` is how it is asked for: terms (by language), words, number, choice, yes, countries or
    patterns.
    """

    name: str
    form: str
    label: Promise | str
    help: Promise | str
    default: Any = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of check. `about` says in a sentence what it notices."""

    name: str
    label: Promise | str
    about: Promise | str
    look: Look
    settings: tuple[Setting, ...] = field(default=())


TERMS_HELP = _(
    "One per line, whole words. * at either end stands for any letters (erstatt*), … for a few "
    "words in between (schreiben … gut), ~ in front compares by word stem."
)
EXCEPTIONS = Setting(
    "exceptions",
    "terms",
    _("Exceptions"),
    _("Longer expressions in which a listed word is harmless."),
)
KNOWN = Setting(
    "known",
    "yes",
    _("Common expressions too"),
    _(
        "Money back, credits, vouchers, discounts, gifts and costs that we bear, in German "
        "and English."
    ),
    True,
)
NAME = Setting(
    "name",
    "text",
    _("Short name"),
    _("Tells findings of this check apart, for instance in the timeline."),
    "word",
)

KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        Kind(
            "signature",
            _("Signature"),
            _("Unknown or somebody else’s initials, or none."),
            manner.signature,
        ),
        Kind(
            "length",
            _("Length"),
            _("Longer than it should be, initials included."),
            manner.length,
            (
                Setting(
                    "most",
                    "number",
                    _("Maximum characters"),
                    _("X takes 280, counted as X counts: a link is 23, an emoji 2."),
                    280,
                ),
            ),
        ),
        Kind(
            "greeting",
            _("Greeting"),
            _("The first reply to somebody begins without a greeting."),
            manner.greeting,
            (Setting("terms", "terms", _("Greetings"), TERMS_HELP),),
        ),
        Kind(
            "forbidden_words",
            _("Words to avoid"),
            _("Listed words and phrases."),
            terms.forbidden,
            (NAME, Setting("terms", "terms", _("Words and phrases"), TERMS_HELP), EXCEPTIONS),
        ),
        Kind(
            "required_words",
            _("Required words"),
            _(
                "If something from the first list is there, something from the second must be "
                "there too."
            ),
            terms.required,
            (
                NAME,
                Setting("when", "terms", _("If one of these is there"), TERMS_HELP),
                Setting("need", "terms", _("one of these is needed"), TERMS_HELP),
                EXCEPTIONS,
            ),
        ),
        Kind(
            "address_form",
            _("Form of address"),
            _("“du” and “Sie” in one German text, or not the form used here."),
            languages.address_form,
            (
                Setting(
                    "house",
                    "choice",
                    _("We say"),
                    _("The form of address in German."),
                    "Sie",
                    ("Sie", "du"),
                ),
                Setting(
                    "follow_customer",
                    "yes",
                    _("Say “du” to somebody who says “du”"),
                    _("Somebody who says “du” to us may be answered with “du”."),
                    True,
                ),
            ),
        ),
        Kind(
            "shouting",
            _("Shouting"),
            _("Words in capitals in a row, repeated punctuation, too many exclamation marks."),
            manner.shouting,
            (
                Setting(
                    "capital_words",
                    "number",
                    _("Words in capitals in a row"),
                    _("This many in a row count as shouting."),
                    3,
                ),
                Setting(
                    "exclamation_marks",
                    "number",
                    _("Exclamation marks"),
                    _("More than this is too many."),
                    1,
                ),
                Setting(
                    "abbreviations",
                    "words",
                    _("Abbreviations"),
                    _("Words in capitals that are not shouting, separated by commas."),
                    (),
                ),
            ),
        ),
        Kind(
            "personal_data",
            _("Personal data"),
            _(
                "E-mail addresses, also spelt out, telephone, bank and card numbers, and "
                "numbers that fit your own patterns."
            ),
            personal_data.personal_data,
            (
                Setting(
                    "phone",
                    "countries",
                    _("Telephone numbers of"),
                    _("Countries whose numbers are recognised without an international prefix."),
                    ("DE", "AT", "CH", "GB"),
                    COUNTRIES,
                ),
                Setting(
                    "patterns",
                    "patterns",
                    _("Your own numbers"),
                    _(
                        "A name and a pattern per line: customer_number K########. # is a "
                        "digit, @ a letter."
                    ),
                ),
                Setting(
                    "allowed",
                    "words",
                    _("Allowed patterns"),
                    _("Numbers that may stand in public, separated by commas: ST-######."),
                ),
            ),
        ),
        Kind(
            "money",
            _("Promise of money"),
            _(
                "Money back, discounts, gifts and costs that we bear; not in a question, a "
                "condition or a denial."
            ),
            terms.money,
            (Setting("terms", "terms", _("Words and phrases"), TERMS_HELP), EXCEPTIONS, KNOWN),
        ),
        Kind(
            "amount",
            _("Amounts"),
            _("Sums of money, in figures or words, that the customer did not name first."),
            amounts.amount,
        ),
        Kind("date", _("Dates"), _("Days, times and spans of time that lie ahead."), promises.date),
        Kind(
            "links",
            _("Links"),
            _("Links to other hosts than ours, or too many."),
            manner.links,
            (
                Setting(
                    "hosts",
                    "words",
                    _("Our hosts"),
                    _("Only these are allowed, separated by commas; without any, every host is."),
                ),
                Setting(
                    "most",
                    "number",
                    _("Maximum links"),
                    _("More than this is too many; empty for any number."),
                    None,
                ),
            ),
        ),
        Kind(
            "language",
            _("Language"),
            _("The reply is in another language than the customer’s post."),
            languages.other_language,
            (
                Setting(
                    "least_words",
                    "number",
                    _("Minimum words"),
                    _("Shorter texts are not judged."),
                    5,
                ),
            ),
        ),
        Kind(
            "quoted_insult",
            _("Insults repeated"),
            _("Insults that we would repeat in our own name, even in quotation marks."),
            terms.forbidden,
            (Setting("terms", "terms", _("Words and phrases"), TERMS_HELP), EXCEPTIONS),
        ),
        Kind(
            "customer_tag",
            _("Tag of the customer"),
            _("The customer has one of these tags, whatever the text says."),
            terms.tagged,
            (Setting("tags", "words", _("Tags"), _("Separated by commas.")),),
        ),
        Kind(
            "unchanged_saved_reply",
            _("Saved reply unchanged"),
            _("The saved reply as it stands."),
            manner.unchanged_saved_reply,
            (
                Setting(
                    "percent",
                    "number",
                    _("Similar from, in per cent"),
                    _("From this value on it counts as unchanged."),
                    97,
                ),
            ),
        ),
        Kind(
            "near_duplicate",
            _("Nearly the same text"),
            _("Nearly the same text as somebody else got within the last day; X may refuse it."),
            manner.near_duplicate,
            (
                Setting(
                    "percent",
                    "number",
                    _("Similar from, in per cent"),
                    _("From this value on it counts as the same."),
                    90,
                ),
            ),
        ),
    )
}
SEVERITY_LABELS = {
    "hint": _("Hint"),
    "must_explain": _("Must be explained"),
    "needs_lead": _("Needs the lead"),
    "blocks": _("Blocks"),
}
