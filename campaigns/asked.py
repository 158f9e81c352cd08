"""What the desk's pages ask of a request, found by itself: nobody writes a new page or field down.

Addresses come from the URL table, bodies of the API from its OpenAPI description, forms from the
pages that show them, and the names of parameters, fields, files, headers and session values from
the pages' own code, which is watched while it asks for them.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SOURCES = ("GET", "POST", "FILES", "header", "session")


@dataclass
class Page:
    """One address of the desk that is tried, and what is known of it."""

    key: str
    path: str
    route: str
    methods: tuple[str, ...]
    body: dict[str, Any] = field(default_factory=dict)  # good input, field by field
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # values seen
    answers: set[str] = field(default_factory=set)  # methods that it knows

    @property
    def is_api(self) -> bool:
        """Whether it belongs to the API."""
        return self.path.startswith("/api/v1/")

    @property
    def takes_json(self) -> bool:
        """Whether it is asked in JSON: files come as parts of a form."""
        return self.is_api and not self.names["FILES"]


def places_to_note(page: Page):
    """Return each function that is asked for names, with what notes them."""
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import QueryDict
    from django.http.request import HttpHeaders
    from django.utils.datastructures import MultiValueDict

    def noting(function: Any, source: str) -> Any:
        def noted(self: Any, name: Any, *rest: Any, **more: Any) -> Any:
            # A form that is being read asks for nothing
            if isinstance(name, str) and sys._getframe(1).f_code.co_name != "setlistdefault":
                page.names[source_of(self, source)].add(name)
            return function(self, name, *rest, **more)

        return noted

    asked = MultiValueDict.__getitem__

    def going_through(self: Any) -> Any:
        """Whoever goes through everything that was sent asks for nothing by name."""
        return ((name, asked(self, name)) for name in self)

    places = [
        (MultiValueDict, "__getitem__", "FILES"),
        (MultiValueDict, "getlist", "FILES"),
        (MultiValueDict, "get", "FILES"),
        (HttpHeaders, "__getitem__", "header"),
        (SessionBase, "__getitem__", "session"),
        (SessionBase, "get", "session"),
        (QueryDict, "__contains__", "words"),
    ]
    return places, noting, going_through


@contextmanager
def watched(page: Page) -> Iterator[None]:
    """Note every name that the code asks for meanwhile, under the page."""
    from django.utils.datastructures import MultiValueDict

    places, noting, going_through = places_to_note(page)
    kept = [(owner, name, owner.__dict__.get(name)) for owner, name, _source in places]
    try:
        for owner, name, source in places:
            setattr(owner, name, noting(getattr(owner, name), source))
        MultiValueDict.items, plain = going_through, MultiValueDict.items
        yield
    finally:
        MultiValueDict.items = plain
        for owner, name, function in kept:
            if function is None:
                delattr(owner, name)
            else:
                setattr(owner, name, function)


def source_of(asked: Any, source: str) -> str:
    """Where a name was looked for: parameters and fields are the same class, so both are meant."""
    from django.http import QueryDict

    return "words" if isinstance(asked, QueryDict) else source


class Forms(HTMLParser):
    """The forms of a page, with their fields, and the links' parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.files: dict[str, set[str]] = defaultdict(set)
        self.action, self.choosing = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a field of it, a choice, or a link with parameters."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = urlsplit(said.get("action", "")).path
        for name in ("href", "hx-get", "hx-post", "formaction"):
            address = urlsplit(said.get(name, ""))
            for key, value in parse_qsl(address.query):
                self.found[address.path][key].add(value)
        if tag == "select":
            self.choosing = said.get("name", "")
        elif tag == "option" and self.choosing:
            self.found[self.action][self.choosing].add(said.get("value", ""))
        elif tag in {"input", "textarea", "button"} and said.get("name"):
            action = urlsplit(said.get("formaction", "")).path or self.action
            self.found[action][said["name"]].add(said.get("value", ""))
            if said.get("type") == "file":
                self.files[action].add(said["name"])

    def handle_endtag(self, tag: str) -> None:
        """A form or a choice ends."""
        if tag == "form":
            self.action = ""
        if tag == "select":
            self.choosing = ""


def every_page(scene: Any) -> list[Page]:
    """All addresses of the URL table, with the objects of the scene in them."""
    from django.urls import get_resolver

    pages = {}
    operations = described()
    for name, route, methods in walk(get_resolver().url_patterns):
        for path, mark in filled(scene, name, route):
            key = f"{name or route}{mark}"
            page = Page(key, path, route, methods)
            for one, value in scene.body(name or "page").items():
                if hasattr(value, "read"):
                    page.names["FILES"].add(one)
                else:
                    page.body[one] = value
            for method, names, examples in operations.get(
                f"/{route}".replace("<int:", "{").replace(">", "}"), []
            ):
                page.methods = tuple(sorted({*page.methods, method}))
                page.names["words"] |= names
                page.body |= {one: page.body.get(one, value) for one, value in examples.items()}
            pages[key] = page
    return [pages[key] for key in sorted(pages)]


def walk(
    patterns: Any, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every address of the table, with its name and the methods worth trying; includes followed."""
    for one in patterns:
        route = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from walk(
                one.url_patterns, route, f"{one.namespace}:" if one.namespace else space
            )
        else:
            yield f"{space}{one.name}" if one.name else "", route, ("GET", "POST")


def filled(scene: Any, name: str, route: str) -> Iterator[tuple[str, str]]:
    """The address with something in its places, once for each verb that it knows."""
    import re

    from django.urls import reverse

    if name and ":" not in name and "<" in route:
        for kwargs, mark in scene.fillings(name, route):
            yield reverse(name, kwargs=kwargs), mark
        return
    path = re.sub(r"<int:\w+>", "1", route)
    path = re.sub(r"<path:object_id>|<str:\w+>|<\w+:\w+>", "1", path)
    path = re.sub(r"\(\?P<\w+>.*\)|\(.*\)|\^|\$|\.\*", "nothing", path.replace(".*$", "nothing$"))
    yield "/" + path, ""


def described() -> dict[str, list[tuple[str, set[str], dict[str, Any]]]]:
    """Each operation of the API by its path: method, names of parameters and fields, examples."""
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, list[tuple[str, set[str], dict[str, Any]]]] = defaultdict(list)
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            names = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
            content = operation.get("requestBody", {}).get("content", {})
            properties: dict[str, Any] = {}
            for one in content.values():
                properties |= parts(one["schema"], schema).get("properties", {})
            found[path].append(
                (
                    method.upper(),
                    names | set(properties),
                    {name: example(one) for name, one in properties.items()},
                )
            )
    return found


def parts(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """A schema with its reference followed."""
    if "$ref" in schema:
        return whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def example(schema: dict[str, Any]) -> Any:
    """Something of the type that a field wants."""
    return {"integer": 1, "boolean": True, "array": ["a"], "object": {}, "number": 1.5}.get(
        schema.get("type", ""), "Some words."
    )
