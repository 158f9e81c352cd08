"""What befalls which host, and how it is undone."""

import contextlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from campaigns.machines.network import Host

KILLED_SECONDS = 3.0
CUT_SECONDS = 8.0
SLOWED_SECONDS = 10.0
PAST_THE_LEASE = 3.0
DISK_SECONDS = 8.0
BLOCK = b"\0" * 65536

HOSTS = ("web", "worker", "beat", "pooler", "primary", "standby", "valkey", "proxy", "x")
KINDS = {
    "killed": HOSTS,
    "cut off": HOSTS,
    "slowed": HOSTS,
    "frozen": HOSTS,
    "disk full": ("primary", "valkey"),
}
FAILOVERS = ("failed over, last transactions lost", "failed over, nothing lost")
TWINS = {"web": ("web1", "web2"), "worker": ("worker1", "worker2")}


@dataclass(frozen=True)
class Fault:
    """One kind of mishap of one host, and how long it lasts, in seconds."""

    kind: str
    host: str
    seconds: float

    @property
    def name(self) -> str:
        """What `--only` is held against."""
        return f"{self.kind} {self.host}"


def plan(only: str, lease: float) -> list[Fault]:
    """Return the faults in their order; `only` is a pattern for their names.

    Raises `ValueError` where none has it.
    """
    lasting = {
        "killed": KILLED_SECONDS,
        "cut off": CUT_SECONDS,
        "slowed": SLOWED_SECONDS,
        "frozen": lease + PAST_THE_LEASE,
        "disk full": DISK_SECONDS,
    }
    faults = [Fault(kind, host, lasting[kind]) for kind, hosts in KINDS.items() for host in hosts]
    faults += [Fault(kind, "primary", 0) for kind in FAILOVERS]
    chosen = [fault for fault in faults if re.search(only, fault.name)]
    if not chosen:
        raise ValueError(f"No fault has {only!r} in its name.")
    return chosen


def one_of_twins(host: str, chance: random.Random) -> str:
    """Return the very host: of two that do the same, chance names one."""
    return chance.choice(TWINS[host]) if host in TWINS else host


def strike(kind: str, host: Host, disk: Path | None) -> Callable[[], None]:
    """Let it happen; returns what undoes it. `disk` is what the host keeps its data on."""
    if kind == "killed":
        host.kill()
        return host.start
    if kind == "cut off":
        host.cut()
        return host.join
    if kind == "slowed":
        host.slow()
        return host.hurry
    if kind == "frozen":
        host.freeze()
        return host.go_on
    assert disk is not None
    return fill(disk, host)


def fill(disk: Path, host: Host) -> Callable[[], None]:
    """Fill the disk to its last byte; what undoes it also starts what has ended of it."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(BLOCK)

    def empty() -> None:
        filler.unlink()
        host.start()

    return empty
