"""`routeplanner init`: an empty workbook and a commented policy to fill in."""

from pathlib import Path

import click

from routeplanner.cli.report import console, told_plainly
from routeplanner.domain.scenario import Language
from routeplanner.files.template import write_template
from routeplanner.texts import text


@click.command(name="init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def command(folder: Path, language: Language) -> None:
    """Write an empty workbook with all columns and a commented policy into DIR."""
    with told_plainly():
        workbook, policy = write_template(folder, language)
    console.print(f"{text('cli.written', language)} {workbook}, {policy}", soft_wrap=True)
    console.print(text("cli.init_next", language))
    console.print(f"  routeplanner plan {workbook} --policy {policy}", soft_wrap=True)
