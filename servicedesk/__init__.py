"""Wiring: settings, addresses, Celery, and the screens that span packages."""
