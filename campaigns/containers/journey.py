"""From bare images to one reply on X, and on while parts are killed."""

import base64
import json
import os
import re
import secrets
import signal
import threading
import time

from campaigns.containers import people
from campaigns.containers.engine import HERE, HOME, PROJECT, Engine
from campaigns.containers.people import DESK, Customer, Person
from campaigns.containers.steps import Steps, until

ACCOUNT = 901
GRACE = 130  # seconds: a bit more than the longest grace period of the compose file
COMPANY = {
    "company": {"name": "Amselnetz", "language": "en"},
    "departments": [{"name_en": "Customer Service"}],
    "people": [
        {"name": name, "initials": initials, "role": role, "department": department}
        for name, initials, role, department in (
            ("Max Winter", "mw", "administrator", ""),
            ("Aylin Springer", "as", "agent", "Customer Service"),
            ("Rita Brandt", "rb", "reviewer", "Customer Service"),
        )
    ],
    "guidelines": [{"department": "Customer Service", "text_en": "# Be kind\n\nSay hello."}],
    "accounts": [
        {
            "handle": "AmselnetzHilfe",
            "department": "Customer Service",
            "values": {
                "consumer_key": "a-key",
                "consumer_secret": "a-secret",
                "access_token": f"sim-{ACCOUNT}",
                "access_token_secret": "another-secret",
            },
        }
    ],
}


class Journey:
    """The desk as the compose file has it, and what happens to it."""

    def __init__(self, engine: Engine, steps: Steps) -> None:
        self.engine, self.steps, self.figures = engine, steps, {}
        self.words: list[str] = []

    def go(self) -> None:
        """Every step in its order."""
        self.write_settings()
        self.engine.down()  # what a run that was cut may have left
        self.engine.check_the_way_in()
        self.start()
        self.set_up()
        self.look_from_outside()
        self.a_reply("a mention is a ticket, answered, approved by a second person, and on X")
        self.a_stream_is_not_held_back()
        self.limits_survive_the_pooler()
        self.a_web_is_killed()
        self.beat_is_killed()
        self.with_two_beats()
        self.a_worker_is_stopped()
        self.the_archive_is_written()
        self.the_database_is_copied_and_the_copy_proved()
        self.each_knows_its_own_secrets()

    def write_settings(self) -> None:
        """Fill in `.env` as its example asks, every secret drawn by chance."""
        drawn = {
            name: secrets.token_urlsafe(32)
            for name in (
                "DESK_SECRET_KEY",
                "POSTGRES_PASSWORD",
                "DESK_OWNER_PASSWORD",
                "DESK_APP_PASSWORD",
                "DESK_BACKUP_PASSWORD",
                "VALKEY_PASSWORD",
            )
        }
        self.secrets = drawn | {
            "DESK_CREDENTIALS_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "DESK_ANCHOR_KEY": base64.b64encode(os.urandom(32)).decode(),
        }
        settings = {
            **self.secrets,
            "DESK_URL": f"https://{DESK}",
            "DESK_HOSTS": DESK,
            "X_API_URL": f"https://{people.X}",
            "CAMPAIGN_HOME": str(HOME),
        }
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (HOME / ".env").write_text(text)
        (HOME / "site.d" / "campaign").write_text("tls internal\n")
        (HOME / "x.Caddyfile").write_text((HERE / "x.Caddyfile").read_text())

    def start(self) -> None:
        """Bring every service up in the order that the compose file asks for."""
        people.resolve_here()
        with self.steps.step("simulated X behind TLS is healthy"):
            self.engine.up("x", "x-line")
            x = self.root_of("x-line", "x.crt")
        with self.steps.step("database and valkey are healthy"):
            self.engine.up("database", "valkey")
        with self.steps.step("migrate has ended well"):
            self.engine.compose("up", "--no-deps", "--no-build", "migrate")
            code = self.engine.state(f"{PROJECT}_migrate_1")["State"]["ExitCode"]
            self.steps.expect(code == 0, f"migrate ended with {code}")
        with self.steps.step("pgbouncer is healthy"):
            self.engine.up("pgbouncer")
        with self.steps.step("web twice, workers and beat are healthy"):
            self.engine.up("web", "worker", "worker-publish", "worker-backup", "beat")
        with self.steps.step("proxy is healthy"):
            self.engine.up("proxy")
            self.trusts = until(lambda: self.root_of("proxy", "desk.crt"), "a certificate")
        self.customer = Customer(x)
        names = self.engine.containers()
        self.figures["containers"] = len(names)
        self.steps.expect(sum("_web_" in one for one in names) == 2, f"not two webs: {names}")

    def root_of(self, service: str, file: str):
        """The root certificate of a Caddy, written where others may trust it."""
        [name] = self.engine.containers(service)
        root = "/data/caddy/pki/authorities/local/root.crt"
        path = HOME / "trusted" / file
        path.write_text(self.engine.inside(name, "cat", root))
        return path

    def set_up(self) -> None:
        """Company, people, guideline and account by one file; two people join over HTTPS."""
        with self.steps.step("set_up: a company, its people, an account on X"):
            self.customer.order("limits", on=False)
            self.customer.order(
                "users", username="AmselnetzHilfe", name="Hilfe", account=True, id=ACCOUNT
            )
            worker = self.engine.containers("worker")[0]
            said = self.engine.inside(
                worker,
                *("python", "manage.py", "set_up", "/dev/stdin"),
                input=json.dumps(COMPANY),
            )
        links = dict(re.findall(r"^(\w+ \w+): (https://\S+)$", said, re.MULTILINE))
        with self.steps.step("three people join through the proxy"):
            self.people = {name.split()[0]: Person(self.trusts) for name in links}
            for name, link in links.items():
                self.people[name.split()[0]].join(link, name)

    def look_from_outside(self) -> None:
        """HTTP/2, hashed files, nobody's address but the visitor's, every part proved."""
        with self.steps.step("HTTP/2, static files, every part has proved itself"):
            self.steps.expect(people.spoken(DESK, self.trusts) == "h2", "no HTTP/2")
            page = self.people["Aylin"].get("/inbox/").text
            sheet = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
            kept = self.people["Aylin"].get(sheet).headers.get("Cache-Control", "")
            self.steps.expect("immutable" in kept, f"{sheet} is kept {kept!r}")
            self.until_proved()

    def until_proved(self) -> None:
        """Wait until broker, worker, beat, feed and the database's protection are all well."""

        def is_well() -> bool:
            found = self.people["Aylin"].get("/readyz?all").json()
            assert all(says == "ok" for says in found.values()), found
            return True

        until(is_well, "/readyz?all is ok throughout")

    def a_mention(self) -> tuple[str, int]:
        """A customer writes; the words and the number of the ticket that it became."""
        mark = f"w{len(self.words)}x{secrets.token_hex(3)}"
        self.customer.says("grace_adeyemi", f"@AmselnetzHilfe my line is dead {mark}")

        def ticket():
            page = self.people["Aylin"].get("/inbox/", params={"q": mark}).text
            return re.search(r"/tickets/(\d+)/", page)

        return mark, int(until(ticket, "the mention is a ticket")[1])

    def a_reply(self, name: str) -> None:
        """From a mention to the reply on X: exactly once, word for word."""
        with self.steps.step(name):
            mark, number = self.a_mention()
            words = f"Hello Grace, about {mark}: please unplug it for ten seconds."
            draft = self.people["Aylin"].call(f"tickets/{number}/drafts/", text=words)
            version = {"context_version": draft["context_version"]}
            path = f"drafts/{draft['id']}"
            sent = self.people["Aylin"].call(f"{path}/submit/", text=words, **version)
            self.people["Rita"].call(
                f"{path}/approve/", sha256=sent["revisions"][-1]["sha256"], **version
            )
            self.words.append(words)
            until(lambda: self.times(words), "the reply is on X")
            self.steps.expect(self.times(words) == 1, f"posted {self.times(words)} times")

    def times(self, words: str) -> int:
        """How often these words stand on X, signed by both."""
        return sum(words in text for text in self.customer.replies(ACCOUNT))

    def a_stream_is_not_held_back(self) -> None:
        """What happens reaches an open page while its stream is still open."""
        with self.steps.step("an open page is told of a new ticket at once"):
            stream = self.people["Rita"].get("/events/", stream=True)
            kind = stream.headers["Content-Type"]
            self.steps.expect(kind.startswith("text/event-stream"), f"a stream of {kind}")
            told: dict[str, float] = {}
            threading.Thread(target=read, args=(stream, told), daemon=True).start()
            until(lambda: "open" in told, "the stream's first event")
            self.a_mention()
            seen = time.monotonic()
            until(lambda: "changed" in told, "the stream's event of the new ticket")
            late = max(0.0, told["changed"] - seen)
            self.steps.expect(late < 5, f"the event came {late:.1f} s after the page had it")
            self.figures["event after the page had the ticket, seconds"] = round(late, 2)
            stream.close()

    def limits_survive_the_pooler(self) -> None:
        """Pages and workers have their limits behind PgBouncer, and no owner's password."""
        asks = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        code = (
            "from django.db import connection as c; k = c.cursor(); "
            f'k.execute("{asks}"); print(*k.fetchone())'
        )
        with self.steps.step("limits of connections survive PgBouncer"):
            for service, limits in (("web", "4500ms 4s"), ("worker", "54s 48s")):
                name = self.engine.containers(service)[0]
                said = self.engine.inside(
                    name, "python", "manage.py", "shell", "--verbosity", "0", "-c", code
                ).strip()
                self.steps.expect(said == limits, f"{service} has {said!r}, not {limits!r}")

    def kill(self, name: str) -> None:
        """`kill -9` of a container's first process, from outside."""
        os.kill(self.engine.state(name)["State"]["Pid"], signal.SIGKILL)

    def is_back(self, name: str, former: int) -> bool:
        """Whether the container runs again, as another process, and is healthy."""
        state = self.engine.state(name)["State"]
        return state["Running"] and state["Pid"] != former and self.engine.is_healthy(name)

    def is_killed_and_comes_back(self, name: str, meanwhile) -> None:
        """Kill it, look at the desk meanwhile, and wait until its restart policy has it back."""
        former = self.engine.state(name)["State"]["Pid"]
        self.kill(name)
        meanwhile()
        until(lambda: self.is_back(name, former), f"{name} is back")

    def a_web_is_killed(self) -> None:
        """Pages answer while one of the two is away, and it comes back by itself."""
        name = self.engine.containers("web")[0]
        slowest: list[float] = []

        def pages() -> None:
            for _ in range(20):
                began = time.monotonic()
                self.people["Aylin"].get("/inbox/")
                slowest.append(time.monotonic() - began)

        with self.steps.step("a web is killed: twenty pages are answered meanwhile, it comes back"):
            self.is_killed_and_comes_back(name, pages)
        self.figures["slowest page while a web was killed, seconds"] = round(max(slowest), 2)

    def beat_is_killed(self) -> None:
        """Beat is killed, comes back, and goes on."""
        [name] = self.engine.containers("beat")
        with self.steps.step("beat is killed and comes back"):
            self.is_killed_and_comes_back(name, lambda: None)
            self.until_proved()
        self.a_reply("a reply after beat was killed")

    def with_two_beats(self) -> None:
        """Every tick doubled: the next reply is posted once all the same."""
        with self.steps.step("a second beat is started"):
            self.engine.compose("up", "--detach", "--no-deps", "--scale", "beat=2", "beat")
            self.steps.expect(len(self.engine.containers("beat")) == 2, "there are not two")
        self.a_reply("a reply while two beats tick")

    def a_worker_is_stopped(self) -> None:
        """One worker ends in order; the other one goes on."""
        name = self.engine.containers("worker")[0]
        with self.steps.step("a worker is stopped in order"):
            self.engine.podman("stop", "--time", GRACE, name)
            code = self.engine.state(name)["State"]["ExitCode"]
            self.steps.expect(code == 0, f"it ended with {code}")
        self.a_reply("a reply with one worker left")
        for words in self.words:
            self.steps.expect(self.times(words) == 1, f"{words}: {self.times(words)} times")
        self.figures["replies on X, each once"] = len(self.words)

    def the_archive_is_written(self) -> None:
        """What was written ahead lies in the archive, whole."""
        [name] = self.engine.containers("database")
        with self.steps.step("the archive has what was written ahead"):
            ask = ("psql", "-U", "postgres", "-d", "desk", "-Atc")
            file = self.engine.inside(name, *ask, "SELECT pg_walfile_name(pg_switch_wal())")
            until(
                lambda: f"{file.strip()}.gz" in self.engine.inside(name, "ls", "/backups/wal"),
                f"{file.strip()} is in the archive",
            )

    def the_database_is_copied_and_the_copy_proved(self) -> None:
        """A full copy is made, and restored in a place that is thrown away."""
        [name] = self.engine.containers("worker-backup")
        desk = ("/venv/bin/python", "manage.py")
        with self.steps.step("a backup, and a rehearsal of its restore"):
            self.engine.inside(name, *desk, "backup")
            said = self.engine.inside(name, *desk, "rehearse_restore").strip().splitlines()
            self.figures["rehearsal"] = said[-1] if said else ""

    def each_knows_its_own_secrets(self) -> None:
        """No image has a secret, and the owner's password is in database and migrate alone."""
        with self.steps.step("no secret in an image, the owner's password where it belongs"):
            for image in ("paraph:local", "paraph-pgbouncer:local", "paraph-backup:local"):
                told = self.engine.podman("inspect", image)
                self.steps.expect(
                    not [one for one in self.secrets.values() if one in told], f"{image} has one"
                )
            for name in self.engine.containers():
                told = " ".join(self.engine.state(name)["Config"]["Env"])
                knows = self.secrets["DESK_OWNER_PASSWORD"] in told
                self.steps.expect(
                    knows == ("_database_" in name), f"{name} and the owner's password"
                )


def read(stream, told: dict[str, float]) -> None:
    """Note when the first event of each name arrived."""
    try:
        for line in stream.iter_lines(chunk_size=1):
            if line.startswith(b"event: "):
                told.setdefault(line.decode()[7:], time.monotonic())
    except Exception:  # the campaign closes it under our feet
        return
