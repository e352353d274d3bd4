"""Questions to whoever sits at the terminal, beside a loop that goes on.

Alone knows: how an answer is read without a thread, so that Ctrl-C ends at once, and what counts as yes, no, a number and goodbye.
Must not know: what is asked.

What was typed before a question stands on the screen is no answer to it.
"""

import asyncio
import os
import sys
import termios
from decimal import Decimal, InvalidOperation

import click

from cabinet.workbench.hand import Left

YES, NO, QUIT = ("y", "yes"), ("n", "no"), ("q", "quit")
READ = 4096


async def line(question: str) -> str:
    """One line, without the blanks around it. Raises Left for `q` and for the end of the input."""
    if sys.stdin.isatty():
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
    click.echo(f"{question}: ", nl=False, err=True)
    text = await (_from_terminal() if sys.stdin.isatty() else asyncio.to_thread(sys.stdin.readline))
    if not text:
        click.echo(err=True)
        raise Left("the input is at its end")
    if text.strip().lower() in QUIT:
        raise Left("stopped")
    return text.strip()


async def _from_terminal() -> str:
    """What a terminal hands over, which is a line; nothing at its end."""
    loop = asyncio.get_running_loop()
    is_there = asyncio.Event()
    terminal = sys.stdin.fileno()
    loop.add_reader(terminal, is_there.set)
    try:
        await is_there.wait()
        return os.read(terminal, READ).decode(errors="replace")
    except OSError:  # the terminal was closed
        return ""
    finally:
        loop.remove_reader(terminal)


async def yes(question: str, *, empty: str = "") -> bool | None:
    """Yes or no; None for an empty answer where `empty` says what that means, else it is asked again."""
    hint = f"y, n, Enter: {empty}" if empty else "y, n"
    while True:
        answer = (await line(f"{question} ({hint})")).lower()
        if answer in YES or answer in NO:
            return answer in YES
        if not answer and empty:
            return None
        _not_understood("y or n")


async def grams(question: str) -> int | None:
    """A mass in milligrams, typed in grams with a point or a comma; None for an empty answer."""
    while True:
        answer = await line(f"{question} (grams, Enter: skip)")
        if not answer:
            return None
        try:
            mass = Decimal(answer.removesuffix("g").strip().replace(",", "."))
        except InvalidOperation:
            mass = Decimal(0)
        if mass.is_finite() and 0 < mass < 1_000_000:  # noqa: PLR2004 - a tonne
            return int(mass * 1000)
        _not_understood("grams, such as 100 or 99.95")


def _not_understood(wanted: str) -> None:
    click.echo(f"  not understood: {wanted} is wanted; q stops here, and what is done is kept", err=True)
