"""The evidence as an archive that anybody can verify: links of the chain, the story of each reply, an anchor, a signed manifest, the verifier."""

import hashlib
import json
import zipfile
from pathlib import Path

from django.conf import settings
from django.db import transaction

from approvals.models import Draft
from core import chain
from core.clock import desk_now
from servicedesk.evidence import anchors, story

VERIFIER = Path(__file__).with_name("verify.py")


def write(target: Path) -> dict:
    """Write the archive (ZIP) and return its manifest: one snapshot of the database, our own words and facts, never a customer's.

    Signed with `DESK_ANCHOR_KEY`; without a key the manifest says so and the archive is complete all the same.
    """
    with transaction.atomic(durable=True):
        chain.one_snapshot()
        files = {"links.jsonl": links(), "replies.jsonl": replies()}
        head = chain.head()
        at = desk_now().isoformat()
    key = anchors.private_key()
    anchor = anchors.signed(head, at, key) if key else {"number": head.number, "hash": head.hash, "at": at}
    files["anchor.json"] = json.dumps(anchor).encode()
    manifest = {"made_at": at, "desk": settings.DESK_URL, "before": {"number": 0, "hash": chain.GENESIS}, "head": {"number": head.number, "hash": head.hash},
                "key": anchors.public_hex(key) if key else "", "files": {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}}
    files["manifest.json"] = json.dumps(manifest, indent=1, sort_keys=True).encode()
    files["signature.txt"] = key.sign(files["manifest.json"]).hex().encode() if key else b""
    files["verify.py"] = VERIFIER.read_bytes()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return manifest


def links() -> bytes:
    """Every link with the canonical text of its event."""
    return "".join(json.dumps({"number": number, "hash": digest, "event": event, "text": text}, ensure_ascii=False) + "\n"
                   for number, digest, event, text in chain.links()).encode()


def replies() -> bytes:
    """Every reply's story."""
    drafts = Draft.objects.filter(revisions__isnull=False).distinct().select_related("ticket__account", "target").order_by("id")
    return "".join(json.dumps(story.as_data(story.of_draft(draft)), ensure_ascii=False) + "\n" for draft in drafts.iterator(500)).encode()
