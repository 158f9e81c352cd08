"""Refuse in production what must not be, and find a healthy desk healthy.

Also what the image holds.
"""

import base64
import json
import os
import re
import runpy
import subprocess
import sys

import pytest
import yaml
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from servicedesk.launcher.running import ROOT
from servicedesk.operations import production
from tests.stack import free_port, wait_until

GOOD = {
    "DESK_PRODUCTION": "1",
    "DESK_SECRET_KEY": "aB3" * 25 + "x_-9QrStuVw",
    "DESK_CREDENTIALS_KEYS": Fernet.generate_key().decode(),
    "DESK_URL": "https://desk.example.com",
    "DESK_HOSTS": "desk.example.com",
    "DESK_PROXIES": "172.16.0.0/12",
    "DATABASE_URL": "postgresql://desk_app:long-enough-password@database/desk",
    "REDIS_URL": "redis://:long-enough-password@valkey:6379/0",
}
BAD = [
    ({"DESK_SECRET_KEY": None}, "DESK_SECRET_KEY must be a secret"),
    ({"DESK_SECRET_KEY": "short"}, "DESK_SECRET_KEY must be a secret"),
    ({"DESK_SECRET_KEY": "s" * 40}, "DESK_SECRET_KEY must be a secret"),
    ({"DESK_DEBUG": "1"}, "DESK_DEBUG is on"),
    ({"DESK_DEMO": "1"}, "DESK_DEMO is on"),
    ({"X_IS_SIMULATED": "1"}, "points to a simulator"),
    ({"X_API_URL": "https://localhost:8100"}, "points to a simulator"),
    ({"X_API_URL": "http://api.x.com"}, "X_API_URL must begin with https://"),
    ({"DESK_CREDENTIALS_KEYS": None}, "DESK_CREDENTIALS_KEYS must name keys"),
    ({"DESK_CREDENTIALS_KEYS": "none"}, "DESK_CREDENTIALS_KEYS must name keys"),
    (
        {"DESK_CREDENTIALS_KEYS": base64.urlsafe_b64encode(bytes(32)).decode()},
        "DESK_CREDENTIALS_KEYS must name keys",
    ),
    ({"DESK_URL": "http://desk.example.com"}, "DESK_URL must begin with https://"),
    ({"DESK_HOSTS": "*"}, "DESK_HOSTS must name the desk's own hosts"),
    ({"DESK_HOSTS": ".example.com"}, "DESK_HOSTS must name the desk's own hosts"),
    ({"DESK_HOSTS": "other.example.com"}, "must have the host of DESK_URL"),
    ({"DESK_PROXIES": None}, "DESK_PROXIES must name the TLS proxy"),
    ({"DESK_PROXIES": "0.0.0.0/0"}, "DESK_PROXIES must name the TLS proxy"),
    ({"DATABASE_OWNER_URL": "postgresql://desk_owner@/desk"}, "migrate job alone: web and workers"),
    ({"DESK_AS_OWNER": "1"}, "DESK_AS_OWNER is set by manage.py migrate alone"),
    (
        {"DATABASE_URL": "postgresql://postgres:long-enough-password@database/desk"},
        "weak role desk_app",
    ),
    ({"DATABASE_URL": "postgresql://desk_app@database/desk"}, "DATABASE_URL needs a password"),
    (
        {"DATABASE_URL": "postgresql://desk_app:desk_app@database/desk"},
        "DATABASE_URL needs a password",
    ),
    ({"REDIS_URL": "redis://valkey:6379/0"}, "REDIS_URL needs a password"),
    ({"DESK_SETTLE_SECONDS": "0"}, "DESK_SETTLE_SECONDS must be at least 30"),
    ({"DESK_SECOND_READING_SECONDS": "0"}, "DESK_SECOND_READING_SECONDS must be at least 10"),
    ({"DESK_MAIL_HOST": "mail.example.com", "DESK_MAIL_PASSWORD": "secret"}, "set DESK_MAIL_TLS"),
    ({"DESK_METRICS_TOKEN": "metrics"}, "DESK_METRICS_TOKEN must have"),
    ({"DESK_SESSION_HOURS": "0"}, "DESK_SESSION_HOURS must be more than 0"),
    ({"DESK_SESSION_HOURS": "9000"}, "DESK_SESSION_HOURS must be more than 0"),
]


@pytest.fixture
def start(monkeypatch):
    """Read the settings as a process of web does; the refusal's text, empty where it starts."""
    for name in list(os.environ):
        if name.startswith(("DESK_", "DATABASE_", "REDIS_", "X_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "argv", ["uvicorn", "servicedesk.asgi:application"])

    def begin(**variables: str | None) -> str:
        with monkeypatch.context() as patch:
            for name, value in {**GOOD, **variables}.items():
                if value is not None:
                    patch.setenv(name, value)
            try:
                runpy.run_path(str(ROOT / "servicedesk" / "settings.py"))
            except ImproperlyConfigured as refused:
                return str(refused)
            return ""

    return begin


def test_a_good_production_desk_starts(start):
    assert start() == ""
    assert (
        start(
            DATABASE_URL="postgresql://desk_app@/desk?host=/run/postgresql",
            REDIS_URL="unix:///run/valkey.sock",
        )
        == ""
    )
    assert (
        start(DESK_MAIL_HOST="mail.example.com", DESK_MAIL_PASSWORD="secret", DESK_MAIL_TLS="1")
        == ""
    )


@pytest.mark.parametrize(("variables", "sentence"), BAD)
def test_production_refuses_what_is_not_safe(start, variables, sentence):
    refused = start(**variables)
    assert sentence in refused
    # It alone, but for hosts that do not fit either
    assert len(refused.splitlines()) == 2 or "DESK_HOSTS" in variables


def test_production_says_all_of_it_at_once(start):
    everything = {
        name: value for variables, _sentence in reversed(BAD) for name, value in variables.items()
    }
    refused = start(
        **{
            **everything,
            "X_API_URL": "http://localhost:8100",
            "DESK_HOSTS": "*",
            "DATABASE_URL": "postgresql://postgres:x@database/desk",
            "DATABASE_OWNER_URL": None,
        }
    )
    said = [one for one in production.RULES if f"- {one}" in refused]
    missing = set(production.RULES) - set(said)
    assert {one.split()[0] for one in missing} == {
        "DATABASE_OWNER_URL"
    }  # as the owner this one is in place


def test_every_rule_of_production_has_a_case_here_and_a_line_in_the_reference():
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text()
    for rule in production.RULES:
        assert f"- {rule}\n" in reference
        assert any(sentence in rule for _variables, sentence in BAD), rule


def test_the_owner_is_known_to_migrate_and_to_nobody_else():
    assert production.command_of(["/desk/manage.py", "migrate"]) == "migrate"
    assert (
        production.command_of(["/usr/lib/django/__main__.py", "collectstatic", "--noinput"])
        == "collectstatic"
    )
    assert production.command_of(["/usr/bin/uvicorn", "migrate"]) == ""
    assert production.command_of(["/usr/bin/celery", "collectstatic"]) == ""


# What goes into the image.

SECRET = [
    ".env",
    ".env.production",
    "deploy/.env",
    "production.env",
    "deploy/desk.env",
    ".git/config",
    ".desk/secret.key",
    "anchor.key",
    "keys/anchor.key",
    "tls.pem",
    "keys/tls.pem",
    "desk.dump",
    "anchors.jsonl",
    "journal-1.jsonl",
    "docker-compose.override.yml",
    ".venv/bin/python",
    "core/__pycache__/a.pyc",
]


def stays_outside(path: str) -> bool:
    """Whether .dockerignore keeps this path out of the image.

    As Docker reads it, the last pattern that fits decides.
    """
    outside = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.strip().rstrip("/")
        if not pattern or pattern.startswith("#"):
            continue
        keeps, pattern = not pattern.startswith("!"), pattern.lstrip("!")
        parts = path.split("/")
        beginnings = ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]
        expression = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if any(re.fullmatch(expression, one) for one in beginnings):
            outside = keeps
    return outside


@pytest.mark.parametrize("path", SECRET)
def test_secrets_never_go_into_the_image(path):
    assert stays_outside(path)


def test_what_git_ignores_never_goes_into_the_image():
    for line in (ROOT / ".gitignore").read_text().splitlines():
        if line and not line.startswith(("#", "!")):
            sample = line.strip("/").replace("*", "x")
            assert stays_outside(sample), line
            assert (
                line.startswith("/") or line.endswith("/") or stays_outside(f"people/{sample}")
            ), line


def test_what_the_desk_needs_goes_into_the_image():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    ours = (
        "core/",
        "people/",
        "xapi/",
        "tickets/",
        "approvals/",
        "posting/",
        "servicedesk/",
        "templates/",
        "static/",
        "locale/",
        "requirements/",
        "manage.py",
    )
    assert [path for path in tracked if path.startswith(ours) and stays_outside(path)] == []
    assert not stays_outside("requirements/production.txt")


def test_the_image_copies_nothing_but_the_requirements_and_the_sifted_folder():
    lines = [
        line
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if re.match(r"\s*(COPY|ADD)\b", line)
    ]
    copied = ["COPY requirements/production.txt requirements/production.txt", "COPY . ."]
    assert lines == copied * 2  # the desk, and the worker that copies its database
    assert not re.search(r"SECRET|PASSWORD|KEYS=|TOKEN", (ROOT / "Dockerfile").read_text())


# The compose file's health check.


def environment_of(web):
    """Return the environment that the compose file gives web, and a clean one."""
    given = {
        "DESK_URL": "https://desk.example.com",
        "DESK_HOSTS": "desk.example.com",
        "DESK_SECRET_KEY": GOOD["DESK_SECRET_KEY"],
        "DESK_CREDENTIALS_KEYS": GOOD["DESK_CREDENTIALS_KEYS"],
        "DESK_ANCHOR_KEY": base64.b64encode(bytes(range(32))).decode(),
        "DESK_APP_PASSWORD": "long-enough-password",
        "VALKEY_PASSWORD": "long-enough-password",
    }
    environment = {
        name: re.sub(
            r"\$\{(\w+)(?::-([^}]*)|[^}]*)\}",
            lambda found: given.get(found[1], found[2] or ""),
            str(value),
        )
        for name, value in web["environment"].items()
    }
    environment["DESK_ALIVE_FILE"] = ""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DESK_", "DATABASE_", "REDIS_", "X_", "DJANGO_"))
    }
    return environment, clean


@pytest.mark.stack
@pytest.mark.campaign  # starts the real server
def test_the_health_check_of_the_compose_file_finds_web_healthy():
    """Docker's own part is its command in its environment.

    The rest is the real server with the production settings.
    """
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    web, port = compose["services"]["web"], str(free_port())
    environment, clean = environment_of(web)
    command = [sys.executable, "-m", *[port if word == "8000" else word for word in web["command"]]]
    check = [
        sys.executable if word == "python" else word.replace(":8000/", f":{port}/")
        for word in web["healthcheck"]["test"][1:]
    ]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**clean, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:

        def is_healthy() -> bool:
            assert server.poll() is None, server.stdout.read()
            return subprocess.run(check, env=clean, capture_output=True, timeout=60).returncode == 0

        assert wait_until(is_healthy, 60, "the check succeeds")
    finally:
        server.terminate()
        server.wait(30)
    told = server.stdout.read()
    assert {"at", "level", "logger", "message"} <= set(json.loads(told.splitlines()[-1]))
    assert "GET /healthz" not in told  # an address may hold the key of an invitation
