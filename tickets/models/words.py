"""What the search looks through: the words of posts and of customers, cut by one rule.

The database writes these rows itself, with the post and with the customer (`search_guards`); the
application only reads them. Whatever is emptied there is empty here in the same statement.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tickets.models.conversation import PostVersion
from tickets.models.customer import Customer
from tickets.models.search_guards import (
    ASKED,
    CUT,
    KEEP_CUSTOMER,
    KEEP_POST,
    PIECES,
    READ,
)


class PostWords(models.Model):
    """The words of one version of a post: its forms, and what is looked for within words."""

    version = models.OneToOneField(PostVersion, primary_key=True, on_delete=models.PROTECT)
    words = SearchVectorField()
    pieces = models.TextField()

    app_may = "SELECT"

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="post_words"),
            GinIndex(OpClass("pieces", name="gin_trgm_ops"), name="post_pieces"),
        ]
        constraints = [READ, CUT, PIECES, ASKED, KEEP_POST]

    def __str__(self) -> str:
        return f"words of {self.version_id}"


class CustomerWords(models.Model):
    """The handle and the name of a customer, likewise."""

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.PROTECT)
    words = SearchVectorField()
    pieces = models.TextField()

    app_may = "SELECT"

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="customer_words"),
            GinIndex(OpClass("pieces", name="gin_trgm_ops"), name="customer_pieces"),
        ]
        constraints = [KEEP_CUSTOMER]

    def __str__(self) -> str:
        return f"words of {self.customer_id}"
