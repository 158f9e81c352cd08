"""Signing in with a password, and the check on every request that the person may still be here."""

from django.contrib.auth.backends import ModelBackend

from people.models import User


class ActivePeople(ModelBackend):
    """Django's own check, asked anew with every request: who is deactivated is out at the next one."""

    def user_can_authenticate(self, user: User | None) -> bool:  # type: ignore[override]
        """Active sign-ins only."""
        return bool(user and user.is_active)

    def get_user(self, user_id: int) -> User | None:
        """The sign-in of a session, with its person, in one query; None once it is switched off."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: object, obj: object = None) -> set[str]:
        """No groups and no per-object rows: rights come from memberships."""
        return set()
