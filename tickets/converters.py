"""Ids of networks in addresses."""


class ExternalIdConverter:
    """An id of X's: digits, without zeros in front."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> str:
        """Return the id as the desk keeps it."""
        return value.lstrip("0")

    def to_url(self, value: str) -> str:
        """Return the id as it stands in an address."""
        return value
