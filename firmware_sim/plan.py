"""A plan file: what is to break, be mended or be done by a hand, and when.

Alone knows: the shape of a plan (TOML), and how its steps come about in time.
Must not know: what a step does.

    [[step]]
    at_s = 20.0                                       # seconds of simulated time after the start
    cause = { kind = "latch_sticks", target = "m1" }  # or mend = { kind = "latch_sticks" }, or hand = { act = "push", drawer = "m1" }
"""

import asyncio
import tomllib
from pathlib import Path

from pydantic import Field, ValidationError

from firmware_sim.assembly import Bench
from firmware_sim.gesture import FaultOrder, Gesture, MendOrder, Order


class BadPlan(ValueError):
    """A plan file that cannot be read; the text names the step and what is wrong with it."""


class Step(Order):
    """One moment of a plan; its orders are carried out in the order cause, mend, hand."""

    at_s: float = Field(ge=0)
    cause: FaultOrder | None = None
    mend: MendOrder | None = None
    hand: Gesture | None = None

    def perform(self, bench: Bench) -> None:
        """Carry it out. Raises KeyError for a drawer or pocket that does not exist."""
        if self.cause is not None:
            bench.faults.cause(self.cause.fault())
        if self.mend is not None:
            self.mend.perform(bench.faults)
        if self.hand is not None:
            self.hand.perform(bench.hand)


class Plan(Order):
    """Any number of steps, in any order."""

    steps: tuple[Step, ...] = Field(default=(), alias="step")


def read_plan(path: Path) -> Plan:
    """Read a plan file. Raises BadPlan, or OSError when there is none."""
    try:
        return Plan.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as problem:
        raise BadPlan(f"{path}: {problem}") from problem


async def follow(plan: Plan, bench: Bench) -> None:
    """Carry out every step at its time; ends after the last."""
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    for step in sorted(plan.steps, key=lambda step: step.at_s):
        await asyncio.sleep(start_s + step.at_s / bench.speed - loop.time())
        step.perform(bench)
