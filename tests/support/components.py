"""Whether a page draws a part of the desk just as its component does."""

from typing import Any

from django.template.loader import render_to_string

from tests.support.same_pages import tokens


def draws(page: str, name: str, context: dict[str, Any]) -> bool:
    """Whether the component's elements, attributes and words stand together in this page."""
    component = render_to_string(f"components/{name}.html", context)
    part, whole = ([one for one in tokens(text) if one != " "] for text in (component, page))
    return any(whole[at : at + len(part)] == part for at in range(len(whole)))
