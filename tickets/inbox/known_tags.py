"""Tags that are in use, to choose from while one is typed."""

from django.db import connection

from core.database import planned
from people.access import department_ids
from people.models import User

LATELY = 2000  # of the newest tickets, so that it costs the same however many there are
MOST = 200
# A condition on the newest number would be planned for a third of all tickets.
TAGS = f"""
    SELECT tag, count(*) FROM (
      SELECT department_id, tags FROM tickets_ticket ORDER BY id DESC LIMIT {LATELY}
    ) AS lately, unnest(lately.tags) AS tag
    WHERE lately.department_id = ANY (%s)
    GROUP BY tag ORDER BY count(*) DESC, tag LIMIT {MOST}"""


def known_tags(user: User) -> list[str]:
    """Return the tags of the newest tickets that this person sees, the most frequent first."""
    rows = planned.all_rows(connection.alias, TAGS, (list(department_ids(user)),))
    return [tag for tag, _number in rows]
