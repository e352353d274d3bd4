"""`adc import vendor`: another vendor's export as files of ours.

Alone knows: its options. Must not know: any vendor's columns.
"""

from pathlib import Path

import click

from cabinet.cli.exit_code import Stopped


@click.command(name="vendor")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
    help="Which of their columns is which of our fields: a file such as config/vendor/example.toml.",
)  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder that everything goes to.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def command(folder: Path, mapping: Path, out: Path, *, as_json: bool) -> None:
    """Turn the export in FOLDER into formulary, pockets, pars, staff list and history, with a report of what did not map."""
    from cabinet.cli.import_.told import tell
    from central.intake.row import NotAFile
    from central.intake.vendor import read_export
    from central.intake.write import write_all
    from config.intake import load_intake
    from config.problem import SiteProblems

    try:
        found = read_export(folder, load_intake(mapping))
    except (NotAFile, SiteProblems) as problem:
        raise Stopped(str(problem)) from problem
    tell(found.report, write_all(found, out), as_json=as_json)
