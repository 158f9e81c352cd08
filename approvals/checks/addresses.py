"""What in a text leads somewhere: X's links, and what reads like one though X makes none of it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from networks.text import URL, ascii_host

READS_LIKE_ONE = re.compile(
    r"https?://[^\s<>\"„“”]++|(?<![@\w.-])www\.[^\s<>\"„“”]++", re.IGNORECASE
)
CLOSING = ".,;:!?)"


@dataclass(frozen=True)
class Address:
    """Where it stands, and the host that it leads to in the network's form; empty if none."""

    start: int
    end: int
    host: str


def addresses(text: str) -> list[Address]:
    """Each address, in order; what X makes a link of goes first, and no place counts twice."""
    found = [Address(one.begins, one.ends, one.host) for one in URL.finditer(text)]
    rest = URL.sub(lambda one: " " * len(one.group()), text)
    for one in READS_LIKE_ONE.finditer(rest):
        written = one.group().rstrip(CLOSING)
        found.append(Address(one.start(), one.start() + len(written), host_of(written)))
    return sorted(found, key=lambda one: one.start)


def without_addresses(text: str) -> str:
    """Return the text with each address blanked out; places stay the same."""
    for one in addresses(text):
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def host_of(written: str) -> str:
    """Return the host that a browser would go to; empty where there is none."""
    try:
        address = urlsplit(written if "://" in written else f"https://{written}")
        return ascii_host(address.hostname or "")
    except ValueError:
        return ""
