"""One way down: listing ← parties ← audit ← inventory ← orders ← sesam, in imports and in foreign keys."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["listing", "parties", "audit", "inventory", "orders", "sesam"]  # lowest first
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def sources(app: str) -> list[Path]:
    return sorted((ROOT / app).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and top package of every absolute import, the ones inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.partition(".")[0]


def related(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and app of every relation that names its model by a string, as models may and migrations do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RELATIONS:
            targets = [
                *node.args[:1],
                *(keyword.value for keyword in node.keywords if keyword.arg in ("to", "through")),
            ]
            for target in targets:
                if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
                    yield node.lineno, target.value.partition(".")[0].lower()


def depended(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and app of every migration that a migration waits for or goes before."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("dependencies", "run_before"):
            for pair in ast.walk(node.value):
                if isinstance(pair, ast.Tuple) and pair.elts and isinstance(pair.elts[0], ast.Constant):
                    yield pair.lineno, str(pair.elts[0].value)


@pytest.mark.parametrize("app", LAYERS)
def test_points_only_down(app: str) -> None:
    above = set(LAYERS[LAYERS.index(app) + 1 :])
    found = []
    for path in sources(app):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for look in (imported, related, depended):
            found += [f"{path.relative_to(ROOT)}:{line} → {target}" for line, target in look(tree) if target in above]
    assert found == []


@pytest.mark.parametrize("app", LAYERS)
def test_has_sources(app: str) -> None:
    assert sources(app), "the test above would pass on an empty folder"


def test_sees_each_way_up() -> None:
    source = """
import orders.models
def late():
    from orders import access
order = models.ForeignKey(to="orders.Order", on_delete=models.PROTECT)
lines = models.ManyToManyField("orders.OrderLine")
dependencies = [("orders", "0001_orders")]
"""
    tree = ast.parse(source)
    assert [target for look in (imported, related, depended) for _line, target in look(tree)] == ["orders"] * 5


def test_no_signals() -> None:
    users = [
        str(path.relative_to(ROOT))
        for app in LAYERS
        for path in sources(app)
        if "django.dispatch" in path.read_text(encoding="utf-8")
        or "db.models.signals" in path.read_text(encoding="utf-8")
    ]
    assert users == []
