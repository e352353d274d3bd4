"""The habits of the house, read from its source.

Alone knows: what a module opens with, which names say nothing, and what no file may hold.
Must not know: what any module does.
"""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.size import all_lengths
from tests.house.source import CODE, PACKAGES, ROOT, modules, name, project_files

EMPTY_NAMES = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "manager",
    "managers",
    "base",
    "misc",
    "lib",
    "shared",
    "stuff",
    "tool",
    "tools",
}
EMPTY_ENDINGS = ("Manager", "Helper", "Util", "Utils", "Base", "Impl")
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org", "deb.debian" + ".org", "archive.ubuntu" + ".com")
MACHINE_PATH = re.compile(r"(?<![\w.~<>-])/(?:home|root|work|Users)/[\w.]")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
ROOM = re.compile(r"`((?:bench|cabinet|central|config|docs|drivers|firmware_sim|tests)/[\w./-]*)`")


def test_every_module_opens_with_what_it_is_for_and_where_its_knowledge_ends() -> None:
    """A reader knows after three lines whether this is the file; a writer knows what must not go in."""
    silent = []
    for file in modules(*PACKAGES):
        tree = ast.parse(file.read_text())
        docstring = ast.get_docstring(tree) or ""
        is_bare_package = file.name == "__init__.py" and len(tree.body) <= bool(docstring)
        if not is_bare_package and not ("Alone knows:" in docstring and "Must not know:" in docstring):
            silent.append(name(file))
    assert silent == []


def test_every_test_says_why_it_matters() -> None:
    """Who breaks a test learns from its docstring what would go wrong in a ward; without one they learn to edit the test."""
    silent = [
        f"{name(file)}:{node.lineno} {node.name}"
        for file in modules("tests")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_name_is_empty() -> None:
    """What is called a helper has no place of its own, and so grows without end."""
    empty = [name(file) for file in modules(*CODE, "tests") if {file.stem, *file.relative_to(ROOT).parts[:-1]} & EMPTY_NAMES]
    for file in modules(*CODE):
        empty += [
            f"{name(file)}: {node.name}"
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.ClassDef) and node.name.endswith(EMPTY_ENDINGS)
        ]
    assert empty == []


def test_no_file_or_function_is_beyond_reading() -> None:
    """Long is a question (`make check` asks it); this long is no longer one."""
    assert [length for length in all_lengths() if length.lines > length.fault] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_the_one_of_this_checkout(package: str) -> None:
    """`config`, `drivers` and `central` are very general names: another package of that name must not be what is tested."""
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).is_relative_to(ROOT)


def _configured_registries() -> set[str]:
    settings = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"https?://(?:[^@/\s]*@)?([\w.-]+\.\w+)", settings))


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    """Whoever clones this has other registries and other folders."""
    hosts = re.compile("|".join(re.escape(host) for host in {*REGISTRIES, *_configured_registries()}))
    found = []
    for file in project_files():
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue  # an image or a recording
        found += [f"{name(file)}: {match[0]}" for pattern in (hosts, MACHINE_PATH) for match in pattern.finditer(text)]
        found += [f"{name(file)}: {ROOT}"] if str(ROOT) in text else []
    assert found == []


def test_every_link_between_documents_leads_somewhere() -> None:
    """A document is the reader's door; a door that opens on nothing is worse than none."""
    lost = [
        f"{name(file)} -> {target}"
        for file in project_files()
        if file.suffix == ".md"
        for target in LINK.findall(file.read_text())
        if "://" not in target and not target.startswith("mailto:") and not (file.parent / target).exists()
    ]
    assert lost == []


def test_every_room_that_a_document_names_is_there() -> None:
    """Who follows the path of a request opens the files on it."""
    lost = [
        f"{name(file)}: {room}"
        for file in project_files()
        if file.suffix == ".md"
        for room in ROOM.findall(file.read_text())
        if not (ROOT / room).exists()
    ]
    assert lost == []


def test_every_page_is_on_the_index_of_the_documentation() -> None:
    """Who does not know that a page is there does not look for it. Decisions are listed by their folder."""
    index = (ROOT / "docs/README.md").read_text()
    pages = [file for file in (ROOT / "docs").rglob("*.md") if file.parent.name != "decisions" and file.name != "README.md"]
    assert [name(file) for file in pages if f"({file.relative_to(ROOT / 'docs').as_posix()})" not in index] == []
