"""`python -m tests.campaigns NAME` (through `manage.py campaign NAME`): print the figures, exit 1 on a violation."""

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

NAMES = ("posting", "workflow", "ingestion", "permissions", "payloads", "judge", "audit", "outage", "openapi")


def main() -> int:
    """Read the options, run the campaign, print what it found."""
    parser = argparse.ArgumentParser(prog="manage.py campaign", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replies", type=int, help="posting: how many; workflow and ingestion have their own numbers")
    parser.add_argument("--mentions", type=int, help="ingestion: how many")
    parser.add_argument("--operations", type=int, help="workflow: how many, by eight threads")
    parser.add_argument("--runs", type=int, help="workflow, payloads, audit: how many")
    parser.add_argument("--kills", type=int, help="posting, ingestion: at least so many kills")
    parser.add_argument("--minutes", type=float, help="end at the latest after so many minutes; outage: how long Valkey is gone")
    parser.add_argument("--time-scale", type=float, default=0.03, help="every waiting time of the desk, times this")
    parser.add_argument("--settle", type=float, default=1.0, help="posting: the settle time alone, times this; below the lag it must go wrong")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    campaign = importlib.import_module(f"tests.campaigns.{options.name}")
    began = time.monotonic()
    figures, violations = campaign.run(options)
    result = {"campaign": options.name, "seed": options.seed, **figures, "seconds": round(time.monotonic() - began), "violations": violations[:50],
              "violations in all": len(violations)}
    text = json.dumps(result, indent=1, ensure_ascii=False, default=str)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
