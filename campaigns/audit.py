"""The chain's own campaign: every tampering is named, and a chain that only grew is never accused.

Tampering is done as the database's superuser would: with every guard silent. After each
one the desk is put back as it was.
"""

import base64
import os
import random
import threading
from collections import Counter

import psycopg2

from campaigns.world import World

TAMPERINGS = 100
CLEAN = 60
KINDS = ("changed", "deleted", "inserted", "swapped", "tail cut behind an anchor")


def tamper_and_restore(chance, named, violations, base, owner):
    """Tamper so many times, see whether it is named, and put it back."""
    from servicedesk.evidence.audit_check import examine

    for number in range(TAMPERINGS):
        kind = KINDS[number % len(KINDS)]
        with owner, owner.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            tamper(cursor, kind, chance)
        found = {str(fault) for fault in examine().faults} - base
        named[kind] += bool(found)
        if not found:
            violations.append(f"not named: {kind}, number {number}")
        with owner, owner.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            restore(cursor)
        if {str(fault) for fault in examine().faults} - base:
            violations.append(f"could not be put back: {kind}, number {number}")
            break


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations. `--runs` is the number of clean examinations."""
    clean = options.runs or CLEAN
    os.environ["DESK_ANCHOR_KEY"] = base64.b64encode(
        random.Random(options.seed).randbytes(32)
    ).decode()
    with World(seed=options.seed, DESK_ANCHOR_KEY=os.environ["DESK_ANCHOR_KEY"]) as world:
        from django.conf import settings

        settings.ANCHOR_FILE = str(world.directory / "anchors.jsonl")
        from servicedesk.evidence import anchors
        from servicedesk.evidence.audit_check import examine
        from tests import factories

        desk = factories.make_desk()
        for _number in range(10):
            factories.approved(desk)
        anchors.write()
        chance, named, violations = random.Random(options.seed), Counter(), []
        base = {
            str(fault) for fault in examine().faults
        }  # drafts made without a door are known faults of this set-up
        violations += [
            f"before anything: {fault}" for fault in base if not fault.startswith("foreign_door")
        ]
        owner = psycopg2.connect(world.owner_dsn)
        tamper_and_restore(chance, named, violations, base, owner)
        alarms, growth = grow_and_examine(factories, desk, examine, clean, base)
        violations += alarms
        owner.close()
        return {
            "tamperings": TAMPERINGS,
            "named": sum(named.values()),
            "by kind": dict(named),
            "clean examinations while the chain grew": clean,
            "false alarms": len(alarms),
            "links at the end": growth,
        }, violations


def change(cursor, chance: random.Random, event: int, _other: int) -> None:
    """Change one fact of an event."""
    field = chance.choice(
        [
            "data = '{\"forged\": true}'",
            "at = at - interval '1 second'",
            "name = name || '.'",
            "by_id = coalesce(by_id, 0) + 1",
            "channel = 'session:0'",
        ]
    )
    cursor.execute(f"UPDATE core_event SET {field} WHERE id = %s", [event])


def delete(cursor, chance: random.Random, event: int, _other: int) -> None:
    """Delete an event, with its link or without."""
    cursor.execute("DELETE FROM core_event WHERE id = %s", [event])
    if chance.random() < 0.5:
        cursor.execute("DELETE FROM core_link WHERE event_id = %s", [event])


def insert(cursor, chance: random.Random, _event: int, _other: int) -> None:
    """Insert an event, with a link or without."""
    cursor.execute(
        "INSERT INTO core_event (name, at, channel, topic_kind, subject_kind, data) "
        "VALUES ('review.approved', now(), '', '', '', '{}') RETURNING id"
    )
    if chance.random() < 0.5:
        cursor.execute(
            "INSERT INTO core_link (number, event_id, at, hash) "
            "SELECT max(number) + 1, %s, now(), repeat('a', 64) FROM core_link",
            [cursor.fetchone()[0]],
        )


def swap(cursor, _chance: random.Random, event: int, other: int) -> None:
    """Let two links change places."""
    cursor.execute(
        "UPDATE core_link SET event_id = -1 "
        "WHERE event_id = %s; "
        "UPDATE core_link SET event_id = %s "
        "WHERE event_id = %s; "
        "UPDATE core_link SET event_id = %s "
        "WHERE event_id = -1",
        [event, event, other, other],
    )


def cut_off(cursor, chance: random.Random, _event: int, _other: int) -> None:
    """Cut off the newest few events with their links, and move the head."""
    cut = chance.randint(1, 5)
    cursor.execute(
        "DELETE FROM core_event "
        "WHERE id IN (SELECT event_id FROM core_link ORDER BY number DESC LIMIT %s); "
        "DELETE FROM core_link "
        "WHERE number > (SELECT max(number) - %s FROM core_link); "
        "UPDATE core_chainhead "
        "SET (number, hash) = ("
        "SELECT number, hash FROM core_link ORDER BY number DESC LIMIT 1)",
        [cut, cut],
    )


TAMPER = {"changed": change, "deleted": delete, "inserted": insert, "swapped": swap}


def tamper(cursor, kind: str, chance: random.Random) -> None:
    """Keep a copy, then do one of the five."""
    cursor.execute(
        "DROP TABLE IF EXISTS kept_event, kept_link, kept_head; "
        "CREATE TABLE kept_event AS TABLE core_event; "
        "CREATE TABLE kept_link AS TABLE core_link; "
        "CREATE TABLE kept_head AS TABLE core_chainhead"
    )
    cursor.execute("SELECT id FROM core_event ORDER BY id")
    event, other = chance.sample([row[0] for row in cursor.fetchall()], 2)
    TAMPER.get(kind, cut_off)(cursor, chance, event, other)


def restore(cursor) -> None:
    """As it was."""
    cursor.execute("""DELETE FROM core_event;
                      INSERT INTO core_event OVERRIDING SYSTEM VALUE
                      SELECT * FROM kept_event;
                      DELETE FROM core_link;
                      INSERT INTO core_link
                      SELECT * FROM kept_link;
                      DELETE FROM core_chainhead;
                      INSERT INTO core_chainhead
                      SELECT * FROM kept_head;
                      DROP TABLE kept_event, kept_link, kept_head""")


def start_writers(desk, over, allowed):
    """Start four threads that add events until told to stop."""
    from django.db import connection, transaction

    from core.audit import record

    def add(seed: int) -> None:
        chance = random.Random(seed)
        while not over.is_set():
            if not allowed.acquire(timeout=0.1):
                continue
            try:
                with transaction.atomic():
                    for _number in range(chance.randint(1, 3)):
                        record(
                            "ticket.tagged",
                            desk.account,
                            department_id=desk.service.pk,
                            n=chance.randint(0, 9),
                        )
                    if chance.random() < 0.2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                continue
        connection.close()

    threads = [threading.Thread(target=add, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    return threads


def grow_and_examine(factories, desk, examine, clean: int, base: set[str]) -> tuple[list[str], int]:
    """Examine again and again while four threads add events, some of which are rolled back.

    A dozen verbs for each examination, so that all may end.
    """
    over, allowed = threading.Event(), threading.Semaphore(0)

    threads = start_writers(desk, over, allowed)
    alarms, links = [], 0
    try:
        for number in range(clean):
            allowed.release(12)
            report = examine()
            links = report.links
            alarms += [
                f"false alarm {number}: {fault}"
                for fault in report.faults
                if str(fault) not in base
            ]
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return alarms, links
