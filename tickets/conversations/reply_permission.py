"""Whether X will accept a reply, said before anybody writes: green or red, each with a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from networks.registry import network_of
from tickets.models import Mention
from tickets.states import GONE


@dataclass(frozen=True)
class Light:
    """`colour` is green or red; `code` names the case; `sentence` is for people."""

    colour: str
    code: str
    sentence: str


def light_of(mention: Mention) -> Light:
    """Return the light for a reply to this post."""
    colour, code, sentence = case_of(mention)
    return Light(
        colour,
        code,
        _(sentence).format(
            customer=f"@{mention.customer.handle}", account=f"@{mention.account.handle}"
        ),
    )


def is_open(mention: Mention) -> bool:
    """Whether X will accept a reply to this post; asks the post alone, no customer or account."""
    return case_of(mention)[0] == "green"


def case_of(mention: Mention) -> tuple[str, str, str]:
    """Which of the cases below this post is."""
    if mention.status in GONE:
        return IS_GONE
    case = network_of(mention.network).reply_case(
        reply_settings=mention.reply_settings,
        names_us=mention.names_us,
        quotes_us=mention.quotes_us,
    )
    return CASES[case]


IS_GONE = (
    "red",
    "gone",
    gettext_noop(
        "The post is deleted or no longer visible to us. It cannot be replied to; resolve the "
        "ticket or wait for a new post."
    ),
)
IS_RESTRICTED = (
    "red",
    "restricted",
    gettext_noop(
        "{customer} has limited who may reply. X accepts no reply from the desk; wait for a post "
        "that names us."
    ),
)
NAMES_US = (
    "green",
    "named",
    gettext_noop("X will accept a reply: {customer} named {account}."),
)
QUOTES_US = (
    "green",
    "quoted",
    gettext_noop("X will accept a reply: {customer} quoted our post."),
)
DOES_NOT_NAME_US = (
    "red",
    "keyword",
    gettext_noop(
        "The post does not name us, so X accepts no reply from the desk. Wait for a post that does."
    ),
)
CASES = {one[1]: one for one in (IS_RESTRICTED, NAMES_US, QUOTES_US, DOES_NOT_NAME_US)}
