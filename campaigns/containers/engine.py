"""Podman and podman-compose, with a store of the campaign's own."""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from campaigns.containers.steps import until
from servicedesk.launcher.running import ROOT

HOME = Path("/var/tmp/paraph-containers")  # on a disk: images are large
PROJECT = "paraph"
PROGRAMS = ("podman", "runc", "debootstrap")
NETAVARK = Path("/usr/lib/podman/netavark")
ADDRESS = "127.77.0.1"  # where override.yml publishes: other proxies keep their port 443
HERE = Path(__file__).parent / "images"
STORAGE = '[storage]\ndriver = "overlay"\ngraphroot = "{home}/store"\nrunroot = "{home}/run"\n'
CONTAINERS = """[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
"""


class Engine:
    """Runs containers of this campaign alone; everything it makes lies under `HOME`."""

    def __init__(self) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if not is_ours(name)},
            "CONTAINERS_CONF": str(HOME / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(HOME / "storage.conf"),
        }

    def check(self) -> None:
        """Prepare podman's settings and podman-compose; `RuntimeError` says what is missing."""
        missing = [one for one in PROGRAMS if not shutil.which(one)]
        if os.geteuid() or missing or not NETAVARK.exists():
            raise RuntimeError(
                "This campaign runs as root on Debian; "
                "apt-get install podman runc netavark aardvark-dns debootstrap"
            )
        for folder in ("trusted", "site.d"):
            (HOME / folder).mkdir(parents=True, exist_ok=True)
        (HOME / "storage.conf").write_text(STORAGE.format(home=HOME))
        (HOME / "containers.conf").write_text(CONTAINERS)
        if not (HOME / "venv" / "bin" / "podman-compose").exists():
            venv.create(HOME / "venv", with_pip=True)
            self.done([HOME / "venv/bin/pip", "install", "--quiet", "podman-compose==1.6.0"])

    def done(self, command: list, **more) -> str:
        """Run a command to its end; its output. `RuntimeError` with the end of it on failure."""
        run = subprocess.run(
            [str(one) for one in command],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            **more,
        )
        if run.returncode:
            told = (run.stdout + run.stderr).strip().splitlines()[-25:]
            raise RuntimeError(f"{' '.join(map(str, command))[:200]}: " + "\n".join(told))
        return run.stdout

    def podman(self, *arguments: object, **more) -> str:
        """One command of podman."""
        return self.done(["podman", *arguments], **more)

    def compose(self, *arguments: object, **more) -> str:
        """One command of podman-compose, with the compose file as it is and what differs here."""
        command = [
            *(HOME / "venv/bin/podman-compose", "--project-name", PROJECT),
            *("--env-file", HOME / ".env", "--file", ROOT / "docker-compose.yml"),
            *("--file", HERE / "override.yml", "--podman-build-args=--network=host"),
        ]
        return self.done([*command, *arguments], **more)

    def containers(self, service: str = "") -> list[str]:
        """Names of the project's containers that run, of one service or of all."""
        label = f"label=io.podman.compose.project={PROJECT}"
        narrow = ["--filter", f"label=com.docker.compose.service={service}"] if service else []
        return sorted(
            self.podman("ps", "--filter", label, *narrow, "--format", "{{.Names}}").split()
        )

    def up(self, *services: str, within: float = 900) -> None:
        """Start services and wait until every container of them is healthy.

        Where there is no systemd nobody asks for health; here the campaign does.
        """
        self.compose("up", "--detach", "--no-deps", "--no-build", *services)
        for service in services:
            for name in self.containers(service):
                until(lambda name=name: self.is_healthy(name), f"{name} is healthy", within)

    def is_healthy(self, name: str) -> bool:
        """Whether the container's own check succeeds."""
        command = ["podman", "healthcheck", "run", name]
        return subprocess.run(command, env=self.environment, capture_output=True).returncode == 0

    def state(self, name: str) -> dict:
        """What podman says of a container."""
        return json.loads(self.podman("inspect", name))[0]

    def inside(self, name: str, *command: str, **more) -> str:
        """Run a command in a container that runs."""
        return self.podman("exec", *(["-i"] if "input" in more else []), name, *command, **more)

    def keep_logs(self) -> None:
        """Print the ends of all logs, for who looks for what went wrong."""
        names = self.podman("ps", "--all", "--format", "{{.Names}}").split()
        for name in names:
            command = ["podman", "logs", "--tail", "15", name]
            run = subprocess.run(command, env=self.environment, capture_output=True, text=True)
            print(f"--- {name}\n{run.stdout}{run.stderr}", file=sys.stderr, flush=True)

    def down(self) -> None:
        """End containers, also one too many of a service, networks and volumes of the project."""
        label = f"label=io.podman.compose.project={PROJECT}"
        if names := self.podman("ps", "--all", "--quiet", "--filter", label).split():
            self.podman("rm", "--force", "--ignore", "--depend", "--time", "10", *names)
        self.compose("down", "--volumes", "--timeout", "30")

    def check_the_way_in(self) -> None:
        """Refuse to begin where a killed run left its forwarding: it would lead nowhere.

        `RuntimeError` names what to take away.
        """
        rules = self.done(["iptables", "-t", "nat", "-S"]).splitlines()
        if left := [rule for rule in rules if f"-d {ADDRESS}/32" in rule]:
            raise RuntimeError(
                f"A run that was killed left {left[0]!r}; iptables -t nat -F NETAVARK-HOSTPORT-DNAT"
            )

    def forget(self) -> None:
        """Delete the images and the store; never `system reset`, which reaches other stores too."""
        self.podman("rmi", "--all", "--force")
        shutil.rmtree(HOME)


def is_ours(name: str) -> bool:
    """Whether a variable of the environment would change what the compose file says."""
    return name.startswith(("DESK_", "DATABASE_", "REDIS_", "X_", "POSTGRES_", "VALKEY_"))
