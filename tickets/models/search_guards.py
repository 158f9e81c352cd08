"""How words are cut for the search: one rule in the database, for what is kept and what is typed.

`tickets_cut` gives the forms, `tickets_pieces` the words in a line for parts of words; the guards
keep both beside each post and each customer, `tickets_asked` asks with the same forms.
"""

from core.database.guards import Body, Guard, Routine, sql

# Nobody sees these: soft hyphen, joiners, marks of direction, selectors, colours of skin.
HIDDEN = (
    r"[\u00AD\u034F\u061C\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFE00-\uFE0F\uFEFF"
    r"\u20E3\U0001F3FB-\U0001F3FF\U000E0000-\U000E0FFF\u0001]"
)
DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९"
ASCII_DIGITS = "0123456789" * 3
# What accents are once they stand apart, with the vowel signs of Arabic and Hebrew.
ACCENTS = (
    r"[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0640\u064B-\u065F\u0670"
    r"\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF]"
)
# Letters that carry their stroke within.
STROKES = "øłđħıςŧ"
WITHOUT_STROKES = "oldhiσt"
LETTER = r"[:alnum:]\u0300-\u036F\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA"
# Between the parts of an address, a handle, a number of an incident; the last one is ours, where a
# small letter meets a capital one, or a letter a digit.
TYPED_GLUE = "_.,@:/&''’+–-"
WITHIN = "\x01"
BETWEEN_DIGITS = r"[ ()/.,''’–-]"
# Six digits and more, whatever stands between them. Digits that a letter touches belong to it
# ("0x80070005", "ab12"), unless they are six by themselves.
NUMBER = (
    r"[+]?[(]?(?:(?<![0-9\u0001])|(?=[0-9]{6}))[0-9]"
    rf"(?:[0-9]|{BETWEEN_DIGITS}{{1,3}}(?![0-9]+\u0001)[0-9]){{5,33}}"
)
# Scripts that write no blanks between words: of China, Japan, Korea, Thailand, Laos, Burma, Khmer.
DENSE = (
    r"[\u0E01-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17D3\u3005-\u3007\u3041-\u3096\u309D-\u309F"
    r"\u30A1-\u30FA\u30FC-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF"
    r"\U00020000-\U000323AF]+"
)
PICTURE = (
    r"\u203C\u2049\u2190-\u23FF\u2460-\u24FF\u2500-\u2BFF\u3030\u303D\u3297\u3299"
    r"\U0001F000-\U0001F3FA\U0001F400-\U0001FAFF"
)
# Of E.164: codes of one and two digits, and three for all others.
SHORT_CODES = "1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
COUNTRY = f"({SHORT_CODES}|(?!{SHORT_CODES})[0-9]{{3}})"


def without_accents(word: str) -> str:
    """Write the SQL that takes the accents off a word; signs that are composed stay so."""
    bare = f"normalize(translate({word}, '{STROKES}', '{WITHOUT_STROKES}'), NFD)"
    spelt = f"replace(replace(replace({bare}, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')"
    return f"normalize(regexp_replace({spelt}, '{ACCENTS}', '', 'g'), NFC)"


def spelt_out(word: str) -> str:
    """Write the SQL that writes umlauts out, as German does without them."""
    return f"replace(replace(replace({word}, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue')"


PATTERNS = {
    "hidden": HIDDEN,
    "digits": DIGITS,
    "ascii_digits": ASCII_DIGITS,
    "within": (
        r"(?<=[[:lower:]])(?=[[:upper:]])|(?<=[[:alpha:]])(?=[0-9])|(?<=[0-9])(?=[[:alpha:]])"
    ),
    "number": NUMBER,
    "between_digits": rf"(?<=[0-9]){BETWEEN_DIGITS}{{1,3}}(?=[0-9])",
    "country": COUNTRY,
    "dense": DENSE,
    "picture": f"[{PICTURE}]",
    "between": rf"[^{LETTER}\u0001{TYPED_GLUE}]+",
    "outside": rf"[^{LETTER}{PICTURE}\u0001{TYPED_GLUE}]+",
    "typed_glue": TYPED_GLUE,
    "glue": TYPED_GLUE + WITHIN,
    "blanks": " " * len(TYPED_GLUE),
    # "oe" is an umlaut unless a vowel or q comes before it: "stoerung", but "neue" and "quer".
    "umlaut": r"(?<![aeiouq])([aou])e",
    "plain_word": without_accents("word.said"),
    "spelt_word": without_accents(spelt_out("word.said")),
    "spelt_said": without_accents(spelt_out("said")),
}


def written(name: str) -> Body:
    """Return the body of a routine with the patterns that it names."""
    return sql(name, **PATTERNS)


READ = Routine(
    name="tickets_as_read",
    arguments="words text",
    returns="text",
    body=written("tickets_as_read"),
)

CUT = Routine(
    name="tickets_cut",
    arguments="words text",
    returns="TABLE(unit integer, part integer, lexeme text, begins boolean)",
    body=written("tickets_cut"),
)

PIECES = Routine(
    name="tickets_pieces",
    arguments="words text",
    returns="text",
    app_calls=True,
    body=written("tickets_pieces"),
)

ASKED = Routine(
    name="tickets_asked",
    arguments="words text",
    returns="tsquery",
    app_calls=True,
    body=written("tickets_asked"),
)

KEEP_POST = Routine(
    name="tickets_keep_post_words",
    arguments="of_version bigint",
    returns="void",
    writes=True,
    body=written("tickets_keep_post_words"),
)

KEEP_CUSTOMER = Routine(
    name="tickets_keep_customer_words",
    arguments="of_customer bigint",
    returns="void",
    writes=True,
    body=written("tickets_keep_customer_words"),
)

POST_CUT = Guard(
    name="tickets_postversion_cut",
    when="AFTER INSERT OR UPDATE OF text, links, media",
    definer=True,
    body=written("tickets_postversion_cut"),
)

CUSTOMER_CUT = Guard(
    name="tickets_customer_cut",
    when="AFTER INSERT OR UPDATE OF handle, name",
    definer=True,
    body=written("tickets_customer_cut"),
)
