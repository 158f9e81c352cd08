"""A browser that ends by itself takes no other test with it."""

import os
import signal

import pytest

from tests.journeys.conftest import children_of

pytestmark = pytest.mark.browser
_runs = []


def test_a_test_whose_browser_ends_runs_once_more_with_another(person):
    aylin = person("aylin")
    _runs.append(aylin.page.title())
    if len(_runs) == 1:
        for driver in children_of(os.getpid()):
            for program in children_of(driver):
                os.kill(program, signal.SIGKILL)
    aylin.open("/inbox/")
    aylin.sees("Inbox")
    assert len(_runs) == 2
