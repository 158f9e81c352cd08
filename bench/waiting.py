"""The page a person waits for, in Chromium, with 10,000 tickets.

What comes over the wire on the first visit, what moves while it loads, and how long until the
next paint after an interaction, beside an empty interaction of the same page.

`python -m bench.waiting [--tickets 10000] [--times 20]`
"""

import argparse
import statistics
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.pages import fill
from bench.servers import stack
from servicedesk.launcher import stopping
from tests.stack import find_chromium

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


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    with stack(DESK_POLL_SECONDS="600", DESK_TICK_SECONDS="60") as one:
        fill(one, options.tickets)
        from tickets.models import Ticket

        count = Ticket.objects.count()
        number = (
            Ticket.objects.filter(
                status="open", department__name_en="Customer Service", drafts__isnull=True
            )
            .order_by("id")
            .first()
            .number
        )
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
            print(f"{count} tickets")
            for name, path in (
                ("inbox", "/inbox/"),
                ("ticket", f"/tickets/{number}/"),
                ("review queue", "/review/"),
            ):
                visit(browser, one, name, path)
            interactions(browser, one, f"/tickets/{number}/", options.times)
            browser.close()


def signed_in(browser: Any, one: Any) -> Any:
    """Return a fresh browser with nothing but a session."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{one.url}/sign-in/")
    page.locator("button[value='aylin']").click()
    page.wait_for_url("**/inbox/**")
    cookies = [cookie for cookie in context.cookies() if cookie["name"] == "sessionid"]
    page.goto("about:blank")
    context.close()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.add_cookies(cookies)
    return context


def visit(browser: Any, one: Any, name: str, path: str) -> None:
    """Make a first visit with an empty cache.

    Bytes over the wire, requests, what moved (CLS).
    """
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
    shifts = page.evaluate("window.shifts")
    paint = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    total = sum(sizes)
    print(
        f"{name:<14} {total / 1000:7.1f} kB over the wire "
        f"({'under' if total < MOST_BYTES else 'OVER'} {MOST_BYTES // 1000}), {len(sizes)} "
        f"requests, "
        f"CLS {shifts:.4f}, first paint {paint:.0f} ms"
        + (f"; moved: {', '.join(sorted(set(page.evaluate('window.moved'))))}" if shifts else "")
    )
    page.goto("about:blank")
    context.close()


def interactions(browser: Any, one: Any, path: str, times: int) -> None:
    """Medians until the next paint, each in turn with an empty interaction of the same page."""
    context = signed_in(browser, one)
    page = context.new_page()
    page.goto(f"{one.url}{path}")
    page.locator("body[data-connection=live]").wait_for()
    page.evaluate(PAINT)
    acts = {
        "empty: a key that does nothing": lambda: page.keyboard.press("q"),
        "J, down the list": lambda: page.keyboard.press("j"),
        "K, up the list": lambda: page.keyboard.press("k"),
        "a letter of the reply": lambda: letter(page),
        "Ctrl K, the palette": lambda: palette(page),
        "Filters, opened and closed": lambda: page.locator(".list__more").click(),
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
    empty = statistics.median(found["empty: a key that does nothing"])
    for name, spent in found.items():
        middle = statistics.median(spent)
        print(
            f"{name:<34} {middle:6.1f} ms to the next paint, {middle / empty:5.2f} of the "
            f"empty one (median of {times})"
        )
    page.goto("about:blank")
    context.close()


def letter(page: Page) -> None:
    """One more letter in the reply."""
    page.locator("#reply-text").focus()
    page.keyboard.press("a")


def palette(page: Page) -> None:
    """Open the palette."""
    page.keyboard.press("Control+k")


if __name__ == "__main__":
    sys.exit(stopping.command(main))
