"""The networks that the desk knows, and where on them a text stands.

Both are part of what is hashed, signed and sent.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Network(models.TextChoices):
    """A network with accounts, posts and replies."""

    X = "x", "X"


class Surface(models.TextChoices):
    """Where on a network a text stands, and so who can read it."""

    PUBLIC = "public", _("Public")
