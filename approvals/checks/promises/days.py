"""Days and times of day that a reader takes for promised: weekdays, dates, *morgen*, *next week*.

A day that comes round every week, lies behind, belongs to opening hours, or is part of a name is
none.
"""

import re
from collections.abc import Iterator

from approvals.checks.language.clauses import Clause
from approvals.checks.promises.number_words import compiled

NAMED_DE = r"(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)"
PART_DE = r"(?:früh|vormittag|mittag|nachmittag|abend|morgen|nacht)"
SHORT_DE = r"(?:Mo|Di|Mi|Do|Fr|Sa|So)"
DAY_DE = (
    rf"(?:(?:Oster|Pfingst|Rosen)?{NAMED_DE}(?:{PART_DE}|\s{PART_DE})?|Karfreitag"
    rf"|{SHORT_DE}\.(?=\W|$)|{SHORT_DE}(?=,\s\d|\s\d))(?!\w)"
)
MONTH_DE = (
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jan\."
    r"|Feb\.|Aug\.|Sept?\.|Okt\.|Nov\.|Dez\.)"
)
DATE_DE = rf"(?:der\s|dem\s|den\s|zum\s)?\d{{1,2}}\.\s?(?:\d{{1,2}}\.(?:\d{{2,4}})?|{MONTH_DE})"
TIME_DE = r"(?:,?\s(?:um|gegen|bis|ab)\s\d{1,2}(?:[:.]\d{2})?\sUhr|,?\s\d{1,2}(?:[:.]\d{2})?\sUhr)"
SOON_DE = (
    rf"(?:übermorgen|morgen(?:\s{PART_DE})?|heute\s(?:Abend|Nachmittag|Nacht|Mittag)"
    rf"|{DAY_DE}|{DATE_DE}|Ende\sder\sWoche|zum\sWochenende"
    r"|Wochenende|Monatsende|Ende\sdes\sMonats)"
)
NEXT_DE = r"(?:kommende[nrms]?|nächste[nrms]?)"
GOES_ON_DE = r"(?:um|gegen|ab|kommt|wird|läuft|ist|haben|geht|sind|schicke|rufe|melde)"
GERMAN = compiled(
    rf"\b(?:spätestens(?:\s(?:bis(?:\szum)?|am|ab|zum))?|bis(?:\sspätestens)?(?:\szum)?|ab|noch"
    rf"|zum)\s(?:dem\s)?(?:{NEXT_DE}\s)?(?:{SOON_DE}){TIME_DE}?"
    rf"|^\W*(?-i:Mo|Di|Mi|Do|Fr|Sa)(?=\s{GOES_ON_DE}\b)|\bam\s(?:{NEXT_DE}\s)?(?-i:{SHORT_DE})\b"
    rf"|\b(?:am|zum|diese[nmrs]?|an\sdiesem)\s(?:{NEXT_DE}\s)?(?:{DAY_DE},\s(?:{DATE_DE})|{DAY_DE}"
    rf"|{DATE_DE}|Wochenende){TIME_DE}?"
    rf"|\b(?:übers|über\sdas|über'?s)\sWochenende\b|\b(?:Anfang|Mitte|Ende)\s(?:{NEXT_DE}r?\s"
    rf"|der\s|dieser\s)(?:{NEXT_DE}\s)?(?:Woche|Monats?)\b"
    r"|(?<!Guten )(?<!guten )(?<!heute )(?<!gestern )(?<!jeden )(?<!am )"
    rf"\b(?:übermorgen|[mM]orgen(?=\s{PART_DE}|\s{GOES_ON_DE})(?:\s{PART_DE})?"
    rf"|(?<=\s)morgen(?=[\s,.!?]|$)){TIME_DE}?"
    rf"|\b(?:heute\s(?:Abend|Nachmittag|Nacht)|noch\sheute|heute\snoch){TIME_DE}?"
    rf"|\b(?:im|Anfang|Mitte|Ende|bis(?:\sEnde)?|ab|zum)\s(?:{MONTH_DE}|Jahresende|Quartalsende"
    rf"|Monatsende)(?!\w)"
    r"|\b(?:bis|vor|nach|zu|an|über)\s(?:Weihnachten|Ostern|Pfingsten|Silvester|Neujahr"
    r"|Heiligabend|den\sFeiertagen)\b|\bheut\sabend\b"
    rf"|\b{NEXT_DE}\s(?:Woche|Monat|Tage[n]?|{DAY_DE}|Wochenende){TIME_DE}?"
    r"|\bum\s\d{1,2}(?:[:.]\d{2})?\sUhr(?=\s(?:kommt|ist|läuft|sind|haben))"
)
# a weekday alone stands for a time if no article, title or other name goes before it
ADVERB_DE = compiled(
    rf"(?P<before>[\w.]+\s+)?\b(?P<words>(?:Oster|Pfingst|Rosen)?{NAMED_DE}(?:{PART_DE}"
    rf"|\s{PART_DE})?(?!\w){TIME_DE}?)"
)
NO_TIME_DE = compiled(
    r"^(?:Herrn?|Frau|Dr\.|Familie|Team|Black|der|die|das|dem|den|des|eine?[mnrs]?|jede[nmrs]?"
    r"|unsere?[mnrs]?|Ihre?[mnrs]?|manche[nmrs]?|letzte[nmrs]?|vergangene[nmrs]?"
    r"|seit|vom|von|ohne|mit|für|pro|schöne[nrs]?|gute[nr]?|frohe[nr]?)\s+$"
)
HABIT = compiled(
    r"\b(?:alle|viele|die\smeisten|jeder|everybody|everyone|people|immer|oft|öfter|häufig\w*"
    r"|meist(?:ens)?|normalerweise|in\sder\sRegel|gewöhnlich"
    r"|üblicherweise|jede[nmrs]?|jeweils|stets|manchmal|selten|generell|regelmäßig"
    r"|typischerweise|grundsätzlich|sonst|erfahrungsgemäß|always|often|usually|normally|every|each"
    r"|as\sa\srule|generally|sometimes|tends?|typically|rarely|mostly|most)\b"
    r"|\bviel\slos\b|^\W*(?:gerade|besonders|ausgerechnet|vor\sallem|especially"
    r"|particularly)\s(?:am|an|on|at)\b|\b(?:ausgelastet|überlastet|belastet|busy|busier)\b"
    r"|\b(?:am\sersten|erster|on\sthe\sfirst|the\slast)\s\w+tag\b"
)
HOURS = compiled(
    r"\b(?:geöffnet|offen|geschlossen|Öffnungszeiten|Servicezeiten|Sprechzeiten|besetzt|haben\szu"
    r"|macht?\s(?:auf|zu)|open|opens|closed|closes|opening\shours)\b"
)
# how long a contract runs says nothing of what we will do
TERM = compiled(
    r"\b(?:Garantie|Gewährleistung|Vertrag|Laufzeit|gültig|warranty|guarantee|contract|valid"
    r"|expires?)\b"
)
FROM_TO = compiled(
    rf"\b(?:{NAMED_DE}|{SHORT_DE}\.?)\s?(?:bis|-|–)\s?(?:{NAMED_DE}|{SHORT_DE})\b|\b(?:Mon|Tues"
    rf"|Wednes|Thurs|Fri|Satur|Sun)(?:day)?s?\s?(?:to|-|–|through)\s?"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?:day)?s?\b|\bmontags\sbis\b|\bweekdays?\b"
)
OVER_DE = compiled(
    r"\b(?:gestern|vorgestern|seit|war(?:en|st|t)?|hatten?|hattest|wurden?|wurdest|begann(?:en)?"
    r"|lief(?:en)?|kam(?:en)?|schrieb(?:en|st)?|fiel(?:en)?|ging(?:en)?|gab|letzte[nmrs]?"
    r"|vergangene[nmrs]?|vorhin|bereits|schon|vor\s\w+\s(?:Tagen|Stunden|Wochen))\b"
    r"|\b(?:ist|sind|bin|habe|hast|hat|haben)\b.*\b(?:\w*ge\w+(?:t|en)|(?:be|ver|er|ent|zer"
    r"|re\w*)\w+(?:t|en))\b"
)
LIMITED_DE = compiled(r"^(?:spätestens|bis|ab|in|innerhalb|binnen|noch|nächste|kommende|zum)")
PLAINLY_OVER_DE = compiled(
    r"\b(?:gestern|vorgestern|seit|war(?:en|st|t)?|hatten?|letzte[nmrs]?"
    r"|vergangene[nmrs]?|vorhin)\b"
)

NAMED_EN = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
SHORT_EN = r"(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri)"
DAY_EN = rf"(?:{NAMED_EN}|{SHORT_EN}\b\.?)(?:\s(?:morning|afternoon|evening|night|lunchtime))?"
MONTH_EN = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan"
    r"|Feb|Aug|Sept?|Oct|Nov|Dec)"
)
DATE_EN = (
    rf"(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH_EN}|{MONTH_EN}\s\d{{1,2}}(?:st|nd"
    rf"|rd|th)?)"
)
TIME_EN = r"(?:\s(?:at|by|from|around)\s\d{1,2}(?:[:.]\d{2})?(?:\s?(?:am|pm|o['’]clock))?)"
LATEST_EN = r"(?:\sat\sthe\slatest)?"
ENGLISH = compiled(
    r"\b(?:by|until|before|from|no\slater\sthan|come)\s(?:tomorrow|tonight|noon|midnight"
    r"|the\s(?:end\sof\s(?:the\s)?(?:day|week|month)|weekend)|next\s(?:week|month)"
    rf"|(?:next\s|this\s)?{DAY_EN}|{DATE_EN}|\d{{1,2}}(?:[:.]\d{{2}})?\s?(?:am|pm"
    rf"|o['’]clock)){TIME_EN}?{LATEST_EN}"
    rf"|\btomorrow(?:\s(?:morning|afternoon|evening|night))?{TIME_EN}?"
    rf"|\b(?:(?:early|late|later)\s)?(?:next|this\scoming)\s(?:week|month|weekend"
    rf"|{DAY_EN}){TIME_EN}?|\bthis\s(?:week(?:end)?|{DAY_EN}){TIME_EN}?"
    rf"|\bon\s(?:{DAY_EN},\s{DATE_EN}|{DAY_EN}|{DATE_EN}){TIME_EN}?|\b(?:at|over"
    rf"|on)\s(?:the\s)?weekend\b"
    rf"|\b(?:by|before|in|early|late|mid-?|until)\s?(?:in\s)?(?:{MONTH_EN}|Christmas|Easter"
    rf"|New\sYear)(?!\w)|\bbefore\sthe\sweekend\b"
    r"|\bby\s(?:close\sof\splay|end\sof\splay|EOD|lunchtime|teatime)\b|\b(?:tonight"
    r"|this\s(?:afternoon|evening)|later\stoday)\b"
)
ADVERB_EN = compiled(
    rf"(?P<before>[\w.]+\s+)?\b(?P<words>(?:{NAMED_EN}|(?-i:{SHORT_EN}\b\.?))(?:\s(?:morning"
    rf"|afternoon|evening|night|lunchtime))?(?!\s(?:mornings|afternoons|evenings|nights)\b|\w"
    rf"|\s(?:is"
    rf"|are)\b){TIME_EN}?)"
)
NO_TIME_EN = compiled(
    r"^(?:happy|nice|great|lovely|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?|Good|Black|Cyber"
    r"|Easter|a|the|every|each|last|since|any|most|was|and|on|of|your|our)\s+$"
)
OVER_EN = compiled(
    r"\b(?:yesterday|since|last|ago|was|were|had|did|asked|wrote|called|began|started|happened"
    r"|came|went|has\sbeen|have\sbeen|arrived|failed|dropped|broke|got"
    r"|(?:have|has|['’]ve)\s\w+(?:ed|en))\b"
)
AHEAD_EN = compiled(r"\b(?:will|shall|going\sto|won['’]t)\b|['’]ll\b|\bby\b")
# "on Friday" and the weekend alone say nothing of what is to come: something must happen then
HAPPENS_EN = compiled(
    r"\b(?:we|I|booked|scheduled|planned|arranged|arrives?|comes?|coming|gets?|starts?|begins?"
    r"|ships?"
    r"|switch(?:es)?|appointment|expect|see\syou|deliver\w*|sending|calling|visits?|is\s(?:due"
    r"|back|ready|planned|set)"
    r"|are\s(?:due|back|ready|planned|set|coming)|happens?|leaves?|goes\slive|engineer"
    r"|reach(?:es)?|be\sthere|install\w*|move[s]?)\b"
)


def days(part: Clause, language: str) -> Iterator[tuple[int, int]]:
    """Where a clause promises a day, in a text of this language."""
    if part.is_asked or any(one.search(part.text) for one in (FROM_TO, HOURS, TERM)):
        return
    if language in {"de", ""}:
        yield from german(part)
    if language in {"en", ""}:
        yield from english(part)


def german(part: Clause) -> Iterator[tuple[int, int]]:
    """*Am Montag kommt …*; not what is past (*am Montag war …*) or comes round (*ist immer …*)."""
    said = part.text
    for found in [*GERMAN.finditer(said), *adverbs(ADVERB_DE, NO_TIME_DE, said)]:
        start, end = found.span("words") if "words" in found.groupdict() else found.span()
        words = said[start:end]
        over = PLAINLY_OVER_DE if LIMITED_DE.match(words) else OVER_DE
        if not over.search(said) and not (
            is_weekly(words) and (part.is_denied or HABIT.search(said))
        ):
            yield part.start + start, part.start + end


def english(part: Clause) -> Iterator[tuple[int, int]]:
    """*We will come on Monday*; not what is past, comes round, or is a name."""
    said = part.text
    ahead = bool(AHEAD_EN.search(said))
    for found in [*ENGLISH.finditer(said), *adverbs(ADVERB_EN, NO_TIME_EN, said)]:
        start, end = found.span("words") if "words" in found.groupdict() else found.span()
        words = said[start:end].lower()
        if OVER_EN.search(said) and not ahead:
            continue
        if is_weekly(words) and (part.is_denied or HABIT.search(said)):
            continue
        if (
            words.startswith(("on ", "at ", "over ", "in ", "this week"))
            and not ahead
            and not HAPPENS_EN.search(said)
        ):
            continue
        yield part.start + start, part.start + end


def adverbs(pattern: re.Pattern[str], no_time: re.Pattern[str], said: str) -> list[re.Match[str]]:
    """Weekdays that stand alone for a time, without an article, a title or a name before them."""
    return [found for found in pattern.finditer(said) if not no_time.match(found["before"] or "")]


def is_weekly(words: str) -> bool:
    """Whether this day comes round: a weekday or the weekend without *next*, *coming* or *this*."""
    return not re.search(
        r"\b(?:next|this|coming|nächste\w*|kommende\w*|diese\w*|morgen|tomorrow"
        r"|übermorgen)\b|\d",
        words,
        re.IGNORECASE,
    )
