"""Sessions of browsers with whose they are, names to sign in with, lost passwords."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from core.database.guards import DeskNow
from people.identity.guards import FOLDED, SESSION
from people.models.person import User


class BrowserSession(AbstractBaseSession):
    """A browser's session. Who ends it deletes the row, and nothing brings it back."""

    user = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="browser_sessions"
    )
    started_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(db_default=DeskNow())
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)

    app_may = "SELECT, INSERT, UPDATE, DELETE"

    class Meta:
        constraints = [SESSION]

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the engine that keeps these rows."""
        # The engine reads this model
        from people.identity.session_engine import SessionStore  # noqa: PLC0415

        return SessionStore


class LoginName(models.Model):
    """What somebody signs in with, folded: user names and e-mail addresses in one space, each once.

    Written by the database alone.
    """

    folded = models.CharField(max_length=600, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="login_names")

    app_may = "SELECT"
    # Sign-ins that were there before these rows were.
    kept_by_owner = """
        INSERT INTO people_loginname (folded, user_id)
        SELECT people_folded(one.written), one.user_id FROM (
          SELECT username AS written, id AS user_id, 1 AS place FROM people_user UNION ALL
          SELECT email, id, 2 FROM people_user WHERE email <> '') one
        ORDER BY one.place, one.user_id ON CONFLICT (folded) DO NOTHING"""

    class Meta:
        constraints = [FOLDED]

    def __str__(self) -> str:
        return self.folded


class PasswordWish(models.Model):
    """Somebody said at sign-in that they forgot their password.

    `user` is whose name they typed, if it is anybody's.

    A row in either case, so that the answer takes as long; a worker then writes the letter. Kept
    for a day.
    """

    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=64)  # a keyed hash of where it came from
    at = models.DateTimeField(db_default=DeskNow())
    done_at = models.DateTimeField(null=True)

    app_may = "SELECT, INSERT, UPDATE (done_at), DELETE"

    class Meta:
        indexes = [models.Index(fields=["origin", "at"], name="password_wish_origin")]

    def __str__(self) -> str:
        return f"wish of {self.user or 'nobody'}"
