"""What `routeplanner compare` prints: the table, what was left out, what tells tasks apart."""

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console, errors
from routeplanner.domain.comparison import ComparedPlan, Comparison, FigureCell, FigureRow
from routeplanner.files.comparison.words import (
    NONE,
    changed_weeks,
    difference_text,
    difference_words,
    figure_title,
    has_several_reps,
    sums_title,
    value_text,
    visits_text,
)
from routeplanner.texts import counted, text

_MOST_LINES = 10
_STYLES = {"better": "green", "worse": "red"}


def print_comparison(comparison: Comparison, language: str) -> None:
    """Print the table, then what a reader must know to judge it."""
    first = comparison.plans[0].name
    console.print(_table(comparison, language))
    console.print()
    console.print(Text(text("compare.best_mark", language, first=first), style="dim"))
    for plan in comparison.plans:
        _print_left_out(plan, language)
        _print_task(comparison, plan, language)
        _print_changed(comparison, plan, language)


def _table(comparison: Comparison, language: str) -> Table:
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    table.add_column(sums_title(comparison, language), overflow="fold")
    for place, plan in enumerate(comparison.plans):
        table.add_column(Text(plan.name), justify="right", overflow="fold")
        table.add_column("")
        if place:
            table.add_column(text("compare.difference", language), justify="right")
    group = comparison.rows[0].group
    table.add_row(Text(text(f"compare.group_{group}", language), style="bold"))
    for row in comparison.rows:
        if row.group != group:
            group = row.group
            table.add_section()
            table.add_row(Text(text(f"compare.group_{group}", language), style="bold"))
        cells = [part for place, cell in enumerate(row.cells) for part in _cells(row, cell, place)]
        table.add_row(Text(f"  {figure_title(row, language)}"), *cells)
    return table


def _cells(row: FigureRow, cell: FigureCell, place: int) -> list[Text]:
    style = _STYLES.get(cell.verdict or "", "")
    shown = [Text(value_text(row, cell)), Text("✓" if cell.is_best else "", style="green")]
    return [*shown, Text(difference_text(row, cell), style=style)] if place else shown


def _print_left_out(plan: ComparedPlan, language: str) -> None:
    if not plan.left_out:
        return
    words = text("compare.left_out", language, name=plan.name, n=len(plan.left_out))
    errors.print(Text(f"\n{words}", style="bold yellow"))
    for line in plan.left_out[:_MOST_LINES]:
        errors.print(Text(f"  {line}"), soft_wrap=True)
    if len(plan.left_out) > _MOST_LINES:
        n = len(plan.left_out) - _MOST_LINES
        errors.print(f"  {text('compare.more_left_out', language, n=n)}")


def _print_task(comparison: Comparison, plan: ComparedPlan, language: str) -> None:
    """What the plan's scenario has otherwise; comparing answers to other questions misleads."""
    names = {"name": plan.name, "first": comparison.plans[0].name}
    if plan.weeks != comparison.weeks:
        weeks = {"own": plan.weeks, "weeks": comparison.weeks}
        errors.print(
            Text(f"\n{counted('compare.other_cycle', plan.weeks, language, **names, **weeks)}")
        )
    if not plan.differences:
        return
    errors.print(Text(f"\n{text('compare.other_task', language, **names)}", style="bold yellow"))
    lines = _task_lines(plan, language)
    for line in lines[:_MOST_LINES]:
        errors.print(Text(f"  {line}"), soft_wrap=True)
    if len(lines) > _MOST_LINES:
        n = len(lines) - _MOST_LINES
        errors.print(f"  {text('compare.more_differences', language, n=n)}")


def _task_lines(plan: ComparedPlan, language: str) -> list[str]:
    """A line a difference; stores and reps that only one of the plans has share a line."""
    alone: dict[str, list[str]] = {}
    lines = []
    for item in plan.differences:
        if item.kind.endswith(("_gone", "_new")):
            alone.setdefault(item.kind, []).append(item.name)
        else:
            lines.append(difference_words(item, language))
    return [
        f"{text(f'compare.difference_{kind}', language)} ({len(names)}): "
        + ", ".join(names[:_MOST_LINES])
        + (" …" if len(names) > _MOST_LINES else "")
        for kind, names in alone.items()
    ] + lines


def _print_changed(comparison: Comparison, plan: ComparedPlan, language: str) -> None:
    if not plan.changed:
        return
    names = {"name": plan.name, "first": comparison.plans[0].name}
    title = counted("compare.changed_title", len(plan.changed), language, **names)
    table = Table(title=Text(f"\n{title}", style="bold"), title_justify="left", show_edge=False)
    for key in ("id", "store", "class", "was", "is"):
        table.add_column(text(f"compare.col_{key}", language), overflow="fold")
    weeks, is_told = changed_weeks(comparison, plan), has_several_reps(comparison)
    for store in plan.changed[:_MOST_LINES]:
        days = (
            visits_text(visits, weeks, language, is_rep_told=is_told) or NONE
            for visits in (store.was, store.now)
        )
        table.add_row(*map(Text, (store.store_id, store.name, store.store_class, *days)))
    console.print(table)
    if len(plan.changed) > _MOST_LINES:
        n = len(plan.changed) - _MOST_LINES
        console.print(text("compare.more_changed", language, n=n))
