"""The API held against its own description by schemathesis.

Whatever is sent, no crash, and every answer is one that the description knows.

`--runs N` is the number of requests for each operation, half of them as the description
wants them, half not. Half of the addresses lead to objects that exist. Needs
`requirements/dev.txt`.
"""

import json
import sys
import urllib.request
from collections import Counter

from tests.campaigns.world import World
from tests.stack import get, wait_until

RUNS = 30


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations."""
    try:
        import schemathesis  # noqa: F401
    except ImportError:
        sys.exit(
            "This campaign needs the tools: python -m pip install --require-hashes -r "
            "requirements/dev.txt"
        )
    with World(seed=options.seed) as world:
        world.run(
            "web",
            [
                sys.executable,
                "-m",
                "uvicorn",
                "servicedesk.asgi:application",
                "--no-proxy-headers",
                "--host",
                "127.0.0.1",
                "--port",
                world.port,
                "--no-access-log",
            ],
        )
        wait_until(lambda: get(f"{world.url}/healthz"), 60, "the desk answers")
        return fuzz(world, options.seed, options.runs or RUNS)


def fuzz(world: World, of_seed: int, runs: int) -> tuple[dict, list[str]]:
    """Every operation, so many times."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    from people.tokens import issue
    from tests.campaigns.permissions import Scene

    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
    ]
    scene = Scene(world)
    key = issue(scene.desk.lena, name="campaign")
    with urllib.request.urlopen(
        urllib.request.Request(f"{world.url}/api/schema/?format=json"), timeout=30
    ) as answer:
        description = json.loads(answer.read())
    there = {
        "pk": [
            scene.review.draft_id,
            scene.approved.pk,
            scene.delivery.pk,
            scene.desk.account.pk,
            scene.token.pk,
        ],
        "number": [scene.review.draft.ticket.number, scene.writing.number, scene.escalated.number],
        "x_id": [scene.review.draft.ticket.customer.x_id],
    }
    counts: Counter = Counter()
    violations: list[str] = []

    def one_operation(operation, mode) -> None:
        nonlocal key

        @seed(of_seed)
        @settings(
            max_examples=max(1, runs // 2),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def one(case) -> None:
            nonlocal key
            counts["requests"] += 1
            if counts["requests"] % 2:
                for name, ids in there.items():
                    if name in (case.path_parameters or {}):
                        case.path_parameters[name] = ids[counts["requests"] // 2 % len(ids)]
            answer = case.call(
                base_url=world.url, headers={"Authorization": f"Token {key}"}, timeout=30
            )
            counts[f"answers {answer.status_code}"] += 1
            if answer.status_code == 401:
                key = issue(scene.desk.lena, name="campaign")  # it revoked its own
            try:
                case.validate_response(answer, checks=checks)
            except (Exception, FailureGroup) as wrong:
                violations.append(f"{operation.label} ({case.formatted_path}): {str(wrong)[:500]}")

        one()

    operations = [
        result.ok() for result in schemathesis.openapi.from_dict(description).get_all_operations()
    ]
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                one_operation(operation, mode)
            except Exception as impossible:
                counts[f"{mode.name.lower()} requests cannot be made"] += 1
                print(
                    f"{operation.label}: {mode.name}: {type(impossible).__name__}: "
                    f"{str(impossible)[:200]}",
                    file=sys.stderr,
                )
    return {"operations": len(operations), **dict(sorted(counts.items()))}, violations
