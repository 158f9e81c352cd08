"""Show all parts on their living page, and lead through the main job.

The demo's tour leads nowhere else.
"""

import pytest
from django.urls import reverse

from core.models import DeskMark
from servicedesk.demo.tour import STEPS
from servicedesk.launcher.running import ROOT
from servicedesk.screens.parts import colours, icons

SHELL = {
    "bar",
    "font",
    "keys",
    "overlays",
    "palette",
    "messages",
    "alarms",
    "held",
    "tour",
    "grip",
    "kept",
    "news",
}  # the frame of every page, not parts of one


def test_the_page_of_parts_shows_every_component_colour_and_icon(desk, client):
    source = (ROOT / "templates" / "servicedesk" / "parts.html").read_text()
    components = {path.stem for path in (ROOT / "templates" / "components").glob("*.html")}
    assert {
        one
        for one in components - SHELL
        if f"components/{one}.html" not in source and f"{{% {one} " not in source
    } == set()
    client.force_login(desk.aylin)
    page = client.get(reverse("parts")).content.decode()
    assert len(colours()) > 25
    assert all(f"var(--{name})" in page for name in colours())
    assert len(icons()) > 35
    assert all(f'#{name}"' in page for name in icons())


@pytest.fixture
def demo_desk(desk, settings):
    """A desk that is marked as a demo."""
    settings.DEMO = True
    DeskMark.objects.get_or_create(kind="demo")
    return desk


def test_no_tour_outside_the_demo(desk, client):
    client.force_login(desk.aylin)
    assert "Start the tour" not in client.get("/inbox/").content.decode()
    assert client.post(reverse("tour"), {"step": "1"}).status_code == 404


@pytest.mark.campaign
def test_the_tour_is_offered_taken_and_left(demo_desk, client):
    client.force_login(demo_desk.aylin)
    assert "Start the tour" in client.get("/inbox/").content.decode()
    assert "Start the tour" not in client.get("/people/").content.decode()
    assert client.post(reverse("tour"), {"step": "1", "next": "/people/"}).url == "/people/"
    page = client.get("/people/").content.decode()
    assert "1 of 5" in page
    assert 'data-step="1"' in page
    client.post(reverse("tour"), {"step": "0"})
    assert 'class="tour"' not in client.get("/inbox/").content.decode()


@pytest.mark.parametrize("odd", ["99", "-1", "x", ""])
def test_an_odd_step_leaves_the_tour(demo_desk, client, odd):
    client.force_login(demo_desk.aylin)
    client.post(reverse("tour"), {"step": odd})
    assert client.cookies["tour"].value == "0"


def test_there_are_five_steps(demo_desk):
    assert len(STEPS) == 5
