"""German words for money, discounts, gifts and costs that we promise, as rules over one clause.

Verbs in two parts (*schreiben … gut*) are built from a table of verbs and particles.
"""

from collections.abc import Iterator

from approvals.checks.language.rules import NEAR, Rule, rule
from approvals.checks.promises.number_words import NUMBER_DE

END = (
    r"(?=\s*(?:[.!?…,;:)]|$|(?<=\s)(?:und|oder|damit|dafür|(?:auf|an)\s(?:Ihr|dein|das|Sie"
    r"|dich))))"
)
WE_DE = r"(?:wir|ich)"
CUSTOMER_DE = r"(?:Sie|du|ihr|Ihnen|dir|euch|man)"

# German money, and the forms of the verbs that move it
MONEY_DE = (
    r"(?:\w*(?:geld|kohle|knete|moneten|zaster|betrag|rest|beträge|summe|gebühr|gebühren|kosten"
    r"|kaution|zahlung|abbuchung"
    r"|abbuchungen|preis|entgelt|entgelte|guthaben|differenz"
    r"|rechnung|pauschale|porto|aufpreis|anteil|einsatz|anfahrt|reparatur|ausfall|strafe|zinsen"
    r"|spesen|auslagen|ware|schaden)|(?:\d[\d.,]{0,12}|\w{1,24})\s?"
    r"(?:€|Euro|EUR|Franken|CHF|%|Prozent)|Tage?n?\sohne\s\w+)(?!\w)"
)
FORMS = {
    "bekommen": "bekomm(?:e|st|t|en)",
    "kriegen": "krieg(?:e|st|t|en)",
    "erhalten": "erh(?:alte|ältst|ält|alten)",
    "haben": "(?:habe|hast|hat|haben)",
    "zahlen": "(?:be)?zahl(?:e|st|t|en)",
    "überweisen": "überweis(?:e|t|en)",
    "erstatten": "erstatte(?:st|t|n)?",
    "buchen": "buch(?:e|st|t|en)",
    "geben": "(?:gebe|gibst|gibt|geben)",
    "schreiben": "schreib(?:e|st|t|en)",
    "rechnen": "rechne(?:st|t|n)?",
    "ziehen": "zieh(?:e|st|t|en)",
    "lassen": "(?:lasse|lässt|lassen)",
    "sehen": "(?:sehe|siehst|sieht|sehen)",
    "holen": "hol(?:e|st|t|en)",
    "schicken": "schick(?:e|st|t|en)",
    "gehen": "geh(?:e|st|t|en)",
    "fließen": "fließ(?:t|en)",
    "kommen": "komm(?:e|st|t|en)",
    "packen": "pack(?:e|st|t|en)",
    "tun": "(?:tue?|tun)",
    "legen": "leg(?:e|st|t|en)",
    "nehmen": "(?:nehme|nimmst|nimmt|nehmen)",
}
# verb, particle, what must stand in the clause besides
RETURN = rf"\b{MONEY_DE}"
OURS = rf"\b{WE_DE}\b"
IN_TWO_PARTS = [
    (("bekommen", "kriegen", "erhalten", "haben", "gehen", "fließen"), "(?:zurück|wieder)", RETURN),
    (("zahlen", "überweisen", "erstatten"), "(?:zurück|wieder)", OURS),
    (("buchen", "geben", "schicken", "holen"), "(?:zurück|wieder)", rf"(?=.*{OURS}).*{RETURN}"),
    (("schreiben",), "gut", OURS),
    (("rechnen",), "an", rf"(?=.*{OURS})(?=.*\b{CUSTOMER_DE}\b)"),
    (
        ("ziehen", "rechnen", "nehmen"),
        r"(?:ab|herunter|runter|heraus|raus)",
        rf"(?=.*{OURS}).*{RETURN}",
    ),
    (("lassen",), r"(?:nach|ab)", rf"(?=.*{OURS}).*{RETURN}"),
    (("sehen",), "ab", rf"(?=.*{OURS}).*{RETURN}"),
    (("packen", "legen", "geben", "tun", "buchen"), r"(?:(?:oben\s?)?drauf|dazu|obendrein)", OURS),
    (("kommen",), "auf", rf"(?=.*{OURS})(?=.*\bfür\b)(?=.*{RETURN})"),
]
GIVING_DE = (
    r"(?:geben?|gebe|gibt|schicken?|schicke|schickt|sende[nt]?|schenken?|schenke|lege[nt]?"
    r"|biete[nt]?|spendiere[nt]?|buche[nt]?|gewähre[nt]?"
    r"|mailen?|überreichen?|hinterlegen?|hinterlege|machen?|mache|räume[nt]?"
    r"|stelle[nt]?(?=.*\b(?:aus|bereit|Verfügung)\b)|zukommen|bekommst|bekommen|bekommt|erhältst"
    r"|erhalten|erhält|kriegst|kriegen|kriegt|gibt|steh(?:t|en)(?=.*\bzu\b)|wartet|warten"
    r"|unterwegs|in\sder\sPost|auf\sdem\sWeg|im\s(?:Postfach|Briefkasten)|verschickt|raus"
    r"|spar(?:st|en|t)|sicher|geschickt|gesendet|gebucht|hinterlegt"
    r"|gutgeschrieben|dazugelegt|zustehen|lieg(?:t|en)(?=.*\b(?:bei|dabei|bereit)\b)|freuen"
    r"|ausgestellt|ausstellen|an(?:zu)?bieten|geben|zukommen|dazulegen|mitgeben|danken|bedanken"
    r"|belohnen|entschuldigen|eingerichtet|aktiviert|aktiviere[n]?|gehört)"
)
VOUCHER_DE = (
    r"(?:\w*gutschein\w*|\w*rabatt\w*|(?:\w*[nN]achlass|\w*[nN]achlässe)|\w*ermäßigung|\w*bonus"
    r"|\w*prämie|\w*vorteilscode|freimonate?\w*|gratismonate?\w*"
    r"|\w*geschenk\w*|\w*gutschrift|sonderpreis|vorzugspreis|\w*vergünstigung|freiguthaben"
    r"|startguthaben|cashback|aufmerksamkeit|coupons?|\w*goodies?|freiminuten|sonderkonditionen"
    r"|bonusguthaben|datenguthaben|extraguthaben)(?!\w)"
)
GRATIS_DE = (
    r"(?:gratis|geschenkt|zum\sNulltarif|kostenlos|kostenfrei|umsonst|gebührenfrei|unentgeltlich)"
)
PART_DE = rf"(?:(?:{NUMBER_DE})\s?(?:%|Prozent))"
COSTS_DE = (
    r"(?:\w*kosten|\w*gebühr(?:en)?|\w*entgelte?|\w*rechnung|\w*porto|\w*schaden"
    r"|\w*anfahrt|\w*betrag|\w*preis|\w*pauschale|\w*aufpreis"
    r"|\w*zuschlag|\w*differenz|\w*versand|\w*einsatz|\w*austausch|\w*reparatur"
    r"|\w*techniker\w*|\w*spesen|\w*forderung|\w*summe)(?!\w)"
)
BEAR_DE = (
    r"(?:übernehmen?|übernehme|tragen?|zahlen?|bezahlen?|begleichen?|streichen?|erlassen?"
    r"|stornieren?)"
)
BORNE_DE = (
    r"(?:übernommen|getragen|erlassen|storniert|gestrichen|gutgeschrieben|erstattet"
    r"|rückerstattet|zurückerstattet|zurückgezahlt|zurückgebucht"
    r"|zurücküberwiesen|rückvergütet|vergütet|verrechnet|abgezogen|angerechnet|ausgezahlt"
    r"|ausbezahlt)"
)


def in_two_parts() -> Iterator[Rule]:
    """Each verb of the table with its particle at the end of the clause."""
    for verbs, particle, needed in IN_TWO_PARTS:
        forms = "|".join(FORMS[verb] for verb in verbs)
        yield rule(rf"^(?=.*{needed}).*?\b(?P<words>(?:{forms}){NEAR}{particle}){END}")


GERMAN = [
    *in_two_parts(),
    rule(
        rf"\b(?:Monat|Woche|Rechnung|Jahr|Umzug|Austausch|Besuch|Reparatur|Versand|Gerät|Box"
        rf"|Anfahrt|Wechsel)\b(?:\s\w+){{0,4}}?\s(?:ist|sind|bleibt|wird)\s(?:\w+\s){{0,2}}?"
        rf"(?P<words>{GRATIS_DE})\b"
    ),
    rule(
        r"\b(?P<words>(?:\d+|zusätzliche|extra)\s(?:GB|Gigabyte|Freiminuten)\s(?:extra|mehr|dazu"
        r"|gratis|geschenkt|obendrauf)|doppeltes\s(?:Daten)?volumen)\b"
    ),
    # what we pay, whatever it is for, and money that goes to the customer
    rule(
        r"\b(?P<words>(?:zahlen|bezahlen|begleichen|übernehmen)\s(?:\w+\s){0,2}?wir)(?=\s*(?:[."
        r",!;:]|$|(?<=\s)(?:für|gern|natürlich|selbstverständlich|komplett|ganz|voll)))"
        r"(?!\s\w+\s(?:Fall|Gespräch))"
    ),
    rule(
        rf"\b{WE_DE}\b.*?\b(?P<words>(?:überweisen?|überweise|zahlen?|zahle)\s(?:Ihnen|dir|euch))\b"
    ),
    rule(rf"\b(?P<words>(?:überweisen?|überweise|zahlen?|zahle)\s{WE_DE}\s(?:Ihnen|dir|euch))\b"),
    rule(
        r"\b(?P<words>(?:\w*[Ee]rstattung|\w*[Gg]utschrift|Rückzahlung|Rückbuchung"
        r"|Auszahlung))\b(?=.*\b(?:ist|wird|wurde|kommt|erfolgt|geht|folgt|sehen|erhalten"
        r"|bekommen)"
        r"\b.*\b(?:veranlasst|unterwegs|gebucht|ausgelöst|angewiesen|angestossen|angestoßen"
        r"|erfolgt|kommt|raus|Konto|Rechnung)\b)"
    ),
    rule(
        rf"^(?=.*\b{WE_DE}\b).*?\b(?P<words>(?:einen?|['’]?nen?|eine|noch)\s(?:\w+\s)?{VOUCHER_DE})"
    ),
    rule(
        rf"\b(?P<words>{COSTS_DE}{NEAR}(?:liegen|liegt|bleiben|bleibt|gehen|geht"
        rf"|sind)\s(?:\w+\s)?(?:bei|an|auf)\suns)\b"
    ),
    rule(
        rf"\b(?P<words>(?:{COSTS_DE}{NEAR})(?:entfällt|entfallen|fällt\s(?:\w+\s){{0,3}}?weg"
        rf"|fallen\s(?:\w+\s){{0,3}}?weg))\b"
    ),
    rule(
        rf"\b(?P<words>(?:fallen|fällt){NEAR}keine(?:rlei)?\s(?:\w+\s)?{COSTS_DE}{NEAR}an)\b",
        negated=True,
    ),
    rule(r"\b(?P<words>ohne\s(?:Aufpreis|Mehrkosten|Zusatzkosten|Berechnung))\b", negated=True),
    rule(
        rf"^(?=.*\b(?:{WE_DE}|Sie|du|Ihnen|dir|wird|werden|wurden?"
        rf"|veranlasst)\b).*?\b(?P<words>(?:zurück|rück)(?:zu)?(?:ge)?(?:zahl(?:t|en)"
        r"|buch(?:t|en)|überwiesen|überweisen|er?statt(?:et|en)|vergüt(?:et|en))|gut(?:zu"
        r"|ge)?schr(?:ei|ie)ben|an(?:zu|ge)rechne(?:t|n))\b"
    ),
    rule(
        rf"^(?=.*{RETURN}).*?\b(?P<words>(?:zurück|wieder)(?:zu)?(?:bekomm(?:en|t|st|e)|erhält"
        rf"|erhalten|krieg(?:en|t|st)|geben|gegeben|haben))\b"
    ),
    rule(
        rf"\b(?P<words>{MONEY_DE}{NEAR}(?:wieder|zurück)\sauf\s(?:Ihrem|Ihr|deinem|dein"
        rf"|dem)\sKonto)\b"
    ),
    rule(
        rf"\b(?P<words>(?:bekomm(?:en|st|t)|erh(?:alten|ältst|ält)|krieg(?:en|st"
        rf"|t)){NEAR}{BORNE_DE})\b"
    ),
    rule(
        rf"\b(?P<words>{MONEY_DE}{NEAR}(?:wird|werden|ist|sind){NEAR}?(?:gekürzt|gemindert"
        rf"|reduziert|ermäßigt|gesenkt|halbiert))\b"
    ),
    rule(
        rf"^(?=.*\b{WE_DE}\b)(?=.*{RETURN}).*?\b(?P<words>kürzen?|mindern|reduzieren?|senken?"
        rf"|halbieren?|verrechnen?|verrechne)\b"
    ),
    rule(
        rf"\b(?:{WE_DE})\b.*?\b(?P<words>erstatten?|vergüten?|ersetzen?(?={NEAR}{COSTS_DE})"
        rf"|entschädigen?|schenken?|schenke|spendieren?|erlassen?)\b"
    ),
    rule(
        rf"\b(?P<words>erstatten?|vergüten?|entschädigen?|schenken?|spendieren?"
        rf"|erlassen?)\s(?:{WE_DE})\b"
    ),
    # costs that we bear
    rule(rf"^(?=.*\b{COSTS_DE}).*?\b(?P<words>{BEAR_DE})(?=\s(?:\w+\s){{0,2}}?(?:{WE_DE})\b)"),
    rule(rf"\b{WE_DE}\b.*?\b(?P<words>{BEAR_DE}{NEAR}{COSTS_DE})"),
    rule(rf"\b{WE_DE}\b.*?\b(?P<words>{COSTS_DE}{NEAR}{BEAR_DE})\b"),
    rule(rf"\b(?P<words>{COSTS_DE}{NEAR}(?:übernehmen?|tragen?|zahlen?)\s{WE_DE})\b"),
    rule(
        rf"^\W*(?!Ihre?|Deine?|Meine?|D(?:er|ie|as)|Eine?|Wer|Was)(?-i:[A-ZÄÖÜ])\w+\s(?P<words>(?"
        rf":übernimmt|trägt|zahlt|bezahlt|erstattet)"
        rf"{NEAR}{COSTS_DE})"
    ),
    rule(
        rf"^(?!.*\b(?:von|vom|durch)\s(?!uns\b)).*\b(?P<words>{COSTS_DE}{NEAR}(?:wird|werden"
        rf"|wurden?|sind|ist){NEAR}?{BORNE_DE})\b"
    ),
    rule(
        rf"^(?=.*\b(?:wird|werden|bekommen|erhalten)\b)(?=.*\b(?:Ihnen|dir"
        rf"|euch)\b).*?\b(?P<words>{BORNE_DE})\b"
    ),
    rule(
        r"\b(?P<words>(?:geht|gehen|läuft|laufen)\s(?:\w+\s){0,3}?(?:auf\s(?:uns|unsere[nr]?"
        r"\s(?:Kosten|Rechnung|Kappe)|Kosten\sdes\sHauses)|aufs?\s(?:das\s)?Haus"
        r"|zu\sunseren\sLasten))\b"
    ),
    rule(r"\b(?P<words>(?:auf|zu)\sunsere[nr]?\s(?:Kosten|Lasten|Rechnung|Kappe))\b"),
    rule(
        rf"^(?=.*\b{WE_DE}\b)(?=.*\b{COSTS_DE}).*?\b(?P<words>verzichten?|erlassen?|streichen?"
        rf"|stornieren?)\b"
    ),
    rule(rf"\bum\s\w+\s(?P<words>{COSTS_DE}\skümmer(?:e|n)\s{WE_DE})\b"),
    rule(
        r"^\W*(?P<words>keine(?:rlei)?\s(?:Kosten|Gebühr(?:en)?))\sfür\s(?:Sie|dich|euch)\b",
        negated=True,
    ),
    rule(
        rf"\b(?P<words>{GRATIS_DE}\sfür\s(?:Sie|dich|euch)|für\s(?:Sie|dich"
        rf"|euch)\s(?:\w+\s)?{GRATIS_DE})\b"
    ),
    rule(
        r"\b(?P<words>kostet\s(?:Sie|dich|euch)\s(?:\w+\s)?(?:nichts|nix|keinen\s(?:Cent"
        r"|Rappen)))\b",
        negated=True,
    ),
    rule(
        rf"\b(?P<words>(?:müssen|brauchen|musst|brauchst){NEAR}(?:nichts|keine?n?)(?:{NEAR}"
        rf"|\s)(?:zu\s)?(?:be)?zahlen)\b",
        negated=True,
    ),
    rule(
        rf"\b(?P<words>(?:be)?zahl(?:en|st)\s(?:Sie|du)?(?:{NEAR}|\s)?(?:nichts|keinen\s(?:Cent"
        rf"|Rappen)))\b",
        negated=True,
    ),
    rule(
        r"\b(?P<words>(?:Sie|du)\s(?:be)?zahl(?:en|st)(?:\W+\w+){0,5}?\s(?:nichts|keinen\s(?:Cent"
        r"|Rappen)))\b",
        negated=True,
    ),
    rule(
        rf"\b(?P<words>entsteh(?:en|t){NEAR}(?:keine(?:rlei)?|null)\s(?:\w+\s)?{COSTS_DE})",
        negated=True,
    ),
    rule(
        r"\b(?P<words>(?:ohne|keine)\s(?:weitere\s|zusätzliche\s)?(?:Kosten|Gebühr|Aufpreis"
        r"|Berechnung)\sfür\s(?:Sie|dich))\b",
        negated=True,
    ),
    rule(rf"\b(?P<words>(?:berechnen?|berechne){NEAR}(?:nicht|nichts|keine?n?))\b", negated=True),
    rule(
        rf"\b(?P<words>(?:stellen?|stelle){NEAR}(?:nicht|nichts|keine?n?){NEAR}in\sRechnung)\b",
        negated=True,
    ),
    # vouchers, discounts, gifts
    rule(rf"\b{GIVING_DE}\b.*?\b(?P<words>{VOUCHER_DE})"),
    rule(rf"\b(?P<words>{VOUCHER_DE})(?:\W+\w+){{0,8}}?\W+{GIVING_DE}\b"),
    rule(rf"\b{WE_DE}\b.*?\b(?P<words>{VOUCHER_DE})(?=.*\bfür\s(?:Sie|dich|euch)\b)"),
    rule(
        rf"\b(?P<words>{PART_DE}\s(?:\w+\s)?(?:{VOUCHER_DE}|auf\s(?!\d|die\s(?:Hälfte|Dauer))"
        rf"|weniger\s(?:zahlen|bezahlen)|günstiger|billiger|Skonto))"
    ),
    rule(rf"\b(?:spar(?:en|st|t)|zahl(?:en|st)){NEAR}(?P<words>{PART_DE})"),
    rule(
        r"\b(?P<words>halbe[nr]?\sPreis|Hälfte\sdes\sPreises|zum\s(?:Sonder|Vorzugs"
        r"|Freundschafts)preis)\b"
    ),
    rule(
        rf"\b(?P<words>(?:{NUMBER_DE})\s(?:\w+\s)?(?:Monate?|Tage?|Wochen?"
        rf"|Jahre?)\s(?:\w+\s)?{GRATIS_DE})\b"
    ),
    rule(
        rf"\b(?:bekomm(?:en|st|t)|erh(?:alten|ältst|ält)|krieg(?:en|st|t)|gibt\ses|haben\sSie"
        rf"|schicken?|tauschen?|liefern?|machen?){NEAR}(?P<words>{GRATIS_DE})\b"
        r"(?!\s(?:im|in)\s\w*(?:store|Laden))"
    ),
    rule(rf"^(?!.*\bApp\b.*\bgibt\b).*\b(?P<words>{GRATIS_DE}\w*\s(?:dazu|obendrauf|obendrein))\b"),
    rule(
        r"\b(?P<words>(?:aus|auf)\s(?:reiner\s)?Kulanz|kulanterweise"
        r"|kulanzhalber)\b(?!.*\bmöglich)",
        negated=True,
    ),
    rule(r"\b(?:als|zur?|eine)\b(?:\s\w+)?\s(?P<words>Entschädigung|Wiedergutmachung)\b"),
    rule(
        r"\b(?P<words>(?:Entschädigung|Wiedergutmachung|Schadenersatz"
        r"|Schadensersatz))\b(?=.*\b(?:Ihnen|dir|Sie|buche|zahlen|bekommen|erhalten)\b)"
    ),
]
