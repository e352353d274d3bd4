"""`adc import ndc`: a formulary of the FDA's NDC directory.

Alone knows: its options. Must not know: the directory's columns.
"""

from pathlib import Path

import click

from cabinet.cli.exit_code import Stopped

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="ndc")
@click.argument("product", type=_FILE)
@click.argument("package", type=_FILE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder that formulary and report go to.")
@click.option("--only", type=_FILE, help="A text file of generic names, one a line: no others are taken.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def command(product: Path, package: Path, out: Path, only: Path | None, *, as_json: bool) -> None:
    """Make a formulary of PRODUCT and PACKAGE (product.txt and package.txt of the NDC directory).

    One item for each product, its packages' codes with it. What makes no item stands in the report with its line.
    """
    from cabinet.cli.import_.told import tell
    from central.intake.ndc import read_directory
    from central.intake.report import Report
    from central.intake.row import NotAFile
    from central.intake.write import FORMULARY, REPORT, write_formulary, write_report

    report = Report()
    names = [line.strip() for line in only.read_text(encoding="utf-8").splitlines() if line.strip()] if only else []
    try:
        items = list(read_directory(product, package, report, names))
    except NotAFile as problem:
        raise Stopped(str(problem)) from problem
    out.mkdir(parents=True, exist_ok=True)
    files = [write_formulary(items, out / FORMULARY), write_report(report, out / REPORT)]
    tell(report, files, as_json=as_json)
