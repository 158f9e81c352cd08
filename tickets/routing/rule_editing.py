"""Writing routing rules.

The draft of the next set, a dry run over the newest posts, putting it live.
"""

import secrets
from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from core.audit import record
from core.database.guards import DeskNow
from core.errors import Invalid, NotAllowed, Reason, Stale
from core.text.characters import says_something
from core.text.readable import one_line
from people.models import Department, User
from tickets import events
from tickets.models import ConnectedAccount, HandOff, Mention, RoutingDraft, RoutingVersion
from tickets.policies import why_not_route
from tickets.routing import routing

MOST_RULES = 200
LAST_POSTS = 1000


def draft_of(*, by: User) -> RoutingDraft:
    """Return the draft of the next set; begun from the live one.

    It is kept with the first change, not by looking at it.
    """
    if reason := why_not_route(by):
        raise NotAllowed(reason)
    held = routing.live()
    known = RoutingDraft.objects.select_related("by__person").first()
    return known or RoutingDraft(
        rules=held.rules if held else [], based_on=held.number if held else 0, by=by
    )


@transaction.atomic
def save_rule(
    draft: RoutingDraft,
    *,
    key: str,
    name: str,
    when: dict[str, Any],
    then: dict[str, Any],
    saved: int | None,
    by: User,
) -> RoutingDraft:
    """Add a rule (empty key) or change one.

    Refuses a rule without a name, and one that does nothing.
    """
    if not says_something(name):
        raise Invalid(
            Reason(
                "name_missing", _("Give the rule a name; it appears on the tickets that it routed.")
            ),
            "name",
        )
    if not any(then.values()):
        raise Invalid(
            Reason(
                "rule_idle",
                _("This rule does nothing yet. Choose a department, a priority, tags or minutes."),
            ),
            "department",
        )
    rule = {
        "key": key or secrets.token_hex(4),
        "name": one_line(name)[:120],
        "when": {k: v for k, v in when.items() if v},
        "then": {k: v for k, v in then.items() if v},
    }
    if key and all(one["key"] != key for one in draft.rules):
        raise Stale(Reason("rule_gone", _("This rule is not in the draft any more.")))
    rules = [rule if one["key"] == key else one for one in draft.rules] + ([] if key else [rule])
    if len(rules) > MOST_RULES:
        raise Invalid(Reason("rules_many", _("At most {n} rules.").format(n=MOST_RULES)), "name")
    return _kept(draft, rules, saved, by)


@transaction.atomic
def move_rule(
    draft: RoutingDraft, key: str, *, by_places: int, saved: int | None, by: User
) -> RoutingDraft:
    """Read a rule earlier or later."""
    rules = list(draft.rules)
    place = next((number for number, one in enumerate(rules) if one["key"] == key), None)
    if place is not None:
        rules.insert(max(0, place + by_places), rules.pop(place))
    return _kept(draft, rules, saved, by)


@transaction.atomic
def remove_rule(draft: RoutingDraft, key: str, *, saved: int | None, by: User) -> RoutingDraft:
    """Take a rule out of the draft."""
    return _kept(draft, [one for one in draft.rules if one["key"] != key], saved, by)


@transaction.atomic
def discard(draft: RoutingDraft, *, by: User) -> None:
    """Throw the draft away; the live rules stay as they are."""
    if reason := why_not_route(by):
        raise NotAllowed(reason)
    RoutingDraft.objects.filter(pk=draft.pk).delete()


@transaction.atomic
def put_live(draft: RoutingDraft, *, saved: int | None, by: User) -> RoutingVersion:
    """From now on new tickets go by these rules; tickets that are there stay where they are."""
    draft = _kept(draft, None, saved, by)
    last = RoutingVersion.objects.aggregate(n=Max("number"))["n"] or 0
    if draft.based_on != last:
        raise Stale(
            Reason(
                "routing_changed",
                _("Meanwhile other rules went live. Look at both, then put yours live again."),
            )
        )
    version = RoutingVersion.objects.create(number=last + 1, rules=draft.rules, by=by)
    RoutingDraft.objects.filter(pk=draft.pk).delete()
    record(events.ROUTING_CHANGED, version, by=by, number=version.number)
    return version


def _kept(
    draft: RoutingDraft, rules: list[dict[str, Any]] | None, saved: int | None, by: User
) -> RoutingDraft:
    if reason := why_not_route(by):
        raise NotAllowed(reason)
    if draft.pk is None:
        draft.pk = RoutingDraft.objects.get_or_create(
            only=True, defaults={"rules": draft.rules, "based_on": draft.based_on, "by": by}
        )[0].pk
    now = RoutingDraft.objects.select_for_update(no_key=True).filter(pk=draft.pk).first()
    if now is None or (saved is not None and saved != now.saved):
        raise Stale(
            Reason(
                "draft_changed",
                _("Meanwhile another administrator changed these rules. Load the page again."),
            )
        )
    if rules is not None:
        RoutingDraft.objects.filter(pk=draft.pk).update(
            rules=rules, saved=now.saved + 1, by=by, at=DeskNow()
        )
    return RoutingDraft.objects.select_related("by__person").get(pk=draft.pk)


def dry_run(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what these rules would have done with the last thousand posts.

    How often each had a part, and every post treated otherwise than by the live ones.
    """
    held, departments = routing.live(), routing.known_departments()
    live_rules = held.rules if held else []
    accounts = {one.pk: one for one in ConnectedAccount.objects.select_related("department")}
    names = {one.pk: one.name for one in Department.objects.all()}
    counts: Counter[str] = Counter()
    outcomes, elsewhere, read = {}, [], 0
    for mention in last_posts():
        read += 1
        facts = facts_then(mention, accounts)
        new = routing.decide(facts, rules, departments)
        old = routing.decide(facts, live_rules, departments)
        counts.update(new.rules)
        outcomes[mention.external_id] = new
        if outcome(new) != outcome(old):
            elsewhere.append(
                {
                    "mention": mention,
                    "before": names[old.department],
                    "after": names[new.department],
                    "routed": new,
                    "rules": [rule["name"] for rule in rules if rule["key"] in new.rules],
                }
            )
    return {"read": read, "counts": counts, "elsewhere": elsewhere, "outcomes": outcomes}


def last_posts() -> QuerySet[Mention]:
    """Return the last thousand posts that still have content, the newest first."""
    mentions = Mention.objects.filter(newest__isnull=False).exclude(
        newest__text="", newest__links=[], newest__media=[], newest__named=[], newest__extras=[]
    )
    return mentions.select_related("newest", "customer").order_by("-written_at", "-position")[
        :LAST_POSTS
    ]


def facts_then(mention: Mention, accounts: dict[int, ConnectedAccount]) -> routing.Facts:
    """Return what the rules know of a post that came in, with its customer as they are now."""
    assert mention.newest
    return routing.Facts(
        mention.newest.text,
        mention.newest.language,
        accounts[mention.account_id],
        tuple(mention.customer.tags),
        mention.customer.followers,
        mention.written_at,
    )


def outcome(routed: routing.Routed) -> tuple[Any, ...]:
    """Return what a routing comes to, whichever rules had a part in it."""
    return (routed.department, routed.priority, routed.tags, routed.minutes)


def corrected() -> Counter[str]:
    """Count how often a ticket that a rule had put somewhere was handed over afterwards.

    By the rule's key, to another department.
    """
    wrong = HandOff.objects.holding().filter(wrong_rule__gt="")
    return Counter(wrong.values_list("wrong_rule", flat=True))
