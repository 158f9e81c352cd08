"""Deliveries, attempts, what became of them, and readings of our own timeline."""

from posting.models.delivery import Attempt, Delivery, Reading, Result, TakeDown, Timing

__all__ = ["Attempt", "Delivery", "Reading", "Result", "TakeDown", "Timing"]
