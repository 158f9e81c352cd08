"""How long a ticket takes to open: from the key or the click to the painted conversation.

In Chromium, in place, beside an interaction that does nothing; and what each asks the desk for.

`python -m bench.opening [--tickets 300] [--rounds 20]`
"""

import argparse
import re
import sys
from collections.abc import Sequence

from bench import figures
from bench.servers import median, quiet_stack
from servicedesk.launcher import stopping
from tests.stack import ROOM, find_chromium

# From the event to the frame that shows what came of it: the open ticket, or nothing at all.
WATCH = """
window.measure = (awaited) => new Promise((tell) => {
  const panes = document.querySelector("[data-panes]");
  const before = panes.dataset.looking;
  let began = 0;
  const end = () => tell(performance.now() - began);
  const painted = () => requestAnimationFrame(() => setTimeout(end));
  const seen = (event) => { began = event.timeStamp; if (awaited === "nothing") painted(); };
  const watch = new MutationObserver(() => {
    if (panes.dataset.looking === before) return;
    watch.disconnect();
    painted();
  });
  addEventListener(awaited === "click" ? "click" : "keydown", seen, { capture: true, once: true });
  if (awaited !== "nothing") watch.observe(panes, { attributeFilter: ["data-looking"] });
});
"""
REST_MS = 900  # what a person reads before going on; what is fetched ahead comes meanwhile
WAYS = {
    "nothing": "a key that does nothing",
    "next": "next, by ] (fetched ahead)",
    "click": "a row that was pointed at",
    "unforeseen": "a row out of the blue",
}


def main(words: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=20, help="how often each is done")
    return figures.run(parser, compare, words)


def compare(options: argparse.Namespace) -> figures.Figures:
    """Return what each way to a ticket takes, and of the key that does nothing."""
    with quiet_stack() as one:
        from django.core.management import call_command

        call_command("seed_tickets", options.tickets, verbosity=0)
        found = measured(one, options.rounds)
    nothing = median(found["nothing"][0])
    return figures.Figures(
        {"tickets": options.tickets, "rounds": options.rounds},
        [
            figures.Table(
                {"way": "", "ms": ".0f", "more than nothing, ms": ".0f", "pages asked for": ".1f"},
                [
                    [WAYS[way], median(times), median(times) - nothing, asked]
                    for way, (times, asked) in found.items()
                ],
            )
        ],
    )


def measured(one, rounds: int) -> dict[str, tuple[list[float], float]]:
    """Return for each way the times in ms, and how many pages of tickets it asked for each time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = at_the_inbox(browser, one)
        asked: list[str] = []
        of_ticket = re.compile(r"/tickets/\d+/(\?|$)")
        page.on("request", lambda each: of_ticket.search(each.url) and asked.append(each.url))
        found = {}
        for way in WAYS:
            page.goto(f"{one.url}/inbox/?tab=resolved")  # most of the tickets
            page.locator("body[data-connection=live]").wait_for()
            asked.clear()
            found[way] = ([taken(page, way, place) for place in range(rounds)], len(asked) / rounds)
        browser.close()
    return found


def at_the_inbox(browser, one):
    """Sign somebody in; the page."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page.set_default_timeout(ROOM * 1000)
    page.add_init_script(WATCH)
    page.goto(f"{one.url}/sign-in/")
    if not page.locator("button[value='aylin']").is_visible():
        page.locator("details summary").click()
    page.locator("button[value='aylin']").click()
    page.wait_for_url("**/inbox/**")
    return page


def taken(page, way: str, place: int) -> float:
    """Do it once, after a rest; return the milliseconds it took."""
    row = page.locator("#list a[data-row]").nth(place)
    if way in {"click", "unforeseen"}:
        row.scroll_into_view_if_needed()
    if way == "click":
        row.hover()
    page.wait_for_timeout(REST_MS)
    awaited = {"next": "key", "unforeseen": "click"}.get(way, way)
    # Begun before what it measures, so it is no promise that is waited for here
    page.evaluate(f"() => {{ window.taken = window.measure('{awaited}'); }}")
    if way == "click":
        row.click()
    elif way == "unforeseen":
        row.evaluate("(one) => one.click()")
    else:
        page.keyboard.press("]" if way == "next" else "q")
    return page.evaluate("() => window.taken")


if __name__ == "__main__":
    sys.exit(stopping.command(main))
