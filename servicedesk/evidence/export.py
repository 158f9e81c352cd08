"""The evidence as an archive that anybody can verify.

Links of the chain, the story of each reply, an anchor, a signed manifest, the verifier.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from approvals.drafts.attachments import EXTENSIONS
from approvals.models import Attachment, Draft, Revision
from core import audit_chain
from core.database.db_time import desk_now
from servicedesk.evidence import anchors, story

VERIFIER = Path(__file__).with_name("standalone_verifier.py")


def write(target: Path) -> dict:
    """Write the archive (ZIP) and return its manifest.

    One snapshot of the database, our own words and facts, never a customer's.

    Signed with `DESK_ANCHOR_KEY`; without a key the manifest says so and the archive is complete
    all the same.
    """
    with transaction.atomic(durable=True):
        audit_chain.one_snapshot()
        files = {"links.jsonl": links(), "replies.jsonl": replies()}
        pictures = dict(named_pictures())
        head = audit_chain.head()
        at = desk_now().isoformat()
    key = anchors.private_key()
    anchor = (
        anchors.signed(head, at, key)
        if key
        else {"number": head.number, "hash": head.hash, "at": at}
    )
    files["anchor.json"] = json.dumps(anchor).encode()
    manifest = {
        "made_at": at,
        "desk": settings.DESK_URL,
        "before": {"number": 0, "hash": audit_chain.GENESIS},
        "head": {"number": head.number, "hash": head.hash},
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
        for (
            name,
            (_sha256, number),
            # One after the other: they may be many, and none of them is ever changed
        ) in pictures.items():
            archive.writestr(
                name, bytes(Attachment.objects.values_list("image", flat=True).get(pk=number))
            )
    return manifest


def named_pictures() -> Iterator[tuple[str, tuple[str, int]]]:
    """Of each picture that a revision names.

    Its file's name, its hash, and its number in the database.
    """
    for revision in Revision.objects.exclude(payload__contains='"attachments":[]').iterator(500):
        hashes = [one["sha256"] for one in revision.attachments]
        for one in Attachment.objects.filter(draft=revision.draft_id, sha256__in=hashes).defer(
            "image"
        ):
            yield f"picture-{one.sha256}.{EXTENSIONS[one.kind]}", (one.sha256, one.pk)


def links() -> bytes:
    """Every link with the canonical text of its event."""
    return "".join(
        json.dumps(
            {"number": number, "hash": digest, "event": event, "text": text}, ensure_ascii=False
        )
        + "\n"
        for number, digest, event, text in audit_chain.links()
    ).encode()


def replies() -> bytes:
    """Every reply's story."""
    drafts = (
        Draft.objects.filter(revisions__isnull=False)
        .distinct()
        .select_related("ticket__account", "target")
        .order_by("id")
    )
    return "".join(
        json.dumps(story.as_data(story.of_draft(draft)), ensure_ascii=False) + "\n"
        for draft in drafts.iterator(500)
    ).encode()
