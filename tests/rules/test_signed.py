"""What a submitted text answers, and from which account, is read out of the text.

No screen, letter, API or sender asks draft or ticket.
"""

import re
from pathlib import Path

from servicedesk.launcher.running import ROOT

ASKS = re.compile(r"draft\.target\b|ticket\.account\b|ticket__account(?:_id)?=|draft__target=")
# Where nothing is submitted yet, where the payload itself is made, or where it is only counted:
# how often it stands there.
BEFORE_THERE_IS_A_TEXT = {
    "approvals/drafts/checking.py": 1,
    "approvals/drafts/attachments.py": 1,
    "approvals/drafts/drafting.py": 2,
    "approvals/drafts/payload.py": 4,
    "servicedesk/screens/review_screen.py": 1,
    "approvals/drafts/composer.py": 2,
    "servicedesk/screens/composer.py": 1,
    "posting/sending/precheck.py": 1,
    "servicedesk/evidence/story.py": 2,
}
OWNER = re.compile(
    r"owner ?= ?\w*\.?ticket\.account\.department|endorsing_roles\(ticket\.department, "
    r"ticket\.account\.department\)"
)  # whose policy holds
CONVERSATION = "network=ticket.account.network"  # where the ticket's conversation is


def asking(path: Path) -> str:
    """Return the text of a file without what may ask draft or ticket."""
    return OWNER.sub("", path.read_text()).replace(CONVERSATION, "")


def test_target_and_account_of_a_text_are_read_out_of_the_text():
    found = {}
    for package in ("satisfaction", "approvals", "posting", "notices", "servicedesk", "templates"):
        for path in sorted((ROOT / package).rglob("*")):
            if (
                path.suffix in {".py", ".html"}
                and "migrations" not in path.parts
                and (times := len(ASKS.findall(asking(path))))
            ):
                found[str(path.relative_to(ROOT))] = times
    assert found == BEFORE_THERE_IS_A_TEXT
