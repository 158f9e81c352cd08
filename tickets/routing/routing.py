"""Which department, priority, tags and due time a new ticket gets.

The same function decides live and in the dry run.

A rule is `key`, `name`, `when` and `then`. `when` may hold `words` (terms, any of them),
`languages`, `accounts` (ids), `tags` (of the customer), `followers` (at least) and `hours`
(`inside` or `outside` the service of the account's department); all that is given must hold, a
rule without anything holds always. `then` may hold `department` (id), `priority`, `tags` and
`minutes` (to the first reply). Rules are read in their order: the first that sets a department,
a priority or minutes wins for that; tags add up.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.text import languages
from networks.contract import Post
from people.hours import business_hours
from people.models import Department
from tickets.models import ConnectedAccount, RoutingVersion
from tickets.routing.terms import matches
from tickets.states import Priority


@dataclass(frozen=True)
class Facts:
    """What the rules look at."""

    text: str
    language: str
    account: ConnectedAccount
    tags: tuple[str, ...]
    followers: int
    at: datetime


@dataclass
class Routed:
    """What came of it.

    `rules` are the keys of those that had a part in it, `by_rule` the one that chose the
    department.
    """

    department: int
    priority: str = Priority.NORMAL
    tags: list[str] = field(default_factory=list)
    minutes: int | None = None
    rules: list[str] = field(default_factory=list)
    by_rule: str = ""


def live() -> RoutingVersion | None:
    """Return the set of rules that holds."""
    return RoutingVersion.objects.order_by("-number").first()


def decide(facts: Facts, rules: Iterable[dict[str, Any]], departments: Container[int]) -> Routed:
    """Read the rules in their order.

    A department that is not among `departments` (any more) is passed over.
    """
    routed = Routed(department=facts.account.department_id)
    chosen: set[str] = set()
    for rule in rules:
        if not holds(rule.get("when", {}), facts):
            continue
        then, had_part = rule.get("then", {}), False
        if then.get("department") in departments and "department" not in chosen:
            routed.department, routed.by_rule, had_part = then["department"], rule["key"], True
            chosen.add("department")
        if then.get("priority") in Priority.values and "priority" not in chosen:
            routed.priority, had_part = then["priority"], True
            chosen.add("priority")
        if then.get("minutes") and "minutes" not in chosen:
            routed.minutes, had_part = then["minutes"], True
            chosen.add("minutes")
        fresh = [tag for tag in then.get("tags", []) if tag not in routed.tags]
        routed.tags += fresh
        if had_part or fresh:
            routed.rules.append(rule["key"])
    return routed


def holds(when: dict[str, Any], facts: Facts) -> bool:
    """Whether everything that the rule wants is so."""
    language = facts.language if facts.language in {"de", "en"} else ""
    inside = (
        business_hours.on_duty(facts.account.department, facts.at) if when.get("hours") else None
    )
    return all(
        (
            not when.get("words") or bool(matches(when["words"], facts.text, language)),
            not when.get("languages") or is_written_in(facts.language, when["languages"]),
            not when.get("accounts") or facts.account.pk in when["accounts"],
            not when.get("tags")
            or bool({one.lower() for one in when["tags"]} & {one.lower() for one in facts.tags}),
            facts.followers >= (when.get("followers") or 0),
            inside is None or inside == (when["hours"] == "inside"),
        )
    )


def is_written_in(language: str, wanted: list[str]) -> bool:
    """Whether the language of a post is one of these, by whatever code each is named."""
    tags = {languages.tag_of(code) for code in wanted} - {languages.UNKNOWN}
    return language in wanted or languages.tag_of(language) in tags


def facts_of(post: Post, account: ConnectedAccount, tags: tuple[str, ...], followers: int) -> Facts:
    """Return the facts of a post as it comes in."""
    return Facts(post.text, post.language, account, tags, followers, post.created_at)


def known_departments() -> dict[int, Department]:
    """Return the departments that a rule can name, by their ids."""
    return Department.objects.in_bulk()


def due_at(routed: Routed, department: Department, at: datetime) -> datetime:
    """When the first reply is due.

    By the rule's minutes or the department's, in the hours of service of the department that
    answers.
    """
    if routed.minutes is None:
        return business_hours.due(department, at)
    return business_hours.after(department, at, routed.minutes) or at
