"""Wiring of the package that stands above all others."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class ServicedeskConfig(AppConfig):
    """Settings, URLs, Celery, the API's root and the screens that span packages; no models."""

    name = "servicedesk"

    def ready(self) -> None:
        """Make our Celery application the current one, so that a nudge finds the broker.

        The simulated X learns of an account as soon as it is connected.
        """
        import_module("servicedesk.celery")
        import_module("servicedesk.tasks")


class AdminSiteConfig(admin.AdminConfig):
    """Django's admin site, for configuration and for reading; see `servicedesk/adminsite.py`."""

    default = False
    default_site = "servicedesk.adminsite.DeskAdminSite"
