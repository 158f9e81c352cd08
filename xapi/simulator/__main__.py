"""`python -m xapi.simulator`: the simulated X, on 127.0.0.1 unless told otherwise."""

import argparse
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn

from xapi.simulator.server import Server


def main() -> None:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address that it listens on")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument(
        "--history", type=Path, help="append-only file of everything that happened; read at start"
    )
    parser.add_argument(
        "--world", type=Path, help="JSON with the people, scripted customers and texts of a demo"
    )
    parser.add_argument(
        "--desk-url", default="", help="where the page's link back to the desk leads"
    )
    parser.add_argument("--zone", help="time zone of the page's times; else the machine's")
    options = parser.parse_args()
    world = json.loads(options.world.read_text()) if options.world else {}
    server = Server(
        history=options.history,
        world=world,
        base=f"http://{options.host}:{options.port}",
        desk_url=options.desk_url,
        zone=ZoneInfo(options.zone) if options.zone else None,
    )
    uvicorn.run(
        server,
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        date_header=False,
    )


if __name__ == "__main__":
    main()
