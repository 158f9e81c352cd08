"""Deliveries, attempts, their outcomes and doubts, and timeline_checks of our own timeline."""

from posting.models.delivery import Attempt, Delivery, Result, TakeDown, TimelineCheck, Timing
from posting.models.doubt import Doubt

__all__ = ["Attempt", "Delivery", "Doubt", "TimelineCheck", "Result", "TakeDown", "Timing"]
