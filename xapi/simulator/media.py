"""Uploads of pictures, GIFs and videos: at once as base64, or in pieces; alt text afterwards.

Attached to a post by id.
"""

import base64
import binascii
import re
from dataclasses import replace
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from xapi.simulator.http import Request, Route
from xapi.simulator.nouns import Refused, Upload, User, is_id
from xapi.simulator.sending import wire
from xapi.simulator.store import Store

MEGABYTE = 1_000_000
MOST = {"image": 5 * MEGABYTE, "gif": 15 * MEGABYTE, "video": 512 * MEGABYTE}
CATEGORY = re.compile(r"(?:tweet|dm)_(image|gif|video)|amplify_(video)|subtitles")
ALT_TEXT = 1000
AT_ONCE = {
    "media",
    "media_category",
    "additional_owners",
}  # the older description allowed more, the newer refuses it
BEGINNINGS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
INVALID = "invalid-request"


class Media:
    """The endpoints of uploads."""

    def __init__(self, store: Store, base: str) -> None:
        self.store, self.base = store, base

    def routes(self) -> list[Route]:
        """Where they are."""
        name, piece = "POST /2/media/upload", r"/2/media/upload/([0-9]+)"
        return [
            Route("POST", r"/2/media/upload", name, self.upload, who="user"),
            Route(
                "GET",
                r"/2/media/upload",
                "GET /2/media/upload",
                self.status,
                frozenset({"media_id", "command"}),
                "user",
            ),
            Route(
                "POST",
                r"/2/media/upload/initialize",
                f"{name}/initialize",
                self.initialize,
                who="user",
            ),
            Route("POST", rf"{piece}/append", f"{name}/:id/append", self.append, who="user"),
            Route("POST", rf"{piece}/finalize", f"{name}/:id/finalize", self.finalize, who="user"),
            Route(
                "POST", r"/2/media/metadata", "POST /2/media/metadata", self.metadata, who="user"
            ),
        ]

    def upload(self, request: Request, user: User) -> tuple[int, dict]:
        """Return the whole at once."""
        fields = _fields(request)
        if unknown := set(fields) - AT_ONCE:
            raise Refused(
                400,
                f"The body field [{sorted(unknown)[0]}] is not one of the known ones.",
                kind=INVALID,
            )
        data = _text(fields.get("media"))
        upload = self.new(user, fields.get("media_category"), kind_of(_bytes(data)))
        return self.shown(self.whole(replace(upload, data=data, done=True)))

    def initialize(self, request: Request, user: User) -> tuple[int, dict]:
        """Announce an upload in pieces."""
        fields = _fields(request)
        if not isinstance(fields.get("total_bytes"), int):
            raise Refused(400, "The `total_bytes` parameter is missing.", kind=INVALID)
        return self.shown(
            self.store.keep(self.new(user, fields.get("media_category"), fields.get("media_type")))
        )

    def append(self, request: Request, user: User, upload_id: str) -> tuple[int, dict]:
        """Add the next piece; pieces come in their order."""
        fields, upload = _fields(request), self.mine(user, upload_id)
        if upload.done or not is_id(str(fields.get("segment_index", ""))):
            raise Refused(
                400,
                "The `segment_index` parameter is missing, or the upload is finished.",
                kind=INVALID,
            )
        joined = base64.b64encode(_bytes(upload.data) + _bytes(_text(fields.get("media")))).decode()
        return self.shown(self.store.keep(replace(upload, data=joined)))

    def finalize(self, request: Request, user: User, upload_id: str) -> tuple[int, dict]:
        """Say that every piece is there."""
        return self.shown(
            self.whole(replace(self.mine(user, upload_id), done=True, at=self.store.now()))
        )

    def status(self, request: Request, user: User) -> tuple[int, dict]:
        """How far it is."""
        return self.shown(self.mine(user, request.query.get("media_id", "")))

    def metadata(self, request: Request, user: User) -> tuple[int, dict]:
        """Set the alt text."""
        fields = _fields(request)
        upload = self.mine(user, str(fields.get("id", "")))
        alt = ((fields.get("metadata") or {}).get("alt_text") or {}).get("text")
        if not isinstance(alt, str) or not 0 < len(alt) <= ALT_TEXT:
            raise Refused(400, f"The alt text has 1 to {ALT_TEXT} characters.", kind=INVALID)
        self.store.keep(replace(upload, alt_text=alt))
        return 200, {
            "data": {"id": str(upload.id), "associated_metadata": {"alt_text": {"text": alt}}}
        }

    def new(self, user: User, category: Any, kind: Any) -> Upload:
        """Return an empty upload; refuses a category that X does not know."""
        if not isinstance(category, str) or not CATEGORY.fullmatch(category):
            raise Refused(
                400, "The `media_category` parameter is missing or unknown.", kind=INVALID
            )
        return Upload(
            id=self.store.new_id(self.store.now()),
            owner=user.id,
            category=category,
            kind=str(kind or "image/png"),
            at=self.store.now(),
        )

    def whole(self, upload: Upload) -> Upload:
        """Keep a finished upload; refuses what is empty, too large, or not base64."""
        size = len(_bytes(upload.data))
        most = MOST[next(one for one in MOST if one in upload.category)]
        if not 0 < size <= most:
            raise Refused(400, f"The media have {size} bytes; {most} are the most.", kind=INVALID)
        return self.store.keep(replace(upload, size=size))

    def mine(self, user: User, upload_id: str) -> Upload:
        """Return the user's own upload of this id."""
        upload = self.store.uploads.get(int(upload_id)) if is_id(upload_id) else None
        if upload is None or upload.owner != user.id:
            raise Refused(400, "Your media IDs are invalid.", kind=INVALID)
        return upload

    def shown(self, upload: Upload) -> tuple[int, dict]:
        """Return the answer."""
        return 200, {"data": wire.upload_object(upload, self.store.now())}

    def attached(self, user: User, ids: list[Any]) -> list[dict[str, Any]]:
        """Return what a post shows for these ids.

        1 to 4 photos, or one GIF, or one video, all processed.
        """
        uploads = [self.mine(user, str(one)) for one in ids]
        kinds = [shown_as(one.category) for one in uploads]
        info = [
            wire.upload_object(one, self.store.now()).get("processing_info", {"state": "succeeded"})
            for one in uploads
        ]
        if (
            not 1 <= len(ids) <= 4
            or (len(ids) > 1 and set(kinds) != {"photo"})
            or any(one["state"] != "succeeded" for one in info)
        ):
            raise Refused(400, "Your media IDs are invalid.", kind=INVALID)
        return [
            {
                "type": kind,
                "url" if kind == "photo" else "preview_image_url": f"{self.base}/media/{one.id}",
                **({"alt_text": one.alt_text} if one.alt_text else {}),
            }
            for kind, one in zip(kinds, uploads, strict=True)
        ]


def shown_as(category: str) -> str:
    """Return the type under which a post shows an upload of this category."""
    if "image" in category:
        return "photo"
    return "animated_gif" if "gif" in category else "video"


def kind_of(data: bytes) -> str:
    """Return what kind of picture these bytes are; PNG where they say nothing."""
    return next((kind for begin, kind in BEGINNINGS.items() if data.startswith(begin)), "image/png")


def _fields(request: Request) -> dict[str, Any]:
    """Return a body in JSON or as a form of several parts."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        body = request.json()
        if not isinstance(body, dict):
            raise Refused(400, "One or more parameters to your request was invalid.", kind=INVALID)
        return body
    parts = BytesParser(policy=HTTP).parsebytes(
        f"content-type: {kind}\r\n\r\n".encode() + request.body
    )
    found: dict[str, Any] = {}
    for part in parts.iter_parts() if parts.is_multipart() else ():
        name, value = (
            part.get_param("name", header="content-disposition"),
            bytes(part.get_payload(decode=True) or b""),
        )
        found[str(name)] = (
            base64.b64encode(value).decode()
            if name == "media"
            else value.decode("utf-8", "replace")
        )
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused(400, "The `media` parameter is missing.", kind=INVALID)
    return value


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as wrong:
        raise Refused(400, "The media are not base64.", kind=INVALID) from wrong
