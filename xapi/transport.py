"""tweepy's client with what it leaves out.

A base URL, a time limit, no redirects, and our own errors.
"""

import re
from typing import Any

import requests
import tweepy

from xapi import errors

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Transport(tweepy.Client):
    """Signs and sends requests to `base_url`; every failure is an `XError`.

    tweepy keeps its host as a literal inside `request`, the one place all its calls pass; hence the
    override. The signature (OAuth 1.0a) is made over the URL that is really called.
    """

    def __init__(
        self,
        *,
        base_url: str,
        timeout: float,
        bearer_token: str | None = None,
        consumer_key: str | None = None,
        consumer_secret: str | None = None,
        access_token: str | None = None,
        access_token_secret: str | None = None,
    ) -> None:
        super().__init__(
            bearer_token=bearer_token,
            consumer_key=consumer_key,
            consumer_secret=consumer_secret,
            access_token=access_token,
            access_token_secret=access_token_secret,
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        self.base_url, self.timeout = base_url.rstrip("/"), timeout

    def request(
        self,
        method: str,
        route: str,
        params: dict | None = None,
        json: dict | None = None,
        user_auth: bool = False,
    ) -> requests.Response:
        """Send one request. Raises `XError`; a redirect counts as an answer that proves nothing."""
        headers = {"User-Agent": self.user_agent}
        auth = None
        if user_auth:
            auth = tweepy.OAuth1UserHandler(
                self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret
            ).apply_auth()
        else:
            headers["Authorization"] = f"Bearer {self.bearer_token}"
        try:
            response = self.session.request(
                method,
                self.base_url + route,
                params=params,
                json=json,
                headers=headers,
                auth=auth,
                timeout=(min(self.timeout, 10), self.timeout),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise errors.from_connection(error) from error
        if not 200 <= response.status_code < 300:
            raise errors.from_response(response)
        return response

    def close(self) -> None:
        """Give the connection back."""
        self.session.close()


def body_of(response: requests.Response) -> Any:
    """Return the JSON of an answer, fit to be stored.

    One that is none (or nested beyond reason) leaves the outcome unknown.
    """
    try:
        return storable(response.json(parse_constant=_no_number))
    except (ValueError, RecursionError) as error:
        is_page = response.text.lstrip().startswith("<")
        said = errors.said_in(response).words if is_page else response.text[:200]
        raise errors.XError(
            "not_x" if is_page else "unreadable",
            outcome=errors.UNCERTAIN,
            said=said,
            status=response.status_code,
        ) from error


def storable(value: Any) -> Any:
    """Return the same without what no database keeps.

    NUL and halves of surrogate pairs become the replacement character.
    """
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, str) and UNSTORABLE.search(value):
        return (
            value.replace("\x00", "\ufffd")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        raise ValueError("a number beyond all bounds")
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
