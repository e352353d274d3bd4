"""What the pharmacy watches for, when it tells whom, and over which channel.

Alone knows: the keys of `[watch]` in `config/central/*.toml`, and what is watched where the file says nothing.
Must not know: how a condition is found, or how a letter travels.

Nothing leaves the building unless the file names a channel.
"""

from typing import Literal

from pydantic import Field, model_validator

from config.schema import Id, Name, Part

When = Literal[
    "stock_out", "critical_low", "runs_out", "expiring", "discrepancy", "override_without_order", "waste_owed", "silent", "on_battery",
    "fridge", "drawer_failed",
]  # fmt: skip
"""Conditions, as `central/watch/look.py` finds them."""


class Step(Part):
    """Whom to tell of an alert that nobody acknowledged, and after how many minutes."""

    after_min: int = Field(default=0, ge=0, le=10_080)
    to: tuple[Id, ...] = Field(min_length=1, description="channels")


class Rule(Part):
    """One condition that is watched for. `areas` and `items` narrow it; left out: everywhere, and every item."""

    id: Id
    when: When
    severity: Literal["now", "soon"] = "soon"
    after_min: int = Field(default=0, ge=0, le=43_200, description="how long it lasts before it is an alert")
    within_h: int = Field(default=24, ge=1, le=8760, description="runs_out, expiring: so far ahead")
    areas: tuple[Id, ...] = ()
    items: tuple[Id, ...] = ()
    tell: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _rises(self) -> "Rule":
        waits = [step.after_min for step in self.tell]
        if waits != sorted(set(waits)):
            raise ValueError("the steps of tell come one after the other: each after_min is larger than the one before")
        return self


class Channel(Part):
    """A way out: `mail` to an address, or `webhook` to an address on the web, signed where `secret_file` names a secret."""

    id: Id
    kind: Literal["mail", "webhook"]
    to: str = Field(min_length=3, max_length=500, description="ward@example.org, or https://example.org/hook")
    secret_file: str | None = Field(default=None, description="webhook: HMAC-SHA256 over time stamp and body")

    @model_validator(mode="after")
    def _fits(self) -> "Channel":
        if self.kind == "mail" and ("@" not in self.to or self.secret_file is not None):
            raise ValueError("mail goes to an address with @, and has no secret")
        if self.kind == "webhook" and not self.to.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("a webhook is https://..., or http:// on loopback")
        return self


class Mail(Part):
    """The server that takes letters. `security`: a connection without, with STARTTLS (port 587), or with TLS from the start (465)."""

    host: str = "127.0.0.1"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "starttls"
    sender: str = Field(default="pharmacy@localhost", pattern=r"^[^@\s]+@[^@\s]+$")
    username: str = ""
    password_file: str = ""


USUAL = (
    Rule(id="out-of-stock", when="stock_out", severity="now"),
    Rule(id="critically-low", when="critical_low"),
    Rule(id="runs-out", when="runs_out", within_h=24),
    Rule(id="expiring", when="expiring", within_h=24 * 14),
    Rule(id="old-discrepancy", when="discrepancy", severity="now", after_min=24 * 60),
    Rule(id="override-without-order", when="override_without_order", after_min=24 * 60),
    Rule(id="waste-owed", when="waste_owed", after_min=4 * 60),
    Rule(id="silent-cabinet", when="silent", severity="now", after_min=10),
    Rule(id="on-battery", when="on_battery", severity="now"),
    Rule(id="fridge", when="fridge", severity="now"),
    Rule(id="drawer-out-of-reach", when="drawer_failed", severity="now"),
)


class Watch(Part):
    """What is watched, how often, and the ways out."""

    look_s: int = Field(default=30, ge=5, le=3600, description="all is looked at so often, and at once when something changed")
    rules: tuple[Rule, ...] = Field(default=USUAL, alias="rule")
    channels: tuple[Channel, ...] = Field(default=(), alias="channel")
    mail: Mail | None = None
    address: Name | None = Field(default=None, description="where these pages are, as letters write it: https://pharmacy.example.org")

    @model_validator(mode="after")
    def _names(self) -> "Watch":
        known = {channel.id for channel in self.channels}
        if len(known) < len(self.channels) or len({rule.id for rule in self.rules}) < len(self.rules):
            raise ValueError("every rule and every channel has an id of its own")
        for rule in self.rules:
            for step in rule.tell:
                if missing := [one for one in step.to if one not in known]:
                    raise ValueError(
                        f"rule {rule.id} tells {missing[0]}, which is no channel; there is {', '.join(sorted(known)) or 'none'}"
                    )
        if self.mail is None and any(channel.kind == "mail" for channel in self.channels):
            raise ValueError("a mail channel needs [watch.mail]: the server that takes letters")
        return self
