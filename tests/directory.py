"""A real OpenLDAP server for tests: started by them on a free loopback port, with people in it, gone with them.

Alone knows: where Debian keeps slapd and how it is filled. Must not know: what is tested.
"""

import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.broker import free_port

SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/lib/openldap")
BASE = "dc=hospital,dc=example"
PASSWORD = "reader-secret"
STARTS_WITHIN_S = 10.0

CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/pid
database mdb
suffix "{base}"
rootdn "cn=reader,{base}"
rootpw {password}
directory {folder}
maxsize 10485760
sizelimit {size}
"""


class Directory:
    """A server with people; `size`: how many entries it hands out without pages."""

    def __init__(self, folder: Path, size: int = 500) -> None:
        assert SLAPD is not None
        self.port, self._config = free_port(), folder / "slapd.conf"
        self._config.write_text(CONFIG.format(folder=folder, base=BASE, password=PASSWORD, size=size))
        self._load(f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: hospital\no: Hospital\n")
        self._process: subprocess.Popen[bytes] | None = None

    def _load(self, ldif: str) -> None:
        assert SLAPD is not None
        adding = [SLAPD, "-Tadd", "-f", str(self._config)]
        subprocess.run(adding, input=ldif.encode(), check=True, capture_output=True)

    def add(self, who: str, title: str, **more: str) -> None:
        """Put somebody in, while the server does not run."""
        lines = [
            f"dn: uid={who},{BASE}",
            "objectClass: inetOrgPerson",
            f"uid: {who}",
            f"cn: {who.title()}",
            f"sn: {who}",
            f"title: {title}",
        ]
        self._load("\n".join([*lines, *(f"{name}: {value}" for name, value in more.items())]) + "\n")

    def remove(self, who: str) -> None:
        """Take somebody out, while the server does not run."""
        assert SLAPD is not None
        deleting = [SLAPD, "-Tmodify", "-f", str(self._config)]
        subprocess.run(deleting, input=f"dn: uid={who},{BASE}\nchangetype: delete\n".encode(), check=True, capture_output=True)

    def start(self) -> None:
        """Listen, and return once it does."""
        assert SLAPD is not None
        self._process = subprocess.Popen([SLAPD, "-f", str(self._config), "-h", f"ldap://127.0.0.1:{self.port}", "-d", "0"])
        until_s = time.monotonic() + STARTS_WITHIN_S
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert time.monotonic() < until_s, "slapd does not listen"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None
