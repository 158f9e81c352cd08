"""Anchors: the head of the audit chain, signed, written outside the database.

Who rewrites the whole chain cannot rewrite these.

A line is JSON: `number`, `hash`, `at` (UTC), `key` (the public key, hexadecimal) and
`signature` (Ed25519 over `paraph-anchor|number|hash|at`, hexadecimal). Source of the algorithm:
RFC 8032.
"""

import base64
import binascii
import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core import audit_chain
from core.audit_chain import Fault
from core.database.db_time import desk_now

EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Anchor:
    """What the chain's head was at a time; `line` is its place in the file, counted from 1."""

    line: int
    number: int
    hash: str
    at: str
    key: str
    signature: str

    @property
    def said(self) -> bytes:
        """The bytes that are signed."""
        return f"paraph-anchor|{self.number}|{self.hash}|{self.at}".encode()

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is this key's."""
        try:
            key.verify(bytes.fromhex(self.signature), self.said)
        except (InvalidSignature, ValueError):
            return False
        return True

    def is_after(self, moment: datetime) -> bool:
        """Whether it was made later; not where its time is none."""
        try:
            return datetime.fromisoformat(self.at) > moment
        except (ValueError, TypeError):
            return False


def private_key() -> Ed25519PrivateKey | None:
    """Return the key that signs (`DESK_ANCHOR_KEY`, 32 bytes in Base64), None where none is set.

    Raises `ImproperlyConfigured`.
    """
    if not settings.ANCHOR_KEY:
        return None
    try:
        return Ed25519PrivateKey.from_private_bytes(
            base64.b64decode(settings.ANCHOR_KEY, validate=True)
        )
    except (binascii.Error, ValueError) as wrong:
        raise ImproperlyConfigured("DESK_ANCHOR_KEY must be 32 bytes in Base64.") from wrong


def public_hex(key: Ed25519PrivateKey) -> str:
    """Return the public half, hexadecimal: to be written down outside this machine."""
    return key.public_key().public_bytes_raw().hex()


def path() -> Path | None:
    """Where the anchors are written (`DESK_ANCHOR_FILE`), None where nowhere."""
    return Path(settings.ANCHOR_FILE) if settings.ANCHOR_FILE else None


def signed(head: audit_chain.Head, at: str, key: Ed25519PrivateKey) -> dict[str, object]:
    """One anchor, as it is written."""
    bare = Anchor(0, head.number, head.hash, at, public_hex(key), "")
    return {
        "number": head.number,
        "hash": head.hash,
        "at": at,
        "key": bare.key,
        "signature": key.sign(bare.said).hex(),
    }


def write() -> bool:
    """Append the present head to the file.

    Returns whether it is anchored (False where no file or key is set).

    Raises `OSError` where the file cannot be written: the task fails visibly, and health shows the
    age of the last anchor.
    """
    target, key = path(), private_key()
    if target is None or key is None:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        line = signed(audit_chain.head(), desk_now().isoformat(), key)
        file.write(json.dumps(line) + "\n")
        file.flush()
    return True


def write_if_due() -> bool:
    """Anchor if there is no anchor yet or the last one is older than `EVERY`.

    Returns whether one was written.
    """
    newest = last()
    if newest and desk_now() - datetime.fromisoformat(newest.at) < EVERY:
        return False
    return write()


def is_ahead() -> bool:
    """Whether the newest anchor names a link that the chain does not reach.

    So it looks when the database was put back to an earlier moment, by whatever way.
    """
    newest = last()
    return newest is not None and newest.number > audit_chain.head().number


def read(source: Path) -> Iterator[Anchor | Fault]:
    """Yield the anchors of a file in order; a line that is none becomes a fault."""
    for place, line in enumerate(source.read_text().splitlines(), start=1):
        try:
            row = json.loads(line)
            yield Anchor(
                place,
                int(row["number"]),
                str(row["hash"]),
                str(row["at"]),
                str(row["key"]),
                str(row["signature"]),
            )
        except (ValueError, KeyError, TypeError):
            yield Fault(
                "anchor_unreadable", f"anchor {place}", "this line of the file is no anchor"
            )


def faults(
    source: Path, *, public_key: str = "", until: datetime | None = None
) -> tuple[list[Fault], int]:
    """Hold every anchor against the chain as the database has it.

    Returns what does not hold, and how many anchors were read.

    `public_key` (hexadecimal) is the one written down elsewhere; without it the configured key's,
    else each line's own. A database that was put back to an earlier moment, `until`, may end before
    what later anchors say.
    """
    own = private_key()
    trusted = public_key or (public_hex(own) if own else "")
    found: list[Fault] = []
    count, end = 0, audit_chain.head()
    for one in read(source):
        if isinstance(one, Fault):
            found.append(one)
            continue
        count += 1
        if until and one.number > end.number and one.is_after(until):
            continue
        found += _held(one, trusted, end)
    return found, count


def _held(one: Anchor, trusted: str, end: audit_chain.Head) -> list[Fault]:
    place = f"anchor {one.line}"
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(trusted or one.key))
    except ValueError:
        return [Fault("anchor_unreadable", place, "its key is no Ed25519 key")]
    if not one.holds(key):
        return [Fault("anchor_forged", place, "its signature is not this desk's")]
    if one.number > end.number:
        return [
            Fault(
                "tail_cut",
                place,
                f"the chain had reached link {one.number} at {one.at} and now ends at {end.number}",
            )
        ]
    if one.number and audit_chain.hash_of_link(one.number) != one.hash:
        return [Fault("chain_rewritten", place, f"link {one.number} was another at {one.at}")]
    return []


def last() -> Anchor | None:
    """Return the newest anchor of the configured file."""
    source = path()
    if source is None or not source.exists():
        return None
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - 2000))
        tail = file.read().decode(errors="replace").splitlines()
    for line in reversed(tail):
        try:
            row = json.loads(line)
            return Anchor(
                0,
                int(row["number"]),
                str(row["hash"]),
                str(row["at"]),
                str(row["key"]),
                str(row["signature"]),
            )
        except (ValueError, KeyError, TypeError):
            continue
    return None
