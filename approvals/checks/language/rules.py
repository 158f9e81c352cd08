"""What a rule of wording is: a pattern over one clause, and whether only statements are meant."""

import re
from dataclasses import dataclass

from approvals.checks.promises.number_words import compiled

NEAR = r"(?:\W+[\w€£$%-]+){0,7}?\W+"


@dataclass(frozen=True)
class Rule:
    """A pattern whose group `words` promises something.

    A `negated` one has a *no* of its own (*no charge*) and holds in denials, a `requested` one in
    requests (*enjoy 20 % off*).
    """

    pattern: re.Pattern[str]
    negated: bool = False
    requested: bool = False


def rule(pattern: str, *, negated: bool = False, requested: bool = False) -> Rule:
    """Return a rule over one clause, whatever its case."""
    return Rule(compiled(pattern), negated, requested)
