"""Damage the desk's own code.

Refusals, conditions, permissions, locks and re-checks that are taken out one by one.
"""

import ast
import copy
from collections.abc import Iterator
from pathlib import Path

from campaigns.mutants import LINKS, Mutant
from servicedesk.launcher.running import ROOT

PACKAGES = ("people", "tickets", "approvals", "posting")
CAREFUL = (
    "posting/",
    "people/authentication",
    "people/access",
    "people/tokens",
    "people/policies",
    "people/backends",
    "approvals/policies",
    "approvals/voiding",
    "tickets/policies",
    "people/inviting",
    "people/joining",
    "servicedesk/live/",
    "servicedesk/middleware",
)
BORING = (
    "migrations",
    "templatetags",
    "management",
    "demo",
    "_words",
    "/guards.py",
    "notice_kinds",
    "admin.py",
    "calendars",
    "/models/",
    "letters",
    "posts_of",
    "views/preferences",
    "views/directory",
    "views/company",
)
EXTRA = (
    "servicedesk/live",
    "servicedesk/middleware.py",
    "servicedesk/api/errors.py",
    "core/database/transitions.py",
    "core/errors.py",
)
LOCKS = {"select_for_update"}
LOCK_CALLS = {"lock_row"}


def files() -> Iterator[Path]:
    """The modules that are damaged."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))
    for name in EXTRA:
        yield from sorted((ROOT / name).rglob("*.py")) if (ROOT / name).is_dir() else [ROOT / name]


def mutants() -> Iterator[Mutant]:
    """Every damage to the code, in a steady order."""
    for path in files():
        place = path.relative_to(ROOT).as_posix()
        if any(word in place for word in BORING):
            continue
        yield from of_module(place, path.read_text())


def of_module(place: str, source: str) -> Iterator[Mutant]:
    """The damages of one module."""
    tree = ast.parse(source)
    module = place.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    counted: dict[str, int] = {}
    for function, qualified in functions(tree):
        for what, put in damages(function, careful=place.startswith(CAREFUL)):
            name = f"{place}: {qualified}: {what}"
            counted[name] = counted.get(name, 0) + 1
            if counted[name] > 1:
                name += f" ({counted[name]})"
            yield Mutant(
                name,
                module=module,
                source=rewritten(tree, put),
                part=ast.unparse(function),
                function=qualified,
                functions=frozenset(
                    {LINKS if what.startswith("without @") else f"{place}:{qualified}"}
                ),
            )


def functions(tree: ast.AST, before: str = "") -> Iterator[tuple[ast.FunctionDef, str]]:
    """Every function with its qualified name."""
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.FunctionDef):
            yield node, before + node.name
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{before}{node.name}.")


Put = dict[int, ast.AST | None]  # by id() of the node: what takes its place, or None to take it out


def damages(function: ast.FunctionDef, *, careful: bool) -> Iterator[tuple[str, Put]]:
    """What is done, and what takes the place of which node."""
    asks = function.name.startswith(("why_", "may_", "is_", "can_", "leads", "holds"))
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Name) and decorator.id.startswith("require_"):
            yield f"without @{decorator.id}", {id(decorator): None}
    for node in ast.walk(function):
        if isinstance(node, ast.If) and refuses(node, asks, careful):
            yield f"never: {short(node.test)}", {id(node.test): never(node.test)}
            yield from of_condition(node.test)
        elif isinstance(node, ast.Return) and asks and isinstance(node.value, ast.BoolOp):
            yield from of_condition(node.value)
        elif isinstance(node, ast.Return) and asks and node.value is not None and boolean(function):
            yield f"always true: {short(node.value)}", {id(node.value): ast.Constant(True)}
        elif isinstance(node, ast.Call):
            yield from of_call(node, careful)
        elif (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and name_of(node.value.func) in LOCK_CALLS
        ):
            yield f"no lock: {short(node)}", {id(node): ast.Pass()}


def refuses(node: ast.If, asks: bool, careful: bool) -> bool:
    """Whether this `if` says no: it raises, or leaves with nothing where that is a refusal."""
    if len(node.body) != 1 or node.orelse:
        return False
    only = node.body[0]
    if isinstance(only, ast.Raise):
        return True
    if isinstance(only, ast.Return):
        return asks or (careful and (only.value is None or isinstance(only.value, ast.Constant)))
    return careful and isinstance(only, ast.Continue)


def of_condition(test: ast.AST) -> Iterator[tuple[str, Put]]:
    """The condition without each of its operands."""
    for node in ast.walk(test):
        if isinstance(node, ast.BoolOp):
            neutral = isinstance(node.op, ast.And)
            for operand in node.values:
                yield (
                    f"without: {short(operand)}",
                    {id(operand): ast.Constant(neutral) if neutral else ast.Constant(None)},
                )


def of_call(node: ast.Call, careful: bool) -> Iterator[tuple[str, Put]]:
    """Locks, filters, and what a person may see."""
    name = name_of(node.func)
    if name in LOCKS and isinstance(node.func, ast.Attribute):
        yield (
            f"no lock: {short(node)}",
            {id(node): ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])},
        )
    elif name == "visible_to" and isinstance(node.func, ast.Name):
        every = ast.parse("visible_to.__globals__['Ticket'].objects.all()", mode="eval").body
        yield f"everything is visible: {short(node)}", {id(node): every}
    elif name in {"filter", "exclude"} and careful and isinstance(node.func, ast.Attribute):
        for keyword in node.keywords:
            if keyword.arg and len(node.keywords) + len(node.args) > 1:
                yield f"{name} without {keyword.arg}: {short(node)}", {id(keyword): None}


def boolean(function: ast.FunctionDef) -> bool:
    """Whether it answers yes or no."""
    return isinstance(function.returns, ast.Name) and function.returns.id == "bool"


def name_of(node: ast.AST) -> str:
    """The last name of what is called."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def never(test: ast.expr) -> ast.expr:
    """The condition is worked out and then held for false, so that what it names is there."""
    return ast.BoolOp(ast.And(), [test, ast.Constant(False)])


class Putting(ast.NodeTransformer):
    """Puts something else in the place of nodes."""

    def __init__(self, put: Put) -> None:
        self.put = put

    def visit(self, node: ast.AST) -> ast.AST | None:
        """One node."""
        if id(node) in self.put:
            return self.put[id(node)]
        return self.generic_visit(node)


def rewritten(tree: ast.Module, put: Put) -> str:
    """The module's source with the damage in it; the tree itself stays as it is."""
    memo: dict[int, object] = {}
    twin = copy.deepcopy(tree, memo)
    moved = {id(memo[old]): new for old, new in put.items()}
    return ast.unparse(ast.fix_missing_locations(Putting(moved).visit(twin)))


def short(node: ast.AST) -> str:
    """One line of it."""
    return " ".join(ast.unparse(node).split())[:110]
