"""Fails a test that leaves something running or open: a task, a thread, a file, a socket or a process.

Alone knows: what was there before a test, what is there after it, and what may stay.
Must not know: any test or any room of the house.

What a fixture of wider scope than one test opens while it is set up may stay until that scope ends. A test that leaves
something open on purpose says so, with its reason: `@pytest.mark.leaves_open("...")`.
"""

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

GRACE_S = 2.0
PACE_S = 0.01
TURNS = 20
TASK_CHECK = "no_task_left"


@dataclass(frozen=True)
class Open:
    """What one process holds at one moment."""

    threads: frozenset[threading.Thread]
    files: frozenset[tuple[int, str]]
    children: frozenset[int]

    def without(self, other: "Open") -> "Open":
        """What is open here and was not there."""
        return Open(self.threads - other.threads, self.files - other.files, self.children - other.children)

    def joined(self, other: "Open") -> "Open":
        """What is open in either."""
        return Open(self.threads | other.threads, self.files | other.files, self.children | other.children)

    def sentences(self) -> list[str]:
        """One line for each thing."""
        return [
            *(f"thread {thread.name!r}" for thread in self.threads),
            *(f"file {number} -> {target}" for number, target in sorted(self.files)),
            *(f"process {child}: {_command(child)}" for child in sorted(self.children)),
        ]


NOTHING = Open(frozenset(), frozenset(), frozenset())
BEFORE = pytest.StashKey[Open]()
WIDER = pytest.StashKey[Open]()


def _files() -> frozenset[tuple[int, str]]:
    found = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            found.add((int(link.name), str(link.readlink())))
        except OSError:
            continue  # the folder's own descriptor, closed by now
    return frozenset(found)


def _children() -> frozenset[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found.update(int(child) for child in (task / "children").read_text().split())
        except OSError:
            continue  # a thread that ended meanwhile
    return frozenset(found)


def _command(child: int) -> str:
    try:
        return (
            Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() or "ended, never waited for"
        )
    except OSError:
        return "gone"


def _look() -> Open:
    return Open(frozenset(threading.enumerate()), _files(), _children())


def _left(before: Open) -> Open:
    """What outlives a test, after a short grace for threads on their way out and for garbage."""
    left = _look().without(before)
    deadline_s = time.monotonic() + GRACE_S
    while left != NOTHING and time.monotonic() < deadline_s:
        gc.collect()
        time.sleep(PACE_S)
        left = _look().without(before)
    return left


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Remember what was open before the first fixture of this test."""
    item.stash[BEFORE] = _look()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Generator[None, object, object]:
    """Let stay what a fixture of wider scope opens."""
    if fixturedef.scope == "function":
        return (yield)
    before = _look()
    result = yield
    opened = _look().without(before)
    request.config.stash[WIDER] = request.config.stash.get(WIDER, NOTHING).joined(opened)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Compare, once every fixture of this test is gone."""
    result = yield
    before = item.stash[BEFORE]
    del item.stash[BEFORE]
    if item.get_closest_marker("leaves_open") is None:
        left = _left(before.joined(item.config.stash.get(WIDER, NOTHING)))
        if left != NOTHING:
            pytest.fail("the test left open: " + "; ".join(left.sentences()), pytrace=False)
    return result


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have every asynchronous test watched by the check that lives inside its loop, outside its other fixtures."""
    for item in items:
        if pytest_asyncio.is_async_test(item) and TASK_CHECK not in item.fixturenames:
            item.fixturenames.insert(0, TASK_CHECK)


@pytest.fixture
async def no_task_left(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Fails a test that leaves a task behind; tasks that were cancelled get a few turns of the loop to end."""
    before = asyncio.all_tasks()
    yield
    for _ in range(TURNS):
        left = asyncio.all_tasks() - before - {asyncio.current_task()}
        if not left:
            return
        await asyncio.sleep(0)
    if request.node.get_closest_marker("leaves_open") is None:
        pytest.fail("the test left tasks running: " + "; ".join(sorted(str(task.get_coro()) for task in left)), pytrace=False)
