"""Times in words: until when, exactly when, in the reader's zone and by their hours."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from core.text import formatting
from tests.support.packages import PACKAGES

ROOT = Path(__file__).parent.parent.parent
AT = datetime(2026, 11, 25, 16, 36, 12, tzinfo=UTC)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def said(say, *, language="en", zone="Europe/Berlin", hours="", **given):
    with (
        translation.override(language),
        timezone.override(ZoneInfo(zone)),
        formatting.hours_as_chosen(hours),
    ):
        return say(AT, **given)


@pytest.mark.parametrize(
    ("language", "hours", "time", "sentence"),
    [
        ("en", "", "5:36 pm", "5:36 pm"),
        ("en", "24", "17:36", "17:36"),
        ("de", "", "17:36", "17:36 Uhr"),
        ("de", "12", "5:36 pm", "5:36 pm"),
    ],
)
def test_the_time_of_day_goes_by_the_chosen_hours(language, hours, time, sentence):
    assert said(formatting.clock, language=language, hours=hours) == time
    assert said(formatting.oclock, language=language, hours=hours) == sentence


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [
        ("en", "Europe/Berlin", "25 Nov 2026, 5:36:12 pm (CET)"),
        ("de", "Europe/Berlin", "25. November 2026, 17:36:12 Uhr (MEZ)"),
        ("en", "Asia/Tokyo", "26 Nov 2026, 1:36:12 am (JST)"),
        ("en", "America/Sao_Paulo", "25 Nov 2026, 1:36:12 pm (UTC-03:00)"),
    ],
)
def test_what_proves_something_has_date_second_and_zone(language, zone, words):
    assert said(formatting.exact, language=language, zone=zone) == words


def test_until_has_no_on_and_no_at(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    with translation.override("en"), timezone.override(UTC):
        assert [formatting.until(NOON + timedelta(days=days)) for days in (-1, 0, 1, 2)] == [
            "yesterday, 12:00 pm",
            "12:00 pm",
            "tomorrow, 12:00 pm",
            "27 Nov 2026, 12:00 pm",
        ]
    with translation.override("de"), timezone.override(UTC):
        assert [formatting.until(NOON + timedelta(days=days)) for days in (0, 1, 2)] == [
            "12:00 Uhr",
            "morgen, 12:00 Uhr",
            "27. November 2026, 12:00 Uhr",
        ]


def test_a_date_and_a_time_are_said_as_a_day_alike():
    with translation.override("en"):
        assert formatting.day(date(2026, 11, 25)) == formatting.day(AT) == "25 Nov 2026"


def test_no_screen_says_a_time_in_a_way_of_its_own():
    """All ask `core.text.formatting`; the address of a picture alone counts seconds (`U`)."""
    own = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in (ROOT / "templates").rglob("*.html")
        for found in re.findall(r"\|(?:date|time)\b[^ }]*", path.read_text())
        if found != "|date:'U'"
    ]
    desk = [ROOT / name for name in PACKAGES if name not in {"core", "xapi", "networks"}]
    own += [
        str(path.relative_to(ROOT))
        for package in desk
        for path in package.rglob("*.py")
        if re.search(r"\b(?:strftime|date_format)\(", path.read_text())
    ]
    assert not own


def test_until_and_since_are_never_followed_by_on_or_at():
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        blocks = re.findall(
            r"{% blocktranslate(.*?)%}(.*?){% endblocktranslate", path.read_text(), re.S
        )
        wrong += [
            f"{path.name}: {sentence.strip()}"
            for given, sentence in blocks
            for name in re.findall(r"\b(?:until|since) {{ (\w+) }}", sentence)
            if re.search(rf"\b{name}=\S+\|when\b", given)
        ]
    assert not wrong
