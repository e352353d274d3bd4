"""What an unfinished walk has found so far, kept in the state folder until a walk is signed.

Alone knows: where it is kept, and of which walk it may be taken up: the same wiring, the same channels, the same person.
Must not know: how a walk goes, or what is asked.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cabinet.workbench.bench import Json

WORDS = ("channel", "part", "place", "verdict", "code", "detail")


@dataclass(frozen=True)
class Errand:
    """Whose walk it is, of which wiring, and of which board alone (empty: all)."""

    wiring: str
    scope: str
    staff: str


@dataclass(frozen=True)
class Unfinished:
    """The file. A state folder that is not ours to write keeps nothing, and the walk goes on."""

    path: Path

    def read(self, errand: Errand) -> list[Json]:
        """What was found on this errand; nothing where there is none, or the file is none of ours."""
        try:
            kept = json.loads(self.path.read_bytes())
            rows = kept.pop("rows")
            is_ours = kept == asdict(errand) and all(isinstance(row[word], str) for row in rows for word in WORDS)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return []
        return [{word: row[word] for word in WORDS} for row in rows] if is_ours else []

    def when(self) -> str:
        """When it was written last."""
        return f"{datetime.fromtimestamp(self.path.stat().st_mtime, UTC):%Y-%m-%d %H:%M} UTC"

    def write(self, errand: Errand, rows: list[Json]) -> bool:
        """Keep what was found; whether it is kept."""
        fresh = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_text(json.dumps({**asdict(errand), "rows": rows}, ensure_ascii=False), encoding="utf-8")
            fresh.replace(self.path)
        except OSError:
            return False
        return True

    def discard(self) -> None:
        """The walk is over."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return  # not ours to write: nothing was kept either
