"""What can go wrong with X, sorted by what it means for us. Wordings are not guaranteed: status first, then a tolerant look."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests

NOT_SENT, UNCERTAIN, REFUSED = "not_sent", "uncertain", "refused"
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(hours=24)


class XError(Exception):
    """A request to X did not do what it should.

    `outcome` is what is known of a write: `not_sent`, `refused` or `uncertain`. `code` names the case (`no_connection`, `401`,
    `402`, `429`, `duplicate`, `reply_rule`, `gone`, `restricted`, `permission`, `locked`, `cashtag`, `not_found`, `bad_request`,
    `refused`, `no_answer`, `server`, `unreadable`). `permanent` says that trying again will not help; `retry_at` when it may;
    `status` is the HTTP status, `said` X's own words.
    """

    def __init__(self, code: str, *, outcome: str, said: str = "", status: int | None = None, permanent: bool = False,
                 retry_at: datetime | None = None) -> None:
        super().__init__(f"{code}: {said}" if said else code)
        self.code, self.outcome, self.said, self.status = code, outcome, said[:500], status
        self.permanent, self.retry_at = permanent, retry_at


FORBIDDEN = (
    ("duplicate", r"duplicate content"),
    ("gone", r"deleted or not visible"),
    ("restricted", r"restricted who can reply|(?<![0-9])433(?![0-9])"),
    ("reply_rule", r"mentioned or are the author|have not been mentioned|otherwise engaged"),
    ("cashtag", r"cashtag"),
    ("locked", r"suspended|locked"),
    ("permission", r"oauth1-permissions|client-forbidden|appropriate oauth1 app permissions|app permission"),
)
ACCOUNT_WIDE = {"401", "402", "permission", "locked", "foreign_access", "unopened_access"}


def from_connection(error: requests.RequestException) -> XError:
    """A request without an answer. Only what certainly happened before the first byte left is `not_sent`."""
    said = type(error).__name__
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.InvalidURL):
        return XError("no_connection", outcome=NOT_SENT, said=said)
    reason = repr(error)
    if isinstance(error, requests.ConnectionError) and re.search(
            r"NewConnectionError|NameResolutionError|ConnectionRefused|Failed to establish", reason):
        return XError("no_connection", outcome=NOT_SENT, said=said)
    return XError("no_answer", outcome=UNCERTAIN, said=said)


def from_response(response: requests.Response) -> XError:
    """An answer that is no success."""
    status, said = response.status_code, words(response)
    kind = f"{said} {response.text[:2000]}".lower()
    if status == 401:
        return XError("401", outcome=NOT_SENT, said=said, status=status, permanent=True)
    if status == 402:
        return XError("402", outcome=NOT_SENT, said=said, status=status, permanent=True)
    if status == 429:
        return XError("429", outcome=NOT_SENT, said=said, status=status, retry_at=reset_of(response.headers))
    if status == 403:
        code = next((code for code, pattern in FORBIDDEN if re.search(pattern, kind)), "refused")
        outcome = UNCERTAIN if code == "duplicate" else REFUSED
        return XError(code, outcome=outcome, said=said, status=status, permanent=True)
    if status == 404:
        return XError("not_found", outcome=REFUSED, said=said, status=status, permanent=True)
    if status in {400, 413, 422}:
        return XError("bad_request", outcome=REFUSED, said=said, status=status, permanent=True)
    return XError("server", outcome=UNCERTAIN, said=said, status=status)


def words(response: requests.Response) -> str:
    """X's own sentence: `detail`, or the messages of `errors`; the start of the body where it is no JSON of a known form."""
    try:
        body: Any = response.json()
    except requests.JSONDecodeError:
        return re.sub(r"<[^>]+>|\s+", " ", response.text)[:200].strip()
    if isinstance(body, dict):
        errors = body.get("errors") if isinstance(body.get("errors"), list) else []
        parts = [body.get("detail") or ""] + [
            str(one.get("detail") or one.get("message") or one.get("title") or "") for one in errors or [] if isinstance(one, dict)]
        return " ".join(part for part in map(str, parts) if part) or str(body.get("title") or "")
    return ""


def reset_of(headers: Mapping[str, str]) -> datetime:
    """When the exhausted limit opens again, in our time: read against the answer's own `Date` (ours without one), kept within 5 s and 24 h.

    The reset to honour is that of the limit whose remaining is 0; without one that says so, the 15-minute limit's.
    """
    now = datetime.now(UTC)
    try:
        theirs = parsedate_to_datetime(headers["Date"])
    except (ValueError, KeyError, TypeError):
        theirs = now
    names = ("x-user-limit-24hour", "x-app-limit-24hour", "x-rate-limit")
    exhausted = [name for name in names if headers.get(f"{name}-remaining") == "0"] or ["x-rate-limit"]
    waits = []
    for name in exhausted:
        try:
            reset = datetime.fromtimestamp(int(headers.get(f"{name}-reset", "")), UTC)
            waits.append(reset - theirs)
        except (ValueError, TypeError, OverflowError, OSError):
            waits.append(timedelta(minutes=1))
    return now + min(max(*waits, SHORTEST), LONGEST)
