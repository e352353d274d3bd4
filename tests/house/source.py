"""The project's own files, as the tests of the house read them.

Alone knows: which folders hold code, and which files belong to the project.
Must not know: what is asked of them.
"""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("cabinet", "central", "config", "drivers", "firmware_sim")
CODE = (*PACKAGES, "bench")


def modules(*folders: str) -> list[Path]:
    """Every Python file of these folders, in order."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def name(file: Path) -> str:
    """A file as its readers call it."""
    return str(file.relative_to(ROOT))


def project_files() -> list[Path]:
    """Every file that is, or is about to be, in the project's history."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.split("\0") if line and (ROOT / line).is_file()]
