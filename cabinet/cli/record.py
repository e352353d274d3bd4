"""Records of reference data between the command line and the cabinet: fetched, amended by what was named, sent back whole.

Alone knows: that what is not named stays, and that a record that there is not is a slip of the keyboard. Must not know: any field.
"""

from typing import TYPE_CHECKING, Any

from cabinet.cli.exit_code import ExitCode, Stopped

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json


def named(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given: a list that is empty, or nothing at all, was not."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items() if value not in {None, ()}}


async def known(bench: "Bench", path: str, name: str, key: str = "id") -> "Json | None":
    """One record of a list."""
    rows: list[dict[str, Any]] = await bench.ask("GET", path)
    return next((row for row in rows if row[key] == name), None)


async def amended(bench: "Bench", path: str, name: str, options: dict[str, Any], fields: tuple[str, ...]) -> "Json":
    """A record that there is, with what was named in place of what was. Ends the command where there is none."""
    found = await known(bench, path, name)
    if found is None:
        raise Stopped(f"there is no {name}", ExitCode.USAGE)
    told: dict[str, Any] = await bench.ask("PUT", f"{path}/{name}", json={key: found[key] for key in fields} | named(options))
    return told


async def added(bench: "Bench", path: str, name: str, options: dict[str, Any]) -> "Json":
    """A new record. Ends the command where there is one of this name."""
    if await known(bench, path, name) is not None:
        raise Stopped(f"there is a {name} already; use change", ExitCode.USAGE)
    told: dict[str, Any] = await bench.ask("PUT", f"{path}/{name}", json=named(options))
    return told
