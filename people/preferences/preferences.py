"""What each person chooses for themselves.

How the desk looks and is worked, which notices come by which ways, and when the desk keeps
quiet.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Invalid, Reason
from people.hours import business_hours
from people.models import User
from people.preferences import zones
from people.preferences.keyboard_shortcuts import LETTERS, RESERVED

CHOSEN = (
    "language",
    "theme",
    "density",
    "time_zone",
    "hours",
    "letters",
    "own_letters",
    "sound",
    "moves_on",
)


def choose_desk(
    user: User,
    *,
    language: str,
    theme: str,
    density: str,
    time_zone: str,
    hours: str,
    letters: bool,
    own_letters: dict[str, str],
    sound: bool,
    moves_on: bool,
) -> User:
    """Keep how the desk looks and is worked for this sign-in.

    `own_letters` has a letter for each of the desk's letters (empty: as it is).

    `time_zone` is a name of the IANA list (empty: the desk's), `hours` is 12 or 24 (empty: as the
    language has it).

    Refuses an unknown zone, what is not one letter from a to z, the letter that begins pairs, and
    one letter for two things.
    """
    wanted = {letter: own_letters.get(letter, "").strip().lower() or letter for letter in LETTERS}
    for letter in wanted:
        refuse_odd_letter(letter, wanted)
    if time_zone and not business_hours.known_zone(time_zone):
        sentence = _("“{name}” is not a time zone that the desk knows. Choose one from the list.")
        raise Invalid(Reason("zone_odd", sentence.format(name=time_zone)), "time_zone")
    if language in {"", *dict(settings.LANGUAGES)}:
        user.language = language
    user.theme = theme if theme in {"light", "dark"} else ""
    user.density = density if density == "compact" else ""
    user.time_zone, user.hours = time_zone, hours if hours in zones.HOURS else ""
    user.letters, user.sound, user.moves_on = letters, sound, moves_on
    user.own_letters = {letter: own for letter, own in wanted.items() if own != letter}
    user.save(update_fields=[*CHOSEN])
    return user


def refuse_odd_letter(letter: str, wanted: dict[str, str]) -> None:
    """Refuse (`Invalid`) a letter of one's own that is none, is reserved, or stands twice."""
    own, field = wanted[letter], f"letter-{letter}"
    if len(own) != 1 or not "a" <= own <= "z":
        sentence = _("“{written}” is not a letter from a to z.").format(written=own)
        raise Invalid(Reason("letter_odd", sentence), field)
    if own == RESERVED:
        sentence = _("G begins the pairs that lead to a page; choose another letter.")
        raise Invalid(Reason("letter_reserved", sentence), field)
    others = [name for key, name in LETTERS.items() if key != letter and wanted[key] == own]
    if others:
        sentence = _("{letter} stands for “{other}” as well; every letter does one thing.")
        raise Invalid(
            Reason("letter_twice", sentence.format(letter=own.upper(), other=others[0])), field
        )
