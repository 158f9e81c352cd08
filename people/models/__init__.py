"""Persons and their sign-ins, departments, memberships, invitations, tokens.

And who changed whose access.
"""

from people.models.access import AccessChange, ApiToken, Invitation, PersonLink
from people.models.company import Company
from people.models.department import Absence, Department, Membership, RoleConfirmation
from people.models.pace import Pace
from people.models.person import Person, Portrait, UsedInitials, User
from people.models.session import BrowserSession, LoginName, PasswordWish
from people.models.unsent_email import UnsentLetter

__all__ = [
    "Absence",
    "AccessChange",
    "ApiToken",
    "BrowserSession",
    "Company",
    "Department",
    "Invitation",
    "LoginName",
    "Membership",
    "Pace",
    "PasswordWish",
    "Person",
    "PersonLink",
    "Portrait",
    "RoleConfirmation",
    "UnsentLetter",
    "UsedInitials",
    "User",
]
