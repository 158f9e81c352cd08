"""Fixtures that every test may use.

The cast, the owner's line to the database, the simulated X, the whole stack, a browser.
"""

import functools
import itertools
import json
import os
import time
import urllib.request
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from servicedesk.launcher.running import ROOT
from tests import factories
from tests.stack import Simulator, Stack, find_chromium
from tests.support import samples
from tests.support.chromium import Chromium, goes_again
from tickets.ingestion import polling
from tickets.models import Feed, Ticket

# A fresh clone draws its first letters slowly (their table is made then), and the machine is
# shared: how long a drawing takes proves nothing.
hypothesis_settings.register_profile(
    "desk", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("desk")

_count = itertools.count()
NO_CHROMIUM = "no Chromium found; apt install chromium, or set CHROMIUM"


def pytest_report_header():
    """How the samples of this run are repeated."""
    return samples.head()


def pytest_configure(config):
    """Each process writes its own part of the journal, and draws the same samples."""
    samples.choose_seed()
    if config.getoption("--journal") and not os.environ.get("PYTEST_XDIST_WORKER"):
        if not config.getoption("--after-another"):
            Path(config.getoption("--journal")).write_text("")
        os.environ["PARAPH_JOURNAL"] = str(Path(config.getoption("--journal")).resolve())


def pytest_collection_modifyitems(config, items):
    """A test whose browser went away runs once more; without Chromium all say so loudly."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(goes_again())
    if find_chromium() is not None or config.getoption("--require-browser"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Tests of a file that starts processes go to one worker, so that they start once."""
    from xdist.scheduler import LoadScopeScheduling

    class ByStack(LoadScopeScheduling):
        """Each test goes where there is room, but a file with a stack as one."""

        def _split_scope(self, nodeid: str) -> str:
            """The file, where its tests share what they start; else the test alone.

            The groups of pytest-xdist itself do nothing with pytest 9.2, whose ids have no suffix.
            """
            file = nodeid.partition("::")[0]
            return file if starts_a_stack(file) else nodeid

    return ByStack(config, log)


@functools.cache
def starts_a_stack(file: str) -> bool:
    """Whether a test file has the mark of tests that start the real parts."""
    return "mark.stack" in (ROOT / file).read_text()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where browser tests are required, one that is skipped for whatever reason fails."""
    report = yield
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and item.get_closest_marker("browser")
        and item.config.getoption("--require-browser")
    ):
        report.outcome, report.longrepr = (
            "failed",
            f"A browser test was skipped where all are required: {report.longrepr}",
        )
    return report


def pytest_terminal_summary(terminalreporter):
    """A skipped browser test is worth a line that nobody overlooks.

    And `manage.py test` wants to know the counts, to add them up.
    """
    stats = terminalreporter.stats
    skipped = [one for one in stats.get("skipped", []) if NO_CHROMIUM in str(one.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER TESTS WERE SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} browser tests did not run: no Chromium on this machine (apt "
            "install chromium)."
        )
    counts = {
        "passed": len(stats.get("passed", [])) + len(stats.get("xpassed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
        "skipped": len(stats.get("skipped", [])) + len(stats.get("xfailed", [])),
        "no_chromium": len(skipped),
    }
    if os.environ.get("PARAPH_COUNTS") and any(counts.values()):
        Path(os.environ["PARAPH_COUNTS"]).write_text(json.dumps(counts))


def collect_journal(url: str) -> None:
    """Append what this simulator received to the journal file, if one was asked for."""
    target = os.environ.get("PARAPH_JOURNAL")
    if target:
        with (
            urllib.request.urlopen(f"{url}/_control/journal", timeout=10) as answer,
            open(target, "a") as file,
        ):
            file.write(answer.read().decode())


@pytest.fixture
def desk(db):
    """The cast in an empty database."""
    return factories.make_desk(quick=True)


@pytest.fixture
def open_desk(transactional_db):
    """The cast in a database where other connections see it."""
    return factories.make_desk()


@pytest.fixture
def committed(transactional_db):
    """The cast where other connections see it, without the events that tell of them."""
    return factories.make_desk(quick=True)


@pytest.fixture
def owner():
    """The owner's own line to the test database, for what only an owner can do."""
    theirs = django_settings.DATABASES["default"]["TEST"]["OWNER"]
    line = psycopg2.connect(
        dbname=connection.settings_dict["NAME"],
        user=theirs["USER"],
        host=theirs["HOST"] or None,
        password=theirs["PASSWORD"] or None,
        port=theirs["PORT"] or None,
    )
    line.autocommit = True
    yield line.cursor()
    line.close()


@pytest.fixture(scope="session")
def simulator_process():
    """One simulated X per test process."""
    simulator = Simulator()
    yield simulator
    collect_journal(simulator.url)
    simulator.stop()


def with_our_accounts(simulator, settings):
    """Our two accounts, no faults, no limits; the desk's client is pointed at it."""
    settings.X_API_URL = simulator.url
    simulator.control("faults", method="DELETE")
    simulator.control("limits", on=False)
    simulator.control(
        "users", username="AmselnetzHilfe", name="Amselnetz Hilfe", account=True, id=901
    )
    simulator.control(
        "users", username="AmselnetzBiz", name="Amselnetz Business", account=True, id=902
    )
    return simulator


@pytest.fixture
def x(simulator_process, settings):
    """The simulated X of this test process."""
    return with_our_accounts(simulator_process, settings)


@pytest.fixture
def ready(desk, x):
    """An approved reply to a post that really stands on the simulated X: (draft, post)."""
    word = f"w{next(_count)}x{time.time_ns() % 100000}"
    shown = x.says("grace_adeyemi", f"@AmselnetzHilfe please help with {word}")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    ticket = Ticket.objects.get(conversation_id=shown["id"])
    draft = factories.approved(
        desk, factories.submitted(desk, ticket, text=f"Hello Grace, about {word}: unplug it.")
    )
    return draft, shown


@pytest.fixture
def empty_x(settings):
    """A simulated X of this test's own, for storms and changed clocks."""
    simulator = Simulator()
    yield with_our_accounts(simulator, settings)
    collect_journal(simulator.url)
    simulator.stop()


@pytest.fixture(scope="session")
def stack():
    """The whole desk as processes of its own: database, simulated X, web, worker, beat."""
    running = Stack()
    running.start()
    yield running
    collect_journal(running.x.url)
    running.stop()


@pytest.fixture(scope="session")
def chromium(request):
    """A real Chromium, in a process that has browser tests alone.

    Missing it fails here where skips are not allowed.

    Playwright leaves an event loop running in the thread of the tests, where `asyncio.run`
    then fails, and Django has to be told not to mind.
    """
    from playwright.sync_api import sync_playwright

    program = find_chromium()
    if program is None:
        pytest.fail("no Chromium found and browser tests are required")
    if any(item.get_closest_marker("browser") is None for item in request.session.items):
        pytest.fail(
            "Browser tests have a process of their own: `python3 manage.py test`, or pytest "
            "with `--part browser`."
        )
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = Chromium(playwright, program)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def ahead():
    """Put the desk's clock ahead, for this connection."""

    def put(interval: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('desk_test.ahead', %s, false)", [interval])

    yield put
    put("")
