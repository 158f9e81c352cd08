"""Distances come from the spacing scale and type from the type scale, both in `tokens.css`."""

import re

from servicedesk.launcher.running import ROOT

CSS = ROOT / "static" / "css"
DISTANCE = re.compile(r"^\s*((?:margin|padding|gap|row-gap|column-gap)[a-z-]*): (.*);$", re.M)
FONT = re.compile(r"^\s*(font): (.*\d+px.*);$", re.M)
# Distances that stand on no step of the scale, and sizes of type that stand once: ever fewer.
BESIDE_THE_SCALE = 68
FONTS_BESIDE_THE_SCALE = 24


def declared(pattern: re.Pattern[str]) -> list[str]:
    """Each length in pixels that is declared outside `tokens.css`, with its file."""
    return [
        f"{path.relative_to(CSS)}: {name} {pixels}"
        for path in sorted(CSS.rglob("*.css"))
        if path.name != "tokens.css"
        for name, value in pattern.findall(path.read_text())
        for pixels in re.findall(r"[\d.]+px", value)
    ]


def steps() -> dict[str, str]:
    """The steps of the spacing scale, by their names."""
    return dict(re.findall(r"--(s\d\w*): (\d+px);", (CSS / "tokens.css").read_text()))


def test_distances_come_from_the_scale():
    found = declared(DISTANCE)
    assert len(found) <= BESIDE_THE_SCALE, "\n".join(found)
    assert len(steps()) == len(set(steps().values())) == 12


def test_what_stands_on_the_scale_is_named_by_its_step():
    on_the_scale = [one for one in declared(DISTANCE) if one.split()[-1] in steps().values()]
    assert on_the_scale == []


def test_type_comes_from_the_scale():
    found = {one.rsplit(" ", 1)[0] for one in declared(FONT)}
    assert len(declared(FONT)) <= FONTS_BESIDE_THE_SCALE, "\n".join(sorted(found))


def test_no_style_of_the_whole_page_hangs_on_what_is_somewhere_in_it():
    """`body:has(.x)` draws the whole page anew with everything that comes or goes in it.

    What is right below may be asked for (`> main >`); what is deeper says itself by an attribute.
    """
    outermost = re.compile(
        r"(?:^|[\s,])(?:html|body|:root|\.desk|\.bar|\.main|\.panes)[^\s,]*?:has\((?!>)"
    )
    comments = re.compile(r"/\*.*?\*/", re.DOTALL)
    found = [
        f"{path.relative_to(CSS)}: {selector.strip()}"
        for path in CSS.rglob("*.css")
        for selector in re.findall(r"[^{}]+(?=\{)", comments.sub("", path.read_text()))
        if outermost.search(selector)
    ]
    assert found == []
