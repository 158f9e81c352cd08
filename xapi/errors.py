"""What can go wrong with X, sorted by what it means for us.

Decided in this order: the HTTP status; the `type` of the problem (its last path segment, since the
host varies); the legacy `code`; only then words, whole ones, and only in `detail`, `title` or
`message` of JSON. An answer that is no JSON of X's form was given by somebody between X and us: it
says nothing about an account or a post.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests

NOT_SENT = "not_sent"
UNCERTAIN = "uncertain"
REFUSED = "refused"
SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class XError(Exception):
    """A request to X did not do what it should.

    `outcome` is what is known of a write: `not_sent`, `refused` or `uncertain`. `code` names the
    case (`docs/reference/x-errors.md` has them all). `permanent` says that trying again will not
    help; `retry_at` when it may; `status` is the HTTP status, `said` X's own words.
    """

    def __init__(
        self,
        code: str,
        *,
        outcome: str,
        said: str = "",
        status: int | None = None,
        permanent: bool = False,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(f"{code}: {said}" if said else code)
        self.code, self.outcome, self.said, self.status = code, outcome, said[:500], status
        self.permanent, self.retry_at = permanent, retry_at


@dataclass(frozen=True)
class Said:
    """What an answer says of its failure: problem types, legacy codes, and X's own sentences."""

    types: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()
    words: str = ""
    titles: str = ""
    is_from_x: bool = False


ACCOUNT_WIDE = {"401", "402", "capped", "permission", "locked", "foreign_access", "unopened_access"}
BY_TYPE = {
    "credits-depleted": "402",
    "usage-capped": "capped",
    "rate-limit-exceeded": "429",
    "oauth1-permissions": "permission",
    "client-forbidden": "permission",
    "unsupported-authentication": "permission",
    "resource-not-found": "not_found",
    "invalid-request": "bad_request",
    "internal-error": "server",
    "resource-unavailable": "server",
    "field-hydration-failure": "server",
}
# Types that speak of one post or field; what else the answer says may tell which case, never more.
OF_ONE_POST = {
    "not-authorized-for-resource",
    "not-authorized-for-field",
    "field-unauthorized",
    "disallowed-resource",
}
BY_LEGACY_CODE = {
    63: "customer_suspended",
    64: "locked",
    88: "429",
    136: "blocked",
    185: "daily_limit",
    186: "bad_request",
    187: "duplicate",
    226: "automated",
    261: "permission",
    326: "locked",
    385: "gone",
    433: "restricted",
    453: "permission",
}
BY_WORDS = (
    ("duplicate", r"duplicate content|status is a duplicate"),
    ("blocked", r"blocked from|blocked by"),
    ("customer_suspended", r"user (?:has been|is) suspended"),
    ("daily_limit", r"daily (?:status update|post|tweet) limit"),
    ("automated", r"might be automated"),
    ("gone", r"deleted or not visible"),
    ("restricted", r"restricted who can reply"),
    ("reply_rule", r"mentioned or are the author|have not been mentioned|otherwise engaged"),
    ("cashtag", r"(?:one|single) cashtag|cashtags"),
    ("capped", r"UsageCapExceeded|usage cap exceeded"),
    ("locked", r"(?:your|this) account (?:is|has been)(?: \w+)? (?:suspended|locked)"),
    ("permission", r"appropriate oauth1 app permissions"),
)
NO_LINE = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectionRefused|Failed to establish"
)
WAITS = {"429": MINUTE, "daily_limit": HOUR}  # where X does not say until when
PASSING = {*WAITS, "server", "not_x"}
IN_DOUBT = {"duplicate", "server", "not_x"}


def from_connection(error: requests.RequestException) -> XError:
    """Return a request without an answer. What failed before the first byte left is `not_sent`."""
    said = type(error).__name__
    early = requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.InvalidURL
    if isinstance(error, early):
        return XError("no_connection", outcome=NOT_SENT, said=said)
    if isinstance(error, requests.ConnectionError) and NO_LINE.search(repr(error)):
        return XError("no_connection", outcome=NOT_SENT, said=said)
    return XError("no_answer", outcome=UNCERTAIN, said=said)


def from_response(response: requests.Response) -> XError:
    """Return an answer whose status is no success."""
    status, said = response.status_code, said_in(response)
    code = code_of(status, said)
    retry_at = reset_of(response.headers, otherwise=WAITS[code]) if code in WAITS else None
    words = said.words if said.is_from_x or code == "not_x" else f"HTTP {status}"
    return XError(
        code,
        outcome=outcome_of(code),
        said=words,
        status=status,
        retry_at=retry_at,
        permanent=code not in PASSING,
    )


def errors_alone(body: Any, *, outcome: str = NOT_SENT) -> XError:
    """Return an answer of status 200 that holds errors in place of what was asked for.

    Where X names what concerns the whole account it is that; else `errors_alone`.
    """
    said = read_said(body)
    known = by_type(said) or by_legacy_code(said)
    code = known if known in ACCOUNT_WIDE else "errors_alone"
    return XError(
        code,
        outcome=NOT_SENT if code in ACCOUNT_WIDE else outcome,
        said=said.words,
        status=200,
        permanent=code in ACCOUNT_WIDE,
    )


def code_of(status: int, said: Said) -> str:
    """Which case this is."""
    if status == 413:
        return "bad_request"
    if status == 429:
        capped = "usage-capped" in said.types or by_words(said, {"capped"})
        return "capped" if capped else "429"
    if status >= 500 or status < 400:
        return "server"
    if not said.is_from_x:
        return "not_x"
    if status in {401, 402}:
        return str(status)
    if status == 404:
        return by_type(said) or ("refused" if OF_ONE_POST & {*said.types} else "not_found")
    if status not in {400, 403, 422}:
        return "server"
    found = by_type(said) or by_legacy_code(said) or (by_words(said) if status == 403 else "")
    return found or ("refused" if status == 403 else "bad_request")


def outcome_of(code: str) -> str:
    """Return what is known of a write that was answered so."""
    if code in ACCOUNT_WIDE or code in WAITS:
        return NOT_SENT
    return UNCERTAIN if code in IN_DOUBT else REFUSED


def by_type(said: Said) -> str:
    """Return the case that a problem's type names; empty where none of them does."""
    return next((BY_TYPE[kind] for kind in said.types if kind in BY_TYPE), "")


def by_legacy_code(said: Said) -> str:
    """Return the case that a number of X's older answers names.

    Within what the type leaves open.
    """
    found = (BY_LEGACY_CODE[code] for code in said.codes if code in BY_LEGACY_CODE)
    return next((code for code in found if fits(code, said)), "")


def by_words(said: Said, wanted: set[str] | None = None) -> str:
    """Return the case that X's sentence names, by whole words, within what the type leaves open."""
    told = f"{said.titles} {said.words}"
    found = (
        code
        for code, pattern in BY_WORDS
        if re.search(rf"\b(?:{pattern})\b", told, re.IGNORECASE | re.ASCII)
    )
    return next((code for code in found if fits(code, said) and (not wanted or code in wanted)), "")


def fits(code: str, said: Said) -> bool:
    """Whether a case fits the types: what is about one post is never about the account."""
    return not (OF_ONE_POST & {*said.types} and (code in ACCOUNT_WIDE or code in WAITS))


def said_in(response: requests.Response) -> Said:
    """Return what X says in this answer; the start of the page where it is not X's."""
    try:
        said = read_said(response.json())
    except (ValueError, RecursionError):
        said = Said()
    if said.is_from_x:
        return said
    return Said(words=re.sub(r"<[^>]+>|\s+", " ", response.text[:4000])[:200].strip())


def read_said(body: Any) -> Said:
    """Read a problem, `{code, message}`, or the list `errors`, as X writes them."""
    if not isinstance(body, dict):
        return Said()
    listed = body.get("errors") if isinstance(body.get("errors"), list) else []
    is_problem = "detail" in body or "title" in body or {"code", "message"} <= set(body)
    every = [*([body] if is_problem else []), *(listed or [])]
    problems = [one for one in every if isinstance(one, dict)]
    titles = " ".join(dict.fromkeys(str(one["title"]) for one in problems if one.get("title")))
    words = " ".join(
        dict.fromkeys(
            str(one[key]) for one in problems for key in ("detail", "message") if one.get(key)
        )
    )
    return Said(
        types=tuple(last_segment(one.get("type")) for one in problems if one.get("type")),
        codes=tuple(one["code"] for one in problems if isinstance(one.get("code"), int)),
        words=words or titles,
        titles=titles,
        is_from_x=bool(problems),
    )


def last_segment(kind: Any) -> str:
    """Return the name of a problem type without its host."""
    return str(kind).rstrip("/").rsplit("/", 1)[-1]


def reset_of(headers: Mapping[str, str], *, otherwise: timedelta = MINUTE) -> datetime:
    """When the exhausted limit opens again, in our time, kept within 5 s and 24 h.

    Read against the answer's own `Date` (ours without one). The reset to honour is that of the
    limit whose remaining is 0; without one that says so, the 15-minute limit's; without any,
    `otherwise` from now.
    """
    now = datetime.now(UTC)
    try:
        theirs = parsedate_to_datetime(headers["Date"])
    except (ValueError, KeyError, TypeError):
        theirs = now
    names = ("x-user-limit-24hour", "x-app-limit-24hour", "x-rate-limit")
    exhausted = [name for name in names if headers.get(f"{name}-remaining") == "0"]
    if not exhausted and otherwise <= MINUTE:
        exhausted = ["x-rate-limit"]
    waits = []
    for name in exhausted:
        try:
            reset = datetime.fromtimestamp(int(headers.get(f"{name}-reset", "")), UTC)
            waits.append(reset - theirs)
        except (ValueError, TypeError, OverflowError, OSError):
            waits.append(otherwise)
    return now + min(max([*(waits or [otherwise]), SHORTEST]), LONGEST)
