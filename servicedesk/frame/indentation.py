"""Pages without the deep indentation of their templates: a tenth of what a browser would get."""

import re
from typing import Any

from django.template.loaders import filesystem

INDENTATION = re.compile(r"^ {3,}", re.MULTILINE)


class Loader(filesystem.Loader):
    """Reads templates as they are written, but never further in than two blanks.

    What people wrote stands in no template, so that their blanks stay.
    """

    def get_contents(self, origin: Any) -> str:
        """Return the text of a template, line by line as in its file."""
        return INDENTATION.sub("  ", super().get_contents(origin))
