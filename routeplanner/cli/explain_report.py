"""What `explain` prints: a store's choices of days, and what fills a day."""

from collections.abc import Sequence
from math import ceil

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console
from routeplanner.domain.day_words import days_text
from routeplanner.domain.explained import Broken, DayChoice, DayExplained, StoreExplained
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store, store_words
from routeplanner.domain.visits import class_of, frequency_of, service_s
from routeplanner.planning.lever_steps import frequency_words
from routeplanner.planning.standing.wording import choice_words
from routeplanner.texts import counted, has_text, text

_PARTS = ("in_store", "travel", "waiting", "appointment", "lunch", "office", "reserve", "free")


def print_store(scenario: Scenario, found: StoreExplained, most: int) -> None:
    """Print where a store is, its choices of days, the days that are excluded, and ways in."""
    language = scenario.language
    store = next(store for store in scenario.stores if store.id == found.store_id)
    _say(_head(scenario, store, found), style="bold")
    for line in _standing_lines(scenario, found):
        _say(line)
    if found.choices:
        console.print()
        print_choices(scenario, found.choices, most, text("explain.choices", language))
    if found.excluded:
        _say("\n" + text("explain.excluded", language), style="bold")
        for rule in found.excluded:
            _say(f"  {rule.message}")
    if found.scheduled < found.required:
        _say("\n" + text("explain.ways", language), style="bold")
        ways = [way.message for way in found.ways_in] or [text("explain.no_way", language)]
        for way in ways:
            _say(f"  {way}")


def print_choices(scenario: Scenario, choices: Sequence[DayChoice], most: int, title: str) -> None:
    """Print one row a choice, numbered from the best; that of the plan is always among them."""
    _say(title, style="bold")
    console.print(_choices_table(scenario, choices, most))


def _choices_table(scenario: Scenario, choices: Sequence[DayChoice], most: int) -> Table:
    language = scenario.language
    numbered = list(enumerate(choices, start=1))
    shown = [item for item in numbered if item[0] <= most or item[1].is_present]
    table = Table(show_edge=False, header_style="bold")
    for name in ("number", "days", "travel", "km", "work", "gap", "score", "breaks"):
        is_text = name in ("days", "breaks")
        table.add_column(
            text(f"explain.col_{name}", language),
            justify="left" if is_text else "right",
            overflow="fold",
        )
    for number, choice in shown:
        cells = (str(number), *choice_cells(scenario, choice))
        table.add_row(*(Text(cell) for cell in cells), style="bold" if choice.is_present else None)
    if len(shown) < len(choices):
        table.caption = text("explain.more_choices", language, n=len(choices) - len(shown))
        table.caption_justify = "left"
    return table


def choice_cells(scenario: Scenario, choice: DayChoice) -> tuple[str, ...]:
    """Days, extra travel, kilometers, work, days off the gap, score, and what breaks."""
    extra = choice.extra
    note = broken_words(scenario, choice.broken)
    if choice.is_present:
        note = text("explain.is_present", scenario.language)
    return (
        choice_words(scenario, choice),
        _signed(extra.travel_minutes),
        _signed(extra.travel_km),
        _signed(extra.work_minutes),
        _signed(extra.days_off),
        _signed(extra.score),
        note,
    )


def broken_words(scenario: Scenario, broken: Sequence[Broken]) -> str:
    """What a choice breaks, the days of one rule together."""
    parts = []
    for code in dict.fromkeys(item.code for item in broken):
        items = [item for item in broken if item.code == code]
        over = [item.over_minutes for item in items if item.over_minutes is not None]
        key = f"explain.broken_{code}"
        if not over or not has_text(key):
            parts += [item.message for item in items]
            continue
        days = [scenario.cycle.day(item.day) for item in items if item.day is not None]
        parts.append(
            text(
                key,
                scenario.language,
                days=days_text(days, scenario.cycle, scenario.language),
                over=ceil(max(over)),
                stores=", ".join(dict.fromkeys(item.store_id or "" for item in items)),
            )
        )
    return "\n".join(parts)


def print_day(scenario: Scenario, found: DayExplained, most: int) -> None:
    """Print what fills a day, and the stores that cost most there."""
    language = scenario.language
    _say(_day_head(scenario, found), style="bold")
    parts = Table(show_edge=False, show_header=False)
    for _ in range(3):
        parts.add_column(justify="right")
    parts.columns[0].justify = "left"
    for name in (*_PARTS, "hours"):
        minutes = getattr(found, f"{name}_minutes")
        if not minutes and name in ("waiting", "appointment"):
            continue
        words = text("cli.minutes", language, n=f"{minutes:.0f}")
        share = f"{minutes / found.hours_minutes:.0%}"
        key = "over" if name == "free" and minutes < 0 else name
        parts.add_row(text(f"explain.part_{key}", language), words, share)
    console.print(parts)
    if found.stores:
        _say("\n" + text("explain.costly", language), style="bold")
        console.print(_stores_table(scenario, found, most))
    console.print()


def _stores_table(scenario: Scenario, found: DayExplained, most: int) -> Table:
    language = scenario.language
    table = Table(show_edge=False, header_style="bold")
    for name in ("position", "store", "in_store", "saves_travel", "saves_km", "saves_work"):
        table.add_column(
            text(f"explain.col_{name}", language),
            justify="left" if name == "store" else "right",
            overflow="fold",
        )
    stores = {store.id: store for store in scenario.stores}
    for item in found.stores[:most]:
        named = store_words(stores[item.store_id])
        figures = (item.saves.travel_minutes, item.saves.travel_km, item.saves.work_minutes)
        cells = (str(item.position), named, f"{item.in_store_minutes:g}")
        table.add_row(*(Text(cell) for cell in (*cells, *(f"{value:.1f}" for value in figures))))
    if len(found.stores) > most:
        table.caption = text("explain.more_stores", language, n=len(found.stores) - most)
        table.caption_justify = "left"
    return table


def _head(scenario: Scenario, store: Store, found: StoreExplained) -> str:
    policy, language = scenario.policy, scenario.language
    return text(
        "explain.head",
        language,
        store=store_words(store),
        label=class_of(store),
        frequency=frequency_words(frequency_of(store, policy), language),
        minutes=f"{service_s(store, policy) / 60:g}",
    )


def _standing_lines(scenario: Scenario, found: StoreExplained) -> list[str]:
    """Where the store is, how good that is, and why visits are missing."""
    language, cycle = scenario.language, scenario.cycle
    days = days_text([cycle.day(day) for _, day in found.present], cycle, language)
    reps = ", ".join(dict.fromkeys(rep for rep, _ in found.present))
    lines = [
        text("explain.now", language, days=days, rep=reps)
        if found.present
        else text("explain.nowhere", language)
    ]
    if found.reason:
        lines += [found.reason, found.hint]
    rank, others = found.rank, [c for c in found.choices if not c.is_present]
    if rank is None or not others:
        return lines
    best = others[0]
    key = "only_broken" if best.broken else "next_best" if rank == 1 else "better"
    values = {
        "days": choice_words(scenario, best),
        "travel": _signed(best.extra.travel_minutes),
        "km": _signed(best.extra.travel_km),
        "score": _signed(best.extra.score),
        "rank": rank,
        "n": len(found.choices),
    }
    return [*lines, text(f"explain.{key}", language, **values)]


def _day_head(scenario: Scenario, found: DayExplained) -> str:
    language = scenario.language
    parts = [
        found.rep,
        f"{text('words.week', language, n=found.week)} {text(f'words.{found.weekday}', language)}",
    ]
    if found.route and found.route != "-":
        parts.append(text("explain.route", language, route=found.route))
    parts.append(counted("explain.n_stores", len(found.stores), language))
    parts.append(f"{found.travel_km:.1f} km")
    if len(found.driven_days) > 1:
        days = days_text(map(scenario.cycle.day, found.driven_days), scenario.cycle, language)
        parts.append(text("explain.driven_on", language, days=days))
    return " · ".join(parts)


def _signed(value: float) -> str:
    rounded = round(value, 1) + 0.0
    return f"{rounded:+.1f}" if rounded else "0"


def _say(words: str, style: str = "") -> None:
    console.print(Text(words, style=style), soft_wrap=True)
