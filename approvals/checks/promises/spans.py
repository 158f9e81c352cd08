"""Spans of time that read as a promise: *höchstens zwei Stunden*, *within five working days*.

A span promises something behind a word that sets a limit (*within*, *binnen*), beside a verb of
taking (*dauert*, *needs*), or with a word for the end of waiting (*nach zwei Tagen ist es da*).
What lasts, is over, is asked of the reader, or is the reader's own time limit promises nothing.
"""

import re
from collections.abc import Iterator

from approvals.checks.language.clauses import Clause
from approvals.checks.promises.number_words import NUMBER_DE, NUMBER_EN, compiled

UNIT_DE = (
    r"(?:Sekunden?|Minuten?|Min\.?|(?:Viertel|Dreiviertel)?stunden?|Std\.?|h|(?:Werk"
    r"|Arbeits|Bank|Kalender)?tag(?:en|es|e|s)?"
    r"|(?:Arbeits)?wochen?|Monat(?:en|es|e|s)?|Jahr(?:en|es|e|s)?)(?!\w)"
)
UNIT_EN = (
    r"(?:seconds?|minutes?|mins?\.?|hours?|hrs?\.?|h|(?:(?:working|business|bank|calendar"
    r"|week)[\s-]?)?days?|weeks?|fortnights?|months?|years?)(?!\w)"
)
RANGE = r"\s?(?:-|–|bis(?:\szu)?|oder|to|or)\s?"
TERM_DE = r"binnen\s(?:Tages|Wochen|Monats|Jahres)frist"
LIMIT_DE = (
    r"(?:innerhalb\s(?:von\s|der\snächsten\s)?|binnen\s|innert\s|(?:schon\s"
    r"|spätestens\s)?in\s|im\sLaufe\s(?:von\s|der\snächsten\s))"
    r"(?:den\snächsten\s|der\snächsten\s)?(?:nur\s|etwa\s|ca\.\s|circa\s|rund\s|ungefähr\s"
    r"|gut\s|knapp\s|spätestens\s|höchstens\s|maximal\s|weniger\sals\s"
    r"|unter\s|längstens\s|max\.?\s)?"
)
LIMIT_EN = (
    r"(?:within|inside|in)\s(?:the\s(?:next\s)?)?(?:about\s|around\s|roughly\s|under\s"
    r"|less\sthan\s|at\smost\s|just\s|only\s|no\smore\sthan\s)?"
)
SPAN_DE = (
    rf"(?:{NUMBER_DE}(?:{RANGE}{NUMBER_DE})?\s?-?(?:vollen?\s|ganzen?\s|weiteren?\s)?{UNIT_DE}"
    rf"|(?:einer|eine)\s(?:Viertel|Dreiviertel)stunde|kurzer\sZeit(?!\w))"
)
SPAN_EN = (
    rf"(?:(?:a\s)?half[\s-]hour|an?\s{UNIT_EN}\sor\s(?:two|so|three)"
    rf"|{NUMBER_EN}(?:{RANGE}{NUMBER_EN})?\s?-?(?:more\s"
    rf"|full\s|short\s)?{UNIT_EN}|next\s{UNIT_EN})"
)
MOST_DE = (
    r"(?:höchstens|maximal|längstens|spätestens\snach|bis\szu|(?:nicht|kaum)\s(?:länger|mehr)\sals"
    r"|nach\s(?:spätestens|längstens|höchstens)|nur\snoch|noch|max\.)"
)
MOST_EN = (
    r"(?:up\sto|at\smost|no\s(?:more|longer)\sthan|not\s(?:more|longer)\sthan|a\smaximum\sof"
    r"|(?:only\s(?:be\s)?)?another|under|less\sthan)"
)
VAGUELY = (
    r"(?:(?:nur|etwa|ca\.|circa|rund|ungefähr|noch|gut|knapp|meist|about|around|roughly|just|only"
    r"|some)\s)*"
)
TAKES_DE = (
    r"(?:Wartezeit\sbeträgt|Dauer|dauert|dauern|brauch(?:e|t|en)|benötig(?:e|t|en)"
    r"|rechnen\sSie|rechne|Geduld|geduld\w*|(?:wird|werden|nehmen|nimmt).*\bin\sAnspruch"
    r"|Bearbeitungs\w+|Liefer\w+"
    r"|Versand\w*|geben\sSie\suns|gib\suns)"
)
TAKES_EN = (
    r"(?:ETA|wait\sis|give\sit|takes?|taking|needs?|requires?|expect|allow|give\sus|bear\swith"
    r"|delivery|processing|turnaround|it['’]ll\sbe|(?:will|should)\s(?:only\s)?be|ships?"
    r"|arrives?)"
)
DONE_DE = (
    r"(?:erledigt|fertig|behoben|wieder|da|durch|bei\s(?:Ihnen|dir)|haben\sSie|hast\sdu|melde"
    r"|melden|bekommen|hören|läuft|online|abgeschlossen|freigeschaltet)"
)
DONE_EN = (
    r"(?:live|active|done|ready|fixed|sorted|back|there|with\syou|resolved|complete|online|hear"
    r"|reply|write"
    r"|call|solved|working)"
)

GERMAN = [
    compiled(rf"\b(?P<words>{TERM_DE})\b"),
    compiled(rf"\b(?P<words>{LIMIT_DE}{SPAN_DE})"),
    compiled(rf"\b(?P<words>{LIMIT_DE}(?:einer|eine)\shalben?\sStunde)"),
    compiled(rf"\b(?P<words>{MOST_DE}\s{VAGUELY}{SPAN_DE})"),
    compiled(rf"^(?=.*\b{TAKES_DE}\b).*?(?<!\w)(?P<words>{VAGUELY}{SPAN_DE})"),
    compiled(rf"^(?=.*\b{DONE_DE}\b).*?\b(?P<words>(?:nach|unter)\s{VAGUELY}{SPAN_DE})"),
]
ENGLISH = [
    compiled(rf"\b(?P<words>{LIMIT_EN}(?:{SPAN_EN}|{UNIT_EN}))"),
    compiled(rf"\b(?P<words>{MOST_EN}\s{VAGUELY}{SPAN_EN})"),
    compiled(
        rf"^(?=.*\b{TAKES_EN}\b).*?(?<!\w)(?P<words>{VAGUELY}{SPAN_EN}(?:\sat\s(?:the\s)?(?:m"
        rf"ost|latest))?)"
    ),
    compiled(rf"^(?=.*\b{DONE_EN}\b).*?\b(?P<words>after\s{VAGUELY}{SPAN_EN})"),
]
TAKES = (GERMAN[4], ENGLISH[2])
ALONE_DE = compiled(rf"^\W*(?P<words>{VAGUELY}{SPAN_DE})\W*$")
ALONE_EN = compiled(rf"^\W*(?P<words>{VAGUELY}{SPAN_EN})\W*$")
GERMAN.append(ALONE_DE)
ENGLISH.append(ALONE_EN)
BY_LANGUAGE = {"de": GERMAN, "en": ENGLISH, "": [*GERMAN, *ENGLISH]}
# a device's own minutes are no waiting for us
BRIEF = compiled(r"(?:Sekunde|Minute|Min\b|second|min(?:ute)?s?\b)")
DEVICE = compiled(
    r"\b(?:sie|er|\w*[Bb]ox|\w*[Rr]outer|\w*[Gg]erät|Modem|Repeater|Lampe|Neustart"
    r"|it|box|router|device|hub|modem|restart|reboot|light)\b"
)
# what lasts by itself, and is no waiting
LASTS = compiled(
    r"\b(?:Vertrag\w*|\w*[lL]aufzeit|\w*(?<!tages)(?<!wochen)(?<!monats)frist"
    r"|Akku|Batterie|speicher\w*|gespeichert|läuft\s\d+"
    r"|hält|halten|gilt|gültig|sperrt|gesperrt|alt|lösch\w+|Garantie|offline|aufbewahr\w*"
    r"|contract|runs?\sfor|notice|battery|lasts?|lasted|keeps?|valid|old|lock(?:s|ed)|delet\w+"
    r"|warranty|guarantee|stores?|retain\w*|expires?|charging|hours?\sa\sday"
    r"|Stunden?\sam\sTag|rund\sum\sdie\sUhr)\b"
)
OVER = compiled(
    r"\b(?:war(?:en|st|t)?|hatten?|wurden?|gestern|vorgestern|seit|letzte[nmrs]?|vergangene[nmrs]?"
    r"|vorhin|gedauert|(?:habe|hat|haben)\b.*\b(?:ge\w+(?:t|en)|ver\w+t|be\w+t)"
    r"|was|were|had|did|yesterday|since|ago|lasted|took|too\slong|zu\slange?|has\sbeen|have\sbeen"
    r"|in\sthe\s(?:last|past)|over\sthe\s(?:last|past)|dropped)\b"
)
THEIR_LIMIT = compiled(
    r"\b(?:(?:Sie|du)\s(?:können|kannst|dürfen|darfst|müssen|musst|sollten)|(?:können|kannst"
    r"|dürfen|müssen|sollten)\s(?:Sie|du)|(?:Sie|du)\shaben\b.*\bZeit|haben\sSie\b.*\bZeit"
    r"|you\s(?:can|could|may|must|should|need\sto|have\sto)|you\shave\b.*\bto)\b"
)
AGAIN = compiled(r"\b(?:wieder|surfen|telefonieren|online|again|back)\b")
LONG_WAIT = compiled(r"\bgive\sit\b")
WAITS = compiled(
    r"\b(?:rechnen|Geduld|gedulden|geben\sSie\suns|gib\suns|expect|allow|give\sus"
    r"|bear)\b"
)


def spans(part: Clause, language: str) -> Iterator[tuple[int, int]]:
    """Where a clause promises a span of time, in a text of this language."""
    said = part.text
    if part.is_asked or OVER.search(said) or LASTS.search(said):
        return
    if THEIR_LIMIT.search(said) and not AGAIN.search(said):
        return
    if re.search(r"\b(?:kann|können|can|could)\b", said) and part.is_denied:
        return
    for pattern in BY_LANGUAGE[language]:
        for found in pattern.finditer(said):
            start, end = found.span("words")
            brief = bool(BRIEF.search(found["words"]))
            if part.is_request and not WAITS.search(said) and (brief or not LONG_WAIT.search(said)):
                continue
            if brief and any(pattern is one for one in TAKES) and DEVICE.search(said):
                continue
            yield part.start + start, part.start + end
