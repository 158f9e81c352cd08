"""Whether X will accept a reply, said before anybody writes: green or red, each with a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tickets.models import Mention
from tickets.states import GONE

CLOSED = {"following", "subscribers", "verified", "other"}


@dataclass(frozen=True)
class Light:
    """`colour` is green or red; `code` names the case; `sentence` is for people."""

    colour: str
    code: str
    sentence: str


def light_of(mention: Mention) -> Light:
    """The light for a reply to this post."""
    names = {"customer": f"@{mention.customer.handle}", "account": f"@{mention.account.handle}"}
    if mention.status in GONE:
        return Light(
            "red",
            "gone",
            _(
                "The post is deleted or no longer visible to us. It cannot be replied to; "
                "resolve the ticket or "
                "wait for a new post."
            ),
        )
    if mention.reply_settings in CLOSED:
        return Light(
            "red",
            "restricted",
            _(
                "{customer} has limited who may reply. X accepts no reply from the desk; "
                "wait for a post "
                "that names us."
            ).format(**names),
        )
    if mention.names_us:
        return Light(
            "green",
            "named",
            _("X will accept a reply: {customer} named {account}.").format(**names),
        )
    if mention.quotes_us:
        return Light(
            "green",
            "quoted",
            _("X will accept a reply: {customer} quoted our post.").format(**names),
        )
    return Light(
        "red",
        "keyword",
        _(
            "The post does not name us, so X accepts no reply from the desk. Wait for a "
            "post that does."
        ),
    )
