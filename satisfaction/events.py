"""Names of the events of this package.

Each has a template of the same name under `templates/timeline/`.
"""

OUTCOME_CHECKED = "outcome.checked"
