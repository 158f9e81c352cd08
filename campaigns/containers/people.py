"""Two people who use the desk through the TLS proxy, and a customer on the simulated X."""

import re
import socket
import ssl
from pathlib import Path

import requests

from campaigns.containers.engine import ADDRESS

DESK = "desk.test"
X = "api.x.test"
PATIENCE = 240.0  # seconds: the machine may be busy with other work
PASSWORD = "four words nobody knows"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ask = socket.getaddrinfo


def resolve_here() -> None:
    """Make the two invented host names known to this process."""

    def found(host, *arguments, **named):
        return _ask(ADDRESS if host in {DESK, X} else host, *arguments, **named)

    socket.getaddrinfo = found


class Person:
    """Somebody with a browser: cookies, forms, and the API by the same session."""

    def __init__(self, trusts: Path) -> None:
        self.trusts = str(trusts)
        self.browser = requests.Session()
        self.browser.trust_env = False

    def get(self, path: str, **more) -> requests.Response:
        """A page; raises for an answer that is none."""
        url = path if path.startswith("https:") else f"https://{DESK}{path}"
        answer = self.browser.get(url, verify=self.trusts, timeout=PATIENCE, **more)
        answer.raise_for_status()
        return answer

    def join(self, link: str, name: str) -> None:
        """Follow an invitation, fill its form in, and be signed in."""
        username = name.split()[0].lower()
        token = TOKEN.search(self.get(link).text)[1]
        typed = {"csrfmiddlewaretoken": token, "name": name, "username": username}
        answer = self.browser.post(
            link,
            data={**typed, "password": PASSWORD, "email": f"{username}@example.com"},
            headers={"Referer": link},
            verify=self.trusts,
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        assert "/invitation/" not in answer.url, re.sub(r"<[^>]+>|\s+", " ", answer.text)[-1500:]

    def call(self, path: str, **fields) -> dict:
        """One call of the API that changes something; its answer."""
        answer = self.browser.post(
            f"https://{DESK}/api/v1/{path}",
            json=fields,
            headers={
                "X-CSRFToken": self.browser.cookies["csrftoken"],
                "Referer": f"https://{DESK}/",
            },
            verify=self.trusts,
            timeout=PATIENCE,
        )
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()


def spoken(host: str, trusts: Path) -> str:
    """Which protocol the proxy chooses with somebody who speaks HTTP/2 as well."""
    context = ssl.create_default_context(cafile=str(trusts))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection((ADDRESS, 443), timeout=PATIENCE) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        return secured.selected_alpn_protocol() or ""


class Customer:
    """The control interface of the simulated X."""

    def __init__(self, trusts: Path) -> None:
        self.trusts = str(trusts)

    def order(self, noun: str, **body) -> dict:
        """One order; its answer."""
        answer = requests.post(
            f"https://{X}:8443/_control/{noun}", json=body, verify=self.trusts, timeout=PATIENCE
        )
        assert answer.ok, f"{noun}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def says(self, handle: str, text: str) -> dict:
        """Somebody posts."""
        self.order("users", username=handle, name=handle.title())
        return self.order("posts", username=handle, text=text)

    def replies(self, account: int) -> list[str]:
        """The words of everything that our account ever posted."""
        answer = requests.get(
            f"https://{X}:8443/_control/history", verify=self.trusts, timeout=PATIENCE
        )
        lines = [requests.compat.json.loads(line) for line in answer.text.splitlines() if line]
        return [
            line["post"]["text"]
            for line in lines
            if line["what"] == "post.created" and line["post"]["author"] == account
        ]
