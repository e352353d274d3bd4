"""Plans: levels that somebody chose, sent to one cabinet first, then to the others, and taken back as easily.

Alone knows: the order of steps, and what may not be sent. Must not know: how advice is found, tables, HTTP.

Sending is a version of the document `pars`. Undoing is another one, in which the plan's pockets stand as they did before: a pocket that
somebody has changed since keeps what it was given, and that is said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cabinet.domain.vocabulary import utc_text
from central.document.dispatch import is_behind
from central.document.office import Approved, DocumentOffice
from central.par.rule import Criticality
from central.plan.store import Plan, PlanLine, PlanStore, Step
from central.plan.value import Numbers
from config.document import ParRecord

SENT, UNDONE = "sent", "undone"
PARS = "pars"


class NotNow(ValueError):
    """What was asked for is not done; the text says why, and what to do first."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A plan at one of its cabinets. `state`: waiting, sent (on its way), taken, refused or undone."""

    cabinet: str
    is_pilot: bool
    state: str
    why: str
    lines: tuple[PlanLine, ...]
    last: Step | None


class PlanDesk:
    """Over the plans of one pharmacy and its documents. `marks` says how much hangs on items, `stood` what stands at a cabinet now."""

    def __init__(
        self, store: PlanStore, documents: DocumentOffice, now: Callable[[], datetime], marks: Callable[[], Mapping[str, Criticality]],
        stood: Callable[[str], Mapping[str, Numbers]],
    ) -> None:  # fmt: skip
        self._store, self._documents, self._now, self._marks, self._stood = store, documents, now, marks, stood

    def make(self, pilot: str, lines: Sequence[PlanLine], *, by: str, why: str) -> Plan:
        """A new plan; nothing is sent. What it changes is what stands now, however old its advice is. Raises NotNow."""
        stood = {cabinet: self._stood(cabinet) for cabinet in {line.cabinet for line in lines}}
        standing = [replace(line, was=stood[line.cabinet].get(line.pocket, line.was)) for line in lines]
        chosen = [line for line in standing if line.to != line.was]
        if not chosen:
            raise NotNow("No line was chosen that changes anything.")
        if not any(line.cabinet == pilot for line in chosen):
            raise NotNow(f"The plan changes nothing at {pilot}, where it is to be tried first.")
        self._look_at(chosen)
        number = self._store.make(Plan(0, utc_text(self._now()), by, why, pilot, tuple(chosen)))
        return self.plan(number)

    def plan(self, number: int) -> Plan:
        """One plan. Raises NotNow where there is none."""
        found = self._store.plan(number)
        if found is None:
            raise NotNow(f"There is no plan {number}.")
        return found

    def stages(self, plan: Plan) -> list[Stage]:
        """Where the plan stands at each cabinet, the pilot first."""
        return [self._stage(plan, cabinet) for cabinet in plan.cabinets]

    def send(self, number: int, *, to_rest: bool, by: str) -> list[str]:
        """Send a plan to its pilot, or to the rest once the pilot holds it; the cabinets that it was sent to now. Raises NotNow."""
        plan = self.plan(number)
        stages = self.stages(plan)
        if to_rest and stages[0].state != "taken":
            raise NotNow(f"{plan.pilot} has not taken it yet: it is tried there first.")
        todo = [stage for stage in stages if stage.is_pilot != to_rest and stage.state in {"waiting", "undone"}]
        if not todo:
            raise NotNow("It was sent there already.")
        self._look_at([line for stage in todo for line in stage.lines])  # much may have been said since the plan was made
        for stage in todo:
            version = self._issue(stage.cabinet, {line.pocket: _record(line, line.to) for line in stage.lines}, by, f"plan {number}")
            self._note(number, stage.cabinet, SENT, by, version)
        return [stage.cabinet for stage in todo]

    def undo(self, number: int, *, by: str, why: str) -> list[str]:
        """Give every cabinet that it was sent to what stood there before; what was left alone, in words. Raises NotNow."""
        plan = self.plan(number)
        todo = [stage for stage in self.stages(plan) if stage.last is not None and stage.last.act == SENT]
        if not todo:
            raise NotNow("It stands nowhere.")
        left = []
        for stage in todo:
            now, held = self._documents.shelf.whole(PARS, stage.cabinet), self._held(stage.cabinet)
            records = {}
            for line in stage.lines:
                if line.pocket in held:
                    left.append(f"{stage.cabinet}, pocket {line.pocket}: it is pinned or frozen")
                elif now.get(line.pocket) == _sent(line):
                    records[line.pocket] = _record(line, line.was)
                else:
                    left.append(f"{stage.cabinet}, pocket {line.pocket}: somebody has changed it since")
            version = self._issue(stage.cabinet, records, by, f"plan {number} undone: {why}")
            self._note(number, stage.cabinet, UNDONE, by, version, why)
        return left

    def _stage(self, plan: Plan, cabinet: str) -> Stage:
        last, lines = plan.last(cabinet), tuple(line for line in plan.lines if line.cabinet == cabinet)
        state, why = "waiting", ""
        if last is not None and last.act == UNDONE:
            state = "undone"
        elif last is not None:
            held = self._documents.shelf.held(cabinet, PARS)
            newest = self._documents.shelf.newest(PARS, cabinet)
            state = "taken" if held.version >= last.version and (newest is None or not is_behind(newest, held)) else "sent"
            if held.state == "refused" and held.refused_version >= last.version:
                state, why = "refused", held.reason
        return Stage(cabinet, cabinet == plan.pilot, state, why, lines, last)

    def _held(self, cabinet: str) -> set[str]:
        now = utc_text(self._now())
        return {word.pocket for word in self._store.words(cabinet) if not word.until_at or word.until_at > now}

    def _look_at(self, lines: Sequence[PlanLine]) -> None:
        """Raises NotNow for the first line that may not be sent as everything stands now."""
        cabinets = {line.cabinet for line in lines}
        marks, held = self._marks(), {cabinet: self._held(cabinet) for cabinet in cabinets}
        stood = {cabinet: self._stood(cabinet) for cabinet in cabinets}
        for line in lines:
            if not line.to.critical_low <= line.to.min <= line.to.par:
                raise NotNow(f"{line.cabinet}, pocket {line.pocket}: critical low, min and par rise in this order.")
            if line.pocket in held[line.cabinet]:
                raise NotNow(f"{line.cabinet}, pocket {line.pocket} is pinned or frozen: lift that first, or make a plan without it.")
            if marks.get(line.item) is Criticality.EMERGENCY and _is_lower(line.to, stood[line.cabinet].get(line.pocket, line.was)):
                where = f"{line.cabinet}, pocket {line.pocket}"
                raise NotNow(f"{where}: {line.item} is an emergency item, and no plan lowers it: make a plan without it.")

    def _issue(self, cabinet: str, records: Mapping[str, ParRecord], by: str, why: str) -> int:
        if not records:
            newest = self._documents.shelf.newest(PARS, cabinet)
            return 0 if newest is None else newest.version
        return self._documents.issue(Approved(PARS, by, list(records.values()), cabinet=cabinet, why=why[:200])).version

    def _note(self, plan: int, cabinet: str, act: str, by: str, version: int, note: str = "") -> None:
        self._store.note(Step(0, utc_text(self._now()), plan, cabinet, act, by, version, note))


def _is_lower(to: Numbers, was: Numbers) -> bool:
    return to.par < was.par or to.min < was.min or to.critical_low < was.critical_low


def _record(line: PlanLine, numbers: Numbers) -> ParRecord:
    return ParRecord(pocket=line.pocket, item=line.item, par=numbers.par, min=numbers.min, critical_low=numbers.critical_low)


def _sent(line: PlanLine) -> dict[str, object]:
    to = line.to
    return {"pocket": line.pocket, "item": line.item, "par": to.par, "min": to.min, "critical_low": to.critical_low}
