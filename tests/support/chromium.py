"""The Chromium of the browser tests, which may go away under them."""

import pytest

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What Playwright says where the whole browser is gone. A page that crashes says something else.
GONE = "Target page, context or browser has been closed"


class Chromium:
    """One browser for all tests; where it went away, the next context starts another."""

    def __init__(self, playwright, program: str) -> None:
        self.playwright = playwright
        self.program = program
        self.starts = 0
        self.browser = None

    def new_context(self, **options):
        """Return a fresh context, as Playwright's browser does."""
        if self.browser is None or not self.browser.is_connected():
            self.starts += 1
            self.browser = self.playwright.chromium.launch(
                executable_path=self.program, args=ARGUMENTS
            )
        return self.browser.new_context(**options)

    def close(self) -> None:
        """End the browser, if there is one."""
        if self.browser is not None:
            self.browser.close()


def goes_again():
    """Return the mark of a test that runs once more when, and only when, its browser is gone.

    The run counts it as a rerun and says which test it was. Every other failure stands.
    """
    return pytest.mark.flaky(reruns=1, only_rerun=[GONE])
