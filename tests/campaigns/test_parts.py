"""Run a campaign in parts.

Every part gets its share, and a cut run goes on with the part that is missing.
"""

import json
import subprocess
import sys

from campaigns.__main__ import part_options
from servicedesk.launcher.running import ROOT


def shares(result, name):
    """What each part is asked for."""
    found = []
    while len(result["parts"]) < result["asked"]["parts"]:
        options = part_options(result)
        found.append(options[options.index(name) + 1])
        result["parts"].append({})
    return found


def test_the_parts_are_the_whole_and_no_two_share_a_seed():
    asked = {"replies": 10, "minutes": 9.0, "time_scale": 0.03, "parts": 3}
    assert shares({"seed": 7, "asked": asked, "parts": []}, "--replies") == ["4", "3", "3"]
    assert shares({"seed": 7, "asked": asked, "parts": []}, "--seed") == ["7000", "7001", "7002"]
    assert shares({"seed": 7, "asked": asked, "parts": []}, "--minutes") == ["3.0", "3.0", "3.0"]
    assert shares({"seed": 7, "asked": asked, "parts": []}, "--time-scale") == ["0.03"] * 3


def resumed(tmp_path, result):
    """Resume this file; what came back."""
    path = tmp_path / "parts.json"
    path.write_text(json.dumps(result))
    return subprocess.run(
        [sys.executable, "-m", "campaigns", "audit", "--resume", path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_finished_one_runs_nothing_again_and_keeps_its_verdict(tmp_path):
    part = {"violations in all": 1, "seconds": 2}
    ended = resumed(
        tmp_path,
        {
            "campaign": "audit",
            "seed": 1,
            "asked": {"runs": 2, "parts": 1},
            "parts": [part],
            "violations in all": 1,
        },
    )
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["parts"] == [part]


def test_another_campaigns_file_is_refused(tmp_path):
    ended = resumed(tmp_path, {"campaign": "posting", "seed": 1, "asked": {}, "parts": []})
    assert ended.returncode != 0
    assert "no parts of the campaign audit" in ended.stderr
