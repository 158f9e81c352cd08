"""Columns that stand on one line: names, titles, tags, addresses.

The database refuses a control character in any of them.

A line break in a name would become a second line wherever the name stands: in the subject of an
e-mail, in a header, in a list. `core.text.readable.one_line` makes such a text.
"""

from django.db.models import CheckConstraint, Q

from core.errors import ON_ONE_LINE

# Controls, the line ends of Unicode among them; NUL is kept by no database.
BREAKS = r"[\u0001-\u001F\u007F-\u009F\u2028\u2029]"


def on_one_line(table: str, *columns: str) -> CheckConstraint:
    """Guard a table: none of these columns holds a control character or a line break."""
    condition = Q()
    for column in columns:
        condition &= ~Q(**{f"{column}__regex": BREAKS})
    return CheckConstraint(condition=condition, name=f"{table}{ON_ONE_LINE}")
