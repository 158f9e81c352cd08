"""Names of the events of this package.

Each has a template of the same name under `templates/timeline/`.
"""

OUTCOME_CHECKED = "outcome.checked"
SURVEY_CHANGED = "survey.changed"
SURVEY_ASKED = "survey.asked"
SURVEY_ANSWERED = "survey.answered"
SURVEY_STOPPED = "survey.stopped"
