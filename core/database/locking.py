"""Locking a row."""

from django.db import models


def lock_row(model: type[models.Model], pk: int) -> None:
    """Lock this row until the end of the transaction, in a statement of its own.

    Raises `model.DoesNotExist`.

    Read it afterwards, with whatever belongs to it. A join inside the locking statement is not read
    anew after the wait (PostgreSQL's EvalPlanQual checks the new row against the others as they
    were), so a ticket that was handed to another department meanwhile would vanish.
    """
    model._default_manager.select_for_update(no_key=True).order_by().values_list("pk").get(pk=pk)
