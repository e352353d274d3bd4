"""A cabinet as its journal tells it, for commands that only read.

Alone knows: how a command gets from a site and a state folder to a core that knows everything up to now.
Must not know: how anything is printed.
"""

from contextlib import closing
from dataclasses import dataclass

import click

from cabinet.adapters.clock import SystemClock
from cabinet.adapters.journal_reader import read_journal
from cabinet.adapters.report import restock_report, stock_report
from cabinet.app.world import world_of
from cabinet.cli.exit_code import Stopped
from cabinet.cli.place import Place
from cabinet.domain.core import Core
from cabinet.domain.vocabulary import PocketId
from cabinet.messages import Need, StockReport
from cabinet.ports import JournalBroken
from config.load import load_site
from config.problem import SiteProblems


@dataclass(frozen=True, slots=True)
class Reading:
    """A core that was told every fact, and the epoch they are of."""

    core: Core
    epoch: int

    def stock(self) -> list[StockReport]:
        """Every assigned pocket."""
        now = SystemClock().now()
        reports = (stock_report(self.core, PocketId(pocket), self.epoch, now) for pocket in self.core.state.lines)
        return [report for report in reports if report is not None]

    def needs(self) -> list[Need]:
        """Everything that is needed."""
        return restock_report(self.core, self.epoch, SystemClock().now()).needs


def read_cabinet(place: Place) -> Reading:
    """Fold the journal of a cabinet. Ends the command where site or journal cannot be read."""
    if place.site is None:
        raise click.UsageError("name the site with --site FILE or ADC_SITE")
    try:
        core = Core(world_of(load_site(place.site)))
        with closing(read_journal(place.state / "journal.db")) as journal:
            epoch = journal.head.epoch
            for entry in journal.history():
                core.replay(entry)
    except (SiteProblems, JournalBroken) as problem:
        raise Stopped(str(problem)) from problem
    return Reading(core, epoch)
