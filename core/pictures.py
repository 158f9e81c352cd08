"""Reading pictures that people bring: only what certainly is one, upright, and without what else the file holds (place, device)."""

from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.errors import Invalid, Reason

PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


def read(picture: IO[bytes], *, size: int, largest: int) -> Image.Image:
    """The picture upright, as RGB or RGBA. `size` and `largest` are bytes; refuses (`picture_odd`) what is larger, has over 50 million pixels, or cannot
    be read as JPEG, PNG or WebP."""
    odd = Invalid(Reason("picture_odd", _("This is no picture that the desk can read. JPEG, PNG or WebP, at most {n} MB.").format(
        n=largest // 1_000_000)), "picture")
    if not 0 < size <= largest:
        raise odd
    try:
        with Image.open(picture, formats=FORMATS) as image:
            if image.width * image.height > PIXELS or getattr(image, "is_animated", False):
                raise odd
            upright = ImageOps.exif_transpose(image)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise odd from wrong
