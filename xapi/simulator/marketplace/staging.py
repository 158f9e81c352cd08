"""What a visitor of the public page can bring about.

A customer who writes, a wave, and the ways in which the network makes it difficult.
"""

from html import escape
from typing import Any

from xapi.simulator.faults import Faults
from xapi.simulator.marketplace.scenarios import Script
from xapi.simulator.nouns import Refused

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "write": "Let customers write",
        "hard": "Make it difficult",
        "waits": "waits for the next reply",
        "order": "Order",
        "polite": ("One polite question", "at once, in English"),
        "furious": ("A furious one, who answers back", "in German, several posts"),
        "stage": ("A noble persona", "wants a duel, for the lead to decide"),
        "wave": ("Crisis wave", "many posts about one outage, for minutes"),
        "lost": ("The answer gets lost on the way", "the reply is public, the desk is not told"),
        "refused": ("X refuses the next reply", "for a reason the sender can read"),
        "credit": ("The credit is used up", "402: sending pauses until somebody acts"),
        "slow": ("Eight seconds slow", "the next reply takes its time"),
    },
    "de": {
        "write": "Kundinnen und Kunden schreiben lassen",
        "hard": "Schwierigkeiten machen",
        "waits": "wartet auf die nächste Antwort",
        "order": "Bestellen",
        "polite": ("Eine höfliche Frage", "sofort, auf Englisch"),
        "furious": ("Eine wütende Person, die zurückschreibt", "auf Deutsch, mehrere Posts"),
        "stage": ("Eine Kunstfigur von Adel", "will ein Duell; das entscheidet die Leitung"),
        "wave": ("Krisenwelle", "viele Posts zu einer Störung, minutenlang"),
        "lost": (
            "Die Antwort geht unterwegs verloren",
            "sie ist öffentlich, der Desk erfährt es nicht",
        ),
        "refused": ("X weist die nächste Antwort zurück", "mit lesbarem Grund"),
        "credit": (
            "Das Guthaben ist verbraucht",
            "402: Es wird erst gesendet, wenn jemand handelt",
        ),
        "slow": ("Acht Sekunden langsam", "die nächste Antwort braucht ihre Zeit"),
    },
}
CUSTOMERS = {"polite": "grace", "furious": "dirk", "stage": "graefin"}
FAULTS: dict[str, dict[str, Any]] = {
    "lost": {"kind": "lost"},
    "refused": {"kind": "403 other"},
    "credit": {"kind": "402"},
    "slow": {"kind": "slow", "seconds": 8},
}


class Staging:
    """The buttons at the right of the public page.

    Without a world there are no customers to let write, and only the difficulties are shown.
    """

    def __init__(self, script: Script, faults: Faults) -> None:
        self.script, self.faults = script, faults

    def play(self, what: str) -> None:
        """Bring it about.

        Raises `Refused` (400) for what nobody knows, and for a customer whom this world does not
        have.
        """
        if what in CUSTOMERS and self.has(CUSTOMERS[what]):
            self.script.begin(CUSTOMERS[what])
        elif what == "wave" and self.script.world.get("wave"):
            self.script.start_wave()
        elif what in FAULTS:
            self.faults.order(**FAULTS[what])
        else:
            raise Refused(400, "Nobody here knows how to do that.")

    def has(self, key: str) -> bool:
        """Whether this world has that customer."""
        return any(one["key"] == key for one in self.script.world.get("customers", []))

    def waiting(self, what: str) -> bool:
        """Whether this difficulty was ordered and has not hit anybody yet."""
        return any(one.kind == FAULTS[what]["kind"] for one in self.faults.waiting)

    def html(self, lang: str, me: str) -> str:
        """Return the column, one form per button; it works without JavaScript."""
        words = WORDS[lang]
        scenes = [one for one, key in CUSTOMERS.items() if self.has(key)] + (
            ["wave"] if self.script.world.get("wave") else []
        )
        hidden = (
            f'<input type="hidden" name="as" value="{escape(me)}"><input type="hidden" '
            f'name="lang" value="{lang}">'
        )

        def button(what: str) -> str:
            name, about = words[what]
            ordered = what in FAULTS and self.waiting(what)
            state = (
                f'<small class="ordered">{words["waits"]}</small>'
                if ordered
                else f"<small>{about}</small>"
            )
            return (
                f'<li><form method="post" action="/play">{hidden}<button class="scene" '
                f'name="what" value="{what}"><b>{name}</b>{state}</button></form></li>'
            )

        parts = [("write", scenes), ("hard", list(FAULTS))]
        return "".join(
            f"<h2>{words[title]}</h2><ul>{''.join(map(button, names))}</ul>"
            for title, names in parts
            if names
        )
