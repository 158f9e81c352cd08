"""Persons and their sign-ins, departments and memberships, tokens, and who changed whose access."""

from people.models.access import AccessChange, ApiToken
from people.models.department import Department, Membership
from people.models.person import Person, User

__all__ = ["AccessChange", "ApiToken", "Department", "Membership", "Person", "User"]
