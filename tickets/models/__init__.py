"""What came in and where it stands: accounts, customers, mentions, tickets, notes."""

from tickets.models.account import ConnectedAccount, Feed, Gap, ParkedPost, RawPage, Trouble
from tickets.models.conversation import KnownPost, Mention, OwnPost, PostVersion
from tickets.models.customer import Customer, PersonNote
from tickets.models.incident import Incident
from tickets.models.routing import RoutingDraft, RoutingVersion
from tickets.models.saved_view import SavedView
from tickets.models.ticket import Escalation, GroundMove, HandOff, Note, Ticket

__all__ = [
    "ConnectedAccount",
    "Customer",
    "Escalation",
    "Feed",
    "Gap",
    "GroundMove",
    "HandOff",
    "Incident",
    "KnownPost",
    "Mention",
    "Note",
    "OwnPost",
    "ParkedPost",
    "PersonNote",
    "PostVersion",
    "RawPage",
    "RoutingDraft",
    "RoutingVersion",
    "SavedView",
    "Ticket",
    "Trouble",
]
