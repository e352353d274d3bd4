"""The database that a server's file names.

Alone knows: how the file's words become a place. Must not know: any table.
"""

from pathlib import Path

from central.database.place import Database, url_of_file, with_password
from config.central import Central


def open_database(central: Central) -> Database:
    """Where the server keeps everything; the folder of a file is made."""
    if central.store.url is not None:
        secret = central.store.password_file
        return Database(with_password(central.store.url, Path(secret).read_text().strip() if secret else ""))
    state = Path(central.state)
    state.mkdir(parents=True, exist_ok=True)
    return Database(url_of_file(state / central.store.path))
