"""What all commands share: the console, issues as one table, broken rules, the exit codes."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from routeplanner.domain.violation import Violation
from routeplanner.errors import InputError, Issue, RoutePlannerError, Severity
from routeplanner.files.placing import DAYS, Placed
from routeplanner.texts import text

EXIT_FOUND = 1  # violations
EXIT_BAD_INPUT = 2
EXIT_SHORT = 3  # the output was written, but falls short
EXIT_INTERRUPTED = 130  # as a shell tells of Ctrl-C

_MOST_WARNINGS = 20
_MOST_ROWS = 3

_PIPED_WIDTH = 160  # into a file or another program, where no terminal tells a width
_WIDE = 120


def _console(*, is_error: bool) -> Console:
    stream = sys.stderr if is_error else sys.stdout
    is_told = stream.isatty() or "COLUMNS" in os.environ
    return Console(stderr=is_error, highlight=False, width=None if is_told else _PIPED_WIDTH)


console = _console(is_error=False)
errors = _console(is_error=True)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn input errors into one table and exit code 2."""
    try:
        yield
    except InputError as error:
        faults = [issue for issue in error.issues if issue.severity is Severity.ERROR]
        warnings = [issue for issue in error.issues if issue.severity is Severity.WARNING]
        language = _language_of(error.issues)
        print_issues(errors, faults)
        if warnings:
            errors.print(f"\n{text('cli.warnings', language, n=len(warnings))}")
            print_issues(errors, warnings, _MOST_WARNINGS)
        key = "cli.one_fault" if len(faults) == 1 else "cli.faults"
        errors.print(f"\n[bold red]{text(key, language, n=len(faults))}[/]")
        raise SystemExit(EXIT_BAD_INPUT) from None
    except RoutePlannerError as error:
        errors.print(f"[bold red]{error}[/]")
        raise SystemExit(EXIT_BAD_INPUT) from None


@contextmanager
def named_by_option(options: Mapping[str, str]) -> Iterator[None]:
    """Name the options that faults are of, by code, where they are of no file."""
    try:
        yield
    except InputError as error:
        issues = [
            issue
            if issue.file
            else issue.model_copy(update={"path": options.get(issue.code, issue.path)})
            for issue in error.issues
        ]
        raise InputError(issues) from error


def print_issues(to: Console, issues: Sequence[Issue], most: int | None = None) -> int:
    """Print issues: where, what is wrong, what to do; a narrow terminal gets fewer columns.

    Those of the same words stand in one line, with their rows. Returns how many are not shown.
    """
    if not issues:
        return 0
    alike = _alike(issues)
    table = Table(show_edge=False, pad_edge=False, header_style="bold", show_lines=to.width < _WIDE)
    is_wide = to.width >= _WIDE
    where: tuple[str, ...] = ("file", "row", "column", "value") if is_wide else ("where",)
    if not any(issue.file for issue in issues):  # they are of options
        where = ("where", "value")
    language = _language_of(issues)
    for name in (*where, "wrong", "to_do"):
        table.add_column(text(f"cli.issue_{name}", language), overflow="fold")
    for issue, rows in alike[:most]:
        row = _rows_text(rows, language)
        file, column = issue.file or issue.path, issue.column or ""
        place: tuple[str, ...] = (f"{file} {row}\n{column}",)
        if len(where) == 4:
            place = (file, row, column, _short(issue.value))
        elif len(where) == 2:
            place = (issue.path, _short(issue.value))
        cells = (*place, f"{issue.message} [{issue.code}]", issue.hint)
        table.add_row(*(Text(cell) for cell in cells))
    to.print(table)
    return 0 if most is None else sum(max(1, len(rows)) for _, rows in alike[most:])


def _alike(issues: Sequence[Issue]) -> list[tuple[Issue, list[int]]]:
    """Issues of the same words once, with all their rows."""
    found: dict[Issue, list[int]] = {}
    for issue in issues:
        same = issue.model_copy(update={"row": None, "path": issue.path if not issue.file else ""})
        found.setdefault(same, [])
        if issue.row is not None:
            found[same].append(issue.row)
    return list(found.items())


def _rows_text(rows: Sequence[int], language: str) -> str:
    """`3, 7, 9 and 12 more`."""
    if len(rows) <= _MOST_ROWS + 1:
        return ", ".join(map(str, rows))
    shown = ", ".join(map(str, rows[:_MOST_ROWS]))
    return text("cli.more_rows", language, rows=shown, n=len(rows) - _MOST_ROWS)


def print_warnings(warnings: Sequence[Issue]) -> None:
    """Print the first warnings and how many more there are."""
    if not warnings:
        return
    language = _language_of(warnings)
    errors.print(f"[yellow]{text('cli.warnings', language, n=len(warnings))}[/]")
    left = print_issues(errors, warnings, _MOST_WARNINGS)
    if left:
        errors.print(text("cli.more_warnings", language, n=left))
    errors.print()


def _language_of(issues: Sequence[Issue]) -> str:
    """The language that issues are worded in: that of the lists, known only where they are read."""
    words = "".join(issue.hint or issue.message for issue in issues)
    return "zh" if re.search("[\u4e00-\u9fff]", words) else "en"


def print_written(folder: Path, names: Iterable[str], language: str, note: str = "") -> None:
    """Tell where outputs were written, with a word on what they replace."""
    console.print()
    words = f"{text('cli.written', language)} {folder}{note}"
    console.print(Text(words, style="bold"), soft_wrap=True)
    for name in names:
        console.print(Text(f"  {folder / name}"), soft_wrap=True)


def print_placed(placed: Placed, language: str) -> None:
    """Tell what became of files that were there before outputs were written."""
    for path, kept in placed.kept.items():
        words = text("cli.kept_edited", language, name=path.name, kept=kept)
        errors.print(Text(words, style="yellow"), soft_wrap=True)
    if placed.set_aside:
        names = text("hours.and", language).join(path.name for path in placed.set_aside)
        console.print(Text(text("cli.set_aside", language, names=names)), soft_wrap=True)
    # Day sheets come and go with every plan.
    removed = [path.name for path in placed.removed if path.parent.name != DAYS]
    if removed:
        words = text("cli.removed", language, names=", ".join(removed))
        errors.print(Text(words, style="yellow"), soft_wrap=True)


def _short(value: str | None, most: int = 40) -> str:
    words = value or ""
    return words if len(words) <= most else words[: most - 1] + "…"


def print_violations(violations: Sequence[Violation], language: str, to: Console = console) -> None:
    """Print broken rules as a table."""
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for name in ("rule", "rep", "store", "broken"):
        table.add_column(text(f"cli.violation_{name}", language), overflow="fold")
    for item in violations:
        rule = text(f"rules.{item.code}", language)
        broken = f"{item.message} [{item.code}]"
        cells = (rule, item.rep or "", item.store_id or "", broken)
        table.add_row(*(Text(cell) for cell in cells))
    to.print(table)
