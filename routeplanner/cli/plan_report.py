"""What `routeplanner plan` prints: the outcome, the calendar, measures, what is missing."""

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console
from routeplanner.domain.measures import DayMeasures
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import store_words
from routeplanner.files.kept_text import kept_words
from routeplanner.files.route_groups import day_title, duration_text
from routeplanner.texts import text

_MOST_UNSERVED = 10
_MOST_UNDER_HALF = 5


def print_plan(plan: Plan, scenario: Scenario) -> None:
    """Print the outcome: the first line says whether it falls short."""
    language = scenario.language
    style = "bold green" if plan.is_complete else "bold red"
    console.print(Text(headline(plan, scenario), style=style))
    if plan.kept is not None:
        console.print(Text(kept_words(plan, language)), soft_wrap=True)
    console.print()
    for rep in scenario.reps:
        console.print(_calendar(plan, rep.id, language))
    console.print(Text(_legend(plan, language), style="dim"), soft_wrap=True)
    console.print()
    if plan.calendars_tried:
        _print_calendars(plan, language)
    console.print(_classes(plan, language))
    if words := under_half(plan, scenario):
        console.print(Text(words), soft_wrap=True)
    console.print()
    console.print(_measures(plan, language))
    if plan.unserved:
        console.print()
        console.print(_unserved(plan, language))


def headline(plan: Plan, scenario: Scenario) -> str:
    """Say whether all is scheduled, and how many stores are left out altogether."""
    language = scenario.language
    words = text(
        "cli.all_scheduled" if plan.is_complete else "cli.falls_short",
        language,
        required=plan.required_visits,
        scheduled=plan.scheduled_visits,
        stores=sum(store.is_planned for store in scenario.stores),
        weeks=plan.cycle.weeks,
    )
    without = sum(item.served == 0 for item in plan.unserved)
    if not without:
        return words
    key = "cli.no_visit_one" if without == 1 else "cli.no_visit"
    return words + ("" if language == "zh" else " ") + text(key, language, n=without)


def _calendar(plan: Plan, rep: str, language: str) -> Table:
    title = f"{text('cli.calendar', language)} · {rep}"
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    table.add_column(text("cli.week", language))
    for weekday in plan.cycle.workdays:
        table.add_column(text(f"words.{weekday}", language))
    routes = {route.day: route for route in plan.routes if route.rep == rep}
    days = {(day.week, day.weekday): day for day in plan.measures.by_day if day.rep == rep}
    for week in range(1, plan.cycle.weeks + 1):
        cells = [days.get((week, weekday)) for weekday in plan.cycle.workdays]
        table.add_row(
            str(week),
            *(_cell(day, routes.get(day.day) if day else None, language) for day in cells),
        )
    return table


def _legend(plan: Plan, language: str) -> str:
    """How to read a day of the calendar."""
    labels = list(plan.measures.by_class)
    counts = " ".join(f"{label}{n}" for n, label in enumerate(labels, start=2))
    words = [text("cli.calendar_legend", language, counts=counts)]
    if any(route.template[-1:].islower() for route in plan.routes):
        words.append(text("cli.calendar_alike", language, label=labels[-1]))
    return ("" if language == "zh" else " ").join(words)


def _cell(day: DayMeasures | None, route: Route | None, language: str) -> str:
    if day is None or route is None:
        return "–"
    classes = " ".join(f"{label}{n}" for label, n in day.visits_by_class.items() if n)
    length = duration_text(day.work_minutes, language)
    return f"{day_title(route, language)} {classes}\n{length} ({day.filled:.0%})"


def _print_calendars(plan: Plan, language: str) -> None:
    console.print(Text(text("cli.calendars_tried", language), style="bold"))
    for choice in plan.calendars_tried:
        if choice.missing_visits is None:
            continue
        rows = " / ".join(" ".join(row) for row in choice.rows)
        outcome = text(
            "cli.calendar_outcome",
            language,
            missing=choice.missing_visits,
            score=f"{choice.score or 0:,.0f}",
        )
        mark = f"  ← {text('cli.chosen', language)}" if choice.is_chosen else ""
        console.print(Text(f"  {rows}: {outcome}{mark}"))
    console.print()


def _classes(plan: Plan, language: str) -> Table:
    table = Table(show_edge=False, header_style="bold")
    for name in ("class", "stores", "required", "scheduled", "without_visit"):
        table.add_column(text(f"cli.{name}", language), justify="right")
    for label, found in plan.measures.by_class.items():
        counts = (found.stores, found.required, found.scheduled, found.stores_without_visit)
        table.add_row(label, *(str(count) for count in counts))
    return table


def under_half(plan: Plan, scenario: Scenario) -> str:
    """Name the stores that have fewer than half of their visits, best class first."""
    language, names = scenario.language, {store.id: store for store in scenario.stores}
    found = [item for item in plan.unserved if 2 * item.served < item.required]
    if not found:
        return ""
    parts = [
        text(
            "cli.under_half_store",
            language,
            store=store_words(names[item.store_id]),
            served=item.served,
            required=item.required,
        )
        for item in found[:_MOST_UNDER_HALF]
    ]
    stores, left = text("hours.and", language).join(parts), len(found) - len(parts)
    if left:
        stores = text("cli.under_half_more", language, stores=stores, n=left)
    return text("cli.under_half", language, stores=stores)


def _measures(plan: Plan, language: str) -> Table:
    found = plan.measures
    table = Table(
        title=text("cli.measures", language),
        title_justify="left",
        show_edge=False,
        show_header=False,
    )
    spread = text(
        "cli.filled_value",
        language,
        mean=f"{found.filled_mean:.0%}",
        most=f"{found.filled_max:.0%}",
        least=f"{found.filled_min:.0%}",
    )
    gap = text(
        "cli.gap_value",
        language,
        mean=f"{found.days_off_ideal_gap_mean:.1f}",
        most=f"{found.days_off_ideal_gap_max:.1f}",
    )
    rows = {
        "in_store": text("cli.minutes", language, n=f"{found.in_store_minutes:,.0f}"),
        "travel": text("cli.minutes", language, n=f"{found.travel_minutes:,.0f}")
        + f" · {found.travel_km:,.0f} km",
        "waiting": text("cli.minutes", language, n=f"{found.waiting_minutes:,.0f}"),
        "in_store_share": f"{found.in_store_share:.0%}",
        "filled": spread,
        "gap": gap,
        "same_weekday": f"{found.same_weekday_share:.0%}",
        "broken_days": str(found.days_broken_at_120_percent_travel),
        "travel_source": plan.provenance.travel_source,
    }
    for name, value in rows.items():
        table.add_row(text(f"cli.{name}", language), Text(value))
    return table


def _unserved(plan: Plan, language: str) -> Table:
    table = Table(title=text("cli.not_scheduled", language), title_justify="left", show_edge=False)
    for name in ("class", "why", "helps"):
        table.add_column(text(f"cli.{name}", language), overflow="fold")
    notes: list[str] = []
    for item in plan.unserved[:_MOST_UNSERVED]:
        table.add_row(item.store_class, Text(f"{item.message} [{item.code}]"), Text(item.hint))
    if len(plan.unserved) > _MOST_UNSERVED:
        n = len(plan.unserved) - _MOST_UNSERVED
        notes.append(text("cli.more", language, n=n))
    if any(item.code == "DAY_FULL" for item in plan.unserved):
        notes.append(text("cli.full_days_advice", language))
    table.caption, table.caption_justify = "\n".join(notes) or None, "left"
    return table
