"""Hosts as network namespaces on one switch, and what befalls a host.

Each host has an address of its own and the processes that were started on it. The switch is a
bridge in a namespace of its own, so nothing of the machine's own network is touched. Everything is
named by the process that made it: what one that was killed has left is taken down by the next.
Source: `ip-netns(8)`.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

from servicedesk.launcher.supervisor import LIBC, Part, alive

PREFIX = "paraph-"
ADDRESSES = "10.77.0"
CLONE_NEWNET = 0x40000000
PACKAGES = {"ip": "iproute2", "haproxy": "haproxy", "pgbouncer": "pgbouncer"}
TOOLS = {"nsenter": "util-linux", "setpriv": "util-linux", "mount": "mount", **PACKAGES}
RUNNING_SHARE = 0.1  # of the time, on a host that is slowed by its processor
SLICE_SECONDS = 0.3


def missing() -> str:
    """Return a sentence about what this campaign lacks here; empty where it can run."""
    if os.geteuid() != 0:
        return "This campaign makes network namespaces: run it as root."
    absent = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    if absent:
        return f"Missing here: {', '.join(absent)}. Install by: apt-get install {' '.join(absent)}"
    probe = f"{PREFIX}{os.getpid()}-probe"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
    if made.returncode:
        return f"Network namespaces cannot be made here: {made.stderr.strip()}"
    ip("netns", "delete", probe)
    return ""


def ip(*words: object, check: bool = True) -> str:
    """Run `ip`; returns its output. Raises `RuntimeError` with what it says against it."""
    done = subprocess.run(["ip", *map(str, words)], capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(f"ip {' '.join(map(str, words))}: {done.stderr.strip()}")
    return done.stdout


@dataclass
class Host:
    """A machine of the rehearsal: its namespace, its address, and the parts that run on it."""

    name: str
    namespace: str
    switch: str
    address: str
    parts: list[Part] = field(default_factory=list)
    slowing: threading.Event | None = None

    def command(self, command: list, identity: dict | None = None) -> list:
        """Return the command as it is started on this host, as another user where one is named."""
        user = []
        if identity:
            user = [
                *("setpriv", f"--reuid={identity['user']}", f"--regid={identity['group']}"),
                *("--clear-groups", "--pdeathsig", "INT"),
            ]
        return ["nsenter", f"--net=/run/netns/{self.namespace}", *user, *command]

    def pids(self) -> list[int]:
        """Every process on this host, whoever started it."""
        return [int(word) for word in ip("netns", "pids", self.namespace, check=False).split()]

    def signal_all(self, number: int) -> None:
        """Send every process of this host the same signal."""
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """As if the power were cut: `kill -9` for every process."""
        while self.pids():
            self.signal_all(signal.SIGKILL)
            for part in self.parts:
                if part.process:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        part.process.wait(1)

    def end(self) -> None:
        """Ask every part to end, as a machine does that is shut down."""
        self.go_on()
        for part in self.parts:
            part.stop(5)

    def start(self) -> None:
        """Start the parts that do not run, as a machine does that comes up."""
        for part in self.parts:
            if not part.running():
                part.start()

    def freeze(self) -> None:
        """Stop every process where it is."""
        self.signal_all(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let every process go on."""
        self.signal_all(signal.SIGCONT)

    def cut(self) -> None:
        """Take its cable out of the switch."""
        ip("-n", self.switch, "link", "set", self.name, "down")

    def join(self) -> None:
        """Put its cable back."""
        ip("-n", self.switch, "link", "set", self.name, "up")

    def slow(self) -> None:
        """Slow it down: its line by `tc netem` where the kernel has it, else its processor.

        On the slowed processor its processes run a tenth of the time.
        """
        if netem(self, "replace"):
            return
        self.slowing = threading.Event()
        threading.Thread(target=self.run_in_slices, args=[self.slowing], daemon=True).start()

    def run_in_slices(self, ended: threading.Event) -> None:
        """Stop and go on, until it is no longer slow."""
        while not ended.wait(SLICE_SECONDS * RUNNING_SHARE):
            self.freeze()
            ended.wait(SLICE_SECONDS * (1 - RUNNING_SHARE))
            self.go_on()

    def hurry(self) -> None:
        """End its slowness."""
        if self.slowing:
            self.slowing.set()
            self.slowing = None
            self.go_on()
        else:
            netem(self, "delete")


def netem(host: Host, verb: str) -> bool:
    """Change the delay and loss of a host's line; whether the kernel could."""
    words = ["tc", "-n", host.namespace, "qdisc", verb, "dev", "eth0", "root", "netem"]
    if verb == "replace":
        words += ["delay", "300ms", "100ms", "loss", "5%"]
    return subprocess.run(words, capture_output=True).returncode == 0


class Network:
    """The switch and the hosts on it. Made at once, and taken down as a whole."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.hosts: dict[str, Host] = {}
        self.mark = f"{PREFIX}{os.getpid()}"

    def __enter__(self) -> "Network":
        """Make everything; this thread, and what it starts, is then the host `people`."""
        remove_left_overs()
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        try:
            switch = f"{self.mark}-switch"
            ip("netns", "add", switch)
            ip("-n", switch, "link", "add", "bridge", "type", "bridge")
            ip("-n", switch, "link", "set", "bridge", "up")
            for number, name in enumerate(self.names, start=10):
                self.hosts[name] = self.plug_in(name, f"{ADDRESSES}.{number}", switch)
            enter(f"/run/netns/{self.hosts['people'].namespace}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def plug_in(self, name: str, address: str, switch: str) -> Host:
        """Make a host with a cable to the switch."""
        space = f"{self.mark}-{name}"
        ip("netns", "add", space)
        ip("-n", switch, *("link", "add", name, "type", "veth", "peer"), "eth0", "netns", space)
        ip("-n", switch, "link", "set", name, "master", "bridge", "up")
        ip("-n", space, "link", "set", "lo", "up")
        ip("-n", space, "address", "add", f"{address}/24", "dev", "eth0")
        ip("-n", space, "link", "set", "eth0", "up")
        return Host(name, space, switch, address)

    def __exit__(self, *wrong: object) -> None:
        """End every process on every host but this one, and take everything down."""
        enter_descriptor(self.home)
        os.close(self.home)
        for host in self.hosts.values():
            if host.slowing:
                host.hurry()
            if host.name != "people":
                host.kill()
        remove(self.mark)


def enter(path: str) -> None:
    """Move this thread, and what it starts from now on, into a namespace."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        enter_descriptor(descriptor)
    finally:
        os.close(descriptor)


def enter_descriptor(descriptor: int) -> None:
    """Move this thread into the namespace behind an open file."""
    if LIBC.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def remove_left_overs() -> None:
    """Take down what campaigns have left that were killed."""
    for mark in {left_by(line.split()[0]) for line in ip("netns", "list").splitlines() if line}:
        if mark:
            remove(mark)


def left_by(namespace: str) -> str:
    """Return the mark of a namespace whose maker is gone; empty for every other one."""
    mark, _, _host = namespace.removeprefix(PREFIX).partition("-")
    if not namespace.startswith(PREFIX) or not mark.isdigit() or alive(int(mark)):
        return ""
    return f"{PREFIX}{mark}"


def remove(mark: str) -> None:
    """End what runs in the namespaces of this mark, and delete them."""
    for line in ip("netns", "list", check=False).splitlines():
        space = line.split()[0] if line else ""
        if not space.startswith(f"{mark}-"):
            continue
        if not space.endswith("-people"):
            for pid in ip("netns", "pids", space, check=False).split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
        ip("netns", "delete", space, check=False)


def small_disk(directory: Path, megabytes: int) -> None:
    """Mount a disk of this size."""
    directory.mkdir(exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "paraph", directory],
        check=True,
    )


def eject(directory: Path) -> None:
    """Unmount it, also where something still looks at it."""
    subprocess.run(["umount", "--lazy", directory], capture_output=True)
