"""The roles of a membership and what each may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """In rising order; each may also do what those before it may.

    The administrator stands apart and decides nothing.
    """

    AGENT = "agent", _("Agent")
    REVIEWER = "reviewer", _("Team lead")
    DEPUTY = "deputy", _("Deputy")
    LEAD = "lead", _("Department lead")
    ADMINISTRATOR = "administrator", _("Administrator")


WRITERS = (Role.AGENT, Role.REVIEWER, Role.DEPUTY, Role.LEAD)
REVIEWERS = (Role.REVIEWER, Role.DEPUTY, Role.LEAD)
LEADS = (Role.DEPUTY, Role.LEAD)
RANK = {role: place for place, role in enumerate(WRITERS)}


class Standing(models.TextChoices):
    """Whether a role counts, by the database's own rule (`people_role_standing`)."""

    COMMAND = "command", _("set up by command")
    CONFIRMED = "confirmed", _("confirmed")
    BY_ONE = "by_one", _("given by one")
    WAITS = "waits", _("waits for confirmation")
    REFUSED = "refused", _("not confirmed")


COUNTING = (Standing.COMMAND, Standing.CONFIRMED, Standing.BY_ONE)


class ReviewPolicy(models.TextChoices):
    """Who may endorse in a department."""

    REVIEWERS = "reviewers", _("Team leads and the department lead approve")
    COLLEAGUES = "colleagues", _("Any colleague may approve")
