"""Promises about the layout of helpdesk/: small modules and packages, names that are unique, imports without cycles.

Rules for imports between packages are in pyproject.toml, for import-linter. Here are those it does not see: cycles
between single modules, with the imports inside functions.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.databases import ON_POSTGRESQL

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "helpdesk"
MOST_MODULES_IN_THE_ROOT = 8
MOST_LINES_IN_A_MODULE = 300
MOST_LINES_IN_A_PACKAGE = 3_500

RIDDLES = re.compile(r"(?:What|Where|Whose|Whether|Who|How|Which)\b")
PRONOUNS = re.compile(r"\b(?:he|his|him)\b", re.IGNORECASE)
# Django finds a command by this name of its class.
SHARED_NAMES = {"Command"}


# What does not keep a promise yet: a rule and a name a line. It may only become shorter.
KNOWN = set(Path(__file__).with_name("structure_known.txt").read_text().splitlines())


def new(rule: str, found: Iterable[str]) -> list[str]:
    """Return what breaks the rule and is not known to."""
    return sorted({one for one in found if f"{rule} {one}" not in KNOWN})


@cache
def modules() -> dict[str, Path]:
    """All modules by their dotted names, without migrations."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            parts = path.relative_to(PROJECT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def documented(path: Path) -> Iterator[tuple[str, str]]:
    """The module, its classes and functions that have a docstring, by name, with its text."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
            text := ast.get_docstring(node)
        ):
            yield getattr(node, "name", ""), text


def test_root_holds_few_modules() -> None:
    found = [path.name for path in PACKAGE.glob("*.py")]
    assert len(found) <= MOST_MODULES_IN_THE_ROOT, found


def test_modules_are_short() -> None:
    assert new("long", (name(path) for path in modules().values() if lines(path) > MOST_LINES_IN_A_MODULE)) == []


def test_packages_are_small() -> None:
    sizes: Counter[str] = Counter()
    for module, path in modules().items():
        sizes[module.split(".")[1] if module.count(".") else ""] += lines(path)
    assert {package: size for package, size in sizes.items() if size > MOST_LINES_IN_A_PACKAGE} == {}


def test_class_names_are_unique() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in modules().values():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and node.name not in SHARED_NAMES:
                places[node.name].append(name(path))
    assert new("class", (f"{one}: {', '.join(found)}" for one, found in places.items() if len(found) > 1)) == []


def test_packages_say_what_they_are() -> None:
    packages = [path for path in modules().values() if path.name == "__init__.py"]
    assert new("package", (name(path) for path in packages if not ast.get_docstring(tree(path)))) == []


def test_docstrings_start_with_a_noun_or_a_verb() -> None:
    texts = [(f"{name(path)} {one}", text) for path in modules().values() for one, text in documented(path)]
    assert new("docstring", (place for place, text in texts if RIDDLES.match(text))) == []


@pytest.mark.parametrize("folder", ["helpdesk", "dev", "docs", "templates"])
def test_nobody_is_he(folder: str) -> None:
    files = [path for path in (PROJECT / folder).rglob("*") if path.suffix in {".py", ".md", ".html", ".txt"}]
    assert files
    assert new("pronoun", (name(path) for path in files if PRONOUNS.search(path.read_text()))) == []


def test_models_are_imported_and_not_looked_up() -> None:
    """`apps.get_model` hides an import from the rules about imports."""
    found = []
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr == "get_model" and "apps" in ast.unparse(node.value):
                found.append(name(path))
    assert new("lookup", found) == []


def outside_functions(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that run when the module is imported: not those in the bodies of functions."""
    for field, value in ast.iter_fields(node):
        if field == "body" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.Call):
                yield child
            if isinstance(child, ast.AST):
                yield from outside_functions(child)


def test_nothing_is_translated_while_modules_are_imported() -> None:
    """Such a text would keep the language that the process began with."""
    found = [
        f"{name(path)}:{call.lineno}"
        for path in modules().values()
        for call in outside_functions(tree(path))
        if isinstance(call.func, ast.Name) and call.func.id in ("gettext", "ngettext", "pgettext")
    ]
    assert found == []


def test_tests_on_postgresql_are_there() -> None:
    assert [path for path in ON_POSTGRESQL if not (PROJECT / path.partition("::")[0]).exists()] == []


def imports_of(path: Path) -> Iterator[str]:
    """The modules of helpdesk that a module imports, in functions too, but not for type checkers alone."""
    nodes: list[ast.AST] = [tree(path)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            nodes += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules():
                    yield whole
                elif node.module in modules():
                    yield node.module
        nodes += ast.iter_child_nodes(node)


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other (strongly connected components, by Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in sorted(graph[module]):
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            place = stack.index(module)
            group = sorted(stack[place:])
            del stack[place:]
            if len(group) > 1 or module in graph[module]:
                found.append(group)

    for module in sorted(graph):
        if module not in index:
            visit(module)
    return sorted(found)


def test_cycle_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}}
    assert cycles(graph) == [["b", "c"], ["d"]]


def test_modules_import_each_other_in_one_direction() -> None:
    graph = {module: set(imports_of(path)) - {module} for module, path in modules().items()}
    assert sum(map(len, graph.values())) > len(graph)
    assert new("cycle", map(" ".join, cycles(graph))) == []


def test_migrations_of_rows_use_no_code_of_the_portal() -> None:
    """It changes, and they must go on doing what they did."""
    rows = [path for path in PACKAGE.rglob("migrations/*.py") if "RunPython" in path.read_text()]
    assert len(rows) > 2
    imports = {
        name(path): re.findall(r"^\s*(?:from|import) helpdesk\S*", path.read_text(), re.MULTILINE) for path in rows
    }
    assert {path: found for path, found in imports.items() if found} == {}
