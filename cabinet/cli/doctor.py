"""`adc doctor`: what is wrong with a cabinet, why, and what to do.

Alone knows: how findings are printed, and the exit status they make. Must not know: what is checked.
"""

import json
from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode
from cabinet.cli.place import Place, on_one_cabinet

if TYPE_CHECKING:
    from cabinet.workbench.check import Finding


@click.command(name="doctor")
@click.option("--kiosk-port", type=int, envvar="ADC_KIOSK_PORT", help="The running controller's kiosk (default: the site's).")
@click.option("--mqtt-port", type=int, help="The broker's port (default: the site's).")
@click.option("--all", "is_whole", is_flag=True, help="Print the checks that hold as well.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of all checks.")
@on_one_cabinet
@click.pass_context
def command(context: click.Context, place: Place, kiosk_port: int | None, mqtt_port: int | None, *, is_whole: bool, as_json: bool) -> None:
    """Look at everything around a cabinet, whether or not its controller runs, and say cause and remedy of what is not well.

    Changes nothing. Exit status 4 where something is wrong, 0 where nothing is, or where there are warnings alone.
    """
    if place.site is None:
        raise click.UsageError("name the site with --site FILE or ADC_SITE")
    from cabinet.workbench.doctor import examine
    from cabinet.workbench.examination import gather

    findings = examine(gather(place.site, place.given_state, kiosk_port, mqtt_port))
    if as_json:
        click.echo(json.dumps([_as_dict(finding) for finding in findings]))
    else:
        for finding in findings:
            if finding.details or is_whole:
                click.echo("\n".join(_rows(finding)))
    wrong = sum(bool(finding.details) and not finding.check.is_warning for finding in findings)
    warned = sum(bool(finding.details) and finding.check.is_warning for finding in findings)
    click.echo(f"{len(findings)} checks: {wrong} wrong, {warned} to look at", err=True)
    if wrong:
        context.exit(ExitCode.HARDWARE)


def _verdict(finding: "Finding") -> str:
    if not finding.details:
        return "ok"
    return "warning" if finding.check.is_warning else "wrong"


def _as_dict(finding: "Finding") -> dict[str, object]:
    check = finding.check
    return {
        "code": check.code, "verdict": _verdict(finding), "question": check.question, "how": check.how, "cause": check.cause,
        "remedy": check.remedy, "details": list(finding.details),
    }  # fmt: skip


def _rows(finding: "Finding") -> list[str]:
    check = finding.check
    head = f"{_verdict(finding):8} {check.question} ({check.code})"
    if not finding.details:
        return [head]
    return [
        head,
        *(f"         - {detail}" for detail in finding.details),
        f"         why:  {check.cause}",
        f"         do:   {check.remedy}",
    ]
