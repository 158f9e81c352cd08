"""From what was typed to what will stand on X.

Signature, limits, and the one canonical text that is hashed.
"""

import json
import re

from django.utils.translation import gettext as _

from approvals.checks import placeholders
from approvals.models import Draft
from core.errors import Invalid, Reason
from core.text.characters import cleaned
from core.text.readable import readable
from networks.contract import TextRules
from networks.names import Surface
from networks.text import normal
from people.models import Person


def signed(text: str, initials: str) -> str:
    """Return the text with ` ^xy` at its very end, once, even if it was typed."""
    body = re.sub(rf"(?:\s*\^{re.escape(initials)})+\s*$", "", normal(text), flags=re.IGNORECASE)
    return f"{body} ^{initials}"


def body_of(text: str, initials: str) -> str:
    """Return the text without its signature."""
    return signed(text, initials).removesuffix(f" ^{initials}")


def ready(text: str, author: Person, rules: TextRules) -> str:
    """Return the signed text, if its network takes it; else `Invalid` with sentence and code."""
    if not author.initials:
        raise Invalid(
            Reason(
                "initials_missing",
                _(
                    "You have no initials yet, and every reply is signed. The "
                    "administrator can give "
                    "you some; your text is kept."
                ),
            ),
            "text",
        )
    text = cleaned(text)
    if not body_of(text, author.initials).strip():
        raise Invalid(
            Reason("text_empty", _("There is no text yet. Write a reply, then submit it.")), "text"
        )
    whole = signed(readable(text), author.initials)
    placeholders.refuse_in(whole, field="text")
    over = rules.weigh(whole) - rules.limit
    if over > 0:
        raise Invalid(
            Reason(
                "text_long",
                _(
                    "The text is over the limit by {n}, initials included. Shorten it; "
                    "nothing is lost."
                ).format(n=over),
            ),
            "text",
            over=over,
        )
    if reason := why_too_many_cashtags(whole, rules):
        raise Invalid(reason, "text", cashtags=rules.cashtags.findall(whole))
    return whole


def why_too_many_cashtags(text: str, rules: TextRules) -> Reason | None:
    """Why X would refuse this text for its ticker symbols; None where it takes them."""
    symbols = rules.cashtags.findall(text)
    if len(symbols) <= rules.most_cashtags:
        return None
    return Reason(
        "cashtags",
        _(
            "X allows one $ ticker symbol per post, and this text has {n}: {symbols}. Keep "
            "one, then submit."
        ).format(n=len(symbols), symbols=", ".join(symbols)),
    )


def payload_of(draft: Draft, text: str, attachments: list[dict[str, str]]) -> str:
    """Return what a revision of this draft is, as canonical JSON: sorted keys, no blanks.

    `text` is the signed text; an attachment names hash, kind and description. Network, account,
    target and initials are the draft's; the database refuses others. What comes later gets a key of
    its own and another `version`.
    """
    return json.dumps(
        {
            "account": draft.ticket.account.external_id,
            "attachments": attachments,
            "draft": draft.pk,
            "initials": draft.writer.person.initials or "",
            "network": draft.ticket.account.network,
            "surface": Surface.PUBLIC.value,
            "target": (draft.target.newest or draft.target).external_id,
            "text": text,
            "version": 2,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
