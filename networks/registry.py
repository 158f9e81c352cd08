"""The adapter of each network, by the name that accounts, deliveries and signed texts have."""

from networks.contract import Adapter
from networks.names import Network
from networks.x.adapter import X

ADAPTERS: dict[str, Adapter] = {Network.X.value: X()}


class UnknownNetwork(LookupError):
    """A network was named that the desk has no adapter for."""


def network_of(name: str) -> Adapter:
    """Return the adapter of this network; raises `UnknownNetwork` where there is none."""
    if adapter := ADAPTERS.get(name):
        return adapter
    raise UnknownNetwork(
        f"The desk has no adapter for a network named {name!r}; it knows {', '.join(ADAPTERS)}."
    )
