"""Small pictures, as files that somebody brings."""

import io

from PIL import Image


def a_picture(
    colour: str = "orange", form: str = "PNG", size: tuple[int, int] = (60, 40), **options
) -> bytes:
    """A small picture of one colour, as a file."""
    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, form, **options)
    return kept.getvalue()
