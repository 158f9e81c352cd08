"""A picture of every screen in every width, theme and language, from a desk of its own.

`manage.py gallery [--only WORD] [--mixes N]`.

Pictures go to `gallery/<width>-<theme>-<language>/<screen>.png` and, twelve to a sheet,
to `gallery/sheets/<screen>.png`. The simulated X's page is among them.
"""

import argparse
import contextlib
import itertools
import shutil
import sys
import time
from dataclasses import replace
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Error, sync_playwright

from bench.servers import stack
from servicedesk.launcher import stopping
from servicedesk.launcher.running import ROOT
from tests.screens import (
    EVERYDAY,
    OUTSIDE,
    SETTING_UP,
    Screen,
    asked_in,
    drawn_outcome,
    said_again,
    shown_besides,
)
from tests.stack import find_chromium, wait_until

FOLDER = ROOT / "gallery"
HEIGHTS = {1440: 900, 820: 1180, 390: 844}
DOCS = {
    "ticket": ("1440-light-en", "ticket-written"),
    "inbox-dark": ("1440-dark-en", "ticket-new"),
    "review-phone": ("390-light-en", "review-to-decide"),
    "parts": ("1440-light-en", "parts"),
}
LARGEST = 150_000
MIXES = list(itertools.product(HEIGHTS, ("light", "dark"), ("en", "de")))


def asked_for():
    """Read the options."""
    parser = argparse.ArgumentParser(prog="manage.py gallery", description=__doc__)
    parser.add_argument("--only", default="", help="screens whose name contains this word")
    parser.add_argument(
        "--docs", action="store_true", help="put the pictures of docs/ and of the README there anew"
    )
    parser.add_argument(
        "--mixes",
        type=int,
        default=len(MIXES),
        help="how many of the twelve mixes of width, theme and language",
    )
    options = parser.parse_args()
    return options


def go_through(options, program, screens, missed, running):
    """Stage the desk, and take every picture of every screen."""
    fresh = stage(running)
    again, besides = said_again(running, "twice"), shown_besides(running, "robin_shows")
    drawn_outcome(running, "robin_thanks")
    for language in ("en", "de"):
        asked_in(running, language)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
            ],
        )
        for width, theme, language in MIXES[: options.mixes]:
            missed += pictures(
                browser,
                running,
                [
                    replace(one, path=one.path.format(fresh=fresh, again=again, besides=besides))
                    for one in screens
                ],
                width,
                theme,
                language,
            )
        browser.close()
    return missed


def main() -> int:
    """Stage a desk, go through all screens in all mixes; 1 if a screen could not be shown."""
    options = asked_for()
    program = find_chromium()
    if program is None:
        print("No Chromium found: apt install chromium, or set CHROMIUM.", file=sys.stderr)
        return 2
    screens = [
        one
        for one in [*OUTSIDE, *EVERYDAY, *SETTING_UP, Screen("simulated-x", "", "/")]
        if options.only in one.name
    ]
    if not options.only:
        shutil.rmtree(FOLDER, ignore_errors=True)
    missed: list[str] = []
    began = time.monotonic()
    with stack() as running:
        missed = go_through(options, program, screens, missed, running)
    for one in screens:
        sheet(one.name)
    if options.docs:
        for_docs()
    print(
        f"{len(screens)} screens in {options.mixes} mixes, {time.monotonic() - began:.0f} s: "
        f"{FOLDER}"
    )
    for line in missed:
        print(f"not shown: {line}")
    return 1 if missed else 0


def five_people_write(running: Any, x):
    """Let customers write about one thing."""
    numbers = []
    for name in ("ida", "jan", "kim", "lou", "mia"):
        x.says(
            f"wave_{name}",
            "@AmselnetzHilfe kein Netz in Kranstedt seit sieben, hier geht nichts mehr",
            name=f"{name.title()} Kranz",
        )
        numbers.append(running.ticket_of(f"wave_{name}")["number"])
    x.says(
        "longname",
        "@AmselnetzHilfe wo bleibt die Kündigungsbestätigung? "
        "https://example.com/a/rather/long/address/that/goes/on",
        name="Müller-Lüdenscheidt " * 50,
    )
    x.says(
        "priya_menon_hh",
        "Hey @AmselnetzHilfe, my Vertrag says 250 Mbit but der Speedtest shows 80. Same at "
        "night. Woran liegt's?",
        name="Priya Menon",
    )
    return numbers


def one_is_answered(running: Any, x):
    """Answer one customer, and write a note."""
    x.says(
        "quick_quinn",
        "@AmselnetzHilfe is the shop in Harbour Street open today?",
        name="Quinn Abara",
    )
    number = running.ticket_of("quick_quinn")["number"]
    _status, draft = running.call("aylin", f"tickets/{number}/drafts/")
    _status, draft = running.call(
        "aylin",
        f"drafts/{draft['id']}/submit/",
        text="Hello Quinn, yes, until 20:00 today.",
        context_version=draft["context_version"],
    )
    running.call(
        "rita",
        f"drafts/{draft['id']}/approve/",
        sha256=draft["revisions"][-1]["sha256"],
        context_version=draft["context_version"],
    )
    running.call("aylin", f"tickets/{number}/notes/", text="@rita thank you, that was quick.")


def join_an_incident(running: Any, x, numbers):
    """Join their tickets to an incident."""
    from people.models import User
    from tickets import incidents
    from tickets.models import Ticket

    aylin = User.objects.get(username="aylin")
    tickets = list(Ticket.objects.filter(number__in=numbers).select_related("department"))
    incident = incidents.open_incident(
        name="Kranstedt ohne Netz", department=tickets[0].department, by=aylin
    )
    for one in tickets:
        incidents.join(one, incident=incident, by=aylin)
    with contextlib.suppress(AssertionError):
        wait_until(
            lambda: [one for one in x.posted_by_desk(2400000001) if "until 20:00" in one["text"]],
            20,
            "the reply",
            running.logs,
        )


def stage(running: Any) -> int:
    """A day at the desk.

    A wave of five joined to an incident, plain questions, a very long name, a reply that
    was posted. The number of a new ticket.
    """
    x = running.x
    numbers = five_people_write(running, x)
    fresh = running.ticket_of("priya_menon_hh")["number"]
    one_is_answered(running, x)
    join_an_incident(running, x, numbers)
    return int(fresh)


def pictures(
    browser: Any, running: Any, screens: list[Screen], width: int, theme: str, language: str
) -> list[str]:
    """Every screen in this mix; the names of those that could not be shown."""
    folder = FOLDER / f"{width}-{theme}-{language}"
    folder.mkdir(parents=True, exist_ok=True)
    missed = []
    for who in sorted({one.who for one in screens}):
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=theme,
            locale={"en": "en-GB", "de": "de-DE"}[language],
        )
        context.add_cookies([{"name": "tour", "value": "0", "url": running.url}])
        page = context.new_page()
        if who:
            page.goto(f"{running.url}/sign-in/")
            if not page.locator(f"button[value='{who}']").is_visible():
                page.locator("details summary").click()
            page.locator(f"button[value='{who}']").click()
            page.wait_for_url("**/inbox/**")
        for one in screens:
            if one.who != who:
                continue
            try:
                page.goto((running.x.url if one.name == "simulated-x" else running.url) + one.path)
                page.wait_for_timeout(150)
                if one.act:
                    one.act(page)
                page.wait_for_timeout(250)
                page.screenshot(path=folder / f"{one.name}.png")
                if one.after:
                    one.after(page)
            except Error as error:
                missed.append(f"{folder.name}/{one.name}: {str(error).splitlines()[0]}")
        page.goto("about:blank")
        context.close()
    return missed


def for_docs() -> None:
    """The few pictures that are committed, each under 150 kB."""
    for target, (mix, name) in DOCS.items():
        picture = Image.open(FOLDER / mix / f"{name}.png").convert("RGB")
        path = ROOT / "docs" / "pictures" / f"{target}.jpg"
        for quality in (86, 80, 72, 60, 45):
            picture.save(path, quality=quality)
            if path.stat().st_size < LARGEST:
                break


def sheet(name: str) -> None:
    """All pictures of one screen on a sheet, to be looked at in one go."""
    found = [
        path
        for path in (
            FOLDER / f"{width}-{theme}-{language}" / f"{name}.png"
            for width, theme, language in MIXES
        )
        if path.exists()
    ]
    if not found:
        return
    tiles: list[tuple[str, Image.Image]] = []
    for path in found:
        picture = Image.open(path).convert("RGB")
        picture.thumbnail((760, 620))
        tiles.append((path.parent.name, picture))
    columns = min(4, len(tiles))
    wide, high = (
        max(one.width for _name, one in tiles) + 12,
        max(one.height for _name, one in tiles) + 26,
    )
    whole = Image.new("RGB", (wide * columns, high * -(-len(tiles) // columns)), "white")
    pen = ImageDraw.Draw(whole)
    for place, (words, picture) in enumerate(tiles):
        left, top = place % columns * wide, place // columns * high
        pen.text((left + 4, top + 4), words, fill="black")
        whole.paste(picture, (left + 4, top + 20))
    target = FOLDER / "sheets" / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    whole.save(target)


if __name__ == "__main__":
    sys.exit(stopping.command(main))
