"""Backups of the database: making them, restoring them, and proving that they can be restored."""
