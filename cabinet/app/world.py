"""A site's files -> everything that the core is told once.

Alone knows: which file tells what. Must not know: how the files were read, or what the core does with them.
"""

from cabinet.app.furniture import layout_of
from cabinet.app.reference import item_of, order_set_of, patient_of, staff_of
from cabinet.app.rules import policy_of
from cabinet.domain.core import Timing, World
from cabinet.domain.neighbour import Neighbour
from cabinet.domain.term import Terms
from cabinet.domain.vocabulary import BoardId, CabinetId, ItemId, PatientId, StaffId
from cabinet.domain.world import Registration
from config.load import LoadedSite
from config.words import Terms as TermTable


def world_of(loaded: LoadedSite) -> World:
    """Everything that the core is told once."""
    site, timing = loaded.site, loaded.site.timing
    people = loaded.people
    return World(
        layout=layout_of(site),
        formulary={ItemId(table.id): item_of(table) for table in loaded.formulary.items},
        staff={StaffId(table.id): staff_of(table) for table in (people.staff if people else ())},
        patients={PatientId(p.id): patient_of(p) for p in (people.patients if people else ())},
        policy=policy_of(loaded.policy, site.area),
        order_sets=tuple(order_set_of(table) for table in loaded.formulary.order_sets),
        neighbours=tuple(Neighbour(CabinetId(n.id), n.name, n.where, frozenset(map(ItemId, n.items))) for n in site.neighbours),
        terms=Terms(loaded.terms.model_dump(), TermTable().model_dump()),
        supply=None if site.power is None else BoardId(site.power.supply),
        registration=None if site.registration is None else Registration(**site.registration.model_dump()),
        timing=Timing(
            pulse_ms=timing.pulse_ms,
            look_s=timing.look_ms / 1000,
            session_idle_s=timing.session_idle_s,
            session_limit_s=timing.session_limit_s,
            drawer_open_call_s=timing.drawer_open_call_s,
            stuck_after_s=timing.stuck_after_s,
            **({} if site.ward is None else {"ward_idle_s": site.ward.session_idle_s, "ward_limit_s": site.ward.session_limit_s}),
        ),
    )
