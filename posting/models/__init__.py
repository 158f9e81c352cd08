"""Deliveries, attempts, what became of them, and readings of our own timeline."""

from posting.models.delivery import Attempt, Delivery, Reading, Result

__all__ = ["Attempt", "Delivery", "Reading", "Result"]
