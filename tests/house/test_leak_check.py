"""The leak check catches what is planted, and lets stay what may.

Alone knows: one example of each kind of leak.
Must not know: how the check looks.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTED = """
import asyncio, socket, subprocess, threading
import pytest

KEPT = []

def test_leaks_a_thread():
    threading.Thread(target=threading.Event().wait, args=(30,), daemon=True, name="planted thread").start()

def test_leaks_a_file(tmp_path):
    KEPT.append(open(tmp_path / "planted file", "w"))

def test_leaks_a_socket():
    KEPT.append(socket.socket())

def test_leaks_a_process():
    KEPT.append(subprocess.Popen(["sleep", "30"]))

async def test_leaks_a_task():
    KEPT.append(asyncio.create_task(asyncio.sleep(30), name="planted task"))

@pytest.fixture
async def leaky():
    KEPT.append(asyncio.create_task(asyncio.sleep(31)))
    yield

async def test_whose_fixture_leaks_a_task(leaky):
    pass
"""

CLEAN = """
import asyncio, socket, threading
import pytest

@pytest.fixture(scope="module")
def wide():
    with socket.socket() as held:
        yield held

@pytest.fixture
async def served():
    task = asyncio.create_task(asyncio.sleep(30))
    yield
    task.cancel()

def test_uses_a_wide_fixture(wide):
    pass

def test_closes_what_it_opens(tmp_path):
    (tmp_path / "file").write_text("closed again")
    thread = threading.Thread(target=print)
    thread.start()

async def test_has_no_task_left(served):
    await asyncio.to_thread(print)

@pytest.mark.leaves_open("to show how it is said")
def test_says_that_it_leaves_something_open():
    threading.Thread(target=threading.Event().wait, args=(30,), daemon=True).start()

def test_after_it_is_not_blamed():
    pass
"""


def _run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str) -> pytest.RunResult:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\nasyncio_mode = auto\nmarkers = leaves_open(why): x\n")
    pytester.makeconftest('pytest_plugins = ["tests.leak_check"]\nimport tests.leak_check\ntests.leak_check.GRACE_S = 0.2\n')
    pytester.makepyfile(source)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider")


def test_every_kind_of_leak_fails_its_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread or socket that outlives its test makes another test fail later, where nobody looks for the cause."""
    result = _run(pytester, monkeypatch, PLANTED)
    result.assert_outcomes(passed=6, errors=6)
    result.stdout.fnmatch_lines_random(
        [
            "*left open: thread 'planted thread'*",
            "*left open: file * -> */planted file*",
            "*left open: file * -> socket:*",
            "*left open: process *sleep 30*",
            "*left tasks running: <coroutine object sleep*",
        ]
    )


def test_what_is_closed_or_declared_passes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that cries wolf gets switched off."""
    _run(pytester, monkeypatch, CLEAN).assert_outcomes(passed=5)
