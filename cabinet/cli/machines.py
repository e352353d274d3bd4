"""Draws the machines of the core: `python -m cabinet.cli.machines > docs/state-machines.md`.

Alone knows: how a table of transitions becomes a page. Must not know: what any row means.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import click

from cabinet.domain import access, cabinet_mode
from cabinet.domain.lock import drawer
from cabinet.domain.surroundings import fridge, power
from drivers import part

HEAD = """# The machines of the core

Tables decide everything that has a state: a drawer or lid, an access, the cabinet, a fridge, the power, and outside the core the
health of a board or a line. Each is one literal list, `ROWS`, in the file named below, and this page is drawn from it (`make docs`; a test
compares them). Whatever stands in no row does not happen: for a drawer that would be a bug, for an access it is a late tap or a late edge.
"""

MACHINES: tuple[tuple[str, ModuleType, list[str], str], ...] = (
    ("A drawer or a lid", drawer, drawer.STATES, "unknown"),
    ("An access", access, access.PHASES, "requested"),
    ("The cabinet", cabinet_mode, cabinet_mode.MODES, "starting"),
    ("A fridge", fridge, fridge.STATES, "unknown"),
    ("The power", power, power.STATES, "unknown"),
    ("The health of a board or a line", part, part.STATES, "ok"),
)
"""title, the module with the table, its states in order, and where it begins."""


def _steps(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, str | None, str]]:
    """(state, trigger, target or None, condition) for each row and each of its sources."""
    for row in rows:
        sources = [row["source"]] if isinstance(row["source"], str) else row["source"]
        condition = row["conditions"].__name__.strip("_").replace("_", " ") if "conditions" in row else ""
        yield from ((source, row["trigger"], row["dest"], condition) for source in sources)


def _section(title: str, module: ModuleType, states: list[str], initial: str) -> Iterator[str]:
    steps = list(_steps(module.ROWS))
    yield f"\n## {title}\n"
    yield f"From `{module.__name__.replace('.', '/')}.py`.\n"
    yield "```mermaid\nstateDiagram-v2"
    yield f"    [*] --> {initial}"
    for source, trigger, target, condition in steps:
        if target is not None:
            yield f"    {source} --> {target}: {trigger}" + (f" [{condition}]" if condition else "")
    known = {source for source, *_ in steps}
    yield from (f"    {state} --> [*]" for state in states if state not in known)
    yield "```\n"
    noted = {state: [trigger for source, trigger, target, _ in steps if source == state and target is None] for state in states}
    yield "Seen or noted, and the state stays:\n"
    yield "| in | trigger |\n|---|---|"
    yield from (f"| {state} | {', '.join(triggers)} |" for state, triggers in noted.items() if triggers)


def page() -> str:
    """The whole page, in Markdown with Mermaid diagrams."""
    return HEAD + "\n".join(line for machine in MACHINES for line in _section(*machine)) + "\n"


if __name__ == "__main__":
    click.echo(page(), nl=False)
