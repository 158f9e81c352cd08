"""X's own description of its answers, in both vocabularies, and what an answer does against it.

The two files beside this one are excerpts of X's OpenAPI descriptions 2.166 and 2.167.
Where those describe less than X is known to answer (a 401 of type `about:blank`,
credits that are used up), the form of a problem holds, which both share. `python -m
tests.contract.answers FILE` checks what `/_control/answers` gave.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.contract import description
from xapi.simulator.refusals import HOSTS, TYPES

EXCERPTS = {"old": "x-answers-2.166.json", "new": "x-answers-2.167.json"}
DESCRIBED = {
    word: json.loads((Path(__file__).parent / name).read_text()) for word, name in EXCERPTS.items()
}
ANY_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "detail"],
    "properties": {
        "type": {"enum": ["about:blank", *(f"{HOSTS['new']}{one}" for one in TYPES)]},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "status": {"type": "integer"},
    },
}
NOT_OF_X = (
    "html",
    "alien",
    "garbage",
    "no_id",
    "redirect",
    "loop",
    "endless",
    "late",
    "lost",
    "partial",
    "errors",
)


WITHOUT_DATA = {
    "POST /2/webhooks",
    "POST /2/webhooks/replay",
}  # 2.166 describes the bare object; X sends it in `data`


def against(entry: dict) -> list[str]:
    """What stands in this answer against X's description.

    Empty where it is as described, or was spoilt on purpose.
    """
    if entry["fault"].split(" ")[0] in NOT_OF_X and not entry["fault"].startswith("errors "):
        return []
    found = []
    for word in description.vocabularies(entry):
        wrong = (
            of_success(entry, word) if entry["status"] < 300 else of_refusal(entry["answer"], word)
        )
        found += [f"{word}: {one}" for one in wrong]
    return found


def of_success(entry: dict, word: str) -> list[str]:
    """Of an answer with what was asked for; what it could not give stands under `errors`."""
    operation = description.operation(entry)
    if word == "old" and operation in WITHOUT_DATA:
        return []
    schemas = DESCRIBED[word]["operations"].get(operation)
    if schemas is None:
        return [f"{operation} is not described"]
    if str(entry["status"]) not in schemas:
        return [f"{operation} answers {'/'.join(schemas)}, not {entry['status']}"]
    answer = entry["answer"]
    if not isinstance(answer, dict):
        return ["no object"]
    given = {name: value for name, value in answer.items() if name != "errors"}
    found = faults(operation + str(entry["status"]), word, schemas[str(entry["status"])], given)
    return found + [one for error in answer.get("errors", []) for one in of_problem(error, word)]


def of_refusal(answer: Any, word: str) -> list[str]:
    """Of a refusal: a problem, or a list of older errors."""
    if not isinstance(answer, dict):
        return ["no object"]
    if "title" in answer or "type" in answer:
        return of_problem(answer, word)
    listed = answer.get("errors")
    if not isinstance(listed, list) or not listed:
        return ["neither a problem nor errors"]
    return [one for error in listed for one in of_problem(error, word)]


def of_problem(problem: Any, word: str) -> list[str]:
    """Check one problem.

    By its own description where its type has one, else by the form that all share.
    """
    if isinstance(problem, dict) and "code" in problem:
        return faults("Error", word, {"$ref": "#/$defs/Error"}, problem)
    kind = problem.get("type") if isinstance(problem, dict) else None
    named = DESCRIBED["new"]["problems"].get(kind)
    if named:
        return faults(named, "new", {"$ref": f"#/$defs/{named}"}, problem)
    if word == "old" and str(kind).startswith(HOSTS["old"]):
        return faults("Problem", word, {"$ref": "#/$defs/Problem"}, problem)
    return faults("any", "new", ANY_PROBLEM, problem)


def faults(name: str, word: str, schema: dict, value: Any) -> list[str]:
    """Everything in which the value differs from the schema."""
    return [
        f"{one.json_path}: {one.message[:200]}"
        for one in validator(name, word, json.dumps(schema)).iter_errors(value)
    ]


@cache
def validator(_name: str, word: str, schema: str) -> Draft202012Validator:
    """A validator, made once."""
    return Draft202012Validator({**json.loads(schema), "$defs": DESCRIBED[word]["$defs"]})


def main(path: str) -> int:
    """Check a file of answers.

    Say how many there are of each vocabulary, and each kind of fault once.
    """
    entries = [json.loads(line) for line in Path(path).read_text().splitlines() if line]
    found = {
        f"{description.operation(entry)} {entry['status']} {one}"
        for entry in entries
        for one in against(entry)
    }
    asked = [word for entry in entries for word in description.vocabularies(entry)]
    print("\n".join(sorted(found)))
    print(
        f"{len(entries)} answers ({asked.count('old')} old, {asked.count('new')} new), "
        f"{len(found)} kinds of fault"
    )
    return 1 if found or not entries else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
