"""Values and bodies that nobody sends by accident.

What the payload campaign puts into fields, addresses and headers.

Pure: everything is drawn from the chance that is passed in. A value is a `str` that may hold lone
surrogates and NULs; `encoded` writes it as a browser would, or as no browser would.
"""

import json
import random
from typing import Any
from urllib.parse import quote_plus

NUMBERS = [
    "0",
    "-0",
    "-1",
    "1",
    "+1",
    "00012",
    " 7 ",
    "1_000",
    "1e5",
    "1.5",
    "NaN",
    "Infinity",
    "0x10",
    "٣",
    "²",
    "Ⅷ",
    "１２",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(-(2**63) - 1),
    str(2**64),
    "9" * 17,
    "9" * 18,
    "9" * 19,
    "9" * 400,
    "9" * 5000,
    "-" + "9" * 5000,
]
DATES = [
    "0001-01-01",
    "9999-12-31",
    "0000-00-00",
    "2026-02-30",
    "10000-01-01",
    "-0001-01-01",
    "0001-01-01T00:00:00+23:59",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59.999999Z",
    "2026-03-29T02:30",
    "2026-03-29T02:30:00+01:00",
    "2026-10-25T02:30",
    "2026-11-26T24:00:00Z",
    "2026-11-26T12:00:60Z",
    "2026-W53-7",
    "20261126",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "1e309",
    "-4713-01-01T00:00:00Z",
]
TIMES = [
    "24:00",
    "23:59:60",
    "-1:00",
    "00:00",
    "99:99",
    "00:00-24:00",
    "22:00-06:00",
    "1:2:3:4",
    "٢٢:٠٠",
]
WORDS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff x",
    "\n",
    "\r\n",
    "a\nb",
    "a\rb",
    "a\x85b",
    "a\u2028b",
    "\u202ereversed\u202c",
    "𝔘" * 300,
    "x" * 20_000,
    "é",
    "ß",
    "İ",
    "null",
    "None",
    "true",
    "on",
    "me",
    "nobody",
    "new",
    "open",
    "mine",
    "answered",
    "<script>alert(1)</script>",
    "{{ 7 }}",
    "{% x %}",
    "{",
    "}",
    "%s",
    "%(x)s",
    "%",
    "\\",
    "'",
    '"',
    "' OR 1=1 --",
    "../../etc/passwd",
    "//example.com",
    "a" * 300,
    "http://[",
    "https://example.com:99999/",
    "javascript:alert(1)",
    "[]",
    "{}",
    "[[",
    "(",
    "*",
    "?",
    "+",
    "a&b",
    "a:*",
    "'a' & ",
    "#",
    "@",
    ",",
    ",,,",
    "a,b," * 2000,
    ":",
    "_",
    ".",
    "🏳️‍🌈",
    "\ufeff",
    "\ufffe",
    "^an",
    "Europe/Berlin",
    "Europe/Nowhere",
    "../Berlin",
    "en",
    "de",
    "xx",
    "zh-Hant-TW" * 40,
    "high",
    "agent",
]
JOINTS = ["_", ".", ",", ":", "-", "/", " ", "\n", "=", "&", "|", ";", "~"]
# No UTF-8, or no percent-encoding at all: what a browser never writes.
RAW = [
    "%",
    "%0",
    "%zz",
    "%ff",
    "%ed%a0%80",
    "%c0%80",
    "%fe%ff",
    "%f5%80%80%80",
    "%80" * 50,
    "%u0041",
    "%00",
    "%E2%80",
    "%2500",
    "a=b=c",
    "\xff",
    "+%20+",
    "%0d%0aSet-Cookie:%20a=b",
    "[]",
    "[0][1]",
]
HEADERS = [
    "Accept-Language",
    "HX-Request",
    "HX-Target",
    "HX-Trigger",
    "HX-Current-URL",
    "HX-Boosted",
    "X-Requested-With",
    "Referer",
    "Host",
    "Origin",
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "User-Agent",
    "If-Modified-Since",
    "If-None-Match",
    "Range",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-CSRFToken",
    "X-Timezone",
    "Time-Zone",
    "Last-Event-ID",
    "X-HTTP-Method-Override",
    "Content-Length",
    "Content-Type",
    "Cookie",
]
HEADER_VALUES = [
    "",
    " ",
    "é\xff\xfe",
    "x" * 9000,
    "*",
    "*/*;q=x",
    "de;q=",
    "de;q=1e9",
    "zh-" * 500,
    "en-\xff",
    "true",
    "fetch",
    "0",
    "-1",
    "abc",
    "Token",
    "Token ",
    "Token é",
    "Token " + "x" * 9000,
    "Bearer \xff",
    "Basic \xff",
    "Basic YQ==",
    "http://[",
    "http://[::1",
    "//\\",
    "https://testserver/inbox/?q=%00",
    "testserver:99999",
    "testserver:abc",
    "[::1",
    "[",
    "a b",
    "evil.example",
    "gzip;q=0",
    "br;q=x",
    "Thu, 99 Foo 0000 00:00:00 GMT",
    "Thu, 01 Jan 0001 00:00:00 GMT",
    'W/"',
    "bytes=-1",
    "bytes=9999999999999-",
    "999.999.1.1",
    "::ffff:1.2.3.4%eth0",
    ",,,,",
    "application/xml",
    "text/html; charset=nonsense",
    "1" * 5000,
]
COOKIES = [
    "",
    "=",
    ";;;",
    "sessionid",
    "sessionid=",
    "sessionid=\xff",
    "sessionid=" + "x" * 4000,
    "sessionid=a\\000b",
    'sessionid="a\\012"',
    "django_language=",
    "django_language=xx",
    "django_language=" + "de-" * 500,
    "django_language=\xe9",
    "csrftoken=\xff",
    "csrftoken=" + "x" * 64,
    "tour=",
    "tour=\xff",
    "tour=99999999999999999999",
    "tour=-1",
    "tour=1:2:3",
    "tour=rita.9",
    "messages=\xff",
    "$Version=1; a=b",
    "a=b; a=c; sessionid=1; sessionid=2",
]
CONTENT_TYPES = [
    "",
    "application/json",
    "application/json; charset=nonsense",
    "application/json; charset=utf-16",
    "application/json; charset=\xff",
    "application/x-www-form-urlencoded; charset=nonsense",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300,
    "multipart/form-data; boundary=\xff",
    "multipart/form-data; boundary=x; charset=nonsense",
    "text/plain",
    "application/xml",
    "a/b/c",
    ";;;",
    "\xff",
    "application/json;" * 500,
]
BODIES = [
    b"",
    b"\x00",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"17",
    b"NaN",
    b"-",
    b"{",
    b'{"a"',
    b'{"text": NaN}',
    b'{"text": 1e999}',
    b'{"text": -Infinity}',
    b'{"\\u0000": 1}',
    b'{"\\ud800": "\\udfff"}',
    b'{"text": "\\ud800"}',
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b'{"a": 1, "a": 2}',
    b"\xff" * 100,
    b"{" * 3000,
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"text": ' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"context_version": ' + b"9" * 4301 + b"}",
    b'{"context_version": 1' + b"0" * 400 + b"}",
    b'{"__proto__": {}}',
    b"a=b",
    b"a" * 100_000,
    b"&" * 2000,
    b"=" * 2000,
    b"&".join([b"a=1"] * 1001),
    b"text=%ff&text=%00",
    b"--x\r\n\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\x00\r\n--x--\r\n',
    b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="picture"; filename="\xff\x00/../a"\r\n'
    b"Content-Type: \xff\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--\r\n",
]
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    2**31,
    2**63,
    2**64,
    -(2**63) - 1,
    10**400,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"id": 1},
    [1, "1", None],
    ["a"] * 3000,
    [{}] * 50,
    {"a": {"a": {"a": []}}},
    ["\x00"],
    [["a"]],
    [2**70],
]


def word(chance: random.Random, known: list[str] | None = None) -> str:
    """One value for a field.

    A number, a date, a time, a word; two of them joined; or one that is known there, spoilt.
    """
    drawn = chance.random()
    if known and drawn < 0.25:
        return spoilt(chance, chance.choice(known))
    if drawn < 0.45:
        return chance.choice(NUMBERS)
    if drawn < 0.60:
        return chance.choice(DATES)
    if drawn < 0.64:
        return chance.choice(TIMES)
    if drawn < 0.90:
        return chance.choice(WORDS)
    joint = chance.choice(JOINTS)
    return joint.join(
        chance.choice(chance.choice([NUMBERS, DATES, WORDS, known or WORDS]))
        for _ in range(chance.choice([2, 2, 3]))
    )


def spoilt(chance: random.Random, text: str) -> str:
    """The text with one place changed, cut, doubled or swapped for something hostile."""
    place = chance.randrange(len(text) + 1)
    return chance.choice(
        [
            text[:place],
            text[place:],
            text * 2,
            text[:place] + chance.choice(WORDS) + text[place:],
            text[:place] + chance.choice(NUMBERS),
            text.upper(),
            text + "\n",
            " " + text,
        ]
    )


def value(chance: random.Random, deep: bool = True) -> Any:
    """One value for a place in JSON: any type, also nested."""
    drawn = chance.random()
    if drawn < 0.55:
        return word(chance)
    if drawn < 0.93 or not deep:
        return chance.choice(VALUES)
    nested: Any = word(chance)
    for _level in range(chance.choice([2, 40, 400])):
        nested = [nested] if chance.random() < 0.5 else {"a": nested}
    return nested


def encoded(chance: random.Random, pairs: list[tuple[str, str]]) -> str:
    """Pairs as a query string or form body.

    Now and then one of them is encoded as no browser does.
    """
    parts = []
    for name, said in pairs:
        raw = chance.random() < 0.12
        parts.append(quote(name) + "=" + (chance.choice(RAW) if raw else quote(said)))
    return chance.choice(["&"] * 12 + [";", "&&"]).join(parts)


def quote(text: str) -> str:
    """Percent-encoded UTF-8; halves of characters as they come."""
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def as_json(body: Any, chance: random.Random) -> bytes:
    """JSON with or without escapes.

    Nesting that Python's writer cannot follow is written by hand.
    """
    try:
        return json.dumps(body, ensure_ascii=chance.random() < 0.6).encode("utf-8", "surrogatepass")
    except RecursionError:
        return b"[" * 2000 + b"]" * 2000
