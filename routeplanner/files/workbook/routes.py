"""The sheet of routes: every stop of every route in order, one page or more a route."""

from collections.abc import Iterator

from routeplanner.domain.contacts import contact_text
from routeplanner.domain.day_words import days_text
from routeplanner.domain.hours import DAY_S, WEEKDAYS, format_clock
from routeplanner.domain.plan import Route, Stop
from routeplanner.domain.store import Store
from routeplanner.domain.visits import visit_intervals
from routeplanner.files.palette import QUIET
from routeplanner.files.route_groups import (
    is_appointments_only,
    route_groups,
    shown_minutes,
)
from routeplanner.files.workbook.book import Book, Cell
from routeplanner.files.workbook.facts import TITLE_WIDTH, Facts
from routeplanner.files.workbook.table import Column, Row, Styled, drop_empty, write_page_table
from routeplanner.texts import text


def write_routes_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet."""
    sheet = book.add_sheet("sheet_routes")
    rows: list[Row] = []
    for group in route_groups(facts.plan, facts.scenario):
        sheet.break_before(1 + len(rows) if rows else 0)
        for days in _same_times(group.routes):
            rows.extend(_rows_of(book, facts, days))
    columns, rows = drop_empty(_columns(book, facts), rows, range(-5, -1))
    write_page_table(sheet, columns, rows)


def _columns(book: Book, facts: Facts) -> list[Column]:
    keys = [
        ("rep", "center"), ("route", "center"), ("days", "text"), ("number", "center"),
        ("arrive", "clock"), ("leave", "clock"), ("id", "text"), ("store", "text"),
        ("class", "center"), ("minutes_in_store", "minutes"), ("from_last_min", "minutes"),
        ("from_last_km", "km"), ("wait", "minutes"), ("open_today", "text"), ("address", "text"),
        ("contact", "text"), ("note", "text"),
    ]  # fmt: skip
    widths = {
        "days": 14.0, "number": 4.0, "store": 26.0, "from_last_min": 7.0, "from_last_km": 7.0,
        "open_today": 13.0, "address": 26.0, "contact": 20.0, "note": 16.0,
    }  # fmt: skip
    if any(map(is_appointments_only, facts.plan.routes)):
        widths["route"] = TITLE_WIDTH
    columns = [Column(book.say(f"col_{key}"), style, widths.get(key)) for key, style in keys]
    return columns if facts.has_several_reps else columns[1:]


def _same_times(routes: tuple[Route, ...]) -> list[list[Route]]:
    """Driven days of a route with the same stops at the same times."""
    found: dict[tuple[Stop, ...], list[Route]] = {}
    for route in routes:
        found.setdefault(route.stops, []).append(route)
    return list(found.values())


def _rows_of(book: Book, facts: Facts, days: list[Route]) -> Iterator[Row]:
    route = days[0]
    when = days_text(days, facts.plan.cycle, book.language)
    look = facts.fill_of_route(route) | {"bold": True}
    label = Styled(facts.title_of(route), (), look)
    lead: list[Cell | Styled] = [route.rep] if facts.has_several_reps else []
    before = route.stops[0]
    for place, stop in enumerate(route.stops):
        way = shown_minutes(before.depart, stop.arrive)
        is_visit = stop.kind == "visit"
        cells = _visit(facts, days, stop, way) if is_visit else _other(book, stop, way)
        before = stop
        row = [*lead, label, when, *cells]
        yield [_topped(cell) for cell in row] if place == 0 else row


def _topped(cell: Cell | Styled) -> Styled:
    """A cell under a thick line, where another day or route begins."""
    styled = cell if isinstance(cell, Styled) else Styled(cell)
    return Styled(styled.value, styled.names, styled.properties | {"top": 2, "top_color": QUIET})


def _visit(facts: Facts, days: list[Route], stop: Stop, way: int) -> list[Cell | Styled]:
    store = facts.stores[stop.store_id or ""]
    return [
        stop.position,
        stop.arrive / DAY_S,
        stop.depart / DAY_S,
        store.id,
        store.name or store.id,
        Styled(store.store_class, (), facts.fill_of_class(store.store_class)),
        shown_minutes(stop.start, stop.depart),
        way,
        stop.travel_km,
        shown_minutes(stop.arrive, stop.start) or None,
        open_text(store, days, facts.scenario.language),
        store.address,
        contact_text(store),
        store.note,
    ]


def _other(book: Book, stop: Stop, way: int) -> list[Cell | Styled]:
    """A row that is no store, in quiet letters; minutes in store stay empty."""
    name = book.say(f"stop_{stop.kind}")
    if stop.title:
        name = f"{name}: {stop.title}"
    is_moved = stop.travel_minutes > 0
    cells: list[Cell] = [
        None,
        stop.arrive / DAY_S,
        stop.depart / DAY_S,
        None,
        name,
        None,
        None,
        way if is_moved else None,
        stop.travel_km if is_moved else None,
        shown_minutes(stop.arrive, stop.start) or None,
        *[None] * 4,
    ]
    return [Styled(cell, (), {"italic": True, "font_color": QUIET}) for cell in cells]


def open_text(store: Store, days: list[Route], language: str) -> str | None:
    """When the store may be visited on the days of a route; none where its hours are unknown."""
    found: dict[str, str] = {}
    for route in days:
        spans = visit_intervals(store, route.weekday)
        if spans != ((0, DAY_S),):
            found[route.weekday] = ", ".join(
                f"{format_clock(a)}–{format_clock(b)}" for a, b in spans
            )
    if len(set(found.values())) <= 1:
        return next(iter(found.values()), None)
    ordered = [day for day in WEEKDAYS if day in found]
    return "; ".join(f"{text(f'words.{day}', language)} {found[day]}" for day in ordered)
