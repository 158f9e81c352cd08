"""Hold requests against X's own description of them.

It describes the requests that the desk makes, in both vocabularies.

The two files beside this one are excerpts of X's OpenAPI descriptions 2.166
(`tweet.fields`) and 2.167 (`post.fields`).
"""

import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator

EXCERPTS = {"old": "x-openapi-2.166.json", "new": "x-openapi-2.167.json"}
DESCRIBED = {
    word: json.loads((Path(__file__).parent / name).read_text()) for word, name in EXCERPTS.items()
}
FIELDS = {"tweet.fields": "old", "post.fields": "new"}


def problems() -> set[str]:
    """Every type of problem that one of the two names."""
    return {kind for one in DESCRIBED.values() for kind in one["problems"]}


def operation(request: dict) -> str:
    """The operation's name in the descriptions."""
    path = re.sub(r"/\d+(-\d+)?(?=/|$)", "/{id}", request["path"].removeprefix("/2"))
    path = re.sub(r"(?<=/by/username/)[^/]+", "{id}", path)
    return f"{request['method']} /2{path}"


def vocabularies(request: dict) -> list[str]:
    """In which of the two it was asked; both, where nothing of it differs."""
    said = [word for name, word in FIELDS.items() if name in request["query"]]
    return said or list(DESCRIBED)


def against(request: dict) -> list[str]:
    """What stands in this request of a journal against X's description.

    Empty where it is as described.
    """
    found = []
    for word in vocabularies(request):
        described = DESCRIBED[word]["operations"].get(operation(request))
        if described is None:
            found.append(f"{word}: {operation(request)} is not described")
            continue
        found += [
            f"{word}: {one}"
            for one in [
                *query_against(request["query"], described),
                *body_against(request["json"], described),
            ]
        ]
    return found


def query_against(query: dict, described: dict) -> list[str]:
    """Of the parameters."""
    found = [f"{name} is missing" for name in described["required"] if name not in query]
    for name, value in query.items():
        schema = described["query"].get(name)
        if schema is None:
            found.append(f"{name} is no parameter")
            continue
        given = value
        if schema.get("type") == "array":
            given = value.split(",")
        elif schema.get("type") == "integer":
            given = int(value)
        found += [
            f"{name}: {wrong.message}" for wrong in Draft202012Validator(schema).iter_errors(given)
        ]
    return found


def body_against(body: dict | None, described: dict) -> list[str]:
    """Of the body."""
    if body is None or "body" not in described:
        return [] if body is None and "body" not in described else ["a body, or none"]
    return [
        wrong.message[:300] for wrong in Draft202012Validator(described["body"]).iter_errors(body)
    ]
