"""Persons and their sign-ins, departments and memberships, invitations and tokens, and who changed whose access."""

from people.models.access import AccessChange, ApiToken, Invitation, PersonLink
from people.models.department import Absence, Department, Membership
from people.models.person import Person, UsedInitials, User

__all__ = ["Absence", "AccessChange", "ApiToken", "Department", "Invitation", "Membership", "Person", "PersonLink", "UsedInitials", "User"]
