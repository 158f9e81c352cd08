"""Static files as a desk in production serves them."""

import json
import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from servicedesk.launcher.running import ROOT
from servicedesk.storage import joined

CSS = ROOT / "static" / "css"
BESIDES = {"screens/evidence.css"}  # linked by the one page that is made for paper


def test_every_stylesheet_belongs_to_the_styles_of_the_desk():
    imported = re.findall(r'@import url\("([\w./]+)"\);', (CSS / "desk.css").read_text())
    files = {path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css")}
    assert set(imported) == files - BESIDES - {"desk.css"}
    assert len(imported) == len(set(imported))


@pytest.mark.campaign
def test_in_production_the_styles_are_one_file(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "servicedesk.storage.HashedStatic"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    styles = (tmp_path / hashed["css/desk.css"]).read_text()
    assert "@import" not in styles
    assert "@layer tokens, base, layout, components, screens, utilities;" in styles
    assert hashed["fonts/inter.woff2"].split("/")[1] in styles
    for layer in ("components", "screens", "utilities"):
        assert f"@layer {layer} {{" in styles


def test_a_file_whose_places_would_not_hold_is_not_joined(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.css").write_text('a { background: url("../x.png") }\n')
    (tmp_path / "all.css").write_text('@import url("parts/one.css");\n')
    with pytest.raises(ImproperlyConfigured):
        joined(tmp_path / "all.css")
