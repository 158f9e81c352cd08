"""Sessions as rows that know whose they are, since when, and where from.

So that they can be listed and ended.
"""

from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as Rows
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from core.database.guards import DeskNow
from core.database.prepared import Given, rows_of
from core.errors import refused_by_a_guard
from people.hours import pace
from people.models import BrowserSession, User

OWNER = "_auth_user_id"
STARTED = "_started_at"
ADDRESS = "_address"
AGENT = "_agent"
PROVED = "_proved_at"  # when its person last said with their password that it is them
NOTED_EVERY = timedelta(minutes=1)
# Whose session this request has read last; it is taken once.
_owner: ContextVar[User | None] = ContextVar("owner", default=None)


def take_owner(user_id: int) -> User | None:
    """Return the sign-in that was read together with the session of this request, once.

    None where another one is asked for, or none was read.
    """
    owner = _owner.get()
    _owner.set(None)
    return owner if owner is not None and owner.pk == user_id else None


def live() -> QuerySet[BrowserSession]:
    """Return the session of a given key that has not run out, with its owner and their person."""
    rows = BrowserSession.objects.filter(session_key=Given("key"), expire_date__gt=Given("now"))
    return rows.select_related("user__person")


class SessionStore(Rows):
    """Django's sessions in the database, in our table."""

    used_at: datetime | None = None

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        _owner.set(None)

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        """Our rows."""
        return BrowserSession

    def get_session_cookie_age(self) -> int:
        """Return how many seconds a session lasts, as chosen while the desk runs."""
        return pace.session_seconds()

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        """Return the row of this session; what it tells about itself stands in the session."""
        row: BrowserSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = int(data[OWNER]) if data.get(OWNER) else None
        row.started_at = datetime.fromisoformat(data[STARTED]) if data.get(STARTED) else None
        row.address, row.agent = data.get(ADDRESS, ""), data.get(AGENT, "")
        row.used_at = timezone.now()
        return row

    def _get_session_from_db(self) -> BrowserSession | None:
        """Read the session, with its owner and their person in one query."""
        row = next(iter(rows_of("session", live, key=self.session_key, now=timezone.now())), None)
        if row is None:
            self._session_key = None
            return None
        self.used_at = row.used_at
        _owner.set(row.user)
        return row

    def save(self, must_create: bool = False) -> None:
        """As Django does; a session of somebody who was switched off meanwhile is over.

        Every session of somebody has a beginning.
        """
        if self.get(OWNER) and not self.get(STARTED):
            self[STARTED] = timezone.now().isoformat()
        try:
            super().save(must_create)
        except DatabaseError as refused:
            if refused_by_a_guard(refused):
                raise UpdateError from refused
            raise

    def note_use(self) -> None:
        """Remember that it was used, once a minute."""
        if self.used_at and timezone.now() - self.used_at > NOTED_EVERY:
            BrowserSession.objects.filter(session_key=self.session_key).update(used_at=DeskNow())
