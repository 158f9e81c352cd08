"""Few scripts out of many modules.

A browser starts at entries: `desk.js`, which every page has, the scripts in `pages/`, and what is
fetched when it is wanted (`import("./palette.js")`). Each of them becomes one file with the modules
that it alone needs, and what two of them need stands in `shared.js`, so that no module runs twice.

A module keeps a scope of its own and runs after those that it imports, what is shared before all
others. Modules import and export by the few forms that `MODULE` names; anything else is refused.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

from django.core.exceptions import ImproperlyConfigured

DESK = "desk.js"
PAGES = "pages/"
SHARED = "shared.js"
# Biome sees to it that each of them begins its line.
IMPORT = re.compile(
    r'^import (?:\* as (\w+)|(\{[^}]*\})) from "(\.[^"]+)";\n', re.MULTILINE | re.ASCII
)
WANTED = re.compile(r'\bimport\("(\.[^"]+)"\)', re.ASCII)
EXPORT = re.compile(r"^export (?=(?:async function|function|const) (\w+))", re.MULTILINE | re.ASCII)
UNKNOWN = re.compile(r"^(?:import\b(?!\()|export\b|await\b).*", re.MULTILINE | re.ASCII)
MODULE = 'import * as it from "./it.js", import { a } from "./it.js", export function, export const'
COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE | re.ASCII)
BLANKS = re.compile(r"^\s+", re.MULTILINE | re.ASCII)


@dataclass(frozen=True)
class Module:
    """A module: where it stands, and its text without comments and indentation."""

    path: str
    text: str

    @property
    def imports(self) -> list[str]:
        """The places of those that it imports, in their order."""
        return [at(self.path, found) for *_names, found in IMPORT.findall(self.text)]

    @property
    def wants(self) -> list[str]:
        """The places of those that it fetches when they are wanted."""
        return [at(self.path, found) for found in WANTED.findall(self.text)]

    @property
    def exports(self) -> list[str]:
        """The names that it gives to others, in their order."""
        return EXPORT.findall(self.text)


def bundles(folder: Path) -> dict[str, str]:
    """Return the files to serve in place of a folder of modules, by their places in it.

    Raises `ImproperlyConfigured` for a module that no entry reaches, for one written in a form
    that is not known, and for a ring: a file is named by what it holds, the names of those that it
    imports included.
    """
    modules = read(folder)
    entries = [DESK, *sorted(entries_of(modules) - {DESK})]
    needed = {entry: needs(entry, modules, entries) for entry in entries}
    uses = Counter(path for paths in needed.values() for path in paths)
    if unused := modules.keys() - uses.keys():
        raise ImproperlyConfigured(f"No page has {', '.join(sorted(unused))}.")
    shared = [path for path in uses if uses[path] > 1]
    refuse_ring(shared, modules, entries)
    made = {
        entry: written(entry, [modules[path] for path in paths if uses[path] == 1], shared)
        for entry, paths in needed.items()
    }
    return made | {SHARED: written(SHARED, [modules[path] for path in shared], shared)}


def read(folder: Path) -> dict[str, Module]:
    """Return every module of a folder, by its place."""
    modules = {}
    for file in sorted(folder.rglob("*.js")):
        path = file.relative_to(folder).as_posix()
        modules[path] = Module(path, checked(path, file.read_text(encoding="utf-8")))
    return modules


def checked(path: str, text: str) -> str:
    """Return a module's text without comments and indentation; refuse what would not hold so."""
    text = COMMENT.sub("", text)
    unknown = UNKNOWN.search(EXPORT.sub("", IMPORT.sub("", text)))
    if unknown or path == SHARED:
        said = unknown.group() if unknown else path
        raise ImproperlyConfigured(f"{path} has `{said}`, which is none of: {MODULE}.")
    if any(line.count("`") % 2 for line in text.splitlines()):
        raise ImproperlyConfigured(f"{path} has a text of several lines, which loses blanks.")
    return BLANKS.sub("", text)


def at(path: str, place: str) -> str:
    """Return where a module's `./place` leads."""
    return normpath(join(dirname(path), place))


def entries_of(modules: dict[str, Module]) -> set[str]:
    """Return where a browser starts."""
    wanted = {place for module in modules.values() for place in module.wants}
    return {DESK, *wanted, *(path for path in modules if path.startswith(PAGES))}


def needs(entry: str, modules: dict[str, Module], entries: Iterable[str]) -> list[str]:
    """Return an entry with the modules that it imports, each after those that it needs itself.

    Another entry keeps its own file.
    """
    found: list[str] = []

    def add(path: str) -> None:
        for place in modules[path].imports:
            if place not in found and place not in entries:
                add(place)
        found.append(path)

    add(entry)
    return found


def refuse_ring(shared: list[str], modules: dict[str, Module], entries: Iterable[str]) -> None:
    """Refuse a shared module that leads to an entry, which itself may import what is shared."""
    for path in shared:
        for place in {*modules[path].imports, *modules[path].wants} & set(entries):
            raise ImproperlyConfigured(
                f"Two scripts need {path}, which leads to {place}: move what both need into a "
                "module of its own."
            )


def written(file: str, modules: list[Module], shared: list[str]) -> str:
    """Return a file with these modules; what else they import stands in another one."""
    own = {module.path for module in modules}
    foreign = {place: None for module in modules for place in module.imports if place not in own}
    lines = [
        f'import * as {name_of(it)} from "{way(file, it)}";\n' for it in foreign if it not in shared
    ]
    if of_shared := [name_of(it) for it in foreign if it in shared]:
        lines.append(f'import {{ {", ".join(of_shared)} }} from "{way(file, SHARED)}";\n')
    lines += [scope(module, file) for module in modules]
    if file == SHARED:
        lines.append(f"export {{ {', '.join(name_of(module.path) for module in modules)} }};\n")
    elif names := modules[-1].exports:
        lines.append(f"export const {{ {', '.join(names)} }} = {name_of(file)};\n")
    return "".join(lines)


def scope(module: Module, file: str) -> str:
    """Return a module as a scope of its own that gives what the module exports."""

    def taken(found: re.Match[str]) -> str:
        whole, names, place = found.groups()
        return (
            f"const {whole or names.replace(' as ', ': ')} = {name_of(at(module.path, place))};\n"
        )

    def fetched(found: re.Match[str]) -> str:
        return f'import("{way(file, at(module.path, found.group(1)))}")'

    text = EXPORT.sub("", WANTED.sub(fetched, IMPORT.sub(taken, module.text)))
    given = f"return {{ {', '.join(module.exports)} }};\n" if module.exports else ""
    return f"// {module.path}\nconst {name_of(module.path)} = (() => {{\n{text}{given}}})();\n"


def name_of(path: str) -> str:
    """Return what a module is called in a file of several."""
    return path.removesuffix(".js").replace("/", "$")


def way(file: str, to: str) -> str:
    """Return how one file names another."""
    found = relpath(to, dirname(file) or ".")
    return found if found.startswith(".") else f"./{found}"
