"""Pictures as nobody should bring them, made by hand: bombs, cut ones, moving ones, every mode."""

import io
import random
import struct
import zlib
from functools import cache

from PIL import Image

from tests.pictures import a_picture


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: bytes, width: int = 4, height: int = 4, bits: int = 8, colours: int = 2) -> bytes:
    """A PNG of these chunks behind a header that claims these measures."""
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def plain() -> bytes:
    """A small good one."""
    return a_picture()


def black(width: int, height: int, *before: bytes, bits: int = 8) -> bytes:
    """A black PNG of any size, in few bytes: a row is made once and compressed again and again."""
    packer, row = zlib.compressobj(9), bytes(1 + width * 3 * bits // 8)
    data = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    return png(*before, chunk(b"IDAT", data), width=width, height=height, bits=bits)


def grey_of_16_bits() -> bytes:
    """A middle grey with 16 bits for each of three colours."""
    return png(chunk(b"IDAT", zlib.compress((b"\0" + b"\x80\x80" * 12) * 4)), bits=16)


def grey_of_few_bits() -> bytes:
    """A third of white, in 2 bits."""
    return png(chunk(b"IDAT", zlib.compress(b"\0\x55" * 4)), bits=2, colours=0)


def claiming(width: int, height: int) -> bytes:
    """A small PNG whose header claims these measures."""
    return png(chunk(b"IDAT", zlib.compress(b"\0" * 100)), width=width, height=height)


def with_chunk(kind: bytes, size: int) -> bytes:
    """Make a small PNG with a chunk of compressed words or colours.

    The chunk holds so many bytes once it is unpacked.
    """
    packed = zlib.compress(b"\0" * size, 9)
    head = {b"iTXt": b"k\0\1\0\0\0"}.get(kind, b"k\0\0")
    return black(4, 4, chunk(kind, head + packed))


def with_exif(size: int, form: str = "JPEG") -> bytes:
    """A small picture with so many bytes of EXIF."""
    exif = Image.Exif()
    exif[0x010E] = "x" * size
    return a_picture(form=form, exif=exif.tobytes())


def moving(form: str, frames: int = 3, size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of several frames."""
    pictures = [Image.new("RGB", size, (n * 7 % 256, 0, 0)) for n in range(frames)]
    kept = io.BytesIO()
    pictures[0].save(kept, form, save_all=True, append_images=pictures[1:])
    return kept.getvalue()


def heic(width: int, height: int, *, says: tuple[int, int] | None = None) -> bytes:
    """A HEIC of these measures, whose header may say others."""
    kept = io.BytesIO()
    quickly = {"preset": "ultrafast"}
    picture = Image.new("RGB", (width, height), "orange")
    picture.save(kept, "HEIF", quality=30, enc_params=quickly)
    if says is None:
        return kept.getvalue()
    true, false = (b"ispe\0\0\0\0" + struct.pack(">II", *one) for one in ((width, height), says))
    assert true in kept.getvalue()
    return kept.getvalue().replace(true, false)


def drawn(chance: random.Random) -> bytes:
    """One of many odd files, small enough to be sent often."""
    good = chance.choice(good_ones())
    place = chance.randrange(len(good))
    spoilt = good[:place] + bytes([chance.randrange(256)]) + good[place + 1 :]
    return chance.choice([good, good[:place], spoilt, good + b"\0" * 500, *small_and_odd()])


@cache
def good_ones() -> list[bytes]:
    """A small picture in each of many forms, also those that the desk does not take."""
    forms = ("PNG", "JPEG", "WEBP", "HEIF", "GIF", "BMP", "TIFF", "PPM")
    return [a_picture(form=form) for form in forms]


@cache
def small_and_odd() -> list[bytes]:
    """Odd files, made once."""
    return [
        b"",
        b"\0",
        b"no picture",
        claiming(50_000, 50_000),
        claiming(0, 0),
        claiming(2**31 - 1, 2**31 - 1),
        claiming(1, 10_000_000),
        png(),
        png(chunk(b"IDAT", b"")),
        b"\x89PNG\r\n\x1a\n",
        with_chunk(b"zTXt", 3_000_000),
        with_chunk(b"iTXt", 3_000_000),
        with_chunk(b"iCCP", 3_000_000),
        with_exif(60_000),
        with_exif(60_000, "PNG"),
        moving("PNG"),
        moving("WEBP"),
        moving("GIF"),
        black(16, 16, bits=16),
        png(chunk(b"acTL", b"\0")),
        png(chunk(b"tRNS", b"\0" * 9)),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\xff\xff\xff\xffWEBPVP8X",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\xff\xd8\xff",
    ]
