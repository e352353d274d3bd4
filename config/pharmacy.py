"""Who signs in at the pharmacy server's pages, for how long, and which role may do what there.

Alone knows: the keys of `[people]` in `config/central/*.toml`, and what each role may do where the file says nothing.
Must not know: who has which role, or what an act leads to.

Nobody may both let people in and explain discrepancies: whoever takes must not be able to make who did it.
"""

from typing import Literal

from pydantic import Field, model_validator

from config.schema.alphabet import Part, Role

Right = Literal[
    "people", "formulary", "pars", "orders", "policy", "recall", "sheets", "restock", "check", "discrepancies", "alerts", "interfaces",
    "surveillance",
]  # fmt: skip


class PharmacyRole(Part):
    """What one role may do at the pharmacy server; who may do nothing there does not sign in."""

    role: Role
    may: tuple[Right, ...]


USUAL = (
    PharmacyRole(
        role="pharmacist",
        may=(
            "formulary", "pars", "orders", "policy", "recall", "sheets", "restock", "check", "discrepancies", "alerts", "interfaces",
            "surveillance",
        ),
    ),
    PharmacyRole(role="technician", may=("restock", "alerts")),
    PharmacyRole(role="vault", may=("sheets", "restock", "alerts")),
    PharmacyRole(role="administrator", may=("people", "interfaces", "alerts")),
    PharmacyRole(role="auditor", may=("surveillance",)),
)  # fmt: skip


class PeopleRoom(Part):
    """Sign-in at the pharmacy's pages. Secrets are kept as argon2id digests under a pepper, a file of the state folder."""

    pepper_file: str = "pepper"
    idle_min: int = Field(default=15, ge=1, le=480, description="a visit ends when nobody did anything for so long")
    hours: int = Field(default=8, ge=1, le=24, description="a visit ends after so long, whatever is done")
    readers: Literal["anyone", "signed_in"] | None = Field(
        default=None,
        description="who may look; left out: anyone on loopback while nobody is set up, else who is signed in or bears the token",
    )
    roles: tuple[PharmacyRole, ...] = Field(default=USUAL, alias="role")

    @model_validator(mode="after")
    def _is_apart(self) -> "PeopleRoom":
        for row in self.roles:
            if {"people", "discrepancies"} <= set(row.may):
                raise ValueError(f"{row.role} may both let people in and explain discrepancies: keep the two apart")
        if len({row.role for row in self.roles}) < len(self.roles):
            raise ValueError("a role has one row")
        return self
