"""Deliveries, attempts, their outcomes and doubts, and readings of our own timeline."""

from posting.models.delivery import Attempt, Delivery, Reading, Result, TakeDown, Timing
from posting.models.doubt import Doubt

__all__ = ["Attempt", "Delivery", "Doubt", "Reading", "Result", "TakeDown", "Timing"]
