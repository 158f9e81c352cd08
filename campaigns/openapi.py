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

from campaigns.world import World
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
    """Ask every operation so many times."""
    import schemathesis
    from schemathesis import GenerationMode

    fuzzer = Fuzzer(world, of_seed, runs)
    operations = [
        result.ok()
        for result in schemathesis.openapi.from_dict(described(world)).get_all_operations()
    ]
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                fuzzer.ask(operation, mode)
            except Exception as impossible:
                fuzzer.counts[f"{mode.name.lower()} requests cannot be made"] += 1
                print(
                    f"{operation.label}: {mode.name}: {type(impossible).__name__}: "
                    f"{str(impossible)[:200]}",
                    file=sys.stderr,
                )
    figures = {"operations": len(operations), **dict(sorted(fuzzer.counts.items()))}
    return figures, fuzzer.violations


def described(world: World) -> dict:
    """Return the desk's own description of its API."""
    with urllib.request.urlopen(
        urllib.request.Request(f"{world.url}/api/v1/schema/?format=json"), timeout=30
    ) as answer:
        return json.loads(answer.read())


def checks() -> list:
    """List what each answer is held against."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    return [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
    ]


class Fuzzer:
    """Lena's requests to the API, half of them about objects that are there."""

    def __init__(self, world: World, of_seed: int, runs: int) -> None:
        from campaigns.permissions import Scene

        self.world, self.seed, self.runs = world, of_seed, runs
        self.scene = scene = Scene(world)
        self.new_key()
        self.checks = checks()
        self.there = {
            "pk": [
                scene.review.draft_id,
                scene.approved.pk,
                scene.delivery.pk,
                scene.desk.account.pk,
                scene.token.pk,
            ],
            "number": [
                scene.review.draft.ticket.number,
                scene.writing.number,
                scene.escalated.number,
            ],
            "external_id": [scene.review.draft.ticket.customer.external_id],
        }
        self.counts: Counter = Counter()
        self.violations: list[str] = []

    def new_key(self) -> None:
        """Issue Lena a key."""
        from people.identity.tokens import issue

        self.key = issue(self.scene.desk.lena, name="campaign")

    def ask(self, operation, mode) -> None:
        """Make this operation's requests as the description wants them, or as it does not."""
        from hypothesis import HealthCheck, Phase, given, seed, settings

        @seed(self.seed)
        @settings(
            max_examples=max(1, self.runs // 2),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def one(case) -> None:
            self.send(operation, case)

        one()

    def send(self, operation, case) -> None:
        """Send one request, and hold its answer against the description."""
        from schemathesis.core.failures import FailureGroup

        self.counts["requests"] += 1
        if self.counts["requests"] % 2:
            for name, ids in self.there.items():
                if name in (case.path_parameters or {}):
                    case.path_parameters[name] = ids[self.counts["requests"] // 2 % len(ids)]
        answer = case.call(
            base_url=self.world.url, headers={"Authorization": f"Token {self.key}"}, timeout=30
        )
        self.counts[f"answers {answer.status_code}"] += 1
        if answer.status_code == 401:  # it revoked its own
            self.new_key()
        try:
            case.validate_response(answer, checks=self.checks)
        except (Exception, FailureGroup) as wrong:
            self.violations.append(f"{operation.label} ({case.formatted_path}): {str(wrong)[:500]}")
