"""Pages as another checkout shows them, by its own code and templates, on the same data."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SHOWS = """
import json, sys
sys.path.insert(0, ".")
import django
django.setup()
from django.test import Client
for line in sys.stdin:
    cookies, language, path, sent = json.loads(line)
    client = Client(headers={"host": "127.0.0.1", "accept-language": language})
    for name, value in cookies.items():
        client.cookies[name] = value
    answer = client.get(path) if sent is None else client.post(path, sent)
    print(json.dumps(answer.content.decode()), flush=True)
"""


class OtherCheckout:
    """A process in another checkout that shows pages of the database of this one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def shows(self, client: Any, path: str, sent: dict[str, Any] | None = None) -> str:
        """The page that this browser gets there; the answer to what it sends, if it does."""
        assert self.process.stdin
        assert self.process.stdout
        cookies = {name: one.value for name, one in client.cookies.items()}
        language = client.defaults["HTTP_ACCEPT_LANGUAGE"]
        self.process.stdin.write(json.dumps([cookies, language, path, sent]) + "\n")
        self.process.stdin.flush()
        return str(json.loads(self.process.stdout.readline()))


@contextmanager
def other_checkout(folder: Path) -> Iterator[OtherCheckout]:
    """Start the process, on the database of this one; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-c", SHOWS],
        cwd=folder,
        env=os.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield OtherCheckout(process)
        finally:
            process.kill()
