"""What `routeplanner calendar` prints: changes, one line a day, and frequencies that fall short."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console
from routeplanner.domain.dated import DatedPlan, StoreFrequency, VisitChange
from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.scenario import Scenario
from routeplanner.texts import text

_MOST_CHANGES = 60
_MOST_STORES = 30


def print_dated(dated: DatedPlan, scenario: Scenario) -> None:
    """Print the outcome in one line, then what is changed and which stores fall short."""
    language = scenario.language
    skipped = sum(change.is_skipped for change in dated.changes)
    words = text(
        "calendar.outcome",
        language,
        visits=len(dated.visits),
        days=len(dated.routes),
        shifted=len(dated.changes) - skipped,
        skipped=skipped,
    )
    console.print(Text(words, style="bold"))
    if dated.changes:
        console.print()
        console.print(_changes(dated.changes, language))
    short = [item for item in dated.frequencies if not item.is_reached]
    console.print()
    if not short:
        console.print(Text(text("calendar.all_reached", language), style="green"))
        return
    console.print(_frequencies(short, language))


def _changes(changes: Sequence[VisitChange], language: str) -> Table:
    """Visits of a rep that share day, outcome and cause stand in one row."""
    rows: dict[tuple[str, date, date | None, str, str], list[str]] = defaultdict(list)
    for change in changes:
        why = text(f"calendar.cause_{change.cause}", language)
        why += f": {change.cause_name}" if change.cause_name else ""
        how = text(f"calendar.by_{change.changed_by}", language)
        if change.obstacle:
            how += f" ({text(f'calendar.{change.obstacle}', language)})"
        key = (change.rep, change.from_date, change.to_date, why, how)
        rows[key].append(f"{change.store_id} ({change.store_class})")
    table = Table(show_edge=False, header_style="bold")
    for name in ("rep", "stores", "from", "to", "why", "how"):
        table.add_column(text(f"calendar.{name}", language), overflow="fold")
    for (rep, due, to, why, how), stores in list(rows.items())[:_MOST_CHANGES]:
        moved = text("calendar.skipped", language) if to is None else _day(to, language)
        cells = (rep, ", ".join(stores), _day(due, language), moved, why, how)
        table.add_row(*(Text(cell) for cell in cells))
    if len(rows) > _MOST_CHANGES:
        table.caption = text("calendar.more_changes", language, n=len(rows) - _MOST_CHANGES)
    return table


def _frequencies(items: Sequence[StoreFrequency], language: str) -> Table:
    table = Table(show_edge=False, header_style="bold")
    for name in ("store", "class", "required", "reached"):
        table.add_column(text(f"calendar.{name}", language), overflow="fold")
    for item in items[:_MOST_STORES]:
        cells = (item.store_id, item.store_class, str(item.required), str(item.reached))
        table.add_row(*(Text(cell) for cell in cells))
    if len(items) > _MOST_STORES:
        table.caption = text("calendar.more_stores", language, n=len(items) - _MOST_STORES)
    return table


def _day(day: date, language: str) -> str:
    return f"{text(f'words.{WEEKDAYS[day.weekday()]}', language)} {day}"
