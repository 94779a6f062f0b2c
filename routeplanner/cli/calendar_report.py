"""What `routeplanner calendar` prints: changes, one line a day, and frequencies that fall short."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console
from routeplanner.domain.dated import DatedPlan, StoreFrequency, VisitChange
from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.texts import text

_MOST_CHANGES = 60
_MOST_STORES = 30


def print_dated(dated: DatedPlan, scenario: Scenario, ruled: Collection[str]) -> None:
    """Print the outcome in one line, then what is changed and which stores fall short.

    `ruled` are the classes whose lost visits a rule was given for.
    """
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
        console.print(_changes(dated.changes, ruled, language))
    if any(_is_by_default(change, ruled) for change in dated.changes):
        console.print()
        console.print(Text(text("calendar.rules", language), style="yellow"))
    short = [item for item in dated.frequencies if not item.is_reached]
    console.print()
    if not short:
        console.print(Text(text("calendar.all_reached", language), style="green"))
        return
    console.print(_frequencies(short, {store.id: store for store in scenario.stores}, language))


def _is_by_default(change: VisitChange, ruled: Collection[str]) -> bool:
    return change.changed_by == "skip" and change.store_class not in ruled


def _changes(changes: Sequence[VisitChange], ruled: Collection[str], language: str) -> Table:
    """Visits of a rep that share day, outcome and cause stand in one row."""
    rows: dict[tuple[str, date, date | None, str, str], list[VisitChange]] = defaultdict(list)
    for change in changes:
        why = text(f"calendar.cause_{change.cause}", language)
        why += f": {change.cause_name}" if change.cause_name else ""
        by = "default" if _is_by_default(change, ruled) else change.changed_by
        how = text(f"calendar.by_{by}", language)
        if change.obstacle:
            how = f"{text(f'calendar.{change.obstacle}', language)} ({how})"
        rows[change.rep, change.from_date, change.to_date, why, how].append(change)
    table = Table(show_edge=False, header_style="bold")
    for name in ("rep", "stores", "from", "to", "why", "how"):
        table.add_column(text(f"calendar.{name}", language), overflow="fold")
    for (rep, due, to, why, how), found in list(rows.items())[:_MOST_CHANGES]:
        moved = text("calendar.skipped", language) if to is None else _day(to, language)
        cells = (rep, _stores(found), _day(due, language), moved, why, how)
        table.add_row(*(Text(cell) for cell in cells))
    if len(rows) > _MOST_CHANGES:
        table.caption = text("calendar.more_changes", language, n=len(rows) - _MOST_CHANGES)
    return table


def _stores(changes: Sequence[VisitChange]) -> str:
    """The stores by class, a line each: `3 A: S1, S2, S3`."""
    ids: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        ids[change.store_class].append(change.store_id)
    return "\n".join(f"{len(found)} {label}: {', '.join(found)}" for label, found in ids.items())


def _frequencies(
    items: Sequence[StoreFrequency], stores: Mapping[str, Store], language: str
) -> Table:
    table = Table(show_edge=False, header_style="bold")
    for name in ("store", "class", "required", "reached"):
        table.add_column(text(f"calendar.{name}", language), overflow="fold")
    for item in items[:_MOST_STORES]:
        store = f"{item.store_id} {stores[item.store_id].name}"
        cells = (store, item.store_class, str(item.required), str(item.reached))
        table.add_row(*(Text(cell) for cell in cells))
    if len(items) > _MOST_STORES:
        table.caption = text("calendar.more_stores", language, n=len(items) - _MOST_STORES)
    return table


def _day(day: date, language: str) -> str:
    return f"{text(f'words.{WEEKDAYS[day.weekday()]}', language)} {day}"
