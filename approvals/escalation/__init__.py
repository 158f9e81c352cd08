"""Sending a ticket to the lead, and calling whoever keeps it waiting."""
