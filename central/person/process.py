"""Who gets in at a live pharmacy server: the token's file, the pepper's file, and a thread that makes digests.

Alone knows: where these lie. Must not know: who may do what.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from cabinet.adapters.secrets import ArgonSecrets, load_pepper
from central.database.named import open_database
from central.database.place import Database
from central.document.shelf import Shelf
from central.gate import Gate
from central.person.desk import PeopleDesk
from central.person.room import make_desk
from config.central import Central


@contextlib.contextmanager
def at_the_machine(central: Central, now: Callable[[], datetime]) -> Iterator[PeopleDesk]:
    """The desk for whoever sits at the server's machine, whether or not the server runs. Raises NotOurs, PepperUnusable, Unreachable."""
    with contextlib.closing(open_database(central).prepare()) as database, _secrets(central) as secrets:
        yield make_desk(database, Shelf(database.engine), secrets, now, central.people)


def _secrets(central: Central) -> "contextlib.closing[ArgonSecrets]":
    file = Path(central.state) / central.people.pepper_file
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # whoever is set up first may be before the server's first start
    return contextlib.closing(ArgonSecrets(load_pepper(file)))


@contextlib.contextmanager
def guarded(central: Central, database: Database, shelf: Shelf, now: Callable[[], datetime]) -> Iterator[Gate]:
    """The gate of one server. Raises PepperUnusable."""
    file = central.http.token_file
    token = Path(file).read_text(encoding="utf-8").strip() if file else ""
    with _secrets(central) as secrets:
        desk = make_desk(database, shelf, secrets, now, central.people)
        yield Gate(token, central.http.host, desk, central.people.readers)
