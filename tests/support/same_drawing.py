"""Compare how a browser draws two versions of a page: the place and size of each element."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import sync_playwright

from tests.stack import find_chromium

WIDTHS = (1440, 390)
# What an element is, and where it stands, with everything opened that can be: a line for each.
BOXES = """() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  for (const one of document.querySelectorAll("[hidden]")) one.hidden = false;
  return [...document.body.querySelectorAll("*")].map((one) => {
    const box = one.getBoundingClientRect();
    const place = [box.x, box.y, box.width, box.height].map((side) => side.toFixed(1));
    return `${one.localName}.${one.getAttribute("class") ?? ""} ${place}`;
  });
}"""


def drawn_differently(url: str, versions: list[tuple[str, str, str]]) -> Iterator[str]:
    """One line for each page (name, before, after) and width where an element has moved.

    `url` is the running desk, whose styles the pages use. Scripts do not run.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=False
            )
            page = context.new_page()
            for name, *both in versions:
                before, after = (boxes(page, url, text) for text in both)
                moved = [pair for pair in zip(before, after, strict=False) if pair[0] != pair[1]]
                if moved or len(before) != len(after):
                    first = " -> ".join(moved[0]) if moved else "other elements"
                    yield f"{name} at {width}: {len(moved)} of {len(after)}, first {first}"
            context.close()
        browser.close()


def boxes(page: Any, url: str, text: str) -> list[str]:
    """Each element of this page and its place."""
    place = f"{url}/drawn/"
    page.route(place, lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto(place, wait_until="load")
    found: list[str] = page.evaluate(BOXES)
    page.unroute(place)
    return found
