"""`python -m campaigns NAME` (through `manage.py campaign NAME`).

Print the figures, exit 1 on a violation.

A long one can be cut into `--parts`, each with a seed and a world of its own; the file
named by `--json` is written after each, and `--resume FILE` goes on with the first part
that is missing there.
"""

import argparse
import importlib
import json
import sys
import tempfile
import time
from pathlib import Path

from servicedesk.launcher import stopping

NAMES = (
    "posting",
    "workflow",
    "ingestion",
    "permissions",
    "payloads",
    "judge",
    "audit",
    "outage",
    "machines",
    "openapi",
    "containers",
    "mutation",
)
SIZES = ("replies", "mentions", "operations", "runs", "kills", "minutes")


def add_sizes(parser):
    """Add the options that say how much is done."""
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--replies",
        type=int,
        help="posting: how many; workflow and ingestion have their own numbers",
    )
    parser.add_argument("--mentions", type=int, help="ingestion: how many")
    parser.add_argument("--operations", type=int, help="workflow: how many, by eight threads")
    parser.add_argument(
        "--runs",
        type=int,
        help="workflow, payloads, audit: how many; mutation: a sample of so many",
    )
    parser.add_argument("--kills", type=int, help="posting, ingestion: at least so many kills")
    parser.add_argument(
        "--minutes",
        type=float,
        help="end at the latest after so many minutes; outage: how long Valkey is gone",
    )
    parser.add_argument(
        "--time-scale", type=float, default=0.03, help="every waiting time of the desk, times this"
    )
    parser.add_argument(
        "--settle",
        type=float,
        default=1.0,
        help="posting: the settle time alone, times this; below the lag it must go wrong",
    )


def add_files(parser):
    """Add the options that say what is written and gone on with."""
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument(
        "--parts", type=int, default=1, help="one after the other, each with its share of the whole"
    )
    parser.add_argument(
        "--resume",
        type=Path,
        metavar="FILE",
        help=(
            "go on where the parts in this file end, all other options are read from it; "
            "mutation: its ledger"
        ),
    )
    parser.add_argument(
        "--only",
        default="",
        help="mutation, permissions, payloads, machines: only what has this pattern in its name",
    )
    parser.add_argument(
        "--keep", action="store_true", help="containers: keep the images for the next run"
    )
    parser.add_argument(
        "--ask",
        nargs="+",
        default=[],
        metavar="TESTS",
        help="mutation: ask these tests alone (files or names), without the profile",
    )


def main() -> int:
    """Read the options, run the campaign, print what it found."""
    parser = argparse.ArgumentParser(prog="manage.py campaign", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    add_sizes(parser)
    add_files(parser)
    options = parser.parse_args()
    if options.name != "mutation" and (options.resume or options.parts > 1):
        return in_parts(options)
    campaign = importlib.import_module(f"campaigns.{options.name}")
    began = time.monotonic()
    figures, violations = campaign.run(options)
    result = {
        "campaign": options.name,
        "seed": options.seed,
        **figures,
        "seconds": round(time.monotonic() - began),
        "violations": violations[:50],
        "violations in all": len(violations),
    }
    text = json.dumps(result, indent=1, ensure_ascii=False, default=str)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    return 1 if violations else 0


def parts_so_far(options: argparse.Namespace, path):
    """Read the parts that are there, or note what was asked for."""
    if options.resume:
        result = json.loads(path.read_text())
        if result["campaign"] != options.name or "asked" not in result:
            raise SystemExit(f"{path} holds no parts of the campaign {options.name}.")
    else:
        asked = {
            name: value
            for name in (*SIZES, "time_scale", "settle", "parts")
            if (value := getattr(options, name)) is not None
        }
        result = {"campaign": options.name, "seed": options.seed, "asked": asked, "parts": []}
    return result


def in_parts(options: argparse.Namespace) -> int:
    """Run the parts that are missing, as processes of their own.

    What is done is in the file before the next one begins.
    """
    path = options.resume or options.json
    if path is None:
        raise SystemExit("Parts need a file to stand in: --json FILE.")
    result = parts_so_far(options, path)
    while len(result["parts"]) < result["asked"]["parts"]:
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            command = [
                sys.executable,
                "-m",
                "campaigns",
                options.name,
                *part_options(result),
                "--json",
                file.name,
            ]
            code, stopped = stopping.follow(command, quiet=True)
            part = json.loads(Path(file.name).read_text() or "null")
        if part is None or stopped:
            return stopping.STOPPED if stopped else code or 1
        result["parts"].append(part)
        result["violations in all"] = sum(one["violations in all"] for one in result["parts"])
        result["seconds"] = sum(one["seconds"] for one in result["parts"])
        path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        print(
            f"part {len(result['parts'])} of {result['asked']['parts']}: "
            f"{part['violations in all']} violations, {part['seconds']} s",
            file=sys.stderr,
            flush=True,
        )
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return 1 if result["violations in all"] else 0


def part_options(result: dict) -> list[str]:
    """The options of the next part: its share of every size, and a seed of its own."""
    asked, number = result["asked"], len(result["parts"])
    options = ["--seed", str(result["seed"] * 1000 + number)]
    for name, value in asked.items():
        if name != "parts":
            share = value
            if isinstance(value, int):
                share = (value - number + asked["parts"] - 1) // asked["parts"]
            elif name in SIZES:
                share = value / asked["parts"]
            options += [f"--{name.replace('_', '-')}", str(share)]
    return options


if __name__ == "__main__":
    sys.exit(stopping.command(main))
