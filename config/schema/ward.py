"""The listener for phones and desk screens of the ward: where it is, by which names it is called, and by which certificate it proves it.

Alone knows: these keys, and that what leaves the machine is encrypted. Must not know: what is served there.
"""

import ipaddress
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from config.schema.alphabet import Name, Part

HostName = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$")]


class WardTable(Part):
    """A second listener, on which orders are picked ahead and nothing can be opened. Without this table there is none.

    Beyond loopback it needs a certificate and its key (PEM files; relative to the site file) and the `names` that browsers call it by.
    """

    host: str = Field(default="127.0.0.1", description="the address of this machine that it listens on")
    port: int = Field(default=8443, ge=0, le=65535)
    names: tuple[HostName, ...] = Field(default=(), description="by which it is called in a browser; other names are not answered")
    cert_file: Name | None = Field(default=None, description="its certificate, with those between it and the root")
    key_file: Name | None = None
    session_idle_s: int = Field(default=180, ge=15, le=3600, description="a session left alone ends after this")
    session_limit_s: int = Field(default=3600, ge=60, le=43_200, description="a session ends after this at the latest")

    @property
    def is_on_loopback(self) -> bool:
        """Whether nobody else's machine reaches it."""
        return ipaddress.ip_address(self.host).is_loopback

    @model_validator(mode="after")
    def _guarded(self) -> "WardTable":
        try:
            is_on_loopback = self.is_on_loopback
        except ValueError:
            raise ValueError(f"host {self.host!r} is no address; names belong in `names`") from None
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file go together")
        if not is_on_loopback and (self.cert_file is None or not self.names):
            raise ValueError("beyond loopback it needs cert_file, key_file and names: PINs and patients' names go over this wire")
        if self.session_limit_s < self.session_idle_s:
            raise ValueError(f"session_limit_s {self.session_limit_s} is below session_idle_s {self.session_idle_s}")
        return self
