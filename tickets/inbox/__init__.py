"""Lists of tickets: rows, waiting times, saved views."""
