"""The doctor's checks of adapters, gateways, boards, scales and doors. Alone knows: these rows. Must not know: how evidence is gathered."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from cabinet.domain.scale import weight
from cabinet.domain.vocabulary import parse_utc
from cabinet.workbench.check import Check, Evidence

PASSING_NAMES = ("/dev/ttyUSB", "/dev/ttyACM", "/dev/ttyS", "COM")
MOST_LATENCY_MS = 1
SELFTEST_EVERY = timedelta(hours=48)


def _no_port(evidence: Evidence) -> Iterator[str]:
    yield from (f"{port.bus}: {port.path}" for port in evidence.ports if not port.is_there)


def _passing_name(evidence: Evidence) -> Iterator[str]:
    for port in evidence.ports:
        if port.path.startswith(PASSING_NAMES):
            better = f"; it is {port.by_id[0]}" if port.by_id else ""
            yield f"{port.bus}: {port.path}{better}"


def _forbidden(evidence: Evidence) -> Iterator[str]:
    yield from (f"{port.bus}: {port.path} belongs to group {port.group}" for port in evidence.ports if port.may_open is False)


def _busy(evidence: Evidence) -> Iterator[str]:
    if not evidence.holder:
        yield from (f"{port.bus}: {port.path}" for port in evidence.ports if port.is_busy)


def _slow(evidence: Evidence) -> Iterator[str]:
    for port in evidence.ports:
        if port.latency_ms is not None and port.latency_ms > MOST_LATENCY_MS:
            yield f"{port.bus}: {port.latency_ms} ms"


def _twice(evidence: Evidence) -> Iterator[str]:
    uses = Counter(port.path for port in evidence.ports)
    for path, times in uses.items():
        if times > 1:
            yield f"{path}: {', '.join(port.bus for port in evidence.ports if port.path == path)}"


def _silent_gateway(evidence: Evidence) -> Iterator[str]:
    if not evidence.holder:  # a gateway that serves one connection is the running controller's
        yield from (f"{one.bus}: {one.address}" for one in evidence.gateways if not one.answers)


def _lost(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None:
        yield from (f"{board}: {code}" for board, code in evidence.core.state.failures.items())


def _unwell(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None:
        yield from (f"{part} is {health}" for part, health in evidence.core.state.health.items())


def _ailing(evidence: Evidence) -> Iterator[str]:
    last = None if evidence.core is None else evidence.core.state.selftest
    if last is not None:
        yield from last.findings


def _untested(evidence: Evidence) -> Iterator[str]:
    if evidence.core is None or evidence.health is None:
        return
    last = evidence.core.state.selftest
    if last is None:
        yield "the journal names none"
    elif evidence.now - parse_utc(last.at) > SELFTEST_EVERY:
        yield f"the last was on {last.at[:16]}"


def _failed(evidence: Evidence) -> Iterator[str]:
    yield from _standing(evidence, "failed")


def _unseen(evidence: Evidence) -> Iterator[str]:
    if evidence.health is not None:  # without a controller nobody looks
        yield from _standing(evidence, "unknown")


def _standing(evidence: Evidence, state: str) -> Iterator[str]:
    if evidence.core is not None:
        known = evidence.core.world.layout.locks
        yield from (name for name, drawer in evidence.core.state.drawers.items() if name in known and drawer.state == state)


def _open(evidence: Evidence) -> Iterator[str]:
    if evidence.core is None or evidence.core.state.active() or evidence.core.state.maintenance is not None:
        return
    if evidence.health is not None:
        yield from _standing(evidence, "open")


def _blind(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None:
        for found in evidence.core.state.discrepancies.values():
            if found.is_open and found.basis == "bin_sensor":
                yield f"{found.pocket}: found on {found.at[:16]}"


def _doubted(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None:
        for line in evidence.core.state.lines.values():
            if any(why == weight.DIFFERS for why in line.owes):
                yield line.pocket


def _broken(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None:
        for fault in evidence.core.state.faults.values():
            if not fault.is_of_device:
                yield f"{fault.place}: {fault.code} since {fault.raised_at[:16]} ({fault.detail})"


CHECKS = (
    Check(
        "doctor.port_missing",
        "Is every serial adapter there?",
        "The device that the site names for each line.",
        "The adapter is unplugged or has no power, or it got another name when it was plugged in again.",
        "Plug it in; name it by /dev/serial/by-id in the site file. For simulated boards start `adc sim`.",
        _no_port,
    ),
    Check(
        "doctor.port_passing_name",
        "Are adapters named by what they are?",
        "The device names in the site.",
        "Names such as /dev/ttyUSB0 are given in the order of plugging in: after a restart locks and scales may have changed places.",
        "Write the name under /dev/serial/by-id into the site file.",
        _passing_name,
    ),
    Check(
        "doctor.port_forbidden",
        "May the cabinet open its adapters?",
        "A right that the system is asked for.",
        "The cabinet's user is not in the group that owns serial devices.",
        "`usermod -aG dialout USER`, then start the cabinet again.",
        _forbidden,
    ),
    Check(
        "doctor.port_busy",
        "Are the adapters free?",
        "Each is opened for a moment, exclusively, while no controller runs.",
        "Another program has it: a terminal, a modem manager, a second controller. Two on one line garble each other.",
        "`fuser DEVICE` names it; end it, and remove ModemManager.",
        _busy,
    ),
    Check(
        "doctor.port_slow",
        "Do adapters pass bytes on at once?",
        f"The adapter's latency timer; at most {MOST_LATENCY_MS} ms.",
        "FTDI adapters collect bytes for 16 ms unless they are told not to: every exchange takes that much longer.",
        "Set latency_timer to 1 by a udev rule.",
        _slow,
        is_warning=True,
    ),
    Check(
        "doctor.port_twice",
        "Has each line an adapter of its own?",
        "The device names in the site.",
        "Two lines of the site name one device; the second cannot open it.",
        "Give each its own.",
        _twice,
    ),
    Check(
        "doctor.gateway_silent",
        "Does every gateway take a connection?",
        "A connection is opened and closed, while no controller runs.",
        "It has no power or another address, or it still serves another client.",
        "Look at its lamps and its address; then at the network.",
        _silent_gateway,
    ),
    Check(
        "doctor.board_lost",
        "Does every board answer?",
        "What the journal says of losses and returns.",
        "No power, a wrong address, a broken pair, or the line itself.",
        "`adc hw scan` shows who answers; `adc explain` the code.",
        _lost,
    ),
    Check(
        "doctor.line_unwell",
        "Are all lines and boards well?",
        "The health that the journal keeps of each.",
        "Too many answers are late, damaged or missing.",
        "Termination, polarity, cable beside a solenoid's supply: `adc hw trace` shows it.",
        _unwell,
    ),
    Check(
        "doctor.selftest_failed",
        "Did the last self-test pass?",
        "Its findings in the journal.",
        "A board, a scale, a door or a photo-eye is not as it should be.",
        "Mend what is named; `adc hw selftest` looks again.",
        _ailing,
    ),
    Check(
        "doctor.selftest_due",
        "Was there a self-test lately?",
        f"The last one in the journal; at most {SELFTEST_EVERY.days} days ago.",
        "The cabinet was never idle at its hour, or has just been updated.",
        "`adc hw selftest`.",
        _untested,
        is_warning=True,
    ),
    Check(
        "doctor.drawer_failed",
        "Does every drawer and lid open?",
        "Their state in the journal.",
        "It was pulsed and did not open: jammed, its latch sticks, or its contact does not tell.",
        "Free it, push it shut, and bring it back at the kiosk; docs/how-to/bring-back-a-jammed-drawer.md.",
        _failed,
    ),
    Check(
        "doctor.door_unseen",
        "Is every drawer and lid in sight?",
        "Their state in the journal, while the controller runs.",
        "The board of its contact does not answer.",
        "As for the board.",
        _unseen,
    ),
    Check(
        "doctor.door_open",
        "Is every drawer and lid shut?",
        "Their state in the journal, while nobody is at the cabinet.",
        "It was left open or forced, or its contact is cut.",
        "Shut it; what is behind it owes a count. If it is shut, look at its contact.",
        _open,
    ),
    Check(
        "doctor.eye_contradicts",
        "Do photo-eyes agree with the journal?",
        "Open discrepancies that a photo-eye found.",
        "It is dirty, covered or blind; or something was taken or put that nobody stated.",
        "Clean it, count the pocket.",
        _blind,
    ),
    Check(
        "doctor.scale_doubted",
        "Do scales agree with what people stated?",
        "Owed counts whose reason is a scale.",
        "A slip at the kiosk, another item in the pocket, or a scale that wanders.",
        "Count the pocket; then `adc hw count` where it may be told.",
        _doubted,
        is_warning=True,
    ),
    Check(
        "doctor.fault_open",
        "Is nothing broken?",
        "The faults that the journal raised and has not cleared.",
        "Each has a code of its own.",
        "`adc explain CODE`.",
        _broken,
    ),
)
