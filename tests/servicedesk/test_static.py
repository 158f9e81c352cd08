"""Static files: many small ones in the repository, few for a browser."""

import gc
import gzip
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from servicedesk.launcher.running import ROOT
from servicedesk.static_files import scripts
from servicedesk.static_files.finder import Joined
from servicedesk.static_files.styles import joined

CSS = ROOT / "static" / "css"
TEMPLATES = ROOT / "templates"
JS = ROOT / "static" / "js"
LINKED = re.compile(r"{% static 'css/(screens/[\w./]+)' %}")
SCRIPTS = re.compile(r"{% static 'js/([\w./]+)' %}")
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*"(\.[^"]+)\"""")
HTMX = "vendor/htmx-4.0.1/htmx.min.js"
MOST_BYTES = 96_000  # beside them a page and its pictures: together 120 kB, see bench/waiting.py
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def test_every_stylesheet_belongs_to_the_styles_of_the_desk_or_to_one_page():
    linked = [one for path in TEMPLATES.rglob("*.html") for one in LINKED.findall(path.read_text())]
    assert len(linked) == len(set(linked))
    imported = re.findall(r'@import url\("([\w./]+)"\);', (CSS / "desk.css").read_text())
    files = {path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css")}
    assert set(imported) == files - set(linked) - {"desk.css"}
    assert len(imported) == len(set(imported))


def test_the_one_stylesheet_has_every_rule_in_its_order():
    rules = [
        (CSS / line.split('"')[1]).read_text()
        for line in (CSS / "desk.css").read_text().splitlines()
        if line.startswith("@import")
    ]
    assert joined(CSS / "desk.css").split() == COMMENT.sub("", "".join(rules)).split()


def test_a_file_whose_places_would_not_hold_is_not_joined(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.css").write_text('a { background: url("../x.png") }\n')
    (tmp_path / "all.css").write_text('@import url("parts/one.css");\n')
    with pytest.raises(ImproperlyConfigured):
        joined(tmp_path / "all.css")


def test_words_within_styles_are_no_comments(tmp_path):
    (tmp_path / "all.css").write_text('a::after {\n  content: "/* so */";\n} /* not so */\n')
    assert joined(tmp_path / "all.css") == 'a::after {\ncontent: "/* so */";\n} \n'


def test_no_script_leads_back_to_itself():
    # A file is named by what it holds, and so are those that it imports: a ring has no name.
    imports = {
        path: {(path.parent / one).resolve() for one in IMPORTED.findall(path.read_text())}
        for path in JS.rglob("*.js")
    }
    assert sum(len(found) for found in imports.values()) > 50
    assert rings_of(imports) == []


def rings_of(imports: dict) -> list[str]:
    """The files of which each leads to another one of them."""
    while leaves := {path for path, found in imports.items() if not found & imports.keys()}:
        imports = {path: found for path, found in imports.items() if path not in leaves}
    return sorted(str(path) for path in imports)


def test_every_module_stands_in_one_script_after_those_it_imports():
    made = scripts.bundles(JS)
    files = {path.relative_to(JS).as_posix(): path for path in JS.rglob("*.js")}
    places = {
        module: (file, place)
        for file, text in made.items()
        for place, module in enumerate(re.findall(r"^// (\S+\.js)$", text, re.MULTILINE))
    }
    assert places.keys() == files.keys()
    assert sum(text.count("\n// ") + text.startswith("// ") for text in made.values()) == len(files)
    for module, path in files.items():
        for one in re.findall(r'from "(\.[^"]+)"', path.read_text()):
            other = (path.parent / one).resolve().relative_to(JS).as_posix()
            file, place = places[other]
            assert file != places[module][0] or place < places[module][1], (module, other)


def test_every_script_that_a_page_or_a_script_asks_for_is_there():
    made = scripts.bundles(JS)
    linked = {
        one for path in TEMPLATES.rglob("*.html") for one in SCRIPTS.findall(path.read_text())
    }
    imports = {
        file: {scripts.at(file, one) for one in IMPORTED.findall(text)}
        for file, text in made.items()
    }
    assert linked | set().union(*imports.values()) == made.keys()
    assert rings_of(imports) == []


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"pages/a.js": 'import "../b.js";\n'}, "has `import"),
        ({"pages/a.js": "export default 1;\n"}, "has `export default"),
        ({"pages/a.js": "await 1;\n"}, "has `await"),
        ({"pages/a.js": "const words = `\n  two lines`;\n"}, "a text of several lines"),
        ({"shared.js": "const x = 1;\n"}, "shared.js has `shared.js`"),
        ({"b.js": "export const b = 1;\n"}, "No page has b.js"),
        (
            {
                "pages/a.js": 'import { b } from "../b.js";\n',
                "pages/c.js": 'import { b } from "../b.js";\n',
                "b.js": 'export const b = () => import("./pages/c.js");\n',
            },
            "Two scripts need b.js, which leads to pages/c.js",
        ),
    ],
)
def test_modules_that_would_not_run_so_are_refused(tmp_path, modules, said):
    for path, text in {"desk.js": "const none = 1;\n", **modules}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    with pytest.raises(ImproperlyConfigured, match=re.escape(said)):
        scripts.bundles(tmp_path)


def test_modules_keep_their_names_to_themselves(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "one.js").write_text(
        "// Says it.\nlet times = 0;\nexport function say() {\n  times += 1;\n}\n"
    )
    (tmp_path / "palette.js").write_text("export const begin = 1;\n")
    (tmp_path / "desk.js").write_text(
        'import { say as tell } from "./lib/one.js";\n\ntell(import("./palette.js"));\n'
    )
    assert scripts.bundles(tmp_path)["desk.js"] == (
        "// lib/one.js\nconst lib$one = (() => {\n"
        "let times = 0;\nfunction say() {\ntimes += 1;\n}\nreturn { say };\n})();\n"
        "// desk.js\nconst desk = (() => {\n"
        'const { say: tell } = lib$one;\ntell(import("./palette.js"));\n})();\n'
    )


def test_a_browser_finds_what_is_put_together_and_not_its_parts():
    assert "@import" not in Path(finders.find("css/desk.css")).read_text()
    assert "lib$binding" in Path(finders.find("js/shared.js")).read_text()
    assert finders.find("css/screens/evidence.css") == str(CSS / "screens" / "evidence.css")
    assert finders.find("css/tokens.css") is None
    assert finders.find("js/lib/binding.js") is None


def test_a_changed_part_is_put_together_anew(tmp_path, settings):
    for folder in ("css", "js"):
        (tmp_path / folder).mkdir()
    (tmp_path / "css" / "desk.css").write_text('@import url("one.css");\n')
    (tmp_path / "css" / "one.css").write_text("a {\n  top: 0;\n}\n")
    (tmp_path / "js" / "desk.js").write_text("const none = 1;\n")
    settings.STATICFILES_DIRS = [tmp_path]
    finder = Joined()
    before = Path(finder.find("css/desk.css")).stat()
    assert Path(finder.find("css/desk.css")).stat().st_ino == before.st_ino
    (tmp_path / "css" / "one.css").write_text("a {\n  top: 1px;\n}\n")
    os.utime(tmp_path / "css" / "one.css", (1, 1))
    assert "1px" in Path(finder.find("css/desk.css")).read_text()


def test_what_a_first_visit_loads_weighs_little():
    text = ["css/desk.css", "js/desk.js", "js/shared.js", "js/pages/ticket.js", "icons.svg", HTMX]
    fonts = ["fonts/inter.woff2", "fonts/vollkorn.woff2", "fonts/vollkorn-hand.woff2"]
    weights = {one: len(gzip.compress(Path(finders.find(one)).read_bytes())) for one in text}
    weights |= {one: Path(finders.find(one)).stat().st_size for one in fonts}
    assert sum(weights.values()) < MOST_BYTES, weights


@pytest.mark.campaign
def test_in_production_they_are_few_under_hashed_names(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "servicedesk.static_files.storage.HashedStatic"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    styles = (tmp_path / hashed["css/desk.css"]).read_text()
    assert "@import" not in styles
    assert "@layer tokens, base, layout, components, screens, utilities;" in styles
    assert hashed["fonts/inter.woff2"].split("/")[1] in styles
    for layer in ("components", "screens", "utilities"):
        assert f"@layer {layer} {{" in styles
    served = {name.removeprefix("js/") for name in hashed if name.startswith("js/")}
    assert served == scripts.bundles(JS).keys()
    for name in served:
        file = tmp_path / hashed[f"js/{name}"]
        assert file.with_name(file.name + ".gz").exists() or file.stat().st_size < 1000
        for one in IMPORTED.findall(file.read_text()):
            assert (file.parent / one).resolve().relative_to(tmp_path).as_posix() in hashed.values()


def test_requests_that_come_at_once_find_files_that_stay():
    finders.get_finder.cache_clear()
    begin = Barrier(8)

    def asked(_number):
        begin.wait()
        return finders.find("js/desk.js")

    with ThreadPoolExecutor(8) as threads:
        places = set(threads.map(asked, range(8)))
    places.add(Joined().find("js/desk.js"))  # of a finder that nobody keeps
    gc.collect()
    assert len(places) == 1
    assert all(Path(place).is_file() for place in places)
