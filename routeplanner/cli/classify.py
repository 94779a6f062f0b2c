"""`routeplanner classify`: classes by cumulative sales, and changes against an earlier list."""

from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from routeplanner.cli.inputs import input_options, read_scenario_from
from routeplanner.cli.report import console, print_warnings, told_plainly
from routeplanner.domain.classes import ClassChanges, ClassRow
from routeplanner.files.csv_tables import write_classes
from routeplanner.files.placing import writing
from routeplanner.planning.class_changes import class_changes, earlier_classes
from routeplanner.planning.class_report import (
    change_report,
    change_words,
    class_report,
    policy_report,
    source_words,
)
from routeplanner.planning.classify import class_table
from routeplanner.texts import text

_MOST_ROWS = 30


@click.command(name="classify")
@input_options
@click.option(
    "--before",
    type=click.Path(path_type=Path),
    help="Earlier list: stores change class only beyond a margin, and the changes are shown.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("classes.csv"),
    show_default=True,
    help="File of all rows.",
)
def command(
    stores: Path, before: Path | None, out: Path, skip_bad_rows: bool, **options: Any
) -> None:
    """Class STORES A, B, C by cumulative sales and write the ranking."""
    if out.resolve() in {path.resolve() for path in (stores, before) if path}:
        raise click.UsageError(f"the ranking would overwrite {out}; give another --out")
    with told_plainly():
        scenario = read_scenario_from(stores, skip_bad_rows=skip_bad_rows, **options)
        earlier = None
        if before is not None:
            earlier = read_scenario_from(before, skip_bad_rows=skip_bad_rows, **options)
    # Who drives does not matter to classes.
    print_warnings([issue for issue in scenario.warnings if issue.code != "ASSUMED_REP"])
    language, policy = scenario.language, scenario.policy
    known = earlier_classes(earlier.stores, policy) if earlier else None
    rows = class_table(scenario.stores, policy, known)
    with told_plainly(), writing(out, language):
        write_classes(rows, out)
    console.print(Text(policy_report(policy, language)), soft_wrap=True)
    for line in class_report(rows, scenario.stores, policy, language):
        console.print(Text(line))
    console.print(_ranking(rows, language))
    if earlier is not None:
        changes = class_changes(earlier.stores, scenario.stores, policy)
        for line in change_report(changes, language):
            console.print(Text(line))
        if changes.changes:
            console.print(_changes(changes, language))
    console.print(f"\n{text('cli.written', language)} {out}", soft_wrap=True)


def _ranking(rows: tuple[ClassRow, ...], language: str) -> Table:
    table = Table(show_edge=False, header_style="bold")
    for name in ("rank", "store", "sales", "cumulative", "class", "source"):
        table.add_column(text(f"cli.{name}", language))
    for row in rows[:_MOST_ROWS]:
        table.add_row(
            "" if row.rank is None else str(row.rank),
            Text(f"{row.store_id} {row.name}"),
            "" if row.sales is None else f"{row.sales:,.6g}",
            f"{row.cumulative_share:.1f} %",
            row.store_class,
            source_words(row, language),
        )
    if len(rows) > _MOST_ROWS:
        table.add_row("…", f"+{len(rows) - _MOST_ROWS}")
    return table


def _changes(changes: ClassChanges, language: str) -> Table:
    table = Table(show_edge=False, header_style="bold")
    for name in ("store", "was", "is", "hours_a_week"):
        table.add_column(text(f"cli.{name}", language))
    for change in changes.changes:
        table.add_row(
            Text(f"{change.store_id} {change.name}"),
            change_words(change.was, is_before=True, language=language),
            change_words(change.now, is_before=False, language=language),
            f"{change.in_store_hours + change.travel_hours:+.1f}",
        )
    return table
