"""The parts of CONTRIBUTING.md that follow from the code: `python -m tests.contributing` writes them."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "CONTRIBUTING.md"


def code_map() -> str:
    """Return a line for each package and module of `helpdesk/`, with the first sentence of its docstring."""
    entries = sorted((PROJECT / "helpdesk").iterdir())
    packages = [entry for entry in entries if (entry / "__init__.py").exists()]
    modules = [entry for entry in entries if entry.suffix == ".py" and entry.name != "__init__.py"]
    lines = [f"{package.name + '/':<17}{_first_sentence(package / '__init__.py')}" for package in packages]
    lines += [f"{module.name:<17}{_first_sentence(module)}" for module in modules]
    return "```\n" + "\n".join(lines) + "\n```\n"


def _first_sentence(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    paragraph = " ".join(docstring.partition("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s", paragraph, maxsplit=1)[0]


def import_order() -> str:
    """Return the layers of `[tool.importlinter]`, the upper ones first."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return " ›\n".join(f"`{layer.replace(' | ', ', ')}`" for layer in layers) + "\n"


BLOCKS = {"map": code_map, "import order": import_order}


def written(text: str) -> str:
    """Return the page with its generated blocks as they should be."""
    for name, block in BLOCKS.items():
        pattern = rf"(<!-- generated: {name} -->\n).*?(?=<!-- end -->)"
        text, found = re.subn(pattern, lambda match, block=block: match[1] + block(), text, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"CONTRIBUTING.md needs one block {name!r}.")
    return text


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
