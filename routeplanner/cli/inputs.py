"""The options that name input files, shared by the commands that read a store list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from routeplanner.domain.draft import Draft
from routeplanner.domain.scenario import CoordinateSystem, Language, Scenario
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.classify import classes_by_sales
from routeplanner.planning.scenario import build_scenario

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.argument("stores", type=click.Path(path_type=Path)),
    click.option("--reps", type=click.Path(path_type=Path), help="Reps: CSV or XLSX."),
    click.option(
        "--policy",
        default="handbook",
        show_default=True,
        help="Policy file (TOML) or preset: handbook, handbook-example, five-day.",
    ),
    click.option(
        "--travel",
        type=click.Path(path_type=Path),
        help="Travel matrix: from_id,to_id,minutes,km. Without it times are estimated.",
    ),
    click.option("--appointments", type=click.Path(path_type=Path), help="Fixed stops of reps."),
    click.option(
        "--coordinates",
        type=click.Choice(["wgs84", "gcj02", "bd09"]),
        help="Coordinate system of the lists, wgs84 where not given; Amap and Tencent use gcj02, "
        "Baidu bd09.",
    ),
    click.option(
        "--language",
        type=click.Choice(["en", "zh"]),
        help="Language of the outputs; that of the headers where not given.",
    ),
    click.option(
        "--map",
        "columns",
        multiple=True,
        metavar="HEADER=FIELD",
        help="Read a column as a field, e.g. --map 'Filialnummer=id'. May be repeated.",
    ),
    click.option("--sheet", help="Sheet of the stores in a workbook."),
    click.option("--skip-bad-rows", is_flag=True, help="Plan the sound rows and list the others."),
)


def input_options(command: _Command) -> _Command:
    """Add the options that name and describe the input files."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_draft(
    stores: Path,
    *,
    reps: Path | None,
    policy: str,
    travel: Path | None,
    appointments: Path | None,
    coordinates: CoordinateSystem | None,
    language: Language | None,
    columns: tuple[str, ...],
    sheet: str | None,
    start: date | None = None,
) -> Draft:
    """Read all files of the shared options."""
    return read_inputs(
        stores,
        reps=reps,
        policy=policy,
        travel=travel,
        appointments=appointments,
        coordinates=coordinates,
        language=language,
        columns=dict(column_of(column) for column in columns),
        sheet=sheet,
        start=start,
    )


def read_scenario_from(
    stores: Path,
    *,
    skip_bad_rows: bool,
    start: date | None = None,
    earlier: Scenario | None = None,
    **options: Any,
) -> Scenario:
    """Read and judge all files of the shared options; InputError with every issue.

    Near a line stores keep the class that they have in an earlier scenario.
    """
    draft = read_draft(stores, start=start, **options)
    if earlier is not None:
        draft = replace(draft, earlier_classes=classes_by_sales(earlier.stores))
    return build_scenario(draft, skip_bad_rows=skip_bad_rows)


def day_of(value: datetime | None) -> date | None:
    """The date of an option."""
    return value.date() if value else None


def column_of(value: str) -> tuple[str, str]:
    """Header and field of a `--map` option."""
    header, sign, field = value.rpartition("=")
    if not sign or not header.strip() or not field.strip():
        raise click.BadParameter(f"'{value}' is not of the form HEADER=FIELD", param_hint="--map")
    return header.strip(), field.strip()
