"""Where a cabinet keeps its files: the options `--site` and `--state` of every command on one cabinet.

Alone knows: that `--state` wins over the site's `state`, and what the two are called in the environment.
Must not know: what lies in the state folder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from cabinet.cli.exit_code import Stopped

R = TypeVar("R")

_SITE = click.Path(exists=True, dir_okay=False, path_type=Path)
_STATE = click.Path(file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Place:
    """What the caller said of the cabinet."""

    site: Path | None
    given_state: Path | None

    @property
    def state(self) -> Path:
        """The state folder. Ends the command as wrong usage when nothing names it, or with what is wrong with the site."""
        if self.given_state is not None:
            return self.given_state
        if self.site is None:
            raise click.UsageError("name the cabinet with --state FOLDER or --site FILE, or set ADC_STATE or ADC_SITE")
        from config.load import load_site
        from config.problem import SiteProblems

        try:
            return Path(load_site(self.site).site.state)
        except SiteProblems as problem:
            raise Stopped(str(problem)) from problem


def on_one_cabinet(command: Callable[..., R]) -> Callable[..., R]:
    """Give a click command `--site` and `--state`; it is called with a `place`."""

    @click.option("--site", type=_SITE, envvar="ADC_SITE", help="The site file of the cabinet.")
    @click.option("--state", type=_STATE, envvar="ADC_STATE", help="The state folder (default: the site's).")
    @wraps(command)
    def placed(*args: Any, site: Path | None, state: Path | None, **options: Any) -> R:
        return command(*args, place=Place(site, state), **options)

    return placed
