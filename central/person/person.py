"""Who is behind a request, and for what they may answer.

Alone knows: the three ways in which somebody stands behind a change. Must not know: cookies, rows, secrets.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from central.problem import Refused
from config.document import StaffRecord
from config.pharmacy import Right


@dataclass(frozen=True, slots=True)
class Person:
    """Who makes a change. `how`: proven by a secret (`signed_in`), by the server's token (`program`), or `unproven`: nobody is set up."""

    id: str
    name: str
    role: str
    may: frozenset[str]
    how: Literal["signed_in", "program", "unproven"]
    must_choose: bool = False
    """They came with a code that is good once, and choose a secret before anything else."""

    def must(self, right: Right) -> "Person":
        """This person, who may do that. Raises Refused."""
        if self.how == "signed_in" and right not in self.may:
            raise Refused("person.right", f"{self.name} ({self.role.replace('_', ' ')}) may not do this here: {right}.", 403)
        return self

    def not_for_oneself(self, records: Iterable[StaffRecord]) -> "Person":
        """This person, who gives themselves no other role: else rights that are kept apart are one act apart. Raises Refused."""
        if self.how == "signed_in" and any(record.id == self.id and record.role != self.role for record in records):
            raise Refused("person.own_role", "Nobody gives themselves another role: another administrator does.", 403)
        return self

    def answers_for(self, said: str | None = None) -> str:
        """The id under which a change is kept: who is signed in, whatever was said; of a program, whom it names. Raises Refused."""
        if self.how == "signed_in":
            if said not in {None, "", self.id}:
                raise Refused("person.other", f"You are signed in as {self.id}: nobody approves in the name of {said}.", 403)
            return self.id
        if self.how == "program" and not said:
            raise Refused("person.unnamed", "A program names who approved it: approved_by.")
        return said or self.id


PROGRAM = Person("program", "A program with the server's token", "program", frozenset(), "program")
UNPROVEN = Person("unproven", "Nobody is set up", "pharmacist", frozenset(), "unproven")
"""On loopback, before anybody was set up: a try-out."""
