"""Persons and their sign-ins, departments, memberships, invitations, tokens, notices.

And who changed whose access.
"""

from people.models.access import AccessChange, ApiToken, Invitation, PersonLink
from people.models.company import Company
from people.models.department import Absence, Department, Membership, RoleConfirmation
from people.models.letter import UnsentLetter
from people.models.notice import Notice, NoticePosition
from people.models.person import Person, Portrait, UsedInitials, User
from people.models.session import BrowserSession, LoginName, PasswordWish

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
    "Notice",
    "NoticePosition",
    "PasswordWish",
    "Person",
    "PersonLink",
    "Portrait",
    "RoleConfirmation",
    "UnsentLetter",
    "UsedInitials",
    "User",
]
