"""The desk in containers, from nothing to one reply posted through the TLS proxy.

`docker-compose.yml`, the Dockerfile and the files they mount, run by podman. No image can be
fetched where this was written, so the official ones are stood in for by images made here: Debian
by debootstrap from apt's own mirror, PostgreSQL and Valkey out of the wheels, Caddy and PgBouncer
from Debian. As root, on Debian, with `podman runc netavark aardvark-dns debootstrap` installed.
"""

import subprocess
import sys

from campaigns.containers.engine import Engine
from campaigns.containers.journey import Journey
from campaigns.containers.stand_ins import StandIns
from campaigns.containers.steps import Steps
from servicedesk.launcher.running import ROOT


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations."""
    steps, engine = Steps(), Engine()
    journey = Journey(engine, steps)
    try:
        engine.check()
        StandIns(engine, steps).make()
        journey.go()
    except Exception as wrong:
        steps.violations.append(f"{steps.last}: {type(wrong).__name__}: {wrong}")
        print(steps.violations[-1], file=sys.stderr, flush=True)
        engine.keep_logs()
    finally:
        with steps.step("down: containers, networks and volumes are gone"):
            engine.down()
        if not options.keep:
            engine.forget()
    return {
        "commit": commit(),
        **journey.figures,
        "steps, seconds": steps.seconds,
    }, steps.violations


def commit() -> str:
    """The commit that is run, and whether something differs from it."""
    command = ["git", "describe", "--always", "--abbrev=7", "--dirty", "--exclude=*"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return found.stdout.strip() or "unknown"
