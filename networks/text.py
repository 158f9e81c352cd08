"""Reading and counting a text: the recognisers that all networks of the desk share today.

Checks of a text are pure functions, with patterns made once; they ask this module, whichever
network the text is for. They are those of X. A network that reads a text otherwise says so in the
`text` of its adapter, and these checks are then told which network it is.
"""

from xapi.cashtags import CASHTAG
from xapi.cashtags import MOST as MOST_CASHTAGS
from xapi.finders import Finder, Found
from xapi.handles import HANDLE, Handle, behind_handles
from xapi.links import URL, Link, ascii_host, top_level_domains, unicode_host
from xapi.pieces import Piece, pieces, web_address
from xapi.text import LIMIT, normal, weighted_length

__all__ = [
    "CASHTAG",
    "HANDLE",
    "LIMIT",
    "MOST_CASHTAGS",
    "URL",
    "Finder",
    "Found",
    "Handle",
    "Link",
    "Piece",
    "ascii_host",
    "behind_handles",
    "normal",
    "pieces",
    "top_level_domains",
    "unicode_host",
    "web_address",
    "weighted_length",
]
