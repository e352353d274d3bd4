"""`adc hw replace`: one board is replaced by another.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or in which order that is done.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import Desk, auto_option, json_option, page_of, with_desk
from cabinet.cli.hw.walk import commission

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench


@click.command(name="replace")
@click.argument("board")
@auto_option
@json_option
@with_desk
def command(desk: Desk, board: str, page: str | None, *, as_json: bool) -> None:
    """Guide the replacement of BOARD by another of its model: address, settings, then a walk of its channels and no others."""
    desk.do(lambda bench: _replace(bench, desk.place.state, board, page and page_of(desk.place, page), as_json=as_json))


async def _replace(bench: "Bench", state: Path, board: str, page: str | None, *, as_json: bool) -> None:
    from cabinet.workbench.hand import Left
    from cabinet.workbench.replacing import NotReplaced, take_in

    try:
        await take_in(bench, board, lambda sentence: click.echo(sentence, err=True), _confirm if page is None else _agree)
    except Left as left:
        raise Stopped(str(left)) from left
    except NotReplaced as problem:
        raise Stopped(str(problem), ExitCode.HARDWARE) from problem
    await commission(bench, state, board, page, as_json=as_json)


async def _confirm(question: str) -> bool:
    from cabinet.cli.hw import asking

    return bool(await asking.yes(question))


async def _agree(_question: str) -> bool:
    return True
