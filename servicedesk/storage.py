"""Static files under hashed names, imports between modules rewritten too."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = "css/desk.css"
IMPORT = re.compile(r'^@import url\("([a-z_./]+)"\);\n', re.MULTILINE)


class HashedStatic(CompressedManifestStaticFilesStorage):
    """Files can be cached for ever, and a module finds the hashed names of those it imports.

    The styles of every screen, a file for each component and screen, are joined into one.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Join the styles, then hash and compress every file.

        Takes and yields what Django's own does. Raises `ImproperlyConfigured` where a file that
        is joined names another one by its place.
        """
        if not dry_run and STYLES in paths:
            whole = Path(self.path(STYLES))
            whole.write_text(joined(whole), encoding="utf-8")
            paths = paths | {STYLES: (self, STYLES)}
        yield from super().post_process(paths, dry_run, **options)


def joined(styles: Path) -> str:
    """Return a stylesheet with the text of each file that it imports in the import's place."""

    def text(imported: re.Match[str]) -> str:
        part = styles.parent / imported.group(1)
        words = part.read_text(encoding="utf-8")
        if part.parent != styles.parent and "url(" in words:
            raise ImproperlyConfigured(f"{part.name} names a file by a place that would not hold.")
        return words

    return IMPORT.sub(text, styles.read_text(encoding="utf-8"))
