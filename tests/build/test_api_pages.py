"""Every public name of the package has its entry in the API reference, and every entry is a public name."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import mlcourse

PAGES = Path(__file__).parents[2] / "book" / "api"
ENTRY = re.compile(r"^\.\. auto(?:function|class|exception|data):: (mlcourse\.\S+)\.(\w+)$", re.M)
SUMMARY = re.compile(r"^   (\w+)$", re.M)


def public_modules():
    """All modules in whose path no name begins with an underscore."""
    found = [info.name for info in pkgutil.walk_packages(mlcourse.__path__, "mlcourse.")]
    return [importlib.import_module(name) for name in found if "._" not in name]


def public_names(module):
    """What the module says is public; if it says nothing, what it defines without an underscore."""
    defined = [name for name, value in vars(module).items()
               if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__]
    # Of modules inside a package only what they declare: the package names what is public of the rest.
    return getattr(module, "__all__", defined if module.__name__.count(".") == 1 else [])


def entries():
    """Pairs (module, name) of the entries on all pages, in the order of the pages."""
    return [pair for page in sorted(PAGES.glob("*.md")) for pair in ENTRY.findall(page.read_text(encoding="utf-8"))]


def test_every_public_name_has_an_entry():
    # By identity, for a function is offered by its package as well as by the file that defines it.
    described = [getattr(importlib.import_module(module), name, None) for module, name in entries()]
    missing = [f"{module.__name__}.{name}" for module in public_modules() for name in public_names(module)
               if not any(getattr(module, name) is value for value in described)]
    assert not missing, f"not in the pages of book/api: {missing}"


def test_every_entry_is_a_public_name_with_a_docstring():
    wrong = []
    for module_name, name in entries():
        module = importlib.import_module(module_name)
        value = getattr(module, name, None)
        if name not in public_names(module) or (callable(value) and not (value.__doc__ or "").strip()):
            wrong.append(f"{module_name}.{name}")
    assert not wrong, f"entries in book/api without a public, documented object: {wrong}"


def test_no_entry_stands_twice():
    found = entries()
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.name)
def test_summary_lists_the_entries_of_its_page(page):
    text = page.read_text(encoding="utf-8")
    assert SUMMARY.findall(text) == [name for _, name in ENTRY.findall(text)]


def test_index_links_every_page():
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    missing = [page.name for page in PAGES.glob("*.md") if page.name != "index.md" and f"({page.name})" not in index]
    assert not missing, f"book/api/index.md does not link {missing}"


def test_equations_named_in_docstrings_stand_in_the_book():
    package, book = Path(mlcourse.__file__).parent, PAGES.parent
    named = {label for file in package.rglob("*.py") for label in re.findall(r"\beq-[a-z-]+\b", file.read_text("utf-8"))}
    defined = {label for file in book.rglob("*.md") for label in re.findall(r"^\$\$ \((eq-[a-z-]+)\)$", file.read_text("utf-8"), re.M)}
    assert named and named <= defined, sorted(named - defined)
