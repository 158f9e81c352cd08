"""What came in and where it stands: accounts, customers, mentions, tickets, notes."""

from tickets.models.account import ConnectedAccount, Feed, Gap, ParkedPost, RawPage, Trouble
from tickets.models.conversation import KnownPost, Mention, OwnPost, PostVersion
from tickets.models.customer import Customer, CustomerNote
from tickets.models.incident import Incident
from tickets.models.outcome import Outcome
from tickets.models.routing import RoutingDraft, RoutingVersion
from tickets.models.saved_view import SavedView
from tickets.models.ticket import ContextChange, Escalation, HandOff, Note, Ticket
from tickets.models.undo import UndoEntry
from tickets.models.words import CustomerWords, PostWords

__all__ = [
    "ConnectedAccount",
    "Customer",
    "CustomerWords",
    "Escalation",
    "Feed",
    "Gap",
    "ContextChange",
    "HandOff",
    "Incident",
    "KnownPost",
    "Mention",
    "Note",
    "Outcome",
    "OwnPost",
    "ParkedPost",
    "CustomerNote",
    "PostVersion",
    "PostWords",
    "RawPage",
    "RoutingDraft",
    "RoutingVersion",
    "SavedView",
    "Ticket",
    "Trouble",
    "UndoEntry",
]
