"""Where people's secrets and visits are kept.

Alone knows: how they become rows. Must not know: when somebody is let in, or what a secret is.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, insert, select, update

from central.database.place import Database
from central.database.table import PERSON, VISIT


@dataclass(frozen=True, slots=True)
class Account:
    """What one person signs in with. `locked_until` is an instant, "" or `FOR_EVER`."""

    person: str
    name: str
    role: str
    digest: str
    is_once: bool
    good_until: str
    set_by: str
    set_at: str
    failures: int = 0
    locked_until: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's time at the pages."""

    person: str
    began_at: str
    used_at: str


FOR_EVER = "9999"


class Book:
    """Accounts and visits of one pharmacy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def accounts(self) -> dict[str, Account]:
        """Everybody who has a secret here."""
        with self._database.reading() as conn:
            return {row.person: Account(**row._asdict() | {"is_once": bool(row.is_once)}) for row in conn.execute(select(PERSON))}

    def account(self, person: str) -> Account | None:
        """One person's."""
        with self._database.reading() as conn:
            row = conn.execute(select(PERSON).where(PERSON.c.person == person)).first()
        return None if row is None else Account(**row._asdict() | {"is_once": bool(row.is_once)})

    def is_empty(self) -> bool:
        """Whether nobody has a secret here."""
        with self._database.reading() as conn:
            return conn.execute(select(PERSON.c.person).limit(1)).first() is None

    def keep(self, account: Account) -> None:
        """Take an account in another's place; what its person had open is over."""
        with self._database.engine.begin() as conn:
            conn.execute(delete(PERSON).where(PERSON.c.person == account.person))
            values = {name: getattr(account, name) for name in PERSON.c.keys()}  # noqa: SIM118 - the names of columns
            conn.execute(insert(PERSON).values(values | {"is_once": int(account.is_once)}))
            conn.execute(delete(VISIT).where(VISIT.c.person == account.person))

    def failed(self, person: str, failures: int, locked_until: str) -> None:
        """So many sign-ins in a row failed."""
        with self._database.engine.begin() as conn:
            row = {"failures": failures, "locked_until": locked_until}
            conn.execute(update(PERSON).where(PERSON.c.person == person).values(row))

    def forget(self, person: str) -> None:
        """Their secret is worth nothing any more, and what they had open is over."""
        with self._database.engine.begin() as conn:
            conn.execute(delete(PERSON).where(PERSON.c.person == person))
            conn.execute(delete(VISIT).where(VISIT.c.person == person))

    def visit(self, token: str) -> Visit | None:
        """Whose visit a token is."""
        with self._database.reading() as conn:
            row = conn.execute(select(VISIT.c.person, VISIT.c.began_at, VISIT.c.used_at).where(VISIT.c.token == _kept(token))).first()
        return None if row is None else Visit(*row)

    def begin(self, token: str, visit: Visit, *, over_before: str) -> None:
        """Somebody is here; visits that began before an instant are over for certain."""
        with self._database.engine.begin() as conn:
            conn.execute(delete(VISIT).where(VISIT.c.began_at < over_before))
            conn.execute(insert(VISIT).values(token=_kept(token), person=visit.person, began_at=visit.began_at, used_at=visit.used_at))

    def use(self, token: str, at: str) -> None:
        """They did something."""
        with self._database.engine.begin() as conn:
            conn.execute(update(VISIT).where(VISIT.c.token == _kept(token)).values(used_at=at))

    def end(self, token: str) -> None:
        """They left."""
        with self._database.engine.begin() as conn:
            conn.execute(delete(VISIT).where(VISIT.c.token == _kept(token)))


def _kept(token: str) -> str:
    return sha256(token.encode(errors="surrogatepass")).hexdigest()
