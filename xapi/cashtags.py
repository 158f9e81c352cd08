"""Cashtags ($AMS): ticker symbols as X reads them. X takes one in a post by API, no more. Pure.

Source: the twitter-text library (extraction of cashtags; its conformance suite is in the tests).
"""

import re
from collections.abc import Iterator

from xapi.finders import Finder, Found

MOST = 1
BLANKS = (
    "\\x09-\\x0D\\x20\\x85\\xA0\\u1680\\u180E\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000"
)
MARKS = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
SYMBOL = re.compile(
    rf"(?:^|[{BLANKS}])(?P<whole>\$[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?)"
    rf"(?=[{BLANKS}\uFEFF{MARKS}]|\Z)"
)


def symbols_in(text: str) -> Iterator[Found]:
    """Each cashtag with its sign, in order."""
    for found in SYMBOL.finditer(text):
        yield Found(*found.span("whole"), found["whole"])


CASHTAG = Finder(symbols_in)
