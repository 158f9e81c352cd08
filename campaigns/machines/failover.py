"""Failing over to the standby, by the steps of `docs/how-to/fail-over.md`, in their order."""

import shutil
import time
from collections.abc import Callable

from campaigns.machines.faults import TWINS
from campaigns.machines.network import ip
from campaigns.machines.people import TROUBLE, Browser
from campaigns.machines.stage import PASSWORD, Stage
from tests.stack import get, wait_until

HELD_BACK_SECONDS = 3.0
NOTICED_WITHIN = 60.0
AT_ODDS = "put back to an earlier moment"


def fence(stage: Stage) -> None:
    """Step 1: the old primary can never answer anybody again."""
    stage.primary.host.cut()
    stage.primary.host.kill()
    stage.primary.host.parts = []  # nobody starts it again


def close_the_door(stage: Stage) -> None:
    """Step 2: the pooler lets nobody through."""
    wait_until(lambda: stage.pooler.order("KILL desk"), 30, "the pooler takes KILL")


def promote(stage: Stage) -> None:
    """Step 3: the standby becomes the primary."""
    answer = stage.standby.ask("SELECT pg_promote(wait_seconds => 60)")
    if answer != "t":
        raise RuntimeError(f"pg_promote: {answer}")
    stage.primary, stage.standby = stage.standby, stage.primary


def point_the_pooler(stage: Stage) -> None:
    """Step 4: the pooler leads to the new primary."""
    stage.pooler.point_to(stage.primary.host)
    for order in ("RELOAD", "RESUME desk"):
        wait_until(lambda order=order: stage.pooler.order(order), 30, f"the pooler takes {order}")


def restart_the_webs(stage: Stage) -> None:
    """Step 5: the webs begin anew, one after the other.

    The pages that they remember are of the old primary.
    """
    for name in TWINS["web"]:
        host = stage.host(name)
        for part in host.parts:
            part.stop(3)
        host.start()
        probe = f"http://{host.address}:8000/healthz"
        wait_until(lambda probe=probe: get(probe), 60, f"{name} answers", stage.logs)


def rebuild_the_standby(stage: Stage) -> None:
    """Step 8: the old primary becomes a standby of the new one, from nothing."""
    shutil.rmtree(stage.standby.directory)
    stage.standby.host.join()
    stage.standby.copy(stage.primary)
    stage.standby.serve()


STEPS: tuple[Callable[[Stage], None], ...] = (
    fence,
    close_the_door,
    promote,
    point_the_pooler,
    restart_the_webs,
)


def hold_back(stage: Stage) -> None:
    """Let the standby hear no more, while people approve and replies leave.

    X shows what is posted only after its lag, so nobody can find it there at once.
    """
    people = stage.people
    stage.x.control("faults", kind="late", times=200, seconds=stage.lag)
    before = len(people.rounds)
    wait_until(lambda: len(people.rounds) > before, 60, "a reply is approved before the cut")
    ip("-n", stage.standby.host.namespace, "route", "add", "blackhole", stage.primary.host.address)
    cut = time.time()
    wait_until(
        lambda: (
            people.seconds_to_post(cut) is not None
            and people.seconds_to_work(cut) is not None
            and time.time() > cut + HELD_BACK_SECONDS
        ),
        120,
        "a reply is approved and leaves that the standby does not hear of",
        stage.logs,
    )


def hear_again(stage: Stage, host_name: str, other: str) -> None:
    """Take the way back that `hold_back` took from the standby."""
    ip("-n", stage.network.hosts[host_name].namespace, "route", "del", "blackhole", other)


def known_as_posted(stage: Stage) -> set[int]:
    """The posts whose reply the primary knows to stand on X."""
    rows = stage.primary.ask(
        "SELECT target_id FROM posting_delivery WHERE status = 'posted'"
    ).split()
    return {int(row) for row in rows}


def known_as_approved(stage: Stage) -> set[str]:
    """The texts whose approval the primary knows."""
    hashes = stage.primary.ask(
        "SELECT (payload::json)->>'text' FROM approvals_revision revision WHERE EXISTS (SELECT "
        "FROM approvals_review review WHERE review.revision_id = revision.id "
        "AND review.decision = 'approve')"
    )
    return set(hashes.splitlines())


def what_was_lost(stage: Stage) -> dict[str, int]:
    """Count what people or X know and the new primary does not."""
    posted = known_as_posted(stage)
    approved = known_as_approved(stage)
    return {
        "approvals lost": sum(one.text not in approved for one in list(stage.people.rounds)),
        "outcomes of posted replies lost": len(stage.people.there() - posted),
    }


def wait_until_noticed(stage: Stage, since: float, violations: list[str]) -> float | None:
    """Seconds until the desk noticed; None if never.

    Then every account is paused and the health screen asks a person.
    """
    browser = Browser(stage.url, "lena", PASSWORD)

    def noticed() -> bool:
        try:
            accounts = stage.people.phone.call("lena", "GET", "accounts/")["results"]
            codes = {account["pause_code"] for account in accounts}
            return codes == {"restore"} and AT_ODDS in browser.page("health/")
        except TROUBLE:
            return False

    try:
        wait_until(noticed, NOTICED_WITHIN, "the desk notices the failover", stage.logs)
    except AssertionError as never:
        violations.append(f"the failover was not noticed: {str(never)[:200]}")
        return None
    noted = stage.primary.ask("SELECT extract(epoch FROM max(at)) FROM core_lineage")
    return round(float(noted) - since, 1)
