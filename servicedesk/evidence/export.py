"""The evidence as an archive that anybody can verify: of the whole desk, or of one reply.

Links of the chain, the story of each reply, an anchor, a signed manifest, the verifier.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from approvals.drafts.attachments import EXTENSIONS
from approvals.models import Attachment, Draft, Revision
from core import audit_chain
from core.database.db_time import desk_now
from servicedesk.evidence import anchors, story

VERIFIER = Path(__file__).with_name("standalone_verifier.py")


def write(target: Path) -> dict[str, Any]:
    """Write the archive (ZIP) of the whole desk and return its manifest.

    One snapshot of the database, our own words and facts, never a customer's.
    """
    with transaction.atomic(durable=True):
        audit_chain.one_snapshot()
        files = {"links.jsonl": links(), "replies.jsonl": replies()}
        pictures = dict(named_pictures(Revision.objects.all()))
        head = audit_chain.head()
        at = desk_now().isoformat()
    with target.open("wb") as file:
        return pack(file, files, pictures, head=head, at=at)


def of_reply(draft: Draft) -> bytes:
    """Return the archive (ZIP) of one reply: its story, its links, and what `write` has besides.

    Each link stands there with the hash of the one before, so that each can be verified by itself.
    """
    told = story.of_draft(draft)
    numbers = [step.event.pk for step in told.steps]
    files = {
        "links.jsonl": as_lines(audit_chain.links_of(numbers)),
        "replies.jsonl": as_lines([story.as_data(told)]),
    }
    pictures = dict(named_pictures(draft.revisions.all()))
    target = io.BytesIO()
    at = desk_now().isoformat()
    pack(target, files, pictures, head=audit_chain.head(), at=at, is_excerpt=True)
    return target.getvalue()


def pack(
    target: IO[bytes],
    files: dict[str, bytes],
    pictures: dict[str, tuple[str, int]],
    *,
    head: audit_chain.Head,
    at: str,
    is_excerpt: bool = False,
) -> dict[str, Any]:
    """Write an archive with these files and pictures, an anchor, a manifest and the verifier.

    Signed with `DESK_ANCHOR_KEY`; without a key the manifest says so and the archive is complete
    all the same. Returns the manifest.
    """
    key = anchors.private_key()
    bare = {"number": head.number, "hash": head.hash, "at": at}
    files["anchor.json"] = json.dumps(anchors.signed(head, at, key) if key else bare).encode()
    manifest = {
        "made_at": at,
        "desk": settings.DESK_URL,
        "before": {"number": 0, "hash": audit_chain.GENESIS},
        "head": {"number": head.number, "hash": head.hash},
        "excerpt": is_excerpt,
        "key": anchors.public_hex(key) if key else "",
        "files": {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
        | {name: sha256 for name, (sha256, _number) in pictures.items()},
    }
    files["manifest.json"] = json.dumps(manifest, indent=1, sort_keys=True).encode()
    files["signature.txt"] = key.sign(files["manifest.json"]).hex().encode() if key else b""
    files["verify.py"] = VERIFIER.read_bytes()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
        # One after the other: they may be many, and none of them is ever changed
        for name, (_sha256, number) in pictures.items():
            image = Attachment.objects.values_list("image", flat=True).get(pk=number)
            archive.writestr(name, bytes(image))
    return manifest


def named_pictures(revisions: QuerySet[Revision]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Of each picture that one of these revisions names.

    Its file's name, its hash, and its number in the database.
    """
    for revision in revisions.exclude(payload__contains='"attachments":[]').iterator(500):
        hashes = [one["sha256"] for one in revision.attachments]
        for one in Attachment.objects.filter(draft=revision.draft_id, sha256__in=hashes).defer(
            "image"
        ):
            yield f"picture-{one.sha256}.{EXTENSIONS[one.kind]}", (one.sha256, one.pk)


def as_lines(rows: Iterable[dict[str, Any]]) -> bytes:
    """Return one line of JSON for each row."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def links() -> bytes:
    """Every link with the canonical text of its event."""
    return as_lines(
        {"number": number, "hash": digest, "event": event, "text": text}
        for number, digest, event, text in audit_chain.links()
    )


def replies() -> bytes:
    """Every reply's story."""
    drafts = (
        Draft.objects.filter(revisions__isnull=False)
        .distinct()
        .select_related("ticket__account", "target")
        .order_by("id")
    )
    return as_lines(story.as_data(story.of_draft(draft)) for draft in drafts.iterator(500))
