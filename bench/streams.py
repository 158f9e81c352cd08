"""Many open pages on one web process, beside bare streams of the same run.

Plain HTTP clients, signed in, each with an open event stream; events are recorded as any verb
does (row, chain, broker). For the desk and for a bare ASGI stream under the same server: p50 and
p95 from the commit to the last byte at each client, memory of the process per stream, what was
missed; and how many connections the desk's web process holds to the database with and without
streams. With Chromium here, one real page listens beside them.

`python -m bench.streams [--streams 5000]`
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

from playwright.async_api import Page, async_playwright

from bench import figures
from bench.servers import memory_kb, quiet_stack
from servicedesk.launcher import stopping
from tests.stack import find_chromium

EVENTS = 20
PAUSE = 0.25  # seconds, for each thousand streams
PATIENCE = 120  # seconds, for whatever has to arrive
OPENING = 40
STREAMS_BY_ADDRESS = 20_000
SPARE_FILES = 200  # beside the streams: libraries, logs, the database
SIGNED_IN = ("aylin", "rita", "lena", "bastian")
# Threads that ask whose stream it is, each with a connection of its own, however many streams
# there are
ASKING = 4
BARE = """
import asyncio, json, os, sys
waiting = set()
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    if scope["path"] == "/tell":
        line = b"event: changed\\ndata: " + scope["query_string"] + b"\\n\\n"
        for one in waiting:
            one.put_nowait(line)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    queue = asyncio.Queue()
    waiting.add(queue)
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    opened = b"event: open\\ndata: {}\\n\\n"
    await send({"type": "http.response.body", "body": opened, "more_body": True})
    while True:
        await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
"""


def main(words: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=5000)
    return figures.run(parser, compare, words)


def compare(options: argparse.Namespace) -> figures.Figures:
    """Return both side by side.

    A fault where an event was missed, or a stream took a database connection.
    """
    number = options.streams
    raise_file_limit(number + SPARE_FILES)
    with quiet_stack() as desk:
        found = measure_desk(desk, number)
    bare = measure_bare(number)
    notes = [
        f"Connections to the database: {found['connections before']} before, "
        f"{found['connections']} with the streams."
    ]
    if found["chromium"]:
        middle, slow, missed = found["chromium"]
        notes.append(
            f"A page in Chromium beside them heard of an event after {middle:.0f} ms (p50) and "
            f"{slow:.0f} ms (p95) and missed {missed} of {EVENTS}."
        )
    return figures.Figures(
        {"streams": number, "events": EVENTS},
        [
            figures.Table(
                {"": "", "desk": ",.1f", "bare": ",.1f", "ratio": ".2f"},
                [
                    [name, found[name], bare[name], found[name] / bare[name]]
                    for name in ("p50, ms", "p95, ms", "memory per stream (PSS), kB")
                ]
                + [["missed", str(found["missed"]), str(bare["missed"]), None]],
            )
        ],
        notes,
        faults(found),
    )


def faults(found: dict) -> list[str]:
    """Return what must not be."""
    lines = []
    if found["missed"]:
        lines.append(f"{found['missed']} events were missed")
    if found["chromium"] and found["chromium"][2]:
        lines.append(f"the page in Chromium missed {found['chromium'][2]} events")
    if found["connections"] > found["connections before"] + ASKING:
        lines.append(f"{found['connections']} connections to the database are held")
    return lines


def raise_file_limit(needed: int) -> None:
    """Let this process, and those it starts, open as many files as the system allows.

    Raises `SystemExit` with a sentence where that is fewer than needed.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise SystemExit(
            f"{needed:,} open files are needed and {hard:,} allowed: raise the hard limit "
            f"(`ulimit -Hn`), or ask for fewer --streams."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(hard, needed), hard))


def own_address(place: int) -> str:
    """Return from which of this machine's own addresses a stream comes: each has few ports."""
    return f"127.0.0.{1 + place // STREAMS_BY_ADDRESS}"


class Reader:
    """One open stream: notes when each event arrived, by the mark it carries."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.ready = asyncio.Event()

    async def listen(self, host: str, port: int, cookie: str, own: str) -> None:
        """Read until it is cancelled; `own` is the address that it comes from."""
        reader, writer = await asyncio.open_connection(host, port, local_addr=(own, 0))
        writer.write(
            (
                f"GET /events/ HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\nAccept: "
                f"text/event-stream\r\n\r\n"
            ).encode()
        )
        try:
            while line := await reader.readline():
                if line.startswith(b"event: open"):
                    self.ready.set()
                elif line.startswith(b"data: ") and len(line) > 10:
                    told = json.loads(line[6:])
                    self.arrived[str(told["id"])] = time.perf_counter()
        finally:
            writer.close()


async def with_readers(
    number: int, host: str, port: int, cookies: list[str], during
) -> list[Reader]:
    """Open so many streams, some at a time, then do `during` while they listen."""
    readers = [Reader() for _one in range(number)]
    tasks = []
    for start in range(0, number, OPENING):
        some = readers[start : start + OPENING]
        tasks += [
            asyncio.create_task(
                one.listen(host, port, cookies[place % len(cookies)], own_address(place))
            )
            for place, one in enumerate(some, start)
        ]
        await asyncio.wait_for(asyncio.gather(*(one.ready.wait() for one in some)), PATIENCE)
    await during(readers)
    for one in tasks:
        one.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return readers


def medians(readers: list[Reader], sent: dict[str, float], before: int, after: int) -> dict:
    """Medians and misses out of what arrived when."""
    took = [
        (one.arrived[mark] - at) * 1000
        for one in readers
        for mark, at in sent.items()
        if mark in one.arrived
    ]
    return {
        "p50, ms": statistics.median(took),
        "p95, ms": statistics.quantiles(took, n=20)[-1],
        "memory per stream (PSS), kB": max(after - before, 1) / len(readers),
        "missed": len(readers) * len(sent) - len(took),
    }


def session_cookies() -> list[str]:
    """Sign four people of the demo in; return their sessions, each as a Cookie header."""
    from django.test import Client

    from people.models import User

    cookies = []
    for username in SIGNED_IN:
        client = Client()
        client.force_login(
            User.objects.get(username=username), backend="people.identity.backends.ActivePeople"
        )
        cookies.append(f"sessionid={client.cookies['sessionid'].value}")
    return cookies


def database_connections() -> int:
    """Return how many connections to the database there are beside this one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name <> 'x' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def record_event(account) -> tuple[str, float, float]:
    """Record an event on the account, as a verb does.

    Return its mark and when it was about to be committed, in seconds: by `perf_counter`, and by
    the clock that Chromium has too.
    """
    from django.db import transaction

    from core.audit import record

    with transaction.atomic():
        event = record("account.resumed", account, department_id=account.department_id)
        by_counter, by_clock = time.perf_counter(), time.time()
    return str(event.pk), by_counter, by_clock


def pause(number: int) -> float:
    """Return the seconds between two events: each has reached all streams before the next one."""
    return PAUSE * max(1.0, number / 1000)


async def until_arrived(readers: list[Reader], sent: dict[str, float]) -> None:
    """Wait until everybody heard of everything; what is not there in time is missed."""
    await asyncio.sleep(2)
    for _second in range(PATIENCE):
        if all(sent.keys() <= one.arrived.keys() for one in readers):
            return
        await asyncio.sleep(1)


async def record_events(account, sent: dict[str, float], seconds_apart: float) -> dict[str, float]:
    """Record `EVENTS` events, so many seconds apart, and note in `sent` when each was sent.

    Return the same times by the clock.
    """
    by_clock = {}
    for _number in range(EVENTS):
        mark, sent_at, clock_at = await asyncio.to_thread(record_event, account)
        sent[mark] = sent_at
        by_clock[mark] = clock_at
        await asyncio.sleep(seconds_apart)
    return by_clock


def chromium_figures(
    sent: dict[str, float], seen: dict[str, float]
) -> tuple[float, float, int] | None:
    """Return p50 and p95 in ms until the page heard of an event, and how many it missed.

    `sent` is in seconds, `seen` in milliseconds; None where there was no Chromium.
    """
    took = [seen[mark] - at * 1000 for mark, at in sent.items() if mark in seen]
    if len(took) < 2:
        return None
    return statistics.median(took), statistics.quantiles(took, n=20)[-1], len(sent) - len(took)


def measure_desk(desk, number: int) -> dict:
    """Return the figures of the desk's own web process, with so many streams."""
    from tickets.models import ConnectedAccount

    for name in ("worker", "beat"):
        desk.parts[name].stop()
    web = desk.parts["web"].process.pid
    address = urlsplit(desk.url)
    cookies = session_cookies()
    account = ConnectedAccount.objects.order_by("id").first()
    measured: dict = {}
    sent: dict[str, float] = {}

    async def during(readers: list[Reader]) -> None:
        await asyncio.sleep(2)
        measured["after"] = memory_kb(web)
        measured["connections"] = await asyncio.to_thread(database_connections)
        async with one_chromium(desk.url, cookies[0]) as page:
            by_clock = await record_events(account, sent, pause(number))
            await until_arrived(readers, sent)
            seen = await page.evaluate("window.seen") if page else {}
        measured["chromium"] = chromium_figures(by_clock, seen)

    # So that every thread and module is warm
    asyncio.run(with_readers(4, address.hostname, address.port, cookies, quiet))
    before = memory_kb(web)
    measured["connections before"] = database_connections()
    readers = asyncio.run(with_readers(number, address.hostname, address.port, cookies, during))
    return medians(readers, sent, before, measured["after"]) | measured


@asynccontextmanager
async def one_chromium(url: str, cookie: str) -> AsyncIterator[Page | None]:
    """Yield a real page of the desk that notes when it heard of each event.

    None where there is no Chromium.
    """
    program = find_chromium()
    if program is None:
        yield None
        return
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        context = await browser.new_context()
        context.set_default_timeout(PATIENCE * 1000)
        await context.add_cookies(
            [{"name": "sessionid", "value": cookie.partition("=")[2], "url": url}]
        )
        page = await context.new_page()
        await page.add_init_script(
            "window.seen = {}; document.addEventListener('desk:event', ({ detail }) => { "
            "window.seen[detail.id] ??= Date.now(); })"
        )
        await page.goto(f"{url}/inbox/")
        await page.locator("body[data-connection=live]").wait_for()
        yield page
        await page.goto("about:blank")
        await browser.close()


async def quiet(_readers: list[Reader]) -> None:
    """Let them listen for a moment."""
    await asyncio.sleep(1)


@contextmanager
def bare_server() -> Iterator[tuple[int, int]]:
    """Run the bare stream under uvicorn; yield its process id and its port."""
    from tests.stack import free_port

    port = free_port()
    code = (
        f"import uvicorn\n{BARE}\nuvicorn.run(app, host='127.0.0.1', port={port}, "
        f"log_level='error', access_log=False)"
    )
    server = subprocess.Popen([sys.executable, "-c", code], env=os.environ)
    try:
        yield server.pid, port
    finally:
        server.kill()
        server.wait()


async def until_open(port: int) -> None:
    """Wait until the port takes connections, ten seconds at most."""
    for _try in range(100):
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


async def send_bare(port: int, mark: int, sent: dict[str, float]) -> None:
    """Have the bare server send one event, and note in `sent` when it was asked to."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent[str(mark)] = time.perf_counter()
    writer.write(
        (
            f'GET /tell?{{"id":{mark},"department":1,"topic":"ticket:1"}} '
            f"HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        ).encode()
    )
    await reader.read()
    writer.close()


def measure_bare(number: int) -> dict:
    """Return the figures of a stream that does nothing but stream, under the same server."""
    measured: dict[str, int] = {}
    sent: dict[str, float] = {}

    with bare_server() as (pid, port):

        async def during(readers: list[Reader]) -> None:
            await asyncio.sleep(2)
            measured["after"] = memory_kb(pid)
            for mark in range(1, EVENTS + 1):
                await send_bare(port, mark, sent)
                await asyncio.sleep(pause(number))
            await until_arrived(readers, sent)

        async def run() -> list[Reader]:
            await until_open(port)
            measured["before"] = memory_kb(pid)
            return await with_readers(number, "127.0.0.1", port, [""], during)

        readers = asyncio.run(run())
        return medians(readers, sent, measured["before"], measured["after"])


if __name__ == "__main__":
    sys.exit(stopping.command(main))
