"""One account's access to X, as the desk asks for it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from networks import contract
from networks.ids import Number
from networks.pages import Answer
from networks.x.answers import read_page, telling_failures
from xapi.client import XClient

Result = TypeVar("Result")


class Connection:
    """X's client behind the desk's words; every failure is a `NetworkError`."""

    def __init__(
        self, credentials: Mapping[str, str], *, base_url: str, timeout: float, vocabulary: str
    ) -> None:
        self.client = XClient(
            dict(credentials), base_url=base_url, timeout=timeout, vocabulary=vocabulary
        )
        self.before: Callable[[contract.Connection], None] | None = None

    def me(self) -> Answer:
        """Whose access this is."""
        return self._answer(self.client.me)

    def mentions(
        self,
        user_id: Number,
        *,
        since_id: Number | None = None,
        token: str = "",
        most: int = 100,
    ) -> Answer:
        """Return a page of posts that reached this account, newest first."""
        return self._answer(
            partial(self.client.mentions, user_id, since_id=since_id, token=token, most=most)
        )

    def own_posts(
        self,
        user_id: Number,
        *,
        since_id: Number | None = None,
        token: str = "",
        most: int = 100,
    ) -> Answer:
        """Return a page of this account's own posts, newest first."""
        return self._answer(
            partial(self.client.own_posts, user_id, since_id=since_id, token=token, most=most)
        )

    def posts(self, ids: list[Number]) -> Answer:
        """Look up to 100 posts up."""
        return self._answer(partial(self.client.posts, ids))

    def search(
        self,
        query: str,
        *,
        since_id: Number | None = None,
        until_id: Number | None = None,
        token: str = "",
        most: int = 100,
    ) -> Answer:
        """Return a page of recent search (seven days back), newest first, between these ids."""
        return self._answer(
            partial(
                self.client.search,
                query,
                since_id=since_id,
                until_id=until_id,
                token=token,
                most=most,
            )
        )

    def upload_picture(self, picture: bytes) -> str:
        """Upload a JPEG or PNG (at most 5 MB) for a later post, and return what X calls it."""
        return self._asked(partial(self.client.upload_picture, picture))

    def describe_picture(self, media_id: str, alt: str) -> None:
        """Give an uploaded picture its alt text (1 to 1,000 characters)."""
        self._asked(partial(self.client.describe_picture, media_id, alt))

    def create_post(self, text: str, *, reply_to: Number, pictures: Sequence[str] = ()) -> Number:
        """Post a reply with `pictures` (at most four) once, and return its id."""
        return self._asked(
            partial(self.client.create_post, text, reply_to=reply_to, pictures=pictures)
        )

    def delete_post(self, post_id: Number) -> bool:
        """Delete a post of this account; returns whether X did it now, False if it was gone."""
        return self._asked(partial(self.client.delete_post, post_id))

    def close(self) -> None:
        """Give the connection back."""
        self.client.close()

    def _answer(self, call: Callable[[], dict]) -> Answer:
        return Answer(self._asked(call), read_page)

    def _asked(self, call: Callable[[], Result]) -> Result:
        self._let_pass()
        with telling_failures():
            return call()

    def _let_pass(self) -> None:
        """Call `before`, which may use this connection; it stays until it has let one pass."""
        before = self.before
        if before is None:
            return
        self.before = None
        try:
            before(self)
        except BaseException:
            self.before = before
            raise
