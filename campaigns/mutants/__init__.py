"""Small damages to the desk's guards, one at a time, and whether a test notices each.

The campaign `mutation` runs them.
"""

import hashlib
from dataclasses import dataclass, field

LINKS = "links"  # stands for the tests that follow the address of what is only ever posted
WEB = "servicedesk/settings.py:"  # stands for whatever answers a browser


@dataclass(frozen=True)
class Mutant:
    """Hold one damage.

    `name` says what was done where, and is the same on every machine and in every run.

    `statements` weaken a database, as its owner, and `restore` mends it (without any, the
    database is of no more use); `source` takes the place of the Python module `module` when
    it is imported; `function` was damaged in it, whose text is `part`. `tables` and
    `functions` say which tests it concerns: those that write one of these tables, or run
    one of these functions.
    """

    name: str
    statements: tuple[str, ...] = ()
    restore: tuple[str, ...] = ()
    module: str = ""
    source: str = ""
    function: str = ""
    part: str = ""
    tables: frozenset[str] = field(default_factory=frozenset)
    functions: frozenset[str] = field(default_factory=frozenset)

    @property
    def fingerprint(self) -> str:
        """Changes when the damaged thing changes.

        An answer found for another fingerprint is asked again.
        """
        return hashlib.sha256(
            "\0".join([self.name, *self.statements, self.part]).encode()
        ).hexdigest()[:16]


def everything() -> list[Mutant]:
    """All of them; needs Django set up."""
    from campaigns.mutants import python, sql, web

    return [*sql.mutants(), *python.mutants(), *web.mutants()]
