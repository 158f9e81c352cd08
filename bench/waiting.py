"""The page a person waits for, in Chromium, with 10,000 tickets.

What comes over the wire on the first visit, what moves while it loads, and how long until the
next paint after an interaction, beside an empty interaction of the same page.

`python -m bench.waiting [--tickets 10000] [--times 20]`
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench import figures
from bench.pages import fill
from bench.servers import quiet_stack
from servicedesk.launcher import stopping
from tests.stack import ROOM, find_chromium

MOST_BYTES = 120_000
WATCH = """() => {
  window.shifts = 0;
  window.moved = [];
  const named = (node) => node?.className || node?.parentElement?.className || node?.nodeName;
  const place = (at) => {
    const [x, y, width, height] = [at.x, at.y, at.width, at.height].map(Math.round);
    return `${x},${y} ${width}x${height}`;
  };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      window.shifts += one.value;
      for (const { node, previousRect, currentRect } of one.sources) {
        window.moved.push(named(node) || '?');
        window.moved.push(`${place(previousRect)} to ${place(currentRect)}`);
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
}"""
# From the event's own time to the end of the frame that follows it.
PAINT = """() => {
  window.paints = [];
  const measure = (event) => requestAnimationFrame(() => {
    const line = new MessageChannel();
    line.port1.onmessage = () => window.paints.push(performance.now() - event.timeStamp);
    line.port2.postMessage(0);
  });
  for (const name of ['keydown', 'pointerdown']) {
    addEventListener(name, measure, { capture: true });
  }
}"""


VISITS = {"inbox": "/inbox/", "ticket": "/tickets/{number}/", "review queue": "/review/"}
NOTHING = "a key that does nothing"


def main(words: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=20)
    return figures.run(parser, measure, words)


def measure(options: argparse.Namespace) -> figures.Figures:
    """Return what first visits bring over the wire, and how long each interaction takes."""
    with quiet_stack() as one:
        fill(one, options.tickets)
        number = untouched_ticket()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(),
                args=[
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                ],
            )
            visits = {
                name: visit(browser, one, path.format(number=number))
                for name, path in VISITS.items()
            }
            spent = interactions(browser, one, f"/tickets/{number}/", options.times)
            browser.close()
    return figures.Figures(
        {"tickets": options.tickets, "times each": options.times},
        [visits_table(visits), interactions_table(spent)],
        notes_on(visits),
    )


def notes_on(visits: dict[str, "Visit"]) -> list[str]:
    """Return what moved, and which visits bring more than they should."""
    moved = [f"Moved on the {name}: {', '.join(v.moved)}." for name, v in visits.items() if v.moved]
    heavy = [name for name, one in visits.items() if one.kilobytes * 1000 > MOST_BYTES]
    if heavy:
        moved.append(f"More than {MOST_BYTES // 1000} kB: {', '.join(heavy)}.")
    return moved


def untouched_ticket() -> int:
    """Return the number of an open ticket without a draft."""
    from tickets.models import Ticket

    tickets = Ticket.objects.filter(
        status="open", department__name_en="Customer Service", drafts__isnull=True
    )
    return tickets.order_by("id").values_list("number", flat=True)[0]


@dataclass(frozen=True)
class Visit:
    """What a first visit with an empty cache brought over the wire, and what moved (CLS)."""

    kilobytes: float
    requests: int
    shifts: float
    moved: list[str]


def visits_table(visits: dict[str, Visit]) -> figures.Table:
    """Return the first visits."""
    return figures.Table(
        {
            "first visit": "",
            "kB over the wire": ".1f",
            "requests": "",
            "layout shift (CLS)": ".4f",
        },
        [[name, one.kilobytes, one.requests, one.shifts] for name, one in visits.items()],
    )


def interactions_table(spent: dict[str, list[float]]) -> figures.Table:
    """Return the medians until the next paint."""
    empty = statistics.median(spent[NOTHING])
    return figures.Table(
        {"interaction": "", "ms to the next paint": ".1f", "of an empty one": ".2f"},
        [
            [name, statistics.median(times), statistics.median(times) / empty]
            for name, times in spent.items()
        ],
    )


def new_context(browser: Any) -> Any:
    """Return a fresh browser that is patient on a busy machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(ROOM * 1000)
    return context


def signed_in(browser: Any, one: Any) -> Any:
    """Return a fresh browser with nothing but a session."""
    context = new_context(browser)
    page = context.new_page()
    page.goto(f"{one.url}/sign-in/")
    page.locator("button[value='aylin']").click()
    page.wait_for_url("**/inbox/**")
    cookies = [cookie for cookie in context.cookies() if cookie["name"] == "sessionid"]
    page.goto("about:blank")
    context.close()
    context = new_context(browser)
    context.add_cookies(cookies)
    return context


def visit(browser: Any, one: Any, path: str) -> Visit:
    """Make a first visit with an empty cache."""
    context = signed_in(browser, one)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.add_init_script(f"({WATCH})()")
    page.goto(f"{one.url}{path}")
    page.locator("body[data-connection=live]").wait_for()
    page.wait_for_timeout(1500)
    found = Visit(
        sum(sizes) / 1000,
        len(sizes),
        page.evaluate("window.shifts"),
        sorted(set(page.evaluate("window.moved"))),
    )
    page.goto("about:blank")
    context.close()
    return found


def interactions(browser: Any, one: Any, path: str, times: int) -> dict[str, list[float]]:
    """Return the ms until the next paint, in turn with an empty interaction of the same page."""
    context = signed_in(browser, one)
    page = context.new_page()
    page.goto(f"{one.url}{path}")
    page.locator("body[data-connection=live]").wait_for()
    page.evaluate(PAINT)
    acts = {
        NOTHING: lambda: page.keyboard.press("q"),
        "J, down the list": lambda: in_list(page, "j"),
        "K, up the list": lambda: in_list(page, "k"),
        "a letter of the reply": lambda: letter(page),
        "Ctrl K, the palette": lambda: palette(page),
        "filters, opened and closed": lambda: page.locator(".list__more").click(),
        "the timeline, opened and closed": lambda: page.locator(
            "summary", has_text="Timeline"
        ).click(),
    }
    found: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(times):
        for name, act in acts.items():
            page.evaluate(
                "window.paints = []; document.activeElement.matches('textarea') && "
                "document.activeElement.blur()"
            )
            act()
            page.wait_for_timeout(60)
            found[name].append(page.evaluate("window.paints[0]"))
            if name.startswith("Ctrl"):
                page.keyboard.press("Escape")
    page.goto("about:blank")
    context.close()
    return found


def in_list(page: Page, key: str) -> None:
    """Press a key on the row that was come to, or else the first: from no row a ticket opens."""
    page.evaluate(
        "(document.getElementById(window.row) ?? document.querySelector('#list a[data-row]'))"
        ".focus()"
    )
    page.evaluate("window.paints = []")
    page.keyboard.press(key)
    page.evaluate("window.row = document.activeElement.id")


def letter(page: Page) -> None:
    """One more letter in the reply."""
    page.locator("#reply-text").focus()
    page.keyboard.press("a")


def palette(page: Page) -> None:
    """Open the palette."""
    page.keyboard.press("Control+k")


if __name__ == "__main__":
    sys.exit(stopping.command(main))
