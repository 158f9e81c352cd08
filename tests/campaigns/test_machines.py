"""The rehearsal of machines that die: its plan, its refusals, its judge, and its written steps."""

import os
import random
import re
import shutil
import subprocess
import sys

import pytest

from campaigns import reply_judge
from campaigns.machines import failover, faults, network
from servicedesk.launcher.running import ROOT

STEPS = ROOT / "docs" / "how-to" / "fail-over.md"
NOBODY = 65534


def post(number, target, text, at=2_000, media=()):
    """A post of ours, as X's history has it."""
    return {
        "what": "post.created",
        "post": {
            "id": number,
            "author": 901,
            "reply_to": target,
            "text": f"@grace {text}",
            "at": at,
            "media": list(media),
        },
    }


def expected(target, *texts, at=1.0):
    """What was approved under a post, in seconds."""
    return reply_judge.Expected(target, 901, approved={text: [at] for text in texts})


def counts(history, *entries):
    """What the judge finds, without what it does not."""
    wrong, _pictured = reply_judge.judged(
        reply_judge.of_ours(history, {901}), {one.target: one for one in entries}, 9.0
    )
    return {name: len(rows) for name, rows in wrong.items() if rows}


def test_the_judge_names_what_stands_twice_is_lost_altered_or_not_approved():
    assert counts([post(1, 10, "Hello")], expected(10, "Hello")) == {}
    assert counts([post(1, 10, "Hello"), post(2, 10, "Hello")], expected(10, "Hello")) == {
        "twice": 1
    }
    assert counts([], expected(10, "Hello")) == {"lost": 1}
    assert counts([post(1, 10, "Hallo")], expected(10, "Hello")) == {"altered": 1}
    assert counts([post(1, 10, "Hello", at=500)], expected(10, "Hello")) == {"unapproved": 1}
    assert counts([post(1, 11, "Hello")]) == {"unapproved": 1}


def test_an_edited_post_is_the_one_that_was_answered():
    edit = {"what": "post.edited", "post": {"id": 12, "versions": [10, 12]}}
    assert counts([edit, post(13, 12, "Hello")], expected(10, "Hello")) == {}


def test_only_what_has_the_pattern_is_planned_and_each_in_turn_without_one():
    assert {one.name for one in faults.plan("^killed w", 9)} == {"killed web", "killed worker"}
    everything = faults.plan("", 9)
    assert len(everything) == 4 * len(faults.HOSTS) + 2 + len(faults.FAILOVERS)
    assert all(one.seconds > 9 for one in everything if one.kind == "frozen")
    with pytest.raises(ValueError, match="No fault has 'burnt'"):
        faults.plan("burnt", 9)


def test_the_same_seed_names_the_same_of_two():
    def names(seed):
        chance = random.Random(seed)
        return [faults.one_of_twins(host, chance) for host in faults.HOSTS * 3]

    assert names(3) == names(3)
    assert set(names(3)) > {"web1", "web2", "worker1", "worker2", "primary"}


def test_only_what_a_campaign_left_that_is_gone_is_taken_down():
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert network.left_by(f"paraph-{gone.pid}-web1") == f"paraph-{gone.pid}"
    assert network.left_by(f"paraph-{os.getpid()}-web1") == ""
    assert network.left_by("paraph-web1") == ""
    assert network.left_by(f"other-{gone.pid}-web1") == ""


def test_the_written_steps_are_those_that_the_campaign_takes():
    text = STEPS.read_text()
    assert len(re.findall(r"^\d\. ", text, re.MULTILINE)) == 8
    for number, step in enumerate(failover.STEPS, start=1):
        assert step.__doc__.startswith(f"Step {number}: ")
    assert failover.rebuild_the_standby.__doc__.startswith("Step 8: ")
    source = (ROOT / "campaigns" / "machines" / "failover.py").read_text()
    for order in ("KILL desk", "RELOAD", "RESUME desk", "pg_promote"):
        assert order in text
        assert order in source


def test_without_root_it_says_so_and_makes_nothing():
    words = (
        "import os, argparse; from campaigns import machines; "
        f"os.geteuid() or os.setuid({NOBODY}); machines.run(argparse.Namespace(only='', seed=1))"
    )
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        "This campaign makes network namespaces: run it as root.\n",
    )


def test_what_is_missing_is_named_by_its_package(monkeypatch):
    if os.geteuid():
        pytest.skip("asked as root alone")
    monkeypatch.setattr(shutil, "which", lambda tool: None if tool == "pgbouncer" else tool)
    assert network.missing() == ("Missing here: pgbouncer. Install by: apt-get install pgbouncer")
