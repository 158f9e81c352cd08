"""Who may say where a request came from: the proxies that `DESK_PROXIES` names, and nobody else.

The one place that reads `X-Forwarded-*`. Behind it `REMOTE_ADDR` is the visitor's address, and
a header that somebody else wrote is gone. A rule test keeps every other module from reading
such a header.
"""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FOR = "HTTP_X_FORWARDED_FOR"
PROTO = "HTTP_X_FORWARDED_PROTO"
NEVER = (
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_CLIENT_IP",
)


class Proxies:
    """The first middleware.

    Put the visitor's address in its place, believe the scheme of a named proxy, drop the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See `visitor`."""
        said = str(request.META.pop(FOR, ""))
        if is_proxy(str(request.META.get("REMOTE_ADDR", ""))):
            request.META["REMOTE_ADDR"] = visitor(said, str(request.META["REMOTE_ADDR"]))
        else:
            request.META.pop(PROTO, None)
        for name in NEVER:
            request.META.pop(name, None)
        return self.get_response(request)


def visitor(said: str, proxy: str) -> str:
    """Return the last address in the header that is no proxy's.

    What stands before it anybody can have written.

    What is no address (some proxies say "unknown" or add a port) ends the search at the proxy
    before it.
    """
    last = proxy
    for entry in reversed(said.split(",")):
        if is_address(entry.strip()) is None:
            return last
        last = str(is_address(entry.strip()))
        if not is_proxy(last):
            return last
    return last


def is_address(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that this is, if it is one.

    A version 4 address that is written as one of version 6 is the former.
    """
    try:
        found = ipaddress.ip_address(written)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_proxy(written: str) -> bool:
    """Whether this address is in one of the networks that the setting names."""
    address = is_address(written)
    return address is not None and any(
        address in ipaddress.ip_network(one) for one in settings.PROXIES
    )
