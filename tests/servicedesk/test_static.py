"""Static files as a desk in production serves them."""

import json
import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from servicedesk.launcher.running import ROOT
from servicedesk.storage import joined

CSS = ROOT / "static" / "css"
TEMPLATES = ROOT / "templates"
JS = ROOT / "static" / "js"
LINKED = re.compile(r"{% static 'css/(screens/[\w./]+)' %}")
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*"(\.[^"]+)\"""")


def test_every_stylesheet_belongs_to_the_styles_of_the_desk_or_to_one_page():
    linked = [one for path in TEMPLATES.rglob("*.html") for one in LINKED.findall(path.read_text())]
    assert len(linked) == len(set(linked))
    imported = re.findall(r'@import url\("([\w./]+)"\);', (CSS / "desk.css").read_text())
    files = {path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css")}
    assert set(imported) == files - set(linked) - {"desk.css"}
    assert len(imported) == len(set(imported))


def test_no_script_leads_back_to_itself():
    # A file is named by what it holds, and so are those that it imports: a ring has no name.
    imports = {
        path: {(path.parent / one).resolve() for one in IMPORTED.findall(path.read_text())}
        for path in JS.rglob("*.js")
    }
    assert sum(len(found) for found in imports.values()) > 50
    while leaves := {path for path, found in imports.items() if not found & imports.keys()}:
        imports = {path: found for path, found in imports.items() if path not in leaves}
    assert sorted(path.name for path in imports) == []


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
