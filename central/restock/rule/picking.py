"""What people do with a pick list at the pharmacy: pick its lines, check them, send it off.

Alone knows: what must be said before each stage, and that who checks is not who picked. Must not know: rows, wires, paper.
"""

from dataclasses import dataclass, replace

from central.restock.rule.picklist import SHORT, Line, NotDone, PickList, Stage, changed, moved

PICKED_IN = frozenset({Stage.MADE, Stage.PICKING})


@dataclass(frozen=True, slots=True)
class Picked:
    """What somebody took from the shelf for a line. `reason` is due where it is less than was asked."""

    units: int
    by: str
    reason: str = ""
    lot: str | None = None
    expiry: str | None = None
    is_scanned: bool = False


def pick(given: PickList, number: int, said: Picked, at: str) -> PickList:
    """A line is picked, or found short; the first one begins the picking. Raises NotDone."""
    line = given.line(number)
    if given.stage not in PICKED_IN:
        raise NotDone("picklist.stage", f"{given.id} is {given.stage.replace('_', ' ')}: nothing is picked for it now.")
    if not said.by.strip():
        raise NotDone("picklist.nobody", "Say who you are: a list keeps who did what.")
    if not 0 <= said.units <= line.units:
        raise NotDone("picklist.units", f"Line {number} asks for {line.units}: pick that many or fewer.")
    if said.units < line.units and said.reason not in SHORT:
        raise NotDone("picklist.reason", f"Say why it is fewer than {line.units}: {', '.join(SHORT.values())}.")
    if said.units and said.expiry is not None and said.expiry < at[:10]:
        raise NotDone("picklist.expired", f"It expired on {said.expiry}: it stays here.")
    begun = moved(given, Stage.PICKING, at, said.by) if given.stage is Stage.MADE else given
    reason = said.reason if said.units < line.units else ""
    lot, expiry = (said.lot or None, said.expiry or None) if said.units else (None, None)
    return changed(
        begun, number,
        lambda one: replace(
            one, picked=said.units, reason=reason, lot=lot, expiry=expiry, is_scanned=said.is_scanned, picked_by=said.by.strip(),
            checked_by="",
        ),
    )  # fmt: skip


def finish(given: PickList, by: str, at: str) -> PickList:
    """Everything is picked or short. What is wholly short is a need again; a list with nothing on it is over. Raises NotDone."""
    open_ones = [str(line.number) for line in given.lines if line.picked is None]
    if open_ones:
        raise NotDone("picklist.lines_left", f"Nobody has said anything of line {', '.join(open_ones)} yet.")
    done = moved(given, Stage.PICKED, at, by)
    done = replace(done, lines=tuple(replace(line, is_open=bool(line.goes)) for line in done.lines))
    is_empty = not any(line.goes for line in done.lines)
    return moved(done, Stage.CLOSED, at, by, "nothing could be picked") if is_empty else done


def check_line(given: PickList, number: int, by: str) -> PickList:
    """A second person compared what was picked with its line. Raises NotDone."""
    line = given.line(number)
    if given.stage is not Stage.PICKED:
        raise NotDone("picklist.stage", f"{given.id} is {given.stage.replace('_', ' ')}: it is checked once it is picked.")
    _ensure_other(line, by)
    return changed(given, number, lambda one: replace(one, checked_by=by.strip()))


def check(given: PickList, by: str, at: str) -> PickList:
    """What asks for it was checked line by line; the list may leave. Raises NotDone."""
    if given.lacks_check:
        numbers = ", ".join(str(line.number) for line in given.lacks_check)
        raise NotDone("picklist.unchecked", f"A pharmacist has still to check line {numbers}.")
    return moved(given, Stage.CHECKED, at, by)


def send_back(given: PickList, number: int, by: str, at: str, said: str) -> PickList:
    """What was picked is not what the line says: it is picked again. Raises NotDone."""
    if given.stage is not Stage.PICKED:
        raise NotDone("picklist.stage", f"{given.id} is {given.stage.replace('_', ' ')}: nothing is sent back to the shelf now.")
    if not said.strip():
        raise NotDone("picklist.reason", "Say what was wrong: the picker reads it.")
    _ensure_other(given.line(number), by)
    back = moved(given, Stage.PICKING, at, by, f"line {number}: {said}")
    return changed(
        back, number, lambda one: replace(one, picked=None, is_scanned=False, lot=None, expiry=None, checked_by="", is_open=True)
    )


def send(given: PickList, by: str, carried_by: str, at: str) -> PickList:
    """It leaves the pharmacy in somebody's hands. Raises NotDone."""
    if not carried_by.strip():
        raise NotDone("picklist.nobody", "Say who carries it: the cabinet is told.")
    return replace(moved(given, Stage.ON_ITS_WAY, at, by), carried_by=carried_by.strip())


def _ensure_other(line: Line, by: str) -> None:
    if not by.strip():
        raise NotDone("picklist.nobody", "Say who you are: a list keeps who did what.")
    if by.strip().casefold() == line.picked_by.casefold():
        raise NotDone("picklist.own", f"{line.picked_by} picked line {line.number}: another person checks it.")
