"""The doctor's checks of the site file and of what was proven of it. Alone knows: these rows. Must not know: how evidence is gathered."""

from collections.abc import Iterator

from cabinet.workbench.check import Check, Evidence


def _unsound(evidence: Evidence) -> Iterator[str]:
    yield from evidence.problems


def _not_taken_up(evidence: Evidence) -> Iterator[str]:
    running = None if evidence.health is None else evidence.health.get("config")
    if running and evidence.loaded is not None and running != evidence.loaded.sha256:
        yield f"it runs {running[:12]}, the file is {evidence.loaded.sha256[:12]}"


def _never_walked(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None and evidence.core.state.commissioning is None:
        yield "the journal names no walk"


def _rewired(evidence: Evidence) -> Iterator[str]:
    last = None if evidence.core is None else evidence.core.state.commissioning
    if last is not None and evidence.wiring and last.wiring != evidence.wiring:
        yield f"walked on {last.at[:10]} with other wires"


def _walk_failed(evidence: Evidence) -> Iterator[str]:
    last = None if evidence.core is None else evidence.core.state.commissioning
    if last is not None and not last.is_passed:
        yield f"on {last.at[:10]}: {', '.join(last.failed)}"


def _pocket_gone(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None:
        known = set(evidence.core.world.layout.pockets)
        for line in evidence.core.state.lines.values():
            if line.pocket not in known and line.units:
                yield f"{line.pocket} holds {line.units} of {line.item}"


def _at_factory(evidence: Evidence) -> Iterator[str]:
    for board in evidence.loaded.site.boards if evidence.loaded is not None else ():
        model = evidence.models.get(board.model)
        if model is not None and model.is_addressed and model.factory_address == board.address:
            yield f"{board.id} has address {board.address} of {board.bus}"


def _mixed(evidence: Evidence) -> Iterator[str]:
    """Locks and scales on one slow line: every reading of a scale holds up whoever wants to unlock."""
    if evidence.loaded is None:
        return
    for bus in evidence.loaded.site.buses:
        models = (evidence.models.get(board.model) for board in evidence.loaded.site.boards if board.bus == bus.id)
        kinds = {model.kind for model in models if model is not None}
        if bus.kind == "serial" and {"io", "scale"} <= kinds:
            yield bus.id


CHECKS = (
    Check(
        "doctor.site_unsound",
        "Is the site file sound?",
        "Everything that `adc config check` looks at.",
        "A key, a channel or an item in the site's files is wrong; the running cabinet keeps the last sound one.",
        "Correct the lines that are named, and check again.",
        _unsound,
    ),
    Check(
        "doctor.site_not_taken_up",
        "Does the cabinet run the site file that lies there?",
        "The sha256 that the kiosk names, against the file's.",
        "The file was changed after the controller had read it.",
        "`adc config apply` takes it up once nobody is at the cabinet.",
        _not_taken_up,
        is_warning=True,
    ),
    Check(
        "doctor.never_walked",
        "Was the cabinet commissioned?",
        "The journal is searched for a walk through it.",
        "Nobody has proven yet that each lock, contact, photo-eye, light and scale is wired as the site says.",
        "`adc hw walk`.",
        _never_walked,
        is_warning=True,
    ),
    Check(
        "doctor.rewired",
        "Is the wiring the one that was commissioned?",
        "The sha256 of buses, boards and channels, against the last walk's.",
        "A board, an address or a channel was changed since.",
        "`adc hw walk`: the walk of one board alone vouches for no wire of another.",
        _rewired,
        is_warning=True,
    ),
    Check(
        "doctor.walk_failed",
        "Did the last walk pass?",
        "The verdict of the last walk in the journal.",
        "A channel did not move, or another one did.",
        "Mend what is named, and walk again.",
        _walk_failed,
    ),
    Check(
        "doctor.pocket_gone",
        "Is every pocket that holds something in the site?",
        "Balances of the journal, against the site's pockets.",
        "A pocket was taken out of the site while the journal still holds units in it.",
        "Put it back into the site, unload or count it to nothing, then take it out again.",
        _pocket_gone,
    ),
    Check(
        "doctor.factory_address",
        "Is the address of new boards free?",
        "Addresses of the site, against each model's factory setting.",
        "A spare that is plugged in would answer for this board, and two drawers would open.",
        "`adc hw address` gives it another one.",
        _at_factory,
    ),
    Check(
        "doctor.mixed_line",
        "Do locks and scales have lines of their own?",
        "The models on each serial line.",
        "Reading scales holds up whoever wants to unlock.",
        "Put scales on another adapter.",
        _mixed,
        is_warning=True,
    ),
)
