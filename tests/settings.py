"""The desk's settings for tests.

The test database engine, short delays, and nothing else that differs from a real desk.
"""

import os

os.environ.setdefault("DESK_DEMO", "1")
os.environ.setdefault("X_TIMEOUT_SECONDS", "3")
os.environ.setdefault("DESK_LEASE_SECONDS", "6")
os.environ.setdefault("DESK_SEND_DELAY_SECONDS", "0")
os.environ.setdefault("DESK_SETTLE_SECONDS", "2")
os.environ.setdefault("DESK_SECOND_READING_SECONDS", "1")

from servicedesk.settings import *  # noqa: F403
from servicedesk.settings import APP, OWNER

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATABASES = {
    "default": {**APP, "ENGINE": "tests.postgres", "CONN_MAX_AGE": 0, "TEST": {"OWNER": OWNER}}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LIVE_PREFIX = f"{WORKER}:"
X_API_URL = "http://127.0.0.1:1"
X_IS_SIMULATED = True
