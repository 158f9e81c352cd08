"""One line of the health screen."""

from dataclasses import dataclass


@dataclass
class Sign:
    """One line of the health screen.

    Its name, whether it is well, and a sentence that says what to do where it is not.
    """

    name: str
    well: bool
    says: str
