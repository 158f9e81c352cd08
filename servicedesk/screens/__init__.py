"""Screens that span packages, and what every page shows."""
