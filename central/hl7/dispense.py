"""What was taken for a patient -> RDS^O13, as the pharmacy's system records dispenses.

Alone knows: RXD. Must not know: charges, balances.
"""

from cabinet.domain.vocabulary import parse_utc
from central.hl7.outward import Names, Peer, Writer, content_of, control_of
from central.hl7.transaction import Kind, Transaction


def message_of(one: Transaction, names: Names, peer: Peer, link: str) -> bytes | None:
    """A withdrawal as a dispense; None for anything else."""
    if one.kind is not Kind.VEND or not one.patient:
        return None
    write, item, who, control = Writer(peer), names.item(one.item), names.patient(one.patient), control_of(link, one.source)
    known = names.roll().orders.get(one.order)
    placer, filler, route = ("", "", "") if known is None else (known.order.placer, known.order.filler, known.order.route)
    number = filler or placer or one.order or one.access
    return content_of([
        write.header("RDS", "O13", control, parse_utc(one.at)),
        write.person(who),
        write.visit(who),
        write.segment("ORC", {1: "RE", 2: placer or one.order, 3: filler or one.access, 9: write.moment(one.at)}),
        write.segment(
            "RXD",
            {
                1: "1", 2: (item.code, item.name), 3: write.moment(one.at), 4: one.quantity, 5: item.unit, 7: number,
                9: "OVERRIDE" if one.is_without_order else "", 10: (one.staff,) if one.staff else "", 18: one.lot,
                19: one.expiry.replace("-", ""),
            },
        ),
        write.segment("RXR", {1: (route or "unknown",)}),
    ])  # fmt: skip
