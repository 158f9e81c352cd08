"""Pictures of a reply: bring one, describe it, take it away again.

And what of them is frozen with a text.

A picture is drawn anew when it is brought, so that nothing else that its file held (place,
device) leaves the house. Without a description nothing is submitted: who cannot see the picture
must be told what it shows. Source of the limits: X's documentation of media (four photographs
in a post, five megabytes each, a thousand characters of alt text).
"""

import hashlib
import io
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from PIL import Image

from approvals import policies
from approvals.checks import placeholders
from approvals.locking import locked
from approvals.models import Attachment, Draft, Revision
from core import pictures
from core.errors import Invalid, Reason, Stale
from core.text.characters import cleaned
from core.text.readable import readable
from networks.registry import network_of
from people.models import User

LONGEST_ALT = 1000
LARGEST_BROUGHT = 12_000_000  # bytes
LARGEST_SENT = 5_000_000  # bytes
LONGEST_SIDE = 4096  # pixels
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}


def of_draft(draft: Draft | None) -> list[Attachment]:
    """Return the draft's pictures in the order they were brought, without their bytes."""
    return list(without_bytes(draft.attachments.all())) if draft else []


def without_bytes(attachments: QuerySet[Attachment]) -> QuerySet[Attachment]:
    """Return those that their drafts have now, in the order they were brought, to be described."""
    return attachments.filter(is_attached=True).defer("image").order_by("id")


@transaction.atomic
def attach(
    draft: Draft, *, picture: IO[bytes] | None, size: int, by: User, alt: str = ""
) -> Attachment:
    """Add a picture of `size` bytes. The same picture once more is the one that is there already.

    Refuses (`Invalid`) what is no picture, and a fifth one; also who may not write the draft.
    """
    draft = locked(draft)
    if reason := policies.why_not_save(draft, by):
        raise reason.error()
    if picture is None:
        raise Invalid(Reason("picture_missing", _("Choose a picture first.")), "picture")
    image, kind, width, height = drawn_anew(picture, size)
    most = network_of(draft.ticket.account.network).limits.pictures
    known = draft.attachments.filter(sha256=hashlib.sha256(image).hexdigest()).first()
    if (
        not (known and known.is_attached)
        and draft.attachments.filter(is_attached=True).count() >= most
    ):
        raise Invalid(
            Reason(
                "pictures_many",
                _("X takes {n} pictures with a post. Remove one before you add another.").format(
                    n=most
                ),
            ),
            "picture",
        )
    attachment = known or Attachment.objects.create(
        draft=draft, image=image, kind=kind, width=width, height=height, user=by
    )
    attachment.alt, attachment.is_attached = described(alt) or attachment.alt, True
    attachment.save(update_fields=["alt", "is_attached"])
    return attachment


@transaction.atomic
def describe(draft: Draft, alts: dict[int, str], *, by: User) -> None:
    """Keep the descriptions that are being written, by the pictures' numbers.

    Those of other drafts are passed over.
    """
    if not alts:
        return
    draft = locked(draft)
    if reason := policies.why_not_save(draft, by):
        raise reason.error()
    for attachment in of_draft(draft):
        if attachment.pk in alts and described(alts[attachment.pk]) != attachment.alt:
            Attachment.objects.filter(pk=attachment.pk).update(alt=described(alts[attachment.pk]))


@transaction.atomic
def detach(draft: Draft, number: int, *, by: User) -> None:
    """Take a picture away.

    One that no submitted text names is deleted, since it may have been brought by mistake.
    """
    draft = locked(draft)
    if reason := policies.why_not_save(draft, by):
        raise reason.error()
    attachment = draft.attachments.filter(pk=number, is_attached=True).first()
    if attachment is None:
        return
    if any(
        attachment.sha256 == one["sha256"]
        for revision in draft.revisions.all()
        for one in revision.attachments
    ):
        Attachment.objects.filter(pk=attachment.pk).update(is_attached=False)
    else:
        attachment.delete()


def described(alt: str) -> str:
    """Return a description as it is kept; an over-long one is refused, not cut."""
    alt = cleaned(alt).replace("\x00", "")
    if len(alt) > LONGEST_ALT:
        raise Invalid(
            Reason(
                "alt_long",
                _("A description has at most {n} characters. Shorten it; nothing is lost.").format(
                    n=LONGEST_ALT
                ),
            ),
            "alt",
        )
    return alt


def frozen(draft: Draft, on_screen: dict[int, str] | None) -> list[dict[str, str]]:
    """Return what a revision says of its pictures: hash, kind and description of each.

    `on_screen` holds the descriptions as they were read, by the pictures' numbers; None takes what
    the server has. Refuses a picture without a description and unreadable ones (`Invalid`), and a
    screen that showed other pictures than the draft has by now (`Stale`).
    """
    attached = of_draft(draft)
    if on_screen is not None and set(on_screen) != {one.pk for one in attached}:
        raise Stale(
            Reason(
                "pictures_changed",
                _(
                    "The pictures of this reply were changed in another window. Look at "
                    "them, then submit; your text is kept."
                ),
            )
        )
    return [entry(one, one.alt if on_screen is None else on_screen[one.pk]) for one in attached]


def entry(attachment: Attachment, alt: str) -> dict[str, str]:
    """One picture with its description, if that can be read."""
    alt = described(alt)
    if not alt:
        raise Invalid(
            Reason(
                "alt_missing",
                _(
                    "A picture has no description yet. Say what it shows, for everybody "
                    "who cannot see it."
                ),
            ),
            f"alt:{attachment.pk}",
        )
    alt = readable(alt, f"alt:{attachment.pk}")
    placeholders.refuse_in(alt, field=f"alt:{attachment.pk}")
    return {"alt": alt, "kind": attachment.kind, "sha256": attachment.sha256}


def redescribed(revision: Revision, alts: dict[str, str]) -> list[dict[str, str]]:
    """Return the pictures of a revision with other descriptions, by the pictures' hashes."""
    by_hash = {one.sha256: one for one in revision.draft.attachments.defer("image")}
    return [
        entry(by_hash[one["sha256"]], alts.get(one["sha256"], one["alt"]))
        for one in revision.attachments
    ]


def adopt(draft: Draft, entries: list[dict[str, str]]) -> None:
    """After a correction the draft goes on with the corrected descriptions."""
    for one in entries:
        Attachment.objects.filter(draft=draft, sha256=one["sha256"]).update(alt=one["alt"])


def shown(revision: Revision | None) -> list[dict[str, Any]]:
    """Return the pictures of a revision for a screen.

    Number, hash, description and measures, in their order.
    """
    if revision is None or not revision.attachments:
        return []
    by_hash = {
        one.sha256: one for one in Attachment.objects.filter(draft=revision.draft_id).defer("image")
    }
    return [
        {
            "pk": by_hash[one["sha256"]].pk,
            "width": by_hash[one["sha256"]].width,
            "height": by_hash[one["sha256"]].height,
            **one,
        }
        for one in revision.attachments
        if one["sha256"] in by_hash
    ]


def drawn_anew(picture: IO[bytes], size: int) -> tuple[bytes, str, int, int]:
    """Return the picture as it will be sent: bytes, kind, width and height in pixels.

    What came as PNG stays sharp, unless that is too much for X.
    """
    image = pictures.read(picture, size=size, largest=LARGEST_BROUGHT)
    picture.seek(0)
    sharp = picture.read(8).startswith(b"\x89PNG") or image.mode == "RGBA"
    for side in (LONGEST_SIDE, LONGEST_SIDE // 2, LONGEST_SIDE // 4):
        image.thumbnail((side, side))
        for kind, made in ((("image/png", _png),) if sharp else ()) + (("image/jpeg", _jpeg),):
            kept = made(image)
            if len(kept) <= LARGEST_SENT:
                return kept, kind, image.width, image.height
    raise AssertionError("a thousand pixels are never too much")


def _png(image: Image.Image) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    kept = io.BytesIO()
    white.save(kept, "JPEG", quality=88)
    return kept.getvalue()
