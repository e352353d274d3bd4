"""The machine of the cabinet's power: mains, battery, or a battery that is about to give up.

Alone knows: for how long pockets open on battery, and that a supply which is not heard from is no loss of the mains.
Must not know: how a supply is asked, or what is said on the screen.

    unknown --mains--> mains --battery--> battery --low, over--> low --mains--> mains
                         '--silent--> unknown;  battery, low --forget--> unknown, after the supply was silent for FORGET_S

On battery every pocket opens as ever, for the policy's time; then, or once the supply says that its battery is low, nothing new is
released: what is open is finished, and the mechanical key opens the rest. Low stays low until the mains is back.
"""

from collections.abc import Callable

from transitions import EventData, Machine

from cabinet.domain.commands import Command, StartTimer, StopTimer
from cabinet.domain.events import PowerRead
from cabinet.domain.facts import FaultCleared, FaultRaised, PowerMoved
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.surroundings.memory import PowerState
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import BoardId, Instant, Power

STATES = ["unknown", "mains", "battery", "low"]
FORGET_S = 600.0
"""A supply that said battery and then nothing for so long is not believed any more: nobody is kept from a medicine by a dead cable."""
TIMER = "power"
OVER, FORGET = f"{TIMER}:over", f"{TIMER}:forget"
CODES = {"battery": "power.on_battery", "low": "power.low_battery"}
"""state -> the fault that stands as long as it lasts."""


def _record(event: EventData) -> None:
    """Every change of state is a fact, and each bad state a fault for as long as it lasts."""
    transition, turn, power, supply = event.transition, event.kwargs["turn"], event.kwargs["power"], event.kwargs["supply"]
    if transition is None or transition.dest is None:
        return
    source, target, why = transition.source, transition.dest, event.kwargs["why"]
    charge_percent, runtime_s = (None, None) if power is None else (power.charge_percent, power.runtime_s)
    turn.record(PowerMoved(supply, source, target, why, charge_percent, runtime_s))
    standing = [fault.code for fault in turn.state.faults_at(supply) if fault.code in CODES.values()]
    for code in standing:
        if code != CODES.get(target):
            turn.record(FaultCleared(supply, code, why))
    if target in CODES and CODES[target] not in standing:
        turn.record(FaultRaised(supply, CODES[target], why))


def _ordering(*commands: Command) -> Callable[[EventData], None]:
    def order(event: EventData) -> None:
        event.kwargs["turn"].order(*commands)

    return order


def _begin(event: EventData) -> None:
    event.kwargs["turn"].order(StartTimer(OVER, event.kwargs["battery_s"]))


_end = _ordering(StopTimer(OVER))
_wait = _ordering(StartTimer(FORGET, FORGET_S))

ROWS: list[dict[str, object]] = [
    {"trigger": "mains", "source": ["unknown", "battery", "low"], "dest": "mains", "after": _end},
    {"trigger": "mains", "source": "mains", "dest": None},
    {"trigger": "battery", "source": ["unknown", "mains"], "dest": "battery", "after": _begin},
    {"trigger": "battery", "source": ["battery", "low"], "dest": None},
    {"trigger": "low", "source": ["unknown", "mains", "battery"], "dest": "low", "after": _end},
    {"trigger": "low", "source": "low", "dest": None},
    {"trigger": "over", "source": "battery", "dest": "low"},
    {"trigger": "over", "source": ["unknown", "mains", "low"], "dest": None},
    {"trigger": "silent", "source": "mains", "dest": "unknown"},
    {"trigger": "silent", "source": ["battery", "low"], "dest": None, "after": _wait},
    {"trigger": "silent", "source": "unknown", "dest": None},
    {"trigger": "forget", "source": ["battery", "low"], "dest": "unknown", "after": _end},
    {"trigger": "forget", "source": ["unknown", "mains"], "dest": None},
]
"""trigger, source, destination (None: seen, and nothing changes)."""

MACHINE = Machine(
    model=None, states=STATES, transitions=ROWS, initial="unknown", auto_transitions=False, send_event=True,
    model_attribute="state", after_state_change=_record,
)  # fmt: skip


def _step(scene: Scene, turn: Turn, trigger: str, why: str, power: Power | None = None) -> None:
    supply = scene.world.supply
    assert supply is not None
    told = {"turn": turn, "why": why, "power": power, "supply": str(supply), "battery_s": scene.world.policy.battery_s}
    MACHINE.events[trigger].trigger(scene.state.power, **told)


def read(scene: Scene, turn: Turn, event: PowerRead) -> None:
    """The supply answered."""
    if event.supply != scene.world.supply:
        return
    is_news = scene.power is None
    scene.power = event.power
    if is_news:
        turn.order(StopTimer(FORGET))
    if not event.power.is_on_mains and scene.on_battery_s is None:
        scene.on_battery_s = turn.at.mono_s
    if event.power.is_on_mains:
        scene.on_battery_s = None
        _step(scene, turn, "mains", "the supply is on mains", event.power)
    elif event.power.is_low:
        _step(scene, turn, "low", "the supply says that its battery is low", event.power)
    else:
        _step(scene, turn, "battery", "the supply is on battery", event.power)


def board_lost(scene: Scene, turn: Turn, board: BoardId) -> None:
    """The supply cannot be asked. What it said on mains is not known any more; what it said on battery stands for a while."""
    if board == scene.world.supply:
        scene.power = None
        _step(scene, turn, "silent", "the supply does not answer")


def due(scene: Scene, turn: Turn, timer: str) -> None:
    """The stated time on battery is over, or a supply was silent for too long."""
    if scene.world.supply is None:
        return
    if timer == OVER:
        _step(scene, turn, "over", f"the stated {scene.world.policy.battery_s // 60} minutes on battery are over", scene.power)
    else:
        scene.on_battery_s = None
        _step(scene, turn, "forget", f"the supply has said nothing for {FORGET_S / 60:.0f} minutes")


def judge(state: PowerState) -> Refusal | None:
    """Whether anything new may be released."""
    return Refusal("power.low_battery") if state.state == "low" else None


def left_s(scene: Scene, now: Instant) -> int:
    """For how long pockets still open on battery: the shorter of the stated time and of the supply's own word. 0 unless on battery."""
    if scene.state.power.state != "battery":
        return 0
    since_s = now.mono_s if scene.on_battery_s is None else scene.on_battery_s
    stated_s = scene.world.policy.battery_s - (now.mono_s - since_s)
    told_s = stated_s if scene.power is None or scene.power.runtime_s is None else scene.power.runtime_s
    return max(0, int(min(stated_s, told_s)))
