"""Say a finding in the reader's language, and hand it to screens and scripts."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.checks import Finding as Found
from approvals.checks.kinds import SEVERITY_LABELS
from approvals.models import Finding
from approvals.models.guideline import in_own_language
from core.text.formatting import quoted

WHAT = {
    "phone": gettext_lazy("telephone number"),
    "email": gettext_lazy("e-mail address"),
    "iban": gettext_lazy("IBAN"),
    "card": gettext_lazy("card number"),
    "customer_number": gettext_lazy("customer number"),
    "order_number": gettext_lazy("order number"),
    "date": gettext_lazy("a date or a deadline"),
    "amount": gettext_lazy("an amount"),
    "money": gettext_lazy("money, a gift or costs that we bear"),
}
LANGUAGE_NAMES = {
    "de": gettext_lazy("German"),
    "en": gettext_lazy("English"),
    "fr": gettext_lazy("French"),
    "es": gettext_lazy("Spanish"),
    "it": gettext_lazy("Italian"),
    "nl": gettext_lazy("Dutch"),
    "pl": gettext_lazy("Polish"),
    "tr": gettext_lazy("Turkish"),
}
BY_KIND = {
    "length": gettext_lazy("{n} of 280 characters, initials included."),
    "forbidden_words": gettext_lazy("{words} is better said differently here."),
    "required_words": gettext_lazy(
        "Something is passed on, but nobody is named. Say who takes over."
    ),
    "address_form": gettext_lazy("{words} does not fit the form of address in this conversation."),
    "greeting": gettext_lazy("First reply to {customer}: a greeting is missing."),
    "shouting": gettext_lazy("{words} reads like shouting."),
    "personal_data": gettext_lazy(
        "{words} looks like personal data: {what}. Ask for it by direct message instead."
    ),
    **dict.fromkeys(
        ("money", "amount", "date"), gettext_lazy("{words} reads like a promise: {what}.")
    ),
    "language": gettext_lazy("{customer} writes {language}; this text looks like {other}."),
    "unchanged_saved_reply": gettext_lazy("This is the saved reply as it stands."),
    "near_duplicate": gettext_lazy("Almost the same text went to {customer} today."),
    "quoted_insult": gettext_lazy("{words} would be repeated in our name."),
    "customer_tag": gettext_lazy("{customer} is tagged {tag}."),
}
BY_DETAIL = {
    ("links", "host"): gettext_lazy("{words} leads away from our help pages."),
    ("links", "several"): gettext_lazy("A second link is one too many."),
    ("signature", "unknown"): gettext_lazy("{words} is not among the valid initials."),
    ("signature", "others"): gettext_lazy("{words} are somebody else’s initials."),
    ("signature", "missing"): gettext_lazy("The initials are missing."),
}


def sentence(finding: Found | Finding) -> str:
    """Return what the finding says, for whoever reads it now."""
    template = BY_DETAIL.get((finding.kind, finding.detail)) or BY_KIND.get(finding.kind)
    if template is None:
        return finding.words
    values = dict(finding.values)
    for name in ("language", "other"):
        if name in values:
            values[name] = str(LANGUAGE_NAMES.get(values[name], values[name]))
    if "tag" in values:
        values["tag"] = quoted(values["tag"])
    blank = dict.fromkeys(("n", "customer", "language", "other", "tag"), "")
    said = str(template).format(
        **blank
        | values
        | {"words": quoted(finding.words), "what": str(WHAT.get(finding.detail, finding.detail))}
    )
    return (
        _("In the description of a picture: {sentence}").format(sentence=said)
        if values.get("place") == "alt"
        else said
    )


def title_of(finding: Found) -> str:
    """Return the title of the paragraph that the finding is about, in the reader's language."""
    return in_own_language(finding.title_en, finding.title_de)


def shown(finding: Found) -> dict[str, Any]:
    """Return a finding for a screen, a script or the API.

    `start` and `end` are places in the typed text.
    """
    return {
        "key": finding.key,
        "kind": finding.kind,
        "detail": finding.detail,
        "severity": finding.severity,
        "label": str(SEVERITY_LABELS[finding.severity]),
        "paragraph": finding.paragraph,
        "title": title_of(finding),
        "sentence": sentence(finding),
        "start": finding.start,
        "end": finding.end,
    }
