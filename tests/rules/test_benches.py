"""What a bench found stands the same on the terminal, in JSON and in the page."""

import argparse
import subprocess
import sys

import pytest

from bench import figures, page
from bench.__main__ import GROUPS
from bench.together import SHARING, SMALL
from servicedesk.launcher.running import ROOT

FOUND = figures.Figures(
    {"tickets": [1000, 1_000_000], "rounds": 3},
    [figures.Table({"page": "", "bare views": ",.1f"}, [["inbox | all", 1234.56], ["none", None]])],
    ["It is so. And so."],
)
PAGE = """# Speed

By hand.

<!-- figures: pages -->

old

<!-- end of figures -->

<!-- figures: search -->

older

<!-- end of figures -->
"""


def test_every_bench_has_its_place_in_the_page_and_among_the_small_runs():
    assert sorted(page.benches(page.PAGE.read_text())) == sorted(SMALL)
    assert sorted(name for group in GROUPS for name in group) == sorted(SMALL)
    assert set(SHARING) < set(SMALL)
    for name in SMALL:
        assert (ROOT / "bench" / f"{name}.py").is_file()


def test_a_bench_that_was_run_writes_its_tables_and_no_others():
    written = page.with_figures(PAGE, "pages", FOUND, "python -m bench pages", "commit abc1234")
    assert (
        """By hand.

<!-- figures: pages -->

`python -m bench pages`, commit abc1234: 1,000 and 1,000,000 tickets, 3 rounds.

| page | bare views |
| --- | --- |
| inbox \\| all | 1,234.6 |
| none | – |

It is so.
And so.

<!-- end of figures -->

<!-- figures: search -->

older
"""
        in written
    )
    assert "old\n" not in written


def test_writing_twice_is_writing_once():
    once = page.with_figures(PAGE, "pages", FOUND, "python -m bench pages", "commit abc1234")
    assert (
        page.with_figures(once, "pages", FOUND, "python -m bench pages", "commit abc1234") == once
    )


def test_a_bench_without_a_place_is_refused():
    with pytest.raises(ValueError, match="no place for the figures of peer"):
        page.with_figures(PAGE, "peer", FOUND, "python -m bench peer", "commit abc1234")


def test_json_holds_all_that_was_found(tmp_path, capsys):
    file = tmp_path / "figures.json"
    given = ["--json", str(file)]
    assert figures.run(argparse.ArgumentParser(), lambda _options: FOUND, given) == 0
    assert figures.from_json(file.read_text()) == FOUND
    assert capsys.readouterr().out == FOUND.as_markdown() + "\n"


def test_what_does_not_hold_is_said_and_fails(capsys):
    broken = figures.Figures({}, [], faults=["two events were missed"])
    assert figures.run(argparse.ArgumentParser(), lambda _options: broken, []) == 1
    assert "does not hold: two events were missed" in capsys.readouterr().out


def test_a_row_has_a_cell_for_each_column():
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        figures.Table({"page": "", "ratio": ".2f"}, [["inbox"]])


def test_an_unknown_bench_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "coffee"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "there is no bench coffee" in done.stderr
