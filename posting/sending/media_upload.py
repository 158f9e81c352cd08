"""Upload an approved reply's pictures to X, each with its description.

Before the reply itself is sent.

Nothing public comes of it: what is handed over and never posted, X forgets within a day. So a
failure here is never uncertain for the reply.
"""

import hashlib
from dataclasses import dataclass

from approvals.models import Attachment, Revision
from networks.contract import Connection
from networks.errors import NOT_SENT, REFUSED, UNCERTAIN, NetworkError


@dataclass(frozen=True)
class UploadedMedia:
    """X's numbers of the pictures of the revision with this hash, in their order.

    Or what stood in the way.
    """

    sha256: str
    pictures: tuple[str, ...] = ()
    trouble: NetworkError | None = None


def hand_over(revision: Revision, client: Connection) -> UploadedMedia:
    """Bring every picture that the revision names, its bytes held against their hash once more."""
    brought: list[str] = []
    try:
        for entry in revision.attachments:
            media_id = client.upload_picture(picture_of(revision, entry["sha256"]))
            client.describe_picture(media_id, entry["alt"])
            brought.append(media_id)
    except NetworkError as error:
        return UploadedMedia(revision.sha256, trouble=trouble_of(error))
    return UploadedMedia(revision.sha256, tuple(brought))


def trouble_of(error: NetworkError) -> NetworkError:
    """Return what a failed upload means for the reply.

    It was not sent now, or X will not have the picture.
    """
    if error.outcome == UNCERTAIN:
        return NetworkError("picture_waits", outcome=NOT_SENT, said=error.said, status=error.status)
    if error.outcome == REFUSED and error.code != "picture_changed":
        return NetworkError(
            "picture_refused", outcome=REFUSED, said=error.said, status=error.status, permanent=True
        )
    return error


def picture_of(revision: Revision, sha256: str) -> bytes:
    """Return the bytes that this hash names; refuses (`picture_changed`) where others are kept."""
    image = bytes(Attachment.objects.get(draft=revision.draft_id, sha256=sha256).image)
    if hashlib.sha256(image).hexdigest() != sha256:
        raise NetworkError("picture_changed", outcome=REFUSED, permanent=True)
    return image
