"""`python -m bench.streams [--streams 1000]`.

Many open pages on one web process, beside bare streams of the same run.

Plain HTTP clients, signed in, each with an open event stream; events are recorded as any verb
does (row, chain, broker). Prints for the desk and for a bare ASGI stream under the same server:
p50 and p95 from the commit to the last byte at each client, memory of the process per stream,
what was missed; and how many connections the desk's web process holds to the database with and
without streams. With Chromium here, one real page listens beside them.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Page, async_playwright

from bench.servers import stack
from servicedesk.launcher import stopping
from tests.stack import find_chromium

EVENTS, PAUSE, OPENING = 20, 0.25, 40
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


def main() -> int:
    """Measure both and print them side by side.

    1 if an event was missed or a stream took a database connection.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1000)
    number = parser.parse_args().streams
    with stack(DESK_POLL_SECONDS="600", DESK_TICK_SECONDS="60") as one:
        found = measure_desk(one, number)
    bare = measure_bare(number)
    print(f"{number} streams, {EVENTS} events      desk       bare")
    for name in ("p50 ms", "p95 ms", "kB per stream"):
        print(
            f"{name:<22} {found[name]:10.1f} {bare[name]:10.1f}   ratio "
            f"{found[name] / bare[name]:.2f}"
        )
    if found["chromium"]:
        print(
            (
                "a Chromium beside them p50 {:.1f} ms, p95 {:.1f} ms until its page heard of "
                "it, {} of {} missed"
            ).format(*found["chromium"], EVENTS)
        )
    print(f"missed                 {found['missed']:10} {bare['missed']:10}")
    print(
        f"database connections   {found['connections before']} before, "
        f"{found['connections']} with the streams"
    )
    return int(
        bool(found["missed"])
        or bool(found["chromium"] and found["chromium"][2])
        or found["connections"] > found["connections before"] + ASKING
    )


def memory_kb(pid: int) -> int:
    """Return the proportional share of memory of a process, in kB."""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))


class Reader:
    """One open stream: notes when each event arrived, by the mark it carries."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.ready = asyncio.Event()

    async def listen(self, host: str, port: int, cookie: str) -> None:
        """Read until it is cancelled."""
        reader, writer = await asyncio.open_connection(host, port)
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
            asyncio.create_task(one.listen(host, port, cookies[(start + place) % len(cookies)]))
            for place, one in enumerate(some)
        ]
        await asyncio.wait_for(asyncio.gather(*(one.ready.wait() for one in some)), 60)
    await during()
    for one in tasks:
        one.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return readers


def figures(readers: list[Reader], sent: dict[str, float], before: int, after: int) -> dict:
    """Medians and misses out of what arrived when."""
    took = [
        (one.arrived[mark] - at) * 1000
        for one in readers
        for mark, at in sent.items()
        if mark in one.arrived
    ]
    return {
        "p50 ms": statistics.median(took),
        "p95 ms": statistics.quantiles(took, n=20)[-1],
        "kB per stream": max(after - before, 1) / len(readers),
        "missed": len(readers) * len(sent) - len(took),
    }


def measure_desk(one, number: int) -> dict:
    """Return the desk's own web process."""
    from django.db import connection, transaction
    from django.test import Client

    from core.audit import record
    from people.models import User
    from tickets.models import ConnectedAccount

    for name in ("worker", "beat"):
        one.parts[name].stop()
    web = one.parts["web"].process.pid
    address = urlsplit(one.url)
    cookies = []
    for username in ("aylin", "rita", "lena", "bastian"):
        client = Client()
        client.force_login(
            User.objects.get(username=username), backend="people.backends.ActivePeople"
        )
        cookies.append(f"sessionid={client.cookies['sessionid'].value}")
    account = ConnectedAccount.objects.order_by("id").first()

    def connections() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND application_name <> 'x' AND pid <> pg_backend_pid()"
            )
            return cursor.fetchone()[0]

    found: dict = {}
    sent: dict[str, float] = {}

    async def during() -> None:
        await asyncio.sleep(2)
        found["after"], found["connections"] = memory_kb(web), await asyncio.to_thread(connections)
        async with one_chromium(one.url, cookies[0]) as page:
            walls = {}
            for _number in range(EVENTS):
                event = await asyncio.to_thread(tell)
                sent[str(event)], walls[str(event)] = found.pop("at"), found.pop("wall")
                await asyncio.sleep(PAUSE)
            await asyncio.sleep(2)
            seen = await page.evaluate("window.seen") if page else {}
        took = [seen[mark] - at * 1000 for mark, at in walls.items() if mark in seen]
        found["chromium"] = (
            (statistics.median(took), statistics.quantiles(took, n=20)[-1], len(walls) - len(took))
            if len(took) > 1
            else None
        )

    def tell() -> int:
        with transaction.atomic():
            event = record("account.resumed", account, department_id=account.department_id)
            found["at"], found["wall"] = time.perf_counter(), time.time()
        return event.pk

    # So that every thread and module is warm
    asyncio.run(with_readers(4, address.hostname, address.port, cookies, quiet))
    before, found["connections before"] = memory_kb(web), connections()
    readers = asyncio.run(with_readers(number, address.hostname, address.port, cookies, during))
    return figures(readers, sent, before, found["after"]) | found


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


async def quiet() -> None:
    """Let them listen for a moment."""
    await asyncio.sleep(1)


def measure_bare(number: int) -> dict:
    """Return a stream that does nothing but stream, under the same server."""
    from tests.stack import free_port

    port = free_port()
    code = (
        f"import uvicorn\n{BARE}\nuvicorn.run(app, host='127.0.0.1', port={port}, "
        f"log_level='error', access_log=False)"
    )
    server = subprocess.Popen([sys.executable, "-c", code], env=os.environ)
    sent: dict[str, float] = {}
    found: dict = {}

    async def tell(mark: int) -> None:
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

    async def during() -> None:
        await asyncio.sleep(2)
        found["after"] = memory_kb(server.pid)
        for mark in range(1, EVENTS + 1):
            await tell(mark)
            await asyncio.sleep(PAUSE)
        await asyncio.sleep(2)

    async def run() -> list[Reader]:
        for _try in range(100):
            try:
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            except OSError:
                await asyncio.sleep(0.1)
        found["before"] = memory_kb(server.pid)
        return await with_readers(number, "127.0.0.1", port, [""], during)

    try:
        readers = asyncio.run(run())
        return figures(readers, sent, found["before"], found["after"])
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(stopping.command(main))
