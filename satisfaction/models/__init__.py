"""What a second person judged, what customers were asked, and what they answered."""

from satisfaction.models.outcome_check import OutcomeCheck

__all__ = ["OutcomeCheck"]
