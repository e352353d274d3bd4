"""The catalogue of "no": every code that the house says is in it, says what happened and what to do, and can happen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.refusal import Refusal
from tests.domain.ward import Ward, opened

ROOT = Path(__file__).parents[2]


def literals(*rooms: str) -> Iterator[str]:
    """Every text in the source of some rooms, the catalogue's own aside."""
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            if path.name != "catalogue.py":
                tree = ast.parse(path.read_text(encoding="utf-8"))
                yield from (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def refused(room: str) -> set[str]:
    """The codes of all `Refusal("...")` in the source of a room."""
    calls = (
        node
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal"
    )
    return {
        leaf.value
        for call in calls
        for leaf in ast.walk(call.args[0])
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and "." in leaf.value
    }


def test_every_refusal_in_the_source_is_in_the_catalogue() -> None:
    """A code without a sentence would reach the nurse as a code."""
    assert refused("cabinet") <= set(CATALOGUE)


def test_every_code_in_the_catalogue_is_said_somewhere() -> None:
    """A sentence that nothing leads to is a promise that nobody keeps."""
    said = set(literals("cabinet", "drivers"))
    assert {code for code in CATALOGUE if code not in said} == set()


def test_every_refusal_of_the_core_is_reached_by_the_domains_own_tests() -> None:
    """Each one has its story in this ring."""
    told = {
        node.value
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {code for code in refused("cabinet/domain") if code not in told} == set()


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_says_what_happened_and_what_to_do(code: str) -> None:
    """Two whole sentences, and a detail goes in brackets behind the first."""
    refusal = Refusal(code, "detail")
    assert refusal.sentence.endswith(". (detail)")
    assert refusal.remedy.endswith(".")
    assert Refusal(code).sentence.endswith(".")


@pytest.mark.parametrize("step", ["counts", "states", "cancels", "asks_again"])
def test_an_access_that_does_not_exist(step: str) -> None:
    """A tap on a page of yesterday."""
    ward = Ward()
    ward.signs_in()
    refusal = getattr(ward, step)(*([1] if step in {"counts", "states"} else []), access="ghost").refusal
    assert refusal is not None
    assert refusal.code == "access.unknown"


def test_an_open_drawer_is_not_asked_for_again() -> None:
    """It is open."""
    refusal = opened("withdraw", "p1").asks_again().refusal
    assert refusal is not None
    assert refusal.code == "access.not_now"
