"""The calls the desk makes to X, one method each, in either vocabulary.

Reading returns raw bodies: what was said is stored first.
"""

import base64
from collections.abc import Sequence
from typing import Any

from xapi import errors
from xapi.payloads import GONE, number
from xapi.transport import Transport, body_of

OLD = {
    "fields": "tweet.fields",
    "post": "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,"
    "attachments,lang,"
    "edit_history_tweet_ids,note_tweet,reply_settings,withheld,geo,article,card_uri,"
    "matched_media_notes",
    "expansions": "author_id,attachments.media_keys,attachments.poll_ids,geo.place_id,"
    "referenced_tweets.id",
}
NEW = {
    "fields": "post.fields",
    "post": "created_at,conversation_id,entities,attachments,lang,note_post,reply_settings,"
    "withheld,geo,article,article_title,card_uri,matched_media_notes",
    "expansions": "author_id,attachments.media_keys,attachments.poll_ids,geo.place_id,"
    "referenced_posts,edit_history_post_ids,in_reply_to_user_id",
}
USER_FIELDS = "username,name,profile_image_url,protected,public_metrics"
MEDIA_FIELDS = "type,url,preview_image_url,alt_text,duration_ms"
POLL_FIELDS = "options,end_datetime"
PLACE_FIELDS = "full_name,country"


class XClient:
    """One account's access to X.

    `credentials` holds the four OAuth 1.0a values, or `bearer_token` (an OAuth 2.0 user token).

    Every method raises `XError`.
    """

    def __init__(
        self,
        credentials: dict[str, str],
        *,
        base_url: str,
        vocabulary: str = "old",
        timeout: float = 30,
    ) -> None:
        self.transport = Transport(base_url=base_url, timeout=timeout, **credentials)
        self.signs = bool(credentials.get("access_token"))
        self.words = NEW if vocabulary == "new" else OLD

    def me(self) -> dict:
        """Whose access this is."""
        return self._read("/2/users/me", {"user.fields": USER_FIELDS})

    def mentions(
        self, user_id: int, *, since_id: int | None = None, token: str = "", most: int = 100
    ) -> dict:
        """Return a page of posts that reached this user, newest first, later than `since_id`."""
        return self._read(f"/2/users/{user_id}/mentions", self._paging(since_id, token, most))

    def own_posts(
        self, user_id: int, *, since_id: int | None = None, token: str = "", most: int = 100
    ) -> dict:
        """Return a page of this user's own posts, newest first."""
        return self._read(f"/2/users/{user_id}/tweets", self._paging(since_id, token, most))

    def posts(self, ids: list[int]) -> dict:
        """Look up to 100 posts up; missing ones stand under `errors`."""
        return self._read("/2/tweets", {"ids": ",".join(map(str, ids)), **self._fields()})

    def search(
        self,
        query: str,
        *,
        since_id: int | None = None,
        until_id: int | None = None,
        token: str = "",
        most: int = 100,
    ) -> dict:
        """Return a page of recent search (seven days back), newest first, between these ids."""
        paging = self._paging(since_id, "", most) | ({"next_token": token} if token else {})
        paging |= {"until_id": str(until_id)} if until_id else {}
        return self._read("/2/tweets/search/recent", {"query": query, **paging})

    def upload_picture(self, picture: bytes) -> str:
        """Upload a JPEG or PNG (at most 5 MB) for a later post, and return what X calls it.

        Nothing of it is public yet. Of what kind it is X sees from its bytes.
        """
        body = {"media": base64.b64encode(picture).decode(), "media_category": "tweet_image"}
        answer = self._ask("POST", "/2/media/upload", json=body)
        return str(self._number_in(answer, status=200))

    def describe_picture(self, media_id: str, alt: str) -> None:
        """Give an uploaded picture its alt text (1 to 1,000 characters)."""
        body = {"id": media_id, "metadata": {"alt_text": {"text": alt}}}
        answer = self._ask("POST", "/2/media/metadata", json=body)
        if not (isinstance(answer, dict) and answer.get("data")):
            raise errors.errors_alone(answer, outcome=errors.UNCERTAIN)

    def create_post(self, text: str, *, reply_to: int, pictures: Sequence[str] = ()) -> int:
        """Post a reply with `pictures` and return its id.

        They were uploaded before, at most four.

        Never retried here: what an error means for the post is its `outcome`.
        """
        body: dict[str, Any] = {"text": text, "reply": {"in_reply_to_tweet_id": str(reply_to)}}
        if pictures:
            body["media"] = {"media_ids": list(pictures)}
        answer = self._ask("POST", "/2/tweets", json=body)
        return self._number_in(answer, status=201)

    def delete_post(self, post_id: int) -> bool:
        """Delete a post of this account; returns whether X deleted it now, False if it was gone.

        Raises `XError`, `not_deleted` where X answers that it did not delete it.
        """
        try:
            answer = self._ask("DELETE", f"/2/tweets/{post_id}")
        except errors.XError as error:
            if error.code == "not_found":
                return False
            raise
        data = answer.get("data") if isinstance(answer, dict) else None
        if isinstance(data, dict) and data.get("deleted") is True:
            return True
        said = errors.read_said(answer)
        if said.types and set(said.types) == {GONE}:
            return False
        if isinstance(data, dict) and data.get("deleted") is False:
            raise errors.XError(
                "not_deleted", outcome=errors.UNCERTAIN, said=said.words, status=200
            )
        raise errors.errors_alone(answer, outcome=errors.UNCERTAIN)

    def close(self) -> None:
        """Give the connection back."""
        self.transport.close()

    def _ask(self, method: str, route: str, **what: Any) -> Any:
        return body_of(self.transport.request(method, route, user_auth=self.signs, **what))

    @staticmethod
    def _number_in(answer: Any, *, status: int) -> int:
        """Return the id of what was made; without one nobody knows what became of it."""
        try:
            return number(answer["data"]["id"])
        except (ValueError, KeyError, TypeError) as wrong:
            said = errors.read_said(answer).words or str(answer)[:200]
            raise errors.XError(
                "unreadable", outcome=errors.UNCERTAIN, said=said, status=status
            ) from wrong

    def _read(self, route: str, params: dict[str, str]) -> dict:
        body: Any = self._ask("GET", route, params=params)
        if not isinstance(body, dict):
            raise errors.XError(
                "unreadable", outcome=errors.UNCERTAIN, said=str(body)[:200], status=200
            )
        return body

    def _fields(self) -> dict[str, str]:
        return {
            self.words["fields"]: self.words["post"],
            "expansions": self.words["expansions"],
            "user.fields": USER_FIELDS,
            "media.fields": MEDIA_FIELDS,
            "poll.fields": POLL_FIELDS,
            "place.fields": PLACE_FIELDS,
        }

    def _paging(self, since_id: int | None, token: str, most: int) -> dict[str, str]:
        paging = {"max_results": str(most), **self._fields()}
        if since_id:
            paging["since_id"] = str(since_id)
        if token:
            paging["pagination_token"] = token
        return paging
