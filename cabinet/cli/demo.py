"""`adc demo`: a simulated cabinet on the wire, a broker, the controller with its kiosk, and the pharmacy server.

Alone knows: what is printed, and when the demo ends. Must not know: how the processes are started or played with.
"""

import asyncio
import json
import os
import signal
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped

if TYPE_CHECKING:
    from cabinet.rehearsal.company import Company
    from cabinet.rehearsal.enrol import Enrolled
    from config.schema import Site


GUIDE_PORT = 8083


@click.command(name="demo")
@click.option("--once", is_flag=True, help="Play one refill, one withdrawal and one count, print a summary and end.")
@click.option("--headless", is_flag=True, help="Open no browser.")
@click.option(
    "--site",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another cabinet than the demo ward's, such as config/sites/workshop.toml; on its own ports where they are free.",
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where it keeps its files (default: state/demo, or state/NAME of another site's file; --once: a folder of its own).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, site: Path | None, state: Path | None, *, once: bool, headless: bool, as_json: bool) -> None:
    """Start everything on loopback, with invented patients, and print the addresses and the staff's PINs.

    Development software, not a medical device.
    """
    if once and site is not None:
        raise click.UsageError("--once plays what is written for the demo ward alone: leave out --site")
    os.umask(0o077)
    with ExitStack() as stack:
        if state is None:
            kept = Path("state") / ("demo" if site is None else site.stem)
            state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adc-demo-"))) if once else kept
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            is_balanced = _play(stack, site, state, once=once, headless=headless, as_json=as_json)
        except KeyboardInterrupt:
            click.echo("ended", err=True)
            return
    if not is_balanced:
        context.exit(ExitCode.FAILED)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _play(stack: ExitStack, site: Path | None, state: Path, *, once: bool, headless: bool, as_json: bool) -> bool:
    import config
    from cabinet.cli.run import set_log
    from cabinet.rehearsal.company import Company, DidNotStart, Ports
    from cabinet.rehearsal.enrol import admit, enrol
    from cabinet.rehearsal.visit import Visit, WentWrong
    from config.central import load_central
    from config.load import load_site
    from config.problem import SiteProblems

    folder = Path(config.__file__).parent
    site, pharmacy = site or folder / "sites" / "demo.toml", folder / "central" / "demo.toml"
    try:
        loaded = load_site(site)
    except SiteProblems as problem:
        raise Stopped(str(problem)) from problem
    _ensure_simulated(loaded.site)
    state.mkdir(parents=True, exist_ok=True)
    set_log(stack.enter_context((state / "demo.log").open("a")))
    is_told = site == folder / "sites" / "demo.toml"  # the guide's script is about the demo ward
    ward = 0 if loaded.site.ward is None else loaded.site.ward.port
    usual = (loaded.site.kiosk.port, load_central(pharmacy).http.port, loaded.site.simulator.page_port, GUIDE_PORT, ward)
    staff: list[Enrolled] = []
    try:
        ports = stack.enter_context(Ports.kept(usual))
        company = Company(site, pharmacy, state, replace(ports, **_unused(loaded.site, is_guided=is_told and not once)))
        stack.enter_context(company.started(meanwhile=lambda: staff.extend(enrol(loaded, state))))
        if is_told and not once:
            company.start_neighbourhood()
        if once:
            summary = Visit(company.ports, staff, loaded).play()
            click.echo(json.dumps(asdict(summary)) if as_json else _summary_words(asdict(summary)))
            return summary.balanced
        admit(staff, pharmacy, state)
    except (DidNotStart, WentWrong) as problem:
        raise Stopped(str(problem)) from problem
    _show(company, staff, as_json=as_json)
    if not headless and not as_json:
        click.launch(f"http://127.0.0.1:{company.ports.guide or company.ports.kiosk}/")
    _stay(company, staff, loaded.site.cabinet)
    return True


def _unused(site: "Site", *, is_guided: bool) -> dict[str, int]:
    """The ports that nothing listens on."""
    gone = {} if is_guided else {"guide": 0, "network": 0}
    return gone if site.ward is not None else {**gone, "ward": 0}


def _ensure_simulated(site: "Site") -> None:
    """Nobody plays on boards that are there: PINs are printed here, and hands are invented."""
    real = [bus.id for bus in site.buses if (bus.port if bus.kind == "serial" else bus.port or bus.host not in ("127.0.0.1", "localhost"))]
    if real:
        raise Stopped(f"the demo simulates every board, and this site names a port or host for {', '.join(real)}", ExitCode.USAGE)


def _stay(company: "Company", staff: "list[Enrolled]", cabinet: str) -> None:
    from cabinet.rehearsal.guide.serving import serve

    ended = asyncio.run(serve(company, staff, cabinet))
    raise Stopped(f"{ended} ended by itself; its log is {company.state / ended}.log")


def _show(company: "Company", staff: "list[Enrolled]", *, as_json: bool) -> None:
    ports = company.ports
    addresses = {
        "kiosk": f"http://127.0.0.1:{ports.kiosk}/",
        "pharmacy": f"http://127.0.0.1:{ports.pharmacy}/",
        "virtual_cabinet": f"http://127.0.0.1:{ports.virtual_cabinet}/",
        **({"guide": f"http://127.0.0.1:{ports.guide}/"} if ports.guide else {}),
        **({"ward": f"http://127.0.0.1:{ports.ward}/"} if ports.ward else {}),
        "mqtt": f"mqtt://127.0.0.1:{ports.mqtt}",
    }
    people = [{"id": p.id, "name": p.name, "role": p.role, "badge": p.badge, "pin": p.pin} for p in staff]
    if as_json:
        click.echo(json.dumps({**addresses, "staff": people}))
        return
    for name, address in addresses.items():
        click.echo(f"{name.replace('_', ' '):16} {address}")
    click.echo("\nstaff (PINs are drawn for this state folder)")
    for person in people:
        click.echo(f"  {person['name']:24} {person['role']:14} id {person['id']:18} badge {person['badge']:16} PIN {person['pin']}")
    click.echo(
        "\nAt the pharmacy's pages pharmacist, technician and administrator sign in by id and the same PIN; so does a nurse at the ward's."
    )
    click.echo("\nfor the technician, in another shell:")
    click.echo(f"  export ADC_SITE={company.site} ADC_STATE={company.state}")
    click.echo(f"  adc doctor --kiosk-port {ports.kiosk} --mqtt-port {ports.mqtt}")
    click.echo(f"  adc hw identify --kiosk-port {ports.kiosk}")
    if ports.guide:
        click.echo("\nThe guide shows all of it side by side and leads through the first three minutes.")
    click.echo("\nSign in at the kiosk, remove something, and push the drawer shut on the virtual cabinet. Ctrl-C ends everything.")


def _summary_words(summary: dict[str, object]) -> str:
    agree = "agree to the last unit" if summary["balanced"] else "DO NOT AGREE"
    return (
        f"{summary['refills']} refill, {summary['withdrawals']} withdrawal, {summary['counts']} count: {summary['units']} units moved; "
        f"the pharmacy server holds fact {summary['pharmacy_seq']}; pieces, journal and pharmacy {agree}"
    )
