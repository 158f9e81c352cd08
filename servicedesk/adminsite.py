"""Django's admin site, open to administrators only.

Nothing of the four-eyes rule can be written there.
"""

from django.contrib import admin
from django.http import HttpRequest


class DeskAdminSite(admin.AdminSite):
    """For looking things up; the desk itself is where things are done."""

    site_header = site_title = "Paraph"

    def has_permission(self, request: HttpRequest) -> bool:
        """Administrators, while they are active."""
        return request.user.is_active and getattr(request.user, "is_staff", False)
