"""Damage what the database holds.

Every refusal, condition, lock, stamp, constraint, trigger and right.

A guard's body is read by its own words (PL/pgSQL keywords, brackets, quotes), enough to
find the operands of its conditions.
"""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from campaigns.mutants import Mutant
from core.database import grants
from core.database.guards import CompositeForeignKey, Guard, Routine, SchemaPart

WORD = re.compile(r"'(?:[^']|'')*'|\w+|\S")
OPENS = {"IF", "ELSIF", "WHERE", "HAVING"}
CLOSES = {"THEN", "ORDER", "FOR", "LIMIT", "UNION", "GROUP", "INTO", "LOOP", ";"}
LOCK = re.compile(
    r"PERFORM FROM [^;]*?\sFOR (?:NO KEY UPDATE|SHARE|UPDATE)[^;]*;"
    r"|PERFORM pg_advisory_xact_lock\([^;]*;"
)
REFUSAL = re.compile(r"RAISE EXCEPTION\s+(?:'(?:[^']|'')*'\s+)?USING\s[^;]*;")
STAMP = re.compile(r"NEW\.\w+ := [^;]*;")
ROWS = re.compile(
    r"\(\s*((?:NEW\.\w+,?\s*){2,})\)\s*IS DISTINCT FROM\s*\(\s*((?:OLD\.\w+,?\s*){2,})\)"
)
LOOK_UP = re.compile(r"\w+\.id = (?:NEW|OLD|\w+)\.\w+|\w+\.id = \w+")


def mutants() -> Iterator[Mutant]:
    """Every damage to the database, in a steady order."""
    tables = written_tables()
    for model in sorted(apps.get_models(), key=lambda known: known._meta.db_table):
        if model._meta.app_label not in grants.OURS or model._meta.proxy:
            continue
        for part in model._meta.constraints:
            yield from of_constraint(model, part, tables)
        yield from of_rights(model)


def written_tables() -> dict[str, frozenset[str]]:
    """For each guard and routine, the tables whose writing makes it run."""
    guards = [
        (part, model)
        for model in apps.get_models()
        for part in model._meta.constraints
        if isinstance(part, Guard)
    ]
    routines = [
        part
        for model in apps.get_models()
        for part in model._meta.constraints
        if isinstance(part, Routine)
    ]
    found = {part.name: frozenset({model._meta.db_table}) for part, model in guards}
    for _round in range(3):  # routines call routines
        for routine in routines:
            callers = [
                found.get(part.name, frozenset())
                for part in [*(guard for guard, _ in guards), *routines]
                if f"{routine.name}(" in part.body
            ]
            found[routine.name] = frozenset().union(*callers, found.get(routine.name, frozenset()))
    return found


def of_constraint(
    model: type[models.Model], part: models.BaseConstraint, tables: dict[str, frozenset[str]]
) -> Iterator[Mutant]:
    """A constraint of Django's, a composite key, a routine, or a guard with its trigger."""
    table = model._meta.db_table
    if isinstance(part, Guard | Routine):
        yield from of_body(model, part, tables[part.name])
        if isinstance(part, Guard):
            yield Mutant(
                f"{part.name}: the trigger is away",
                (f'ALTER TABLE "{table}" DISABLE TRIGGER {part.name}',),
                (f'ALTER TABLE "{table}" ENABLE TRIGGER {part.name}',),
                tables=frozenset({table}),
            )
    elif isinstance(part, models.CheckConstraint | CompositeForeignKey):
        yield Mutant(
            f"{table}: {part.name} is away",
            (f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS {part.name} CASCADE',),
            tables=frozenset({table}),
        )
    elif isinstance(part, models.UniqueConstraint):
        yield Mutant(
            f"{table}: {part.name} is away",
            (
                f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{part.name}" CASCADE',
                f'DROP INDEX IF EXISTS "{part.name}"',
            ),
            tables=frozenset({table}),
        )
    elif not isinstance(part, SchemaPart):
        raise TypeError(f"{part} of {table} has no damage yet")


def of_rights(model: type[models.Model]) -> Iterator[Mutant]:
    """The application may do more with a table than the model declares.

    Tables of facts only, where nothing may be changed.
    """
    table, granted = model._meta.db_table, grants.may(model)
    for right in ("UPDATE", "DELETE"):
        if right not in granted:
            yield Mutant(
                f"{table}: the application may {right}",
                (f'GRANT {right} ON "{table}" TO desk_app',),
                rights_again(table, granted),
                tables=frozenset({table}),
            )


def rights_again(table: str, granted: str) -> tuple[str, ...]:
    """The statements that leave the application what the model declares."""
    return (
        f'REVOKE ALL ON "{table}" FROM desk_app',
        *([f'GRANT {granted} ON "{table}" TO desk_app'] if granted else []),
    )


def of_body(
    model: type[models.Model], part: Guard | Routine, tables: frozenset[str]
) -> Iterator[Mutant]:
    """Each damaged body of a guard or routine, once, however it comes about."""
    seen, counted = {" ".join(part.body.split())}, {}
    for what, body in damaged(part.body):
        key = " ".join(body.split())
        if key in seen:
            continue
        seen.add(key)
        counted[what] = counted.get(what, 0) + 1
        name = f"{part.name}: {what}" + (f" ({counted[what]})" if counted[what] > 1 else "")
        yield Mutant(
            name, (replaced(model, part, body),), (replaced(model, part, part.body),), tables=tables
        )


def replaced(model: type[models.Model], part: Guard | Routine, body: str) -> str:
    """The statement that puts another body into the function; trigger and rights stay."""
    other = type(part)(**{**part.deconstruct()[2], "body": body})
    whole = other.create_sql(model, None)
    return whole[: whole.index("$guard$;") + len("$guard$;")]


def damaged(body: str) -> Iterator[tuple[str, str]]:
    """What was done, and the body after it."""
    for match in LOCK.finditer(body):
        yield f"no lock: {short(match.group())}", without(body, match.span(), "")
    for start, end in conditions(body):
        if opener(body, start) in {"IF", "ELSIF"}:
            yield f"never: {short(body[start:end])}", without(body, (start, end), " false ")
        elif not operands(body, start, end) and not LOOK_UP.fullmatch(body[start:end].strip()):
            yield f"whatever: {short(body[start:end])}", without(body, (start, end), " true ")
        yield from of_condition(body, start, end)
    for match in REFUSAL.finditer(body):
        if body[: match.start()].rstrip().endswith("THEN") and body[
            match.end() :
        ].lstrip().startswith("END IF"):
            continue  # the same as its condition that is never true
        said = " ".join(match.group().split()).removeprefix("RAISE EXCEPTION '")
        yield f"no refusal: {short(said)}", without(body, match.span(), "NULL;")
    for match in STAMP.finditer(body):
        yield f"no stamp: {short(match.group())}", without(body, match.span(), "NULL;")
    for match in ROWS.finditer(body):
        yield from of_rows(body, match)


def of_condition(body: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """A condition without each of its operands, and the bracketed ones inside it likewise."""
    for word, first, last in operands(body, start, end):
        neutral = " true " if word == "AND" else " false "
        yield f"without: {short(body[first:last])}", without(body, (first, last), neutral)
        if word == "OR":
            for _word, one, other in operands(body, first, last, among=("AND",)):
                yield f"without: {short(body[one:other])}", without(body, (one, other), " true ")
    for first, last in groups(body, start, end):
        yield from of_condition(body, first, last)


def of_rows(body: str, match: re.Match) -> Iterator[tuple[str, str]]:
    """A comparison of whole rows without each of its columns: that column is no longer held."""
    new, old = ([word.strip() for word in match.group(number).split(",")] for number in (1, 2))
    for number, column in enumerate(new):
        left = [", ".join(words[:number] + words[number + 1 :]) for words in (new, old)]
        yield (
            f"not held: {column}",
            without(body, match.span(), f"({left[0]}) IS DISTINCT FROM ({left[1]})"),
        )


def conditions(body: str) -> Iterator[tuple[int, int]]:
    """Find where each condition stands.

    After IF, ELSIF, WHERE up to what ends it on the same level of brackets.
    """
    words = list(WORD.finditer(body))
    for number, word in enumerate(words):
        if word.group().upper() not in OPENS or (
            word.group() == "IF" and number and words[number - 1].group() == "END"
        ):
            continue
        depth = cases = 0
        for other in words[number + 1 :]:
            text = other.group().upper()
            depth += (text == "(") - (text == ")")
            cases += (text == "CASE") - (text == "END")
            if depth < 0 or (depth == 0 and cases == 0 and text in CLOSES):
                yield word.end(), other.start()
                break


def operands(
    body: str, start: int, end: int, among: tuple[str, ...] = ("OR", "AND")
) -> list[tuple[str, int, int]]:
    """The operands of the weakest connective in this stretch, with it.

    None where nothing is connected.
    """
    level = list(top_level(body, start, end))
    for connective in among:
        cuts, between = [], 0
        for word in level:
            text = word.group().upper()
            between += text == "BETWEEN"
            if text == connective:
                if text == "AND" and between:
                    between -= 1
                else:
                    cuts.append(word.span())
        if cuts:
            edges = [start, *(edge for cut in cuts for edge in cut), end]
            return [
                (connective, edges[number], edges[number + 1]) for number in range(0, len(edges), 2)
            ]
    return []


def groups(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The bracketed conditions directly inside this stretch.

    Calls, lists and queries are left alone.
    """
    depth, opened, before = 0, 0, ""
    for word in WORD.finditer(body, start, end):
        text = word.group().upper()
        if text == "(":
            depth += 1
            if depth == 1:
                opened = word.end() if before in {"", "AND", "OR", "NOT"} else -1
        elif text == ")":
            depth -= 1
            if (
                depth == 0
                and opened >= 0
                and not body[opened : word.start()].strip().upper().startswith("SELECT")
            ):
                yield opened, word.start()
        before = text


def top_level(body: str, start: int, end: int) -> Iterator[re.Match]:
    """The words outside brackets and CASE."""
    depth = cases = 0
    for word in WORD.finditer(body, start, end):
        text = word.group().upper()
        depth += (text == "(") - (text == ")")
        cases += (text == "CASE") - (text == "END")
        if depth == 0 and cases == 0:
            yield word


def opener(body: str, start: int) -> str:
    """The word that opened the condition which starts here."""
    return re.search(r"(\w+)\s*$", body[:start]).group(1).upper()  # type: ignore[union-attr]


def without(body: str, span: tuple[int, int], put: str) -> str:
    """The body with something else in this place."""
    return body[: span[0]] + put + body[span[1] :]


def short(text: str) -> str:
    """One line of it."""
    return " ".join(text.split())[:110]
