"""What a second person judged, what customers were asked, and what they answered."""

from satisfaction.models.outcome_check import OutcomeCheck
from satisfaction.models.survey import Answer, Asking, AskingStopped, Survey, Via

__all__ = ["Answer", "Asking", "AskingStopped", "OutcomeCheck", "Survey", "Via"]
