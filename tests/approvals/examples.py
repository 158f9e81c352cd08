"""The sentences that the checks are held against, and how each is put before them."""

import json
import re
from collections import Counter
from pathlib import Path

from approvals.checks import Text, examine
from approvals.checks.language.prose import detect
from servicedesk.launcher.running import ROOT

HERE = Path(__file__).parent
DEMO = ROOT / "servicedesk" / "demo"


def guideline() -> list[dict]:
    """The demo's house guideline."""
    return json.loads((DEMO / "guideline.json").read_text())["company"]["paragraphs"]


def examples() -> list[dict]:
    """Every sentence with what must be found in it; `context` already laid over the defaults."""
    held = json.loads((HERE / "check_examples.json").read_text())
    return [
        one | {"context": held["defaults"] | one.get("context", {})} for one in held["examples"]
    ]


def put(example: dict, saved: dict[tuple[str, str], str]) -> Text:
    """The sentence as a reply in its surroundings."""
    given, typed = example["context"], example["text"]
    own = given["initials"] or ""
    asked = given["customer_text"].replace("{account}", "@AmselnetzHilfe")
    language = (
        given["customer_lang"]
        if given["customer_lang"] != "same as lang"
        else detect(asked) or example["lang"]
    )
    whole = re.sub(rf"(?:\s*\^{own})+\s*$", "", typed) + f" ^{own}" if own else typed
    key = given["saved_reply"]
    return Text(
        typed=typed,
        whole=whole,
        initials=own,
        known_initials=frozenset(given["known_initials"]),
        first_reply=given["first_reply"],
        customer="@customer",
        customer_text=asked,
        customer_language=language,
        customer_address=given["customer_address"],
        customer_tags=tuple(given["customer_tags"]),
        saved_replies={key: saved[key, example["lang"]]} if key else {},
        recent_replies=(("@somebody", given["recent_reply"]),) if given["recent_reply"] else (),
    )


def judged() -> tuple[dict[str, Counter], list[str]]:
    """Count how each kind of check fared on the examples.

    How often it was right, wrong, missed, and had nothing to say where nothing was
    expected; and each difference in words.
    """
    replies = json.loads((DEMO / "demo_world.json").read_text())["saved_replies"]
    saved = {(one["key"], one["lang"]): one["text"] for one in replies}
    paragraphs, counts, differences = guideline(), {}, []
    kinds = {check["kind"] for paragraph in paragraphs for check in paragraph["checks"]}
    counts = {kind: Counter() for kind in sorted(kinds)}
    for one in examples():
        found = {
            (f.kind, f.detail, f.words)
            for f in examine(put(one, saved), paragraphs)
            if (f.kind, f.detail) != ("length", "long")
        }
        wanted = {(x["check"], x["detail"], x["span"]) for x in one["expect"]}
        for name, which in (
            ("right", found & wanted),
            ("wrong", found - wanted),
            ("missed", wanted - found),
        ):
            for kind, _detail, _span in which:
                counts[kind][name] += 1
        for kind in kinds - {x[0] for x in found | wanted}:
            counts[kind]["rightly silent"] += 1
        if found != wanted:
            differences.append(
                f"{one['id']}: {one['text']} | wrong {sorted(found - wanted)} | missed "
                f"{sorted(wanted - found)}"
            )
    return counts, differences


def precision(count: Counter) -> float:
    """Of what was found, the part that should be."""
    return count["right"] / max(1, count["right"] + count["wrong"])


def recall(count: Counter) -> float:
    """Of what should be found, the part that was."""
    return count["right"] / max(1, count["right"] + count["missed"])
