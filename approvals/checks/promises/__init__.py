"""Dates and spans of time that read as a promise."""
