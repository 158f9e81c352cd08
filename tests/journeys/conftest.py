"""People at their browsers."""

import pytest


class Person:
    """Somebody of the demo in a browser of their own."""

    def __init__(self, browser, stack, username: str, **context) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **context})
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.stack = stack
        if username:
            self.page.goto(f"{stack.url}/sign-in/")
            if not self.page.locator(f"button[value='{username}']").is_visible():
                self.page.locator("details summary").click()
            self.page.locator(f"button[value='{username}']").click()
            self.page.wait_for_url("**/inbox/**")

    def open(self, path: str) -> None:
        """Go to an address of the desk."""
        self.page.goto(f"{self.stack.url}{path}")

    def decides(self, key: str) -> None:
        """Press a decision's key, once the half second after opening or change is over."""
        self.page.locator("body[data-decidable] [data-review]").wait_for()
        self.page.keyboard.press(key)

    def sees(self, text: str, within: float = 10) -> None:
        """Fails unless this text becomes visible."""
        self.page.get_by_text(text).locator("visible=true").first.wait_for(state="visible", timeout=within * 1000)


@pytest.fixture
def person(chromium, stack):
    """`person("aylin")`: that person, signed in with one click."""
    everybody = []

    def sit_down(username: str, **context) -> Person:
        one = Person(chromium, stack, username, **context)
        everybody.append(one)
        return one

    yield sit_down
    for one in everybody:
        faults = list(one.faults)
        one.context.close()
        assert faults == []
