"""What `routeplanner reserve` prints: the days, their totals, and what the minutes rest on."""

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console, errors
from routeplanner.domain.reserve import (
    DayOutcome,
    ReserveDay,
    ReserveReport,
    Strain,
    StrainTotal,
)
from routeplanner.domain.scenario import Scenario
from routeplanner.files.route_groups import duration_text, store_title
from routeplanner.planning.actual_minutes import FEWEST_OF_CLASS, FEWEST_OF_STORE
from routeplanner.planning.lever_steps import percent
from routeplanner.texts import counted, text

_MOST_DAYS = 40  # of more only those that break
_MOST_STORES = 2


def print_reserve(found: ReserveReport, scenario: Scenario) -> None:
    """Print the report in the scenario's language."""
    language = scenario.language
    if found.classes:
        console.print(_minutes(found, language))
        console.print(Text(text("reserve.rule", language, n=FEWEST_OF_CLASS), style="dim"))
        console.print()
    if found.unknown_stores:
        names = ", ".join(found.unknown_stores[:10])
        names += " …" if len(found.unknown_stores) > 10 else ""
        errors.print(Text(text("reserve.unknown", language, names=names), style="yellow"))
    console.print(_days(found, scenario))
    console.print()
    reserve = percent(found.reserve, language)
    console.print(Text(text("reserve.kept", language, reserve=reserve), style="dim"))
    if _breaks_with_room(found):
        console.print(Text(text("reserve.by_hours", language), style="dim"))


def _minutes(found: ReserveReport, language: str) -> Table:
    title = counted("reserve.minutes_title", sum(row.visits for row in found.classes), language)
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    for name in ("class", "planned", "actual", "n_visits", "own_stores"):
        head = text(f"reserve.{name}", language, n=FEWEST_OF_STORE)
        table.add_column(head, justify="right")
    for row in found.classes:
        actual = "–" if row.actual_minutes is None else f"{row.actual_minutes:.0f}"
        table.add_row(
            row.store_class,
            f"{row.planned_minutes:.0f}",
            actual,
            str(row.visits),
            str(row.own_stores),
        )
    return table


def _days(found: ReserveReport, scenario: Scenario) -> Table:
    language = scenario.language
    is_long = len(found.days) > _MOST_DAYS
    shown = [day for day in found.days if not is_long or _breaks(day)]
    table = Table(
        title=text("reserve.title", language),
        title_justify="left",
        show_edge=False,
        pad_edge=False,
        header_style="bold",
    )
    table.add_column(text("reserve.day", language))
    for name in ("work", "room"):
        table.add_column(text(f"reserve.{name}", language), justify="right")
    for total in found.totals:
        table.add_column(_strain(total.strain, language), overflow="fold")
    names = {store.id: store_title(store) for store in scenario.stores}
    is_rep_told = len({day.rep for day in found.days}) > 1
    for day in shown:
        table.add_row(*_day_cells(day, names, language, is_rep_told=is_rep_told))
    if len(shown) < len(found.days):
        n = len(found.days) - len(shown)
        table.add_row(counted("reserve.more_days", n, language))
    table.add_section()
    cells = [_total(total, len(found.days), language) for total in found.totals]
    table.add_row(text("reserve.total", language), "", "", *cells)
    needed = [percent(total.needed_reserve, language) for total in found.totals]
    table.add_row(text("reserve.needed", language), "", "", *needed, style="bold")
    return table


def _strain(strain: Strain, language: str) -> str:
    return text(f"reserve.{strain.kind}", language, percent=f"{strain.percent:g}")


def _day_cells(
    day: ReserveDay, names: dict[str, str], language: str, *, is_rep_told: bool
) -> list[Text]:
    week = text("words.week", language, n=day.week)
    title = f"{week} {text(f'words.{day.weekday}', language)}"
    cells = [f"{day.rep} {title}" if is_rep_told else title]
    cells += [duration_text(day.work_minutes, language), _room(day.room_minutes, language)]
    return [
        *map(Text, cells),
        *(
            Text(
                _outcome(outcome, names, language),
                style="red" if outcome.late_minutes else "dim",
            )
            for outcome in day.outcomes
        ),
    ]


def _room(minutes: float, language: str) -> str:
    return ("−" if minutes < 0 else "") + duration_text(abs(minutes), language)


def _outcome(outcome: DayOutcome, names: dict[str, str], language: str) -> str:
    if not outcome.late_minutes:
        return text("reserve.holds", language)
    late = text("reserve.late", language, minutes=_whole(outcome.late_minutes))
    if not outcome.left_out:
        return late
    stores = ", ".join(names.get(id_, id_) for id_ in outcome.left_out[:_MOST_STORES])
    n_more = len(outcome.left_out) - _MOST_STORES
    if n_more > 0:
        stores = text("reserve.more_stores", language, stores=stores, n=n_more)
    return text("reserve.without", language, late=late, stores=stores)


def _total(total: StrainTotal, n_days: int, language: str) -> str:
    broken = counted("reserve.total_broken", total.days_broken, language, k=n_days)
    if not total.days_broken:
        return broken
    late = _whole(total.late_minutes)
    rest = text("reserve.total_late", language, minutes=late, visits=total.visits_left_out)
    return f"{broken}\n{rest}"


def _whole(minutes: float) -> str:
    """Minutes rounded, but never to none."""
    return f"{max(1, round(minutes))}"


def _breaks(day: ReserveDay) -> bool:
    return any(outcome.late_minutes for outcome in day.outcomes)


def _breaks_with_room(found: ReserveReport) -> bool:
    """Whether a day breaks that would be short enough: a store lets nobody in any more."""
    return any(
        outcome.late_minutes > 0 and outcome.longer_minutes <= day.room_minutes
        for day in found.days
        for outcome in day.outcomes
    )
