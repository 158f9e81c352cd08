"""tweepy's client with what it leaves out: a base URL, a time limit, no redirects, and our own errors."""

from typing import Any

import requests
import tweepy

from xapi import errors


class Transport(tweepy.Client):
    """Signs and sends requests to `base_url`; every failure is an `XError`.

    tweepy keeps its host as a literal inside `request`, the one place all its calls pass; hence the override. The signature
    (OAuth 1.0a) is made over the URL that is really called.
    """

    def __init__(self, *, base_url: str, timeout: float, bearer_token: str | None = None, consumer_key: str | None = None,
                 consumer_secret: str | None = None, access_token: str | None = None, access_token_secret: str | None = None) -> None:
        super().__init__(bearer_token=bearer_token, consumer_key=consumer_key, consumer_secret=consumer_secret,
                         access_token=access_token, access_token_secret=access_token_secret, return_type=requests.Response,
                         wait_on_rate_limit=False)
        self.base_url, self.timeout = base_url.rstrip("/"), timeout

    def request(self, method: str, route: str, params: dict | None = None, json: dict | None = None,
                user_auth: bool = False) -> requests.Response:
        """Send one request. Raises `XError`; a redirect counts as an answer that proves nothing."""
        headers = {"User-Agent": self.user_agent}
        auth = None
        if user_auth:
            auth = tweepy.OAuth1UserHandler(self.consumer_key, self.consumer_secret, self.access_token,
                                            self.access_token_secret).apply_auth()
        else:
            headers["Authorization"] = f"Bearer {self.bearer_token}"
        try:
            response = self.session.request(method, self.base_url + route, params=params, json=json, headers=headers, auth=auth,
                                            timeout=(min(self.timeout, 10), self.timeout), allow_redirects=False)
        except requests.RequestException as error:
            raise errors.from_connection(error) from error
        if not 200 <= response.status_code < 300:
            raise errors.from_response(response)
        return response

    def close(self) -> None:
        """Give the connection back."""
        self.session.close()


def body_of(response: requests.Response) -> Any:
    """The JSON of an answer; one that is none leaves the outcome unknown."""
    try:
        return response.json()
    except requests.JSONDecodeError as error:
        raise errors.XError("unreadable", outcome=errors.UNCERTAIN, said=response.text[:200], status=response.status_code) from error
