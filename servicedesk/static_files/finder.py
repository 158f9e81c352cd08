"""What a browser is served in place of our many small files, wherever static files are looked for.

`collectstatic` gets them, and so does a desk that looks for each file when it is asked for it: then
they are put together anew after a change.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

from servicedesk.static_files import scripts, styles

STYLES = "css/desk.css"
SCRIPTS = "js"


class Joined(FileSystemFinder):
    """Finds styles and scripts put together, and not the parts that they are made of."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.root = Path(self.locations[0][1])
        self.state: list[tuple[str, int]] = []
        self.made: set[str] = set()
        self.parts: set[str] = set()
        self.lock = Lock()

    @cached_property
    def folder(self) -> TemporaryDirectory:
        """Where they lie as long as this process runs."""
        return TemporaryDirectory(prefix="paraph-static-")

    @cached_property
    def storage(self) -> FileSystemStorage:
        """The same for `collectstatic`."""
        return FileSystemStorage(location=self.folder.name)

    def find(self, path: str, find_all: bool = False) -> Any:
        """Return where a file lies, or all places (`find_all`); nothing for what is only a part."""
        with self.lock:
            self.put_together()
        if path in self.made:
            place = self.storage.path(path)
            return [place] if find_all else place
        if path in self.parts:
            return []
        return super().find(path, True) if find_all else super().find(path)

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        """Yield each file with the storage that it lies in."""
        with self.lock:
            self.put_together()
        for path, storage in super().list(ignore_patterns):
            if path not in self.made | self.parts:
                yield path, storage
        for path in sorted(self.made):
            yield path, self.storage

    def put_together(self) -> None:
        """Write the files anew if a part has changed since."""
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
