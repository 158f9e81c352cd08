"""Text from outside becomes HTML in one module, and no list ends without a word.

Rules of the house, read from the sources.
"""

import ast
import re
from pathlib import Path

from servicedesk.launcher.running import ROOT
from tests.support.packages import PACKAGES

SOURCES = [
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
]
TEMPLATES = list((ROOT / "templates").rglob("*.html"))
SCRIPTS = list((ROOT / "static" / "js").rglob("*.js")) + list((ROOT / "xapi").rglob("*.js"))

THE_ONE = "core/text/foreign_html.py"
# Who writes HTML with fixed words around escaped values. The simulator knows no Django: it
# escapes by hand, in these two.
FORMAT_HTML = {
    THE_ONE,
    "core/screens/icons.py",
    "core/templatetags/words.py",
    "tickets/inbox/waits.py",
    "approvals/templatetags/drafts.py",
}
BY_HAND = {"xapi/simulator/marketplace/public.py", "xapi/simulator/marketplace/staging.py"}
CALLED_SAFE = {"mark_safe", "SafeString", "SafeText", "SafeData", "html_safe", "__html__"}
UNSAFE_SCRIPT = (
    r"\b(?:innerHTML|outerHTML)\s*\+?=|insertAdjacentHTML|document\.write|setHTML"
    r"|createContextualFragment|srcdoc|\beval\(|new Function"
)


def named(path: Path) -> str:
    """The file as the lists here name it."""
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Every call in a file, with the last part of what is called."""
    found = [one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Call)]
    return [
        (one.func.attr if isinstance(one.func, ast.Attribute) else one.func.id, one)
        for one in found
        if isinstance(one.func, ast.Attribute | ast.Name)
    ]


def test_nothing_but_the_one_module_calls_a_text_safe():
    for path in SOURCES:
        if named(path) != THE_ONE:
            assert not {name for name, _call in calls(path)} & CALLED_SAFE, path
            assert "__html__" not in path.read_text(), path
    for path in TEMPLATES:
        assert not re.search(r"\|\s*safe(?:seq)?\b|autoescape\s+off", path.read_text()), path
    for path in SCRIPTS:
        assert not re.search(UNSAFE_SCRIPT, path.read_text()), path


def test_html_is_written_with_fixed_words_around_escaped_values():
    """`format_html` with a made-up first argument escapes nothing in it.

    And nothing is replaced in text that is HTML.
    """
    for path in SOURCES:
        for name, call in calls(path):
            if name in {"format_html", "format_html_join"}:
                assert named(path) in FORMAT_HTML, path
                assert all(
                    isinstance(one, ast.Constant)
                    for one in call.args[: 2 if name == "format_html_join" else 1]
                ), f"{path}:{call.lineno}"
            if name in {"replace", "sub"}:
                words = [
                    one.value
                    for one in ast.walk(call)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
                assert not [one for one in words if re.search(r"</?[a-z]+[ >]", one)], (
                    f"{path}:{call.lineno}"
                )


def test_only_these_files_of_the_simulator_write_html_and_they_escape():
    for path in SOURCES:
        strings = [
            one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.JoinedStr)
        ]
        html = [
            one
            for one in strings
            if re.search(
                r"<(?:p|a|b|li|form|article|input|img|span|mark)\b",
                "".join(part.value for part in one.values if isinstance(part, ast.Constant)),
            )
        ]
        assert not html or named(path) in BY_HAND, path


# Where people see or call lists, each slice has its reason here. A list that people decide by
# goes through `core.screens.truncated_lists`, which counts and shows the way.
SEEN = re.compile(
    r"/(?:views|templatetags|servicedesk/screens)/|/(?:querysets|api|folding|thread|incidents"
    r"|saved_replies|check_trial|composer|review_screen|ticket_screen|outbox"
    r"|rows|queue_rows|posts|notices/views)\.py$"
)
SAID_BELOW = "said below the list"
CUT_TEXT = "a text, not a list"
ONE_PAGE = "one page, and the list links the next"
COUNTED = "what is left out is counted on the screen"
SEARCHED_BELOW = "the palette offers the whole search as its last line"
SLICES = {
    "approvals/querysets.py": {
        "NEWEST.values('person')[:1]": "the newest alone is meant",
        "waiting_for(user).values_list('ticket')[:MOST_TO_SIGN]": (
            "the queue of reviews has them all"
        ),
    },
    "approvals/drafts/saved_replies.py": {
        "words.split()[:6]": "words of a search",
        "fitting[:SHOWN]": COUNTED,
        "fitting[SHOWN:]": COUNTED,
        "one_line(title, 'title')[:120]": CUT_TEXT,
        "ticket.customer.name.split()[:1]": "the first name",
    },
    "approvals/templatetags/drafts.py": {
        "(get_language() or 'en')[:2]": CUT_TEXT,
        "terms[:SHOWN_TERMS]": "examples, with … behind; the check's page has all",
    },
    "approvals/guidelines/check_trial.py": {
        "revisions[:EARLIER]": "how many were read is said",
        "typed[:finding.start]": CUT_TEXT,
        "typed[finding.start:finding.end]": CUT_TEXT,
        "typed[finding.end:]": CUT_TEXT,
    },
    "servicedesk/screens/review_screen.py": {
        "waiting.values_list('pk', flat=True)[:FURTHEST]": (
            "this one's place alone is taken; how many wait is counted"
        ),
        "querysets.for_review(waiting)[:FURTHEST]": COUNTED,
        "reviews[:MOST_DECIDED]": "the list links all that were decided",
    },
    "servicedesk/screens/ticket_screen.py": {
        "events_of(Given('ticket'))[:most]": "the first page of a list that counts the rest"
    },
    "servicedesk/screens/attachments.py": {"one.sha256[:12]": CUT_TEXT},
    "servicedesk/screens/review.py": {"waiting[:PAGE]": "the next one alone is taken"},
    "approvals/views/saved_replies.py": {"request.GET.get('q', '')[:100]": CUT_TEXT},
    "posting/querysets.py": {
        "newest.annotate(named=KeyTextTransform(key, content)).values('named')[:1]": (
            "the newest alone is meant"
        )
    },
    "tickets/inbox/rows_at_hand.py": {
        "rows.values_list('pk', 'is_escalated', 'written', *versions)[:most]": ONE_PAGE
    },
    "servicedesk/screens/incidents.py": {
        "querysets.for_rows(tickets)[:FIRST]": "those due first; the list links them all"
    },
    "servicedesk/screens/audit.py": {"trail.narrowed(events, form.wanted())[:SHOWN]": ONE_PAGE},
    "notices/views.py": {
        "own(request).filter(pk__gt=int(after), seen_at=None)[:AT_ONCE]": (
            "slips that pass by; the list has them all"
        ),
        "told[::-1]": "turned around",
        "own(request).filter(seen_at=None)[:AT_ONCE * 5]": "a counter that says 99+",
    },
    "tickets/conversations/thread.py": {
        "posts(Given('network'), [Given(name) for name in names])[:folding.SMALL + 1]": (
            "one more means that the crowd is folded and counted"
        ),
        "sorted(mention.versions.all(), key=lambda version: version.position)[:-1]": (
            "all but the newest, which stands above"
        ),
    },
    "tickets/conversations/folding.py": {
        (
            "rows[ids.index(first) if first else 0:ids.index(last) + 1 if last else len(ids)]"
        ): "what was asked for",
        "asked[PAGE:]": "folded again, with its number",
        "asked[:PAGE]": "the rest is folded again, with its number",
        "wanted[-MOST:]": "the others are folded, with their number",
        "rows[-NEWEST:]": "the others are folded, with their number",
    },
    "tickets/incidents.py": {"one_line(name)[:120]": CUT_TEXT},
    "tickets/querysets.py": {
        "pages[1:]": "all but the first, which the others are joined to",
        "awake.filter(department=one).order_by('due_at', 'id').values('id')[:PAGE + 1]": ONE_PAGE,
    },
    "tickets/inbox/rows.py": {
        "ticket.tags[:tags]": "how many more there are stands behind",
        "ticket.tags[tags:]": "those",
    },
    "tickets/views/finding.py": {
        "request.GET.get('q', '').replace('\\x00', '').strip()[:200]": "what was typed",
        "rows.order_by('-created_at', '-id')[:MOST_TICKETS]": SEARCHED_BELOW,
        "revealed(post_contents.in_a_line(mention.newest))[:LONGEST]": "words of one post",
        "people[:MOST_COLLEAGUES]": "another letter finds others",
    },
    "servicedesk/screens/inbox.py": {
        "following_too[:PAGE]": ONE_PAGE,
    },
}
IN_TEMPLATES = {
    "screens/_told_entry.html": {
        'entry.before|slice:"-2:"': (
            "the newest two as a word; all of them stand in the fold, counted"
        )
    },
}


def test_no_list_that_people_decide_by_ends_without_a_word():
    for path in SOURCES:
        name = named(path)
        if "simulator" in name or not SEEN.search(f"/{name}"):
            continue
        slices = {
            ast.unparse(one)
            for one in ast.walk(ast.parse(path.read_text()))
            if isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Slice)
        }
        assert slices == set(SLICES.get(name, {})), name
    for path in TEMPLATES:
        name = path.relative_to(ROOT / "templates").as_posix()
        lists = {
            one
            for one in re.findall(r'[\w.]+\|slice:"[^"]*"', path.read_text())
            if not one.startswith("path|") and "sha256" not in one and "hash" not in one
        }
        assert lists == set(IN_TEMPLATES.get(name, {})), name


# Everywhere else: a list that is cut as it is made (a query, a call) has its reason, named by a
# part of it.
NEXT_RUN = "work by the handful: the next run goes on"
MEASURE = "a measure over the newest"
TEXTUAL = {
    "strip",
    "replace",
    "join",
    "hexdigest",
    "sub",
    "str",
    "cleaned",
    "one_line",
    "readable",
    "readable_name",
    "without_hidden",
    "group",
    "get",
    "behind_handles",
}
CUT_WHEN_MADE = {
    "approvals/drafts/checking.py": {
        "customer__handle": "the newest replies to compare with",
        "applying_to": "saved replies to compare with",
    },
    "people/invitations/password_reset.py": {"PasswordWish": NEXT_RUN},
    "posting/sending/delivery.py": {"ready_to_send": NEXT_RUN},
    "posting/reconciliation.py": {"Delivery": NEXT_RUN},
    "posting/takedown.py": {"TakeDown": NEXT_RUN},
    "posting/own_posts/timeline.py": {"unseen_seconds": MEASURE},
    "people/hours/on_call.py": {"chain(department)": "all but the department itself"},
    "approvals/checks/terms.py": {"customer_tags": "one finding says it"},
    "tickets/inbox/rows_at_hand.py": {
        "rows": "a page of a list, which says that it goes on",
        "tickets.values_list": "its keys, the same",
    },
    "tickets/ingestion/retention.py": {"gone.distinct()": NEXT_RUN},
    "tickets/ingestion/refresh.py": {"values_list": NEXT_RUN, "sorted": NEXT_RUN},
    "tickets/lifecycle.py": {"snoozed_until": NEXT_RUN},
    "tickets/ingestion/feed_health.py": {"ingested_at": MEASURE},
    "tickets/routing/rule_editing.py": {"mentions": "how many were read is said"},
    "servicedesk/live/views.py": {
        "getlist": "as many as a page has rows",
        "Link": "the page asks on until nothing is left",
    },
    "notices/dispatch.py": {"Link": NEXT_RUN},
    "servicedesk/frame/counts.py": {"rows.order_by()": "a counter that says 99+"},
    "servicedesk/operations/monitoring.py": {"unsent": "a … says that there are more"},
}


def test_no_list_is_cut_as_it_is_made_without_a_reason():
    for path in SOURCES:
        name = named(path)
        if (
            "simulator" in name
            or SEEN.search(f"/{name}")
            or name.startswith("servicedesk/launcher/")
        ):
            continue
        cut = [
            one.value
            for one in ast.walk(ast.parse(path.read_text()))
            if isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Slice)
        ]
        made = [
            ast.unparse(one)
            for one in cut
            if isinstance(one, ast.ListComp)
            or (
                isinstance(one, ast.Call)
                and getattr(one.func, "attr", getattr(one.func, "id", "")) not in TEXTUAL
            )
        ]
        reasons = CUT_WHEN_MADE.get(name, {})
        assert len(made) == len(reasons), (name, made)
        assert all(any(part in one for one in made) for part in reasons), name


def test_posts_are_ordered_by_their_time_and_never_by_our_numbers():
    """Our own rows get their numbers as they are written.

    Posts of X reach us newest first, late, or again.
    """
    locks = {
        "tickets/ingestion/retention.py": "an order of locks",
        "tickets/ingestion/gaps.py": "an order of work",
    }
    for path in SOURCES:
        for name, call in calls(path):
            first = (
                call.args[0].value
                if name == "order_by" and call.args and isinstance(call.args[0], ast.Constant)
                else ""
            )
            if first in {"id", "-id", "pk", "-pk"} and re.search(
                r"[Mm]entions?\b|OwnPost|ownpost|PostVersion|versions\b|Gap\b",
                ast.unparse(call.func),
            ):
                assert named(path) in locks, f"{path}:{call.lineno}"
