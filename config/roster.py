"""Where staff come from besides the pharmacy's own page: the words of other systems, SCIM, and a directory by LDAP.

Alone knows: the keys of `[roster]` in `config/central/*.toml`. Must not know: how any of them is asked.
"""

from pydantic import Field, model_validator

from config.schema.alphabet import Id, Part, Role


class LdapTable(Part):
    """A directory that is asked for everybody, again and again. Attribute names are the directory's own."""

    url: str = Field(pattern=r"^ldaps?://[^/\s]+$")
    base: str = Field(min_length=1, description="below which people are looked for")
    filter: str = Field(default="(objectClass=inetOrgPerson)", description="who is looked for")
    bind_dn: str = ""
    password_file: str | None = None
    ca_file: str | None = Field(
        default=None, description="whom a directory's certificate must be signed by; left out, the machine's own list"
    )
    start_tls: bool = Field(default=False, description="ldap:// alone is for loopback; elsewhere ldaps:// or this")
    id: str = Field(default="uid", description="what a person is known by; Active Directory: sAMAccountName")
    name: str = "cn"
    role: str = Field(default="title", description="words that `roles` reads; of several values the first that it knows")
    areas: str = "departmentNumber"
    until: str = Field(default="accountExpires", description="when an account ends")
    off: str = Field(default="userAccountControl", description="Active Directory's flags, or nsAccountLock (true)")
    every_s: int = Field(default=30, ge=1, le=86_400, description="seconds between two looks: so long a leaver may still be on")

    @model_validator(mode="after")
    def _is_not_overheard(self) -> "LdapTable":
        host = self.url.split("://", 1)[1].rsplit(":", 1)[0]
        if self.url.startswith("ldap://") and not self.start_tls and host not in {"127.0.0.1", "localhost", "[::1]"}:
            raise ValueError("ldap:// beyond loopback sends the password in clear: ldaps://, or start_tls = true")
        return self


class RosterTable(Part):
    """`roles` and `areas`: what other systems' words mean here, without regard to case; a role's own name needs no row."""

    roles: dict[str, Role] = Field(default={})
    areas: dict[str, Id] = Field(default={})
    most_leavers_percent: int = Field(
        default=20, ge=0, le=100, description="a list by which more than these (and more than five) would leave at once waits for a person"
    )
    scim_token_file: str | None = Field(default=None, description="what an identity provider bears; left out, nobody provisions by SCIM")
    ldap: LdapTable | None = None
