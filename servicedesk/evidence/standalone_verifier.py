#!/usr/bin/env python3
"""Verify an export of the evidence without the desk.

`python3 verify.py DIRECTORY-OR-ZIP [PUBLIC-KEY-HEX]`.

Needs nothing but Python. Hashes are checked with the standard library; the signature too where
the package `cryptography` is there, else the script says that it was not checked. Exit 0 if
everything holds, 1 if something does not.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

GENESIS = "0" * 64


def load(source: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of an export by name, and the SHA-256 of each.

    Of pictures, which may be many, the hash alone.
    """
    files, digests = {}, {}
    for name, body in contents(source):
        digests[name] = hashlib.sha256(body).hexdigest()
        if not name.startswith("picture-"):
            files[name] = body
    return files, digests


def contents(source: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of one file after the other."""
    if source.is_dir():
        yield from ((path.name, path.read_bytes()) for path in source.iterdir() if path.is_file())
        return
    with zipfile.ZipFile(source) as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist())


def faults(files: dict[str, bytes], digests: dict[str, str], public_key: str = "") -> list[str]:
    """Everything that does not hold, in sentences."""
    if missing := {
        "manifest.json",
        "links.jsonl",
        "replies.jsonl",
        "anchor.json",
        "signature.txt",
    } - set(files):
        return [f"missing: {', '.join(sorted(missing))}"]
    manifest = json.loads(files["manifest.json"])
    found = [
        f"{name} is not the file that was exported"
        for name, digest in manifest["files"].items()
        if digests.get(name) != digest
    ]
    of_links = excerpt_faults if manifest.get("excerpt") else chain_faults
    found += of_links(files["links.jsonl"], manifest)
    found += reply_faults(files["replies.jsonl"], set(digests.values()))
    return found + signature_faults(files, manifest, public_key)


def chain_faults(raw: bytes, manifest: dict) -> list[str]:
    """Each link carries the hash of the one before and of its own text."""
    previous, number = manifest["before"]["hash"], manifest["before"]["number"]
    for line in raw.decode().splitlines():
        row = json.loads(line)
        if row["number"] != number + 1:
            return [f"link {number + 1} is missing"]
        if hashlib.sha256((previous + row["text"]).encode()).hexdigest() != row["hash"]:
            return [f"link {row['number']} does not hold"]
        if json.loads(row["text"])[0] != row["number"]:
            return [f"link {row['number']} bears another number inside"]
        previous, number = row["hash"], row["number"]
    if (number, previous) != (manifest["head"]["number"], manifest["head"]["hash"]):
        return ["the chain does not end where the manifest says"]
    return []


def excerpt_faults(raw: bytes, manifest: dict) -> list[str]:
    """Each link of one reply carries the hash that it names as the one before, and of its text.

    That nothing was left out between two of them, only the whole chain can show.
    """
    number = 0
    for line in raw.decode().splitlines():
        row = json.loads(line)
        if hashlib.sha256((row["before"] + row["text"]).encode()).hexdigest() != row["hash"]:
            return [f"link {row['number']} does not hold"]
        if json.loads(row["text"])[0] != row["number"] or row["number"] <= number:
            return [f"link {row['number']} bears another number inside"]
        number = row["number"]
    if number > manifest["head"]["number"]:
        return ["a link is newer than the chain was"]
    return []


def reply_faults(raw: bytes, known: set[str]) -> list[str]:
    """Find what does not fit in the replies of an export; empty if all of it does.

    Each revision's hash is its payload's, and each picture that it names is among the `known`
    hashes of files; each decision names a hash of its reply; who wrote did not approve alone.
    """
    found = []
    for line in raw.decode().splitlines():
        reply = json.loads(line)
        hashes = {one["sha256"] for one in reply["revisions"]}
        found += [
            f"draft {reply['draft']}: revision {one['number']} is not what was hashed"
            for one in reply["revisions"]
            if hashlib.sha256(one["payload"].encode()).hexdigest() != one["sha256"]
        ]
        found += [
            f"draft {reply['draft']}: a picture of revision {one['number']} is not among the files"
            for one in reply["revisions"]
            for picture in json.loads(one["payload"])["attachments"]
            if picture["sha256"] not in known
        ]
        found += [
            f"draft {reply['draft']}: a decision names a text that is not there"
            for one in reply["decisions"]
            if one["sha256"] not in hashes
        ]
        if reply["post"] and not [
            one
            for one in reply["decisions"]
            if one["decision"] == "approve"
            and not one["void"]
            and one["sha256"] == reply["revisions"][-1]["sha256"]
            and one["by"] != reply["revisions"][-1]["by"]
        ]:
            found.append(f"draft {reply['draft']} is public and no second person approved its text")
    return found


def signature_faults(files: dict[str, bytes], manifest: dict, public_key: str) -> list[str]:
    """Find what is wrong with the signature of the manifest (Ed25519)."""
    if not manifest.get("key"):
        print("note: this export is not signed; the desk had no key")
        return []
    if public_key and public_key != manifest["key"]:
        return ["signed with another key than the one you know"]
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        print(
            "note: the signature was not checked; install the Python package "
            "`cryptography` to check it"
        )
        return []
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest["key"])).verify(
            bytes.fromhex(files["signature.txt"].decode()), files["manifest.json"]
        )
    except (InvalidSignature, ValueError):
        return ["the signature is wrong"]
    return []


def main() -> int:
    """Check what the command line names."""
    if not 2 <= len(sys.argv) <= 3:
        print(__doc__)
        return 2
    found = faults(*load(Path(sys.argv[1])), *sys.argv[2:])
    print("\n".join(found) if found else "ok: everything in this export holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
