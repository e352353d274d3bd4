"""How a pharmacy works out its pars: when it refills, and what things cost it. Part of the pharmacy server's file.

Alone knows: the keys of `[pars]`, their types and limits. Must not know: how a par is found.
"""

from typing import Annotated

from pydantic import Field

from config.schema import Part

Minutes = Annotated[float, Field(ge=0, le=10_000)]


class Pars(Part):
    """How long a round takes to the shelf, how much history counts, and costs in minutes of somebody's work.

    When lists are drawn up is said once, by the rounds of `[restock]`.
    """

    lead_minutes: int = Field(default=120, ge=0, le=10_080, description="from the list until it is in the pockets")
    call_minutes: int = Field(default=60, ge=0, le=10_080, description="until what was called for in between is there")
    history_days: int = Field(default=180, ge=14, le=1000)
    call_cost: Minutes = 30.0
    refusal_cost: Minutes = 10.0
    line_cost: Minutes = 0.5
    outdate_cost: Minutes = 5.0
    shelf_price: float = Field(default=0.01, ge=0, le=100, description="minutes a day that each unit on the shelf has to save")
    unused_days: int = Field(default=90, ge=1, le=1000, description="nobody asked for so long: take it out")
    sent_times: int = Field(default=6, ge=1, le=100, description="sent on so many days of `sent_days`: take it in")
    sent_days: int = Field(default=14, ge=1, le=365)
