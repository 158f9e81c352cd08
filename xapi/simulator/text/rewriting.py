"""What the simulated X makes of a post's words.

Links shortened, with every form in which X writes them.
"""

import hashlib
import re

from xapi.simulator.text.entities import links, named

SHOWN = 27
UNSAFE = re.compile(r"[^\x21-\x7e]")


def short_link(address: str, place: int = 0) -> str:
    """Return the t.co link that stands for an address.

    `place` says which of the post's links it is.
    """
    return "https://t.co/" + hashlib.sha256(f"{place} {address}".encode()).hexdigest()[:10]


def delivered(text: str) -> tuple[str, list[dict], list[dict]]:
    """Text as X delivers it: `&`, `<`, `>` escaped, links shortened.

    And the entities of links and of handles.

    Their places count code points of this text.
    """
    urls: list[dict] = []
    mentions: list[dict] = []
    out, last = "", 0
    of_links = links(text)
    for one in sorted([*of_links, *named(text)]):
        out += escaped(text[last : one.start])
        last = one.end
        if one in of_links:
            entity = entity_of(one.text, len(urls))
            urls.append({"start": len(out), "end": len(out) + len(entity["url"]), **entity})
            out += entity["url"]
        else:
            mentions.append(
                {"start": len(out), "end": len(out) + len(one.text), "username": one.text[1:]}
            )
            out += one.text
    return out + escaped(text[last:]), urls, mentions


def escaped(text: str) -> str:
    """`&`, `<` and `>` as X delivers them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def entity_of(written: str, place: int) -> dict:
    """One link.

    X adds the scheme, writes the host in small letters, follows redirects, shows a short form.
    """
    scheme, _mark, rest = written.partition("://") if "://" in written else ("http", "", written)
    host, rest = split_host(rest)
    address = f"{scheme.lower()}://{host}{rest}"
    return {
        "url": short_link(address, place),
        "expanded_url": address,
        "display_url": shown(f"{host.removeprefix('www.')}{rest}"),
        "status": 200,
        "unwound_url": unwound(host, rest),
    }


def split_host(address: str) -> tuple[str, str]:
    """Return the host in small letters, and what follows it."""
    end = re.search(r"[/?#]|$", address).start()  # type: ignore[union-attr]
    return address[:end].lower(), address[end:]


def shown(address: str) -> str:
    """Return the form that people see: cut where it is long."""
    return address if len(address) <= SHOWN else address[: SHOWN - 1] + "…"


def unwound(host: str, rest: str) -> str:
    """Where the link leads in the end.

    A secure address, every letter encoded, a slash behind a bare host.
    """
    path = UNSAFE.sub(encoded, rest)
    return f"https://{host}{path or '/'}"


def encoded(found: re.Match[str]) -> str:
    """Return a letter as its bytes."""
    return "".join(f"%{byte:02X}" for byte in found.group().encode())
