"""What the eye meets: width of lines, length of functions, one thing at a time.

`python -m tests.rules.test_form` prints the figures.
"""

import ast
import functools
import statistics
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from servicedesk.launcher.running import ROOT

KINDS = {
    "Python": ("*.py", 100),
    "HTML": ("*.html", 120),
    "CSS": ("*.css", 100),
    "JavaScript": ("*.js", 100),
    "SQL": ("*.sql", 100),
}
ELSEWHERE = {"assets", ".venv", ".git", "node_modules", "vendor", "staticfiles", "__pycache__"}
# What is still to be mended, and only ever shrinks: a figure that is better than this is written
# down here.
TOO_WIDE = {"Python": 0, "HTML": 0, "CSS": 0, "JavaScript": 0, "SQL": 0}
# Half of the lines are not longer than this: where they are, several elements stand on one line.
MEDIANS = {"HTML": 45}
LONGEST_FUNCTION = 40
LONG_FUNCTIONS = 0


def files(pattern: str) -> Iterator[Path]:
    """Each file of ours of this kind. A frozen copy in a migration folder stays as it was."""
    for path in sorted(ROOT.rglob(pattern)):
        parts = set(path.relative_to(ROOT).parts)
        if not parts & ELSEWHERE and "migrations" not in parts:
            yield path


@functools.cache
def lines(kind: str) -> list[tuple[str, int, str]]:
    """Each line that is not empty: its file, its number, itself."""
    pattern, _width = KINDS[kind]
    return [
        (str(path.relative_to(ROOT)), number, line)
        for path in files(pattern)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if line.strip()
    ]


def too_wide(kind: str) -> list[str]:
    """The lines that are wider than their kind allows, as `file:line width`."""
    _pattern, width = KINDS[kind]
    return [
        f"{name}:{number} {len(line)}" for name, number, line in lines(kind) if len(line) > width
    ]


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines the function's docstring has; they do not count as its length."""
    first = node.body[0]
    if ast.get_docstring(node) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def long_functions() -> list[str]:
    """The functions with more lines than fit on a screen, as `file:line name length`."""
    found = []
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)
                if length > LONGEST_FUNCTION:
                    found.append(f"{name}:{node.lineno} {node.name} {length}")
    return found


@functools.cache
def trees() -> dict[str, ast.Module]:
    """Each Python file of ours, parsed, by its name."""
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in files("*.py")}


def packed_constants(tree: ast.Module) -> list[ast.Assign]:
    """Return the assignments to several names at once of a module and of its classes.

    `A, B = 1, 2`: each constant has a line of its own.
    """
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    return [
        statement
        for body in bodies
        for statement in body
        if isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Tuple | ast.List) for target in statement.targets)
    ]


def nested_conditions(tree: ast.Module) -> list[ast.IfExp]:
    """Return the conditional expressions that hold another one, however deep inside."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.IfExp)
        and sum(isinstance(one, ast.IfExp) for one in ast.walk(node)) > 1
    ]


def places(find: Callable[[ast.Module], Iterable[ast.stmt | ast.expr]]) -> list[str]:
    """Return where in the whole tree something is found, as `file:line`."""
    return [f"{name}:{node.lineno}" for name, tree in trees().items() for node in find(tree)]


def figures() -> Iterator[str]:
    """One line for each kind.

    How many lines, the median, the 90th percentile, the longest, how many too wide.
    """
    for kind, (_pattern, width) in KINDS.items():
        widths = sorted(len(line) for _name, _number, line in lines(kind))
        if widths:
            yield (
                f"{kind:11} {len(widths):6} lines, median {statistics.median(widths):g}, "
                f"90th percentile {widths[len(widths) * 9 // 10]}, longest {widths[-1]}, "
                f"{len(too_wide(kind))} over {width}"
            )
    yield f"functions over {LONGEST_FUNCTION} lines: {len(long_functions())}"
    yield f"packed constants: {len(places(packed_constants))}"
    yield f"nested conditional expressions: {len(places(nested_conditions))}"


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_is_too_wide(kind):
    found = too_wide(kind)
    assert len(found) <= TOO_WIDE[kind], "\n".join(found[:40])


@pytest.mark.parametrize("kind", MEDIANS)
def test_half_of_the_lines_are_short(kind):
    assert statistics.median(len(line) for _name, _number, line in lines(kind)) <= MEDIANS[kind]


def test_no_function_is_longer_than_a_screen():
    found = long_functions()
    assert len(found) <= LONG_FUNCTIONS, "\n".join(found)


def test_each_constant_stands_on_a_line_of_its_own():
    assert places(packed_constants) == []


def test_no_conditional_expression_holds_another_one():
    assert places(nested_conditions) == []


def test_both_are_found_where_they_stand():
    source = """
A, B = 1, 2
C = D = 3
one, two = [4, 5]


class Kind:
    on, title = "x", "y"

    def shown(self):
        left, right = self.pair
        return left if left else right


def chosen(first, second):
    return "a" if first else ("b" if second else "c")


def listed(names):
    return [f"{name}{'!' if name else ''}" for name in names] if names else []
"""
    tree = ast.parse(source)
    assert [one.lineno for one in packed_constants(tree)] == [2, 4, 8]
    assert [one.lineno for one in nested_conditions(tree)] == [16, 20]


if __name__ == "__main__":
    print("\n".join(figures()))
