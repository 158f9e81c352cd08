"""Reading pictures that people bring: what certainly is one, upright, without what else it holds.

What a file says of itself (form, measures, frames) is judged before a pixel is unpacked, so that a
small file cannot cost much memory; and no two are unpacked at a time in one process. Place, device
and words in the file go. Every way to write colours that the four forms know is mapped on purpose.
"""

from threading import Lock
from typing import IO

import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.errors import Invalid, Reason

# What telephones keep their photographs in; of its file the first picture alone is read
pillow_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# Pixels, by what unpacking them costs. A JPEG is made smaller while it is read, row by row; a
# progressive one is held whole meanwhile, as PNG, WebP and HEIC are.
MOST = {
    "JPEG": 50_000_000,
    "MPO": 50_000_000,
    "PNG": 17_000_000,
    "WEBP": 12_000_000,
    "HEIF": 25_000_000,
}
SEVERAL_AT_ONCE = {"MPO", "HEIF"}  # stills of one moment, the first of which is the picture
MOST_PROGRESSIVE = 17_000_000
LONGEST_SIDE = 4096  # pixels: what X shows
SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N", "I")
PLAIN = ("1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr")
SEE_THROUGH = ("LA", "PA", "RGBA", "RGBa")
TRANSPOSED = {2, 3, 4, 5, 6, 7, 8}  # orientations that turn or mirror
ORIENTATION = 0x0112
_one_at_a_time = Lock()


def read(
    picture: IO[bytes], *, size: int, largest: int, longest: int = LONGEST_SIDE
) -> Image.Image:
    """Return the picture upright, as RGB or RGBA, no side longer than `longest` pixels.

    `size` and `largest` are bytes. Refuses with a sentence each: what is larger or cannot be read
    as JPEG, PNG, WebP or HEIC (`picture_odd`), too many pixels (`picture_large`), several frames
    (`picture_moves`), colours that nobody knows how to draw (`picture_colours`).
    """
    odd = Invalid(
        Reason(
            "picture_odd",
            _(
                "The desk cannot read this picture. It can be JPEG, PNG, WebP or HEIC, at most "
                "{n} MB."
            ).format(n=largest // 1_000_000),
        ),
        "picture",
    )
    if not 0 < size <= largest:
        raise odd
    try:
        with _one_at_a_time, Image.open(picture, formats=FORMATS) as image:
            refuse_by_header(image)
            share = min(1.0, longest / max(image.size))
            image.draft(None, (int(image.width * share), int(image.height * share)))
            image.load()
            turned = orientation_of(image)
            drawn = coloured(image)
            drawn.thumbnail((longest, longest))
            return upright(drawn, turned)
    except Invalid:
        raise
    except Image.DecompressionBombError as bomb:  # beyond what the library opens at all
        raise too_large(MOST["PNG"]) from bomb
    except Exception as wrong:  # a decoder of foreign bytes raises whatever comes to it
        raise odd from wrong


def refuse_by_header(image: Image.Image) -> None:
    """Refuse what the file says of itself, before it is unpacked."""
    most = MOST[image.format or ""]
    if image.info.get("progressive"):
        most = min(most, MOST_PROGRESSIVE)
    if image.width * image.height > most:
        raise too_large(most)
    # A telephone's second picture is passed over
    if image.format not in SEVERAL_AT_ONCE and getattr(image, "n_frames", 1) > 1:
        raise Invalid(
            Reason("picture_moves", _("This is a moving picture. Add a still one.")), "picture"
        )


def too_large(most: int) -> Invalid:
    """Return the refusal of a picture with more than so many pixels."""
    said = _(
        "This picture has too many pixels: at most {n} million can be read. Make it "
        "smaller, then add it again."
    )
    return Invalid(Reason("picture_large", said.format(n=most // 1_000_000)), "picture")


def coloured(image: Image.Image) -> Image.Image:
    """Return the picture as RGB, or RGBA where something shines through.

    Refuses a mode that has no row here.
    """
    if image.mode in {"RGB", "RGBA"} and "transparency" not in image.info:
        return image
    if image.mode in SIXTEEN_BITS:  # 0 to 65535; a plain `convert` would make all of it white
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if image.mode in SEE_THROUGH or (image.mode in PLAIN and image.has_transparency_data):
        return image.convert("RGBA")
    if image.mode in PLAIN:
        return image.convert("RGB")
    said = _(
        "The desk cannot show the colours of this picture ({mode}). Save it as an ordinary JPEG "
        "or PNG."
    )
    raise Invalid(Reason("picture_colours", said.format(mode=image.mode)), "picture")


def orientation_of(image: Image.Image) -> int:
    """How the picture is to be turned (1: it stands); 1 where its EXIF cannot be read."""
    try:
        turned = image.getexif().get(ORIENTATION, 1)
    except Exception:
        return 1
    return turned if turned in TRANSPOSED else 1


def upright(image: Image.Image, turned: int) -> Image.Image:
    """Return the picture turned as its EXIF said."""
    image.getexif().clear()
    image.info.pop("exif", None)
    if turned == 1:
        return image
    image.getexif()[ORIENTATION] = turned
    return ImageOps.exif_transpose(image)
