"""One step of the core in the making: facts, applied as soon as they are written down, and commands for afterwards.

Alone knows: that a fact is applied the moment it is drafted, so every later decision of the same step already sees it.
Must not know: any rule.
"""

from dataclasses import dataclass, field

from cabinet.domain.commands import Command
from cabinet.domain.facts import Draft, Fact
from cabinet.domain.fold import apply
from cabinet.domain.state import Access, State
from cabinet.domain.vocabulary import AccessId, DiscrepancyId, Instant, StaffId


@dataclass(slots=True)
class Turn:
    """Collects what one event leads to. The shell makes `drafts` durable before it carries out `commands`."""

    state: State
    at: Instant
    drafts: list[Draft] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)

    def record(
        self, fact: Fact, *, access: Access | None = None, about: str | None = None, staff: str | None = None, witness: str | None = None,
    ) -> None:  # fmt: skip
        """Write a fact down and let the state know it. An access brings its own staff member along; `about` names one by its id alone."""
        who = access.staff if access is not None and staff is None else staff
        about = access.id if access is not None else about
        draft = Draft(
            self.at, fact, None if about is None else AccessId(about), None if who is None else StaffId(who),
            None if witness is None else StaffId(witness),
        )  # fmt: skip
        self.drafts.append(draft)
        apply(self.state, self.state.seq + 1, draft)

    def name_discrepancy(self) -> DiscrepancyId:
        """An id for a discrepancy that is about to be recorded; unlike a number alone it differs from one epoch to the next."""
        return DiscrepancyId(f"d{self.at.utc:%Y%m%d%H%M%S}-{self.state.seq + 1}")

    def order(self, *commands: Command) -> None:
        """Ask the world for something, once the facts are durable."""
        self.commands.extend(commands)
