"""Triggers, routines and composite keys as constraints of a model.

So Django's own autodetector migrates them. Every guard runs with a fixed search path (`pg_temp`
last, or a temporary table could take a real one's place), belongs to the owner, and may be executed
by nobody else. Sources: PostgreSQL documentation, "Writing SECURITY DEFINER Functions Safely".
"""

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import models
from django.db.models import BaseConstraint, Func
from django.utils.functional import cached_property

ROOT = Path(__file__).resolve().parent.parent.parent
SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"


class DeskNow(Func):
    """The one clock that decides: the database's `desk_now()`."""

    function = "desk_now"
    template = "desk_now()"
    output_field = models.DateTimeField()


class Body(str):
    """The text of a guard or routine that stands in a file; `name` is the guard's, and its file's.

    A migration holds it as `frozen(name, number)`: Django's writer asks `deconstruct()`.
    """

    name: str

    def __new__(cls, text: str, name: str) -> "Body":
        """Remember beside the text whose it is."""
        body = super().__new__(cls, text)
        body.name = name
        return body

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Let a copy be made with both arguments."""
        return str(self), self.name

    def number(self) -> int:
        """Return the number of the frozen copy with this text, or the next one that is free."""
        copies = frozen_copies(self.name)
        same = [number for number, path in copies.items() if path.read_text() == self]
        return max(same, default=max(copies, default=0) + 1)

    def freeze(self) -> None:
        """Write the frozen copy, if there is none with this text."""
        if (number := self.number()) in frozen_copies(self.name):
            return
        folder = file_of(self.name).parent.parent / "migrations" / "sql"
        folder.mkdir(exist_ok=True)
        (folder / f"{self.name}.{number}.sql").write_text(self)

    def deconstruct(self) -> tuple[str, tuple[str, int], dict[str, Any]]:
        """Stand in a migration as the call that reads the frozen copy."""
        return "core.database.guards.frozen", (self.name, self.number()), {}


def sql(name: str, **values: str) -> Body:
    """Return the body `<package>/sql/<name>.sql`, each `{{value}}` filled in.

    Comment lines are left out. The name's first word says whose rule it is; where a higher package
    answers for it (`approvals_on_its_way` by `posting`), the file stands there.

    Raises `KeyError` for a place that nothing fills, `StopIteration` where no package has it.
    """
    text = file_of(name).read_text()
    lines = [line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("--")]
    filled = re.sub(r"\{\{([a-z_]+)\}\}", lambda place: values[place.group(1)], "".join(lines))
    return Body(filled, name)


@functools.cache
def frozen(name: str, number: int) -> Body:
    """Return the body as a migration made it: copy `number` of this guard, which never changes."""
    return Body(frozen_copies(name)[number].read_text(), name)


def file_of(name: str) -> Path:
    """Return the file with the body as it is now, in whichever package it stands."""
    return next(ROOT.glob(f"*/sql/{name}.sql"))


def frozen_copies(name: str) -> dict[int, Path]:
    """Return the frozen copies of this guard by their number."""
    copies = ROOT.glob(f"*/migrations/sql/{name}.*.sql")
    return {int(path.name.split(".")[1]): path for path in copies}


def moves(table: Mapping[Any, Iterable[Any]]) -> str:
    """Write a table of moves as SQL's pairs `('from', 'to'), …`, a line for each state."""
    lines = [
        ", ".join(f"('{before!s}', '{after}')" for after in sorted(map(str, targets)))
        for before, targets in table.items()
        if targets
    ]
    return "\n    " + ",\n    ".join(lines) + "\n  "


class SchemaPart(BaseConstraint):
    """Something of ours in the schema that Django's constraints do not cover.

    Subclasses say how it is made and dropped.
    """

    parts: tuple[str, ...] = ()

    def __init__(self, *, name: str, **parts: Any) -> None:
        super().__init__(name=name)
        for part in self.parts:
            setattr(self, part, parts.get(part, ""))

    def deconstruct(self) -> tuple[str, tuple, dict]:
        """All of it goes into the migration, bodies as text."""
        path, arguments, named = super().deconstruct()
        named |= {part: value for part in self.parts if (value := getattr(self, part))}
        return path, tuple(arguments), named

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SchemaPart) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """`full_clean()` has nothing to ask here; the database answers."""

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]
        """Inside CREATE TABLE it must wait until the table stands."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the statements that make it."""
        raise NotImplementedError

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the statement that drops it."""
        raise NotImplementedError


class Routine(SchemaPart):
    """A function that guards call.

    `app_calls` lets the application's role ask it too: it then only explains, unless it `writes`.
    """

    parts = ("arguments", "returns", "body", "app_calls", "language", "writes")
    arguments: str
    returns: str
    body: str
    writes: bool

    @cached_property
    def signature(self) -> str:
        """Name and argument types, as GRANT and DROP want them."""
        types = ", ".join(one.split()[-1] for one in self.arguments.split(",") if one.strip())
        return f"public.{self.name}({types})"

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the function, with a fixed search path and EXECUTE taken from everybody."""
        return (
            f"CREATE OR REPLACE FUNCTION public.{self.name}({self.arguments}) RETURNS "
            f"{self.returns} "
            f"LANGUAGE plpgsql {'VOLATILE' if self.writes else 'STABLE'} SECURITY DEFINER "
            f"{SEARCH_PATH}\nAS $guard$\n{self.body}\n$guard$;\n"
            f"REVOKE ALL ON FUNCTION {self.signature} FROM PUBLIC;"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        """Drop it with what hangs on it."""
        return f"DROP FUNCTION IF EXISTS {self.signature} CASCADE"


class Guard(SchemaPart):
    """A trigger and its function; `name` names both.

    `definer` for every guard that reads, locks or writes other tables.

    A `deferred` one runs when the transaction commits, after everything else.
    """

    parts = ("when", "body", "definer", "level", "condition", "deferred")
    when: str
    body: str
    definer: bool
    level: str
    condition: str
    deferred: bool

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Make function and trigger."""
        definer = "SECURITY DEFINER " if self.definer else ""
        condition = f" WHEN ({self.condition})" if self.condition else ""
        return (
            f"CREATE OR REPLACE FUNCTION public.{self.name}() RETURNS trigger LANGUAGE "
            f"plpgsql {definer}{SEARCH_PATH}\n"
            f"AS $guard$\n{self.body}\n$guard$;\n"
            f"REVOKE ALL ON FUNCTION public.{self.name}() FROM PUBLIC;\n"
            f"CREATE {'CONSTRAINT ' if self.deferred else ''}TRIGGER {self.name} "
            f'{self.when} ON "{model._meta.db_table}" '
            f"{'DEFERRABLE INITIALLY DEFERRED ' if self.deferred else ''}FOR EACH "
            f"{self.level or 'ROW'}{condition} EXECUTE FUNCTION public.{self.name}();"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        """Drop the function, which drops the trigger."""
        return f"DROP FUNCTION IF EXISTS public.{self.name}() CASCADE"


class CompositeForeignKey(SchemaPart):
    """A foreign key over two columns, so that a row names an object and its hash together."""

    parts = ("columns", "to_table", "to_columns")
    columns: str
    to_table: str
    to_columns: str

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the key; it needs a unique constraint over the same columns on the other side."""
        return (
            f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT {self.name} FOREIGN KEY '
            f"({self.columns}) "
            f"REFERENCES {self.to_table} ({self.to_columns})"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the key alone."""
        return f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT IF EXISTS {self.name}'


def refuse(guard: str, sentence: str) -> str:
    """Return the statement with which a guard refuses.

    `sentence` is for the log, people read the desk's own words.
    """
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'DK403', CONSTRAINT = '{guard}';"


def append_only(table: str) -> Guard:
    """Make rows of this table facts: nobody changes, deletes or truncates them.

    The owner included.
    """
    name = f"{table}_append_only"
    return Guard(
        name=name,
        when="BEFORE UPDATE OR DELETE OR TRUNCATE",
        level="STATEMENT",
        body=f"BEGIN {refuse(name, 'facts are never changed')} END",
    )


def once_set(table: str, *columns: str) -> Guard:
    """Each of these columns is written once, from null to a value, and then stays.

    What ended or was seen does not come back.
    """
    name = f"{table}_once"
    changed = " OR ".join(
        f"(OLD.{one} IS NOT NULL AND NEW.{one} IS DISTINCT FROM OLD.{one})" for one in columns
    )
    return Guard(
        name=name,
        when="BEFORE UPDATE",
        body=(
            f"BEGIN IF {changed} THEN {refuse(name, 'what is set once stays')} END IF; RETURN "
            f"NEW; END"
        ),
    )
