"""The table of permissions declares no method that an address refuses from everybody.

The campaign asks every cell; a sample of it runs with every change, this for all.
"""

from django.urls import get_resolver

from campaigns.permission_table import TABLE


def views_by_name() -> dict[str, object]:
    """Every named view of the desk."""
    found: dict[str, object] = {}
    waiting = [get_resolver()]
    while waiting:
        for one in waiting.pop().url_patterns:
            if hasattr(one, "url_patterns"):
                waiting.append(one)
            elif one.name:
                found[one.name] = one.callback
    return found


def methods_of(view) -> set[str] | None:
    """The methods that `require_POST` and its like let through; None where nothing says it."""
    while view is not None:
        free = getattr(getattr(view, "__code__", None), "co_freevars", ())
        if "request_method_list" in free:
            return set(view.__closure__[free.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return None


def test_no_method_is_declared_that_an_address_refuses():
    views = views_by_name()
    held = {key: methods_of(views.get(key.split()[0])) for key in TABLE}
    narrow = {key: methods for key, methods in held.items() if methods}
    assert len(narrow) > 30
    assert {
        key: set(TABLE[key]) - methods
        for key, methods in narrow.items()
        if set(TABLE[key]) - methods
    } == {}
