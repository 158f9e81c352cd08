"""What a browser is served in place of our many small files, wherever static files are looked for.

`collectstatic` gets them, and so does a desk that looks for each file when it is asked for it: then
they are put together anew after a change.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

from servicedesk.static_files import scripts, styles

STYLES = "css/desk.css"
SCRIPTS = "js"


class Together:
    """The files put together out of one folder, which lie elsewhere as long as this process runs.

    `made` are their places, `parts` those of the files that they were made of.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = TemporaryDirectory(prefix="paraph-static-")
        self.storage = FileSystemStorage(location=self.folder.name)
        self.state: list[tuple[str, int]] = []
        self.made: set[str] = set()
        self.parts: set[str] = set()
        self.lock = Lock()

    def put_together(self) -> None:
        """Write the files anew if a part has changed since."""
        with self.lock:
            sheets = [self.root / STYLES, *styles.imported(self.root / STYLES)]
            parts = [*sheets, *sorted((self.root / SCRIPTS).rglob("*.js"))]
            state = [(str(part), part.stat().st_mtime_ns) for part in parts]
            if state == self.state:
                return
            files = {STYLES: styles.joined(self.root / STYLES)}
            for path, text in scripts.bundles(self.root / SCRIPTS).items():
                files[f"{SCRIPTS}/{path}"] = text
            for path, text in files.items():
                self.write(Path(self.folder.name) / path, text)
            self.parts = {part.relative_to(self.root).as_posix() for part in parts} - files.keys()
            self.made, self.state = set(files), state

    @staticmethod
    def write(file: Path, text: str) -> None:
        """Write a file at once: somebody may be reading the one before."""
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(file)


# Django makes a finder for each of the first requests that come at once, and drops all but one;
# the files must outlive them.
_together: dict[Path, Together] = {}
_lock = Lock()


def together(root: Path) -> Together:
    """Return the files put together out of a folder: the same for every finder of this process."""
    with _lock:
        found = _together.get(root)
        if found is None:
            found = _together[root] = Together(root)
    found.put_together()
    return found


class Joined(FileSystemFinder):
    """Finds styles and scripts put together, and not the parts that they are made of."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.root = Path(self.locations[0][1])

    def find(self, path: str, find_all: bool = False) -> Any:
        """Return where a file lies, or all places (`find_all`); nothing for what is only a part."""
        joined = together(self.root)
        if path in joined.made:
            place = joined.storage.path(path)
            return [place] if find_all else place
        if path in joined.parts:
            return []
        return super().find(path, True) if find_all else super().find(path)

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        """Yield each file with the storage that it lies in."""
        joined = together(self.root)
        for path, storage in super().list(ignore_patterns):
            if path not in joined.made | joined.parts:
                yield path, storage
        for path in sorted(joined.made):
            yield path, joined.storage
