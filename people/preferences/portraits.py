"""Pictures of people for the public list of initials.

Everybody brings their own, and may take it away again.
"""

import io

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import ImageOps

from core import pictures
from core.audit import record
from core.database.guards import DeskNow
from core.errors import Invalid, NotAllowed, Reason
from people.models import Person, Portrait, User

SIDE = 192  # pixels of a side as kept
LARGEST = 6_000_000  # bytes as brought


@transaction.atomic
def upload(person: Person, *, picture: UploadedFile | None, by: User) -> Portrait:
    """Keep a square of this picture, without anything else that the file holds (place, device).

    Only one's own; refuses what is no picture.
    """
    if by.person_id != person.pk:
        raise NotAllowed(
            Reason("not_your_picture", _("Everybody adds their own picture; it is public."))
        )
    if picture is None:
        raise Invalid(Reason("picture_missing", _("Choose a picture first.")), "picture")
    portrait, _new = Portrait.objects.update_or_create(
        person=person, defaults={"image": square(picture), "at": DeskNow()}
    )
    record("portrait.uploaded", person, by=by)
    return portrait


@transaction.atomic
def take_away(person: Person, *, by: User) -> None:
    """Show no picture any more: one's own, or as an administrator."""
    if by.person_id != person.pk and not by.is_administrator:
        raise NotAllowed(
            Reason("not_your_picture", _("Everybody adds their own picture; it is public."))
        )
    if Portrait.objects.filter(person=person).delete()[0]:
        record("portrait.taken_away", person, by=by)


def square(picture: UploadedFile) -> bytes:
    """Return the middle of the picture as a small JPEG.

    Refuses files too large, and what cannot be read as JPEG, PNG, WebP or HEIC.
    """
    upright = pictures.read(
        picture, size=picture.size or 0, largest=LARGEST, longest=8 * SIDE
    ).convert("RGB")
    kept = io.BytesIO()
    ImageOps.fit(upright, (SIDE, SIDE)).save(kept, "JPEG", quality=85)
    return kept.getvalue()
