"""Who gets a text once it is submitted: said alike on the button, below the text, at a finding."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.checks import Finding as Found
from core.text.formatting import NAMED, listed
from people import access
from people.models import User
from tickets import lifecycle
from tickets.models import Ticket


@dataclass(frozen=True)
class Destination:
    """Who gets a text, in words.

    `paragraph` is that of the finding which asks for the lead, empty where none does.
    """

    names: str
    goes_to_lead: bool
    paragraph: str = ""

    @property
    def sentence(self) -> str:
        """Say who gets it."""
        if not self.names:
            return _("Nobody may approve this text at present.")
        if self.goes_to_lead:
            return _("Goes to the lead: {names}").format(names=self.names)
        return _("To {names}").format(names=self.names)

    @property
    def lead_sentence(self) -> str:
        """Say because of what the lead gets it, if a finding asks so; else nothing."""
        if not self.names or not self.paragraph:
            return ""
        words = _("Because of paragraph {n} this reply goes to {names} when you submit it.")
        return words.format(n=self.paragraph, names=self.names)

    @property
    def button(self) -> str:
        """Name what submitting does."""
        return _("Submit to the lead") if self.goes_to_lead else _("Submit for review")


def destination_of(ticket: Ticket, found: Iterable[Found], by: User) -> Destination:
    """Say who gets a text of this person with these findings: the lead's side where one asks so."""
    is_escalated = lifecycle.open_escalation(ticket) is not None
    asking = next((one for one in found if one.severity == "needs_lead"), None)
    goes_to_lead = is_escalated or asking is not None
    people = access.entitled_people(
        ticket.department, lead_side=goes_to_lead, owner=ticket.account.department
    )
    own = access.all_rows_of(by.person_id)
    return Destination(
        names=listed([person.name for person in people if person.pk not in own], NAMED),
        goes_to_lead=goes_to_lead,
        paragraph="" if is_escalated or asking is None else asking.paragraph,
    )
