"""What the pharmacy server is told of a core: one report for each pocket, and one of needs."""

from cabinet.adapters.report import CoreView
from cabinet.domain.vocabulary import PocketId
from tests.stories.desk import demo_world, open_desk
from tests.virtual import virtual

PLAIN = "acetaminophen-325-tab"


@virtual
async def test_a_pocket_is_reported_as_it_stands() -> None:
    """The pharmacy orders by these figures, and a person reads them as the label says them."""
    async with open_desk(demo_world({PLAIN: 7})) as desk:
        view = CoreView(desk.core, desk.journal, desk.controller.clock)
        report = view.stock_report(PocketId(desk.pocket_of(PLAIN)))
        assert report is not None
        assert (report.item.id, report.units, report.unit, report.status) == (PLAIN, 7, "tablet", "critical")
        assert (report.epoch, report.seq, report.count_basis) == (desk.journal.epoch, desk.core.state.seq, "journal")
        assert report.earliest_expiry == "2031-01-31"
        need = next(need for need in view.restock_report().needs if need.pocket == report.pocket)
        assert (need.why, need.urgency, need.units_needed) == ("critical_low", "soon", report.par - 7)


@virtual
async def test_every_pocket_of_the_layout_is_reported_or_said_to_be_empty() -> None:
    """An unassigned pocket clears its retained report; one that the site forgot while it holds something keeps it."""
    async with open_desk() as desk:
        view = CoreView(desk.core, desk.journal, desk.controller.clock)
        assert set(view.pockets()) == set(desk.world.layout.pockets)
        for pocket in view.pockets():
            assert (view.stock_report(pocket) is None) == (pocket not in desk.core.state.lines)
        desk.core.state.lines["old"] = desk.core.state.lines[desk.pocket_of(PLAIN)]
        assert "old" in set(view.pockets())
        assert view.stock_report(PocketId("old")) is not None
        assert view.mode == "ready"
