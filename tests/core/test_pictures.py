"""Pictures as nobody should bring them.

Refused by their header with a sentence, and every way to write colours is drawn as it looks.
"""

import io
import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from core import pictures
from core.errors import Invalid
from servicedesk.launcher.running import ROOT
from tests import odd_pictures
from tests.pictures import a_picture

LARGEST = 12_000_000
MEGABYTES = 260  # what any picture may cost while it is read; one of 50 megapixels used to cost 570


def read(data: bytes) -> Image.Image:
    """The picture as the desk reads it."""
    return pictures.read(io.BytesIO(data), size=len(data), largest=LARGEST)


def saved(image: Image.Image, form: str, **options) -> bytes:
    """The image as a file."""
    kept = io.BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()


def costly() -> dict[str, bytes]:
    """The largest pictures that are taken, and bombs, by name."""
    noise = Image.effect_noise((80, 60), 50)
    wide = noise.resize((4700, 3600))
    return {
        "PNG of 50 million pixels": odd_pictures.black(8660, 5773),
        "PNG": odd_pictures.black(4720, 3600),
        "PNG of 16 bits a colour": odd_pictures.black(4720, 3600, bits=16),
        "PNG that shines through": saved(wide.convert("RGBA"), "PNG"),
        "PNG of 16 bits": saved(wide.convert("I;16"), "PNG"),
        "WebP": saved(noise.resize((3990, 3000)).convert("RGBA"), "WEBP", quality=20, method=0),
        "WebP, larger": saved(
            noise.resize((9000, 6000)).convert("RGB"), "WEBP", quality=1, method=0
        ),
        "JPEG": saved(noise.resize((8600, 5800)).convert("RGB"), "JPEG", quality=20),
        "JPEG, progressive": saved(
            wide.convert("RGB"), "JPEG", quality=20, progressive=True, subsampling=0
        ),
        "JPEG, progressive, larger": saved(
            noise.resize((8600, 5800)), "JPEG", quality=10, progressive=True
        ),
        "HEIC": odd_pictures.heic(5712, 4284),
        "HEIC, larger": odd_pictures.heic(5200, 5000),
        "a HEIC that is larger than it says": odd_pictures.heic(5712, 4284, says=(80, 60)),
        "words that unpack to 200 MB": odd_pictures.with_chunk(b"zTXt", 200_000_000),
        "colours that unpack to 200 MB": odd_pictures.with_chunk(b"iCCP", 200_000_000),
        "more words that unpack to 200 MB": odd_pictures.with_chunk(b"iTXt", 200_000_000),
        "a header of 50,000 by 50,000": odd_pictures.claiming(50_000, 50_000),
        "a row of ten million": odd_pictures.claiming(10_000_000, 1),
        "a thousand frames": odd_pictures.moving("PNG", 1000, (8, 8)),
        "EXIF": odd_pictures.with_exif(60_000),
    }


def rise(file: str) -> None:
    """Read the picture in a file; print what became of it and by how many MB the peak rose."""
    import resource

    with open(file, "rb") as opened:
        data = opened.read()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        read(data)
        became = "read"
    except Invalid as refused:
        became = refused.code
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([became, (after - before) // 1000]), flush=True)


def peaks() -> None:
    """Read each picture out of the files given, in a process each: a peak never falls again."""
    for file in sys.argv[1:]:
        child = os.fork()
        if not child:
            rise(file)
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(f"{file} could not be read")


def refused_as_wanted(found):
    """See that each odd picture was refused for its own reason."""
    refused = {
        "PNG of 50 million pixels": "picture_large",
        "WebP, larger": "picture_large",
        "JPEG, progressive, larger": "picture_large",
        "HEIC, larger": "picture_large",
        "a header of 50,000 by 50,000": "picture_large",
        "a thousand frames": "picture_moves",
    }
    assert {name: found[name][0] for name in refused} == refused
    assert found["PNG of 50 million pixels"][1] < 20  # not a pixel of it was unpacked


@pytest.mark.campaign
@pytest.mark.table
def test_no_picture_costs_much_memory(tmp_path):
    script = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; "
        "django.setup(); from tests.core.test_pictures import peaks; peaks()"
    )
    files = []
    tried = costly()
    for number, data in enumerate(tried.values()):
        files.append(tmp_path / str(number))
        files[-1].write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", script, *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    found = dict(zip(tried, map(json.loads, done.stdout.splitlines()), strict=True))
    assert {name: one for name, one in found.items() if one[1] > MEGABYTES} == {}
    refused_as_wanted(found)
    assert [
        found[name][0]
        for name in (
            "PNG",
            "JPEG",
            "WebP",
            "HEIC",
            "JPEG, progressive",
            "PNG of 16 bits",
            "PNG that shines through",
            "EXIF",
        )
    ] == ["read"] * 8


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused_with_its_own_sentence(form):
    with pytest.raises(Invalid) as refused:
        read(odd_pictures.moving(form))
    assert refused.value.code == "picture_moves"
    assert refused.value.field == "picture"


@pytest.mark.parametrize("form", ["MPO", "HEIF"])
def test_a_telephones_second_picture_is_passed_over(form):
    first, second = Image.new("RGB", (64, 48), "orange"), Image.new("RGB", (64, 48), "blue")
    kept = io.BytesIO()
    first.save(kept, form, save_all=True, append_images=[second])
    red, _green, blue = read(kept.getvalue()).getpixel((10, 10))
    assert red > 200 > 60 > blue


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_cut_picture_is_refused_wherever_it_was_cut(form):
    whole = a_picture(form=form, size=(200, 150))
    for end in range(0, len(whole) - 40, max(1, len(whole) // 15)):
        with pytest.raises(Invalid) as refused:
            read(whole[:end])
        assert refused.value.code == "picture_odd"


@pytest.mark.campaign
def test_nothing_that_is_drawn_by_chance_raises_anything_but_a_refusal():
    import random

    chance, became = random.Random(5), {"read": 0}
    for _number in range(500):
        try:
            assert read(odd_pictures.drawn(chance)).mode in {"RGB", "RGBA"}
            became["read"] += 1
        except Invalid as refused:
            became[refused.code] = became.get(refused.code, 0) + 1
    assert set(became) >= {"read", "picture_odd", "picture_large", "picture_moves"}


GREYS = {
    "L": 128,
    "RGB": (128, 128, 128),
    "RGBX": (128, 128, 128, 0),
    "LA": (128, 255),
    "RGBA": (128, 128, 128, 255),
    "RGBa": (128, 128, 128, 255),
    "I;16": 128 * 257,
    "I;16B": 128 * 257,
    "I": 128 * 257,
    "CMYK": (0, 0, 0, 127),
    "YCbCr": (128, 128, 128),
}


@pytest.mark.parametrize("mode", GREYS)
def test_the_middle_grey_stays_the_middle_grey_in_every_mode(mode):
    drawn = pictures.coloured(Image.new(mode, (8, 8), GREYS[mode]))
    assert drawn.mode in {"RGB", "RGBA"}
    assert all(abs(one - 128) <= 1 for one in drawn.getpixel((3, 3))[:3])
    assert drawn.mode == "RGB" or drawn.getpixel((3, 3))[3] == 255


@pytest.mark.parametrize("mode", ["P", "PA"])
def test_also_out_of_a_palette(mode):
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 128, 128, 128, 255, 255, 255])
    drawn = pictures.coloured(image if mode == "P" else image.convert("PA"))
    assert drawn.getpixel((3, 3))[:3] == (128, 128, 128)


def test_black_and_white_stay_what_they_are():
    image = Image.new("1", (2, 1))
    image.putpixel((1, 0), 1)
    drawn = pictures.coloured(image)
    assert [drawn.getpixel((place, 0)) for place in (0, 1)] == [(0, 0, 0), (255, 255, 255)]


@pytest.mark.parametrize("mode", ["F", "LAB", "HSV"])
def test_a_mode_that_nobody_knows_how_to_draw_is_refused_with_a_sentence(mode):
    with pytest.raises(Invalid) as refused:
        pictures.coloured(Image.new(mode, (8, 8)))
    assert refused.value.code == "picture_colours"
    assert mode in str(refused.value)


def test_every_mode_of_the_library_has_its_word():
    known = {*pictures.PLAIN, *pictures.SEE_THROUGH, *pictures.SIXTEEN_BITS}
    for mode in Image._MODE_CONV_TYPESTR if hasattr(Image, "_MODE_CONV_TYPESTR") else Image.MODES:
        if mode not in known:
            with pytest.raises(Invalid):
                pictures.coloured(Image.new(mode, (2, 2)))


FILES = {
    "PNG of 16 bits": lambda: saved(Image.new("I;16", (30, 20), 128 * 257), "PNG"),
    "PNG, grey": lambda: saved(Image.new("L", (30, 20), 128), "PNG"),
    "PNG, grey that shines through": lambda: saved(Image.new("LA", (30, 20), (128, 255)), "PNG"),
    "PNG of 16 bits a colour": lambda: odd_pictures.grey_of_16_bits(),
    "PNG of 2 bits": lambda: odd_pictures.grey_of_few_bits(),
    "JPEG, grey": lambda: saved(Image.new("L", (30, 20), 128), "JPEG"),
    "JPEG of four inks": lambda: saved(Image.new("CMYK", (30, 20), (0, 0, 0, 127)), "JPEG"),
    "WebP": lambda: saved(Image.new("RGB", (30, 20), (128, 128, 128)), "WEBP", lossless=True),
    "HEIC": lambda: saved(Image.new("RGB", (30, 20), (128, 128, 128)), "HEIF"),
    "HEIC, grey": lambda: saved(Image.new("L", (30, 20), 128), "HEIF"),
    "HEIC that shines through": lambda: saved(Image.new("RGBA", (30, 20), (128,) * 4), "HEIF"),
}


@pytest.mark.parametrize("kind", FILES)
def test_also_in_a_file(kind):
    wanted = 85 if kind == "PNG of 2 bits" else 128
    assert all(abs(one - wanted) <= 2 for one in read(FILES[kind]()).getpixel((3, 3))[:3])


def test_a_shallow_slope_of_16_bits_keeps_its_steps():
    image = Image.new("I;16", (256, 1))
    for place in range(256):
        image.putpixel((place, 0), place * 257)
    drawn = read(saved(image, "PNG"))
    assert [drawn.getpixel((place, 0))[0] for place in range(256)] == list(range(256))


@pytest.mark.parametrize("form", ["JPEG", "HEIF"])
@pytest.mark.parametrize("turned", range(1, 9))
def test_a_turned_picture_stands_upright_and_keeps_no_exif(turned, form):
    exif = Image.Exif()
    exif[0x0112] = turned
    drawn = read(a_picture(form=form, size=(60, 40), exif=exif.tobytes()))
    assert drawn.size == ((60, 40) if turned < 5 else (40, 60))
    assert not drawn.getexif()


def test_exif_that_cannot_be_read_does_not_cost_the_picture():
    assert read(
        a_picture(form="JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 50)
    ).size == (60, 40)
