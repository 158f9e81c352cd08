"""Every column that the application may change, with a verdict.

Free, or which guard says when. A new one must be classified here.
"""

import re

import pytest
from django.apps import apps

from core.database import grants
from core.database.guards import Guard

# work that goes on, a choice, a plan, or what X says of itself now: nothing is proved by it
FREE = "free"
VERDICTS: dict[str, dict[str, str]] = {
    "core_heartbeat": {"at": FREE},
    "people_person": {
        "name": FREE,
        "initials": "people_person_initials",
        "is_listed_by_name": FREE,
    },
    "people_portrait": dict.fromkeys(("image", "at"), FREE),
    "people_user": {
        "is_active": "people_user_person",
        "username": "people_user_names",
        "email": "people_user_names",
    }
    | dict.fromkeys(
        (
            "password",
            "last_login",
            "confirmed_email",
            "language",
            "theme",
            "density",
            "time_zone",
            "hours",
            "letters",
            "own_letters",
            "sound",
            "moves_on",
            "notices",
            "quiet_from",
            "quiet_until",
            "quiet_days",
        ),
        FREE,
    ),
    "people_apitoken": {"revoked_at": "people_token_once", "used_at": FREE},
    "people_invitation": dict.fromkeys(
        ("accepted_at", "accepted_by_id", "revoked_at"), "people_invitation_once"
    ),
    "people_department": dict.fromkeys(
        (
            "name_en",
            "name_de",
            "parent_id",
            "review_policy",
            "clock_minutes",
            "reply_minutes",
            "time_zone",
            "hours",
            "holiday_country",
            "holiday_state",
            "holidays_by_hand",
        ),
        FREE,
    ),
    "people_membership": {"ended_at": "people_membership_period"},
    "people_absence": {"ended_at": "people_absence_once"},
    "people_browsersession": {"*": "people_session_owner"},
    "people_passwordwish": {"done_at": FREE},
    "people_pace": dict.fromkeys(
        (*("send_delay_seconds", "reading_seconds", "session_hours", "reopen_days"), "by_id", "at"),
        FREE,
    ),
    "people_company": dict.fromkeys(("name", "language"), FREE),
    "notices_notice": dict.fromkeys(("seen_at", "mailed_at", "mail_tries", "mail_tried_at"), FREE),
    "people_unsentletter": dict.fromkeys(("user_id", "subject", "fault", "at"), FREE),
    "notices_noticeposition": {"link": FREE},
    "tickets_connectedaccount": dict.fromkeys(
        (
            "handle",
            "name",
            "avatar_url",
            "department_id",
            "status",
            "pause_code",
            "pause_reason",
            "paused_at",
            "paused_by_id",
            "rests_until",
            "rest_code",
            "former_handles",
            "profile_read_at",
            "updated_at",
        ),
        FREE,
    ),
    "tickets_feed": dict.fromkeys(
        (
            "newest_position",
            "sweep_since",
            "sweep_newest",
            "sweep_oldest",
            "sweep_token",
            "sweep_count",
            "sweep_seen",
            "leased_until",
            "read_at",
            "rests_until",
            "silent_since",
            "compared_at",
            "compared_found",
        ),
        FREE,
    ),
    "tickets_parkedpost": {"read_at": "tickets_parkedpost_once"},
    "tickets_trouble": dict.fromkeys(("code", "said", "at"), FREE),
    "tickets_gap": dict.fromkeys(("status", "token", "seen", "found", "updated_at"), FREE),
    "tickets_mention": {"newest_id": "tickets_mention_newest"}
    | dict.fromkeys(
        ("status", "reply_settings", "names_us", "seen_at", "unclear_since", "updated_at"), FREE
    )
    | dict.fromkeys(("gone_at", "gone_confirmed_at"), "tickets_mention_gone"),
    "tickets_postversion": dict.fromkeys(
        ("text", "links", "media", "named", "extras"), "tickets_postversion_words"
    ),
    "tickets_ownpost": dict.fromkeys(
        ("unseen_seconds", "seen_at", "gone_at"), "tickets_ownpost_facts"
    ),
    "tickets_customer": dict.fromkeys(
        ("handle", "name", "avatar_url", "followers", "protected", "tags", "updated_at"), FREE
    ),
    "tickets_customernote": {"ended_at": "tickets_customernote_once", "for_everybody": FREE},
    "tickets_incident": {"name": FREE, "ended_at": "tickets_incident_once"},
    "tickets_routingdraft": {"*": FREE},
    "tickets_savedview": dict.fromkeys(("query", "department_id", "at"), FREE),
    "tickets_ticket": {"context_version": "tickets_ticket_context_version"}
    | dict.fromkeys(("merged_into_id", "before_merge", "department_id"), "tickets_ticket_merged")
    | dict.fromkeys(
        (
            "status",
            "assignee_id",
            "priority",
            "tags",
            "language",
            "incident_id",
            "last_mention_id",
            "due_at",
            "last_inbound_at",
            "unanswered_since",
            "waiting_since",
            "snoozed_until",
            "resolved_at",
            "resolved_reason",
            "updated_at",
        ),
        FREE,
    ),
    "tickets_escalation": dict.fromkeys(
        ("ended_at", "ended_by_id", "how", "end_reason"), "tickets_escalation_once"
    ),
    "approvals_draft": {"status": "approvals_draft_moves", "writer_id": "approvals_draft_author"}
    | dict.fromkeys(("target_id", "text", "saved", "updated_at"), FREE),
    "approvals_attachment": dict.fromkeys(("alt", "is_attached"), FREE),
    "approvals_claim": dict.fromkeys(("user_id", "at"), FREE),
    "approvals_savedreply": {"retired_at": "approvals_savedreply_once"}
    | dict.fromkeys(("title", "language", "text", "uses", "by_id", "at"), FREE),
    "approvals_guidelinedraft": {"*": FREE},
    "posting_doubt": {"another_at": "posting_doubt_real", "another_by_id": "posting_doubt_real"},
    "posting_delivery": {"status": "posting_delivery_rule"}
    | dict.fromkeys(
        (
            "due_at",
            "claimed_at",
            "leased_until",
            "tries",
            "code",
            "said",
            "external_id",
            "uncertain_since",
            "look_at",
            "updated_at",
        ),
        "posting_delivery_facts",
    ),
    "posting_takedown": dict.fromkeys(
        ("status", "code", "said", "due_at", "updated_at"), "posting_takedown_moves"
    ),
}


def changeable() -> dict[str, set[str]]:
    """The columns that the application may change, by table; `*` where it is the whole row."""
    found = {}
    for model in apps.get_models():
        if (
            model._meta.app_label in grants.OURS
            and not model._meta.auto_created
            and "UPDATE" in grants.may(model)
        ):
            columns = re.search(r"UPDATE \(([^)]*)\)", grants.may(model))
            found[model._meta.db_table] = (
                {one.strip() for one in columns.group(1).split(",")} if columns else {"*"}
            )
    return found


def test_every_column_that_the_application_may_change_has_its_verdict():
    assert changeable() == {table: set(columns) for table, columns in VERDICTS.items()}


@pytest.mark.parametrize("table", VERDICTS)
def test_a_verdict_that_names_a_guard_names_one_of_this_table_that_watches_changes(table):
    guards = {
        part.name: part
        for model in apps.get_models()
        if model._meta.db_table == table
        for part in model._meta.constraints
        if isinstance(part, Guard)
    }
    for column, verdict in VERDICTS[table].items():
        if verdict != FREE:
            assert "UPDATE" in guards[verdict].when, column
            assert re.search(rf"\bNEW\b(\.{column}\b)?", guards[verdict].body), column
