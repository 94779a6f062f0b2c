"""The sheet of measures: the whole cycle, classes, reps, days, and the terms of the score."""

from collections.abc import Sequence
from dataclasses import replace

from routeplanner.files.palette import WARNING
from routeplanner.files.route_groups import is_appointments_only
from routeplanner.files.workbook.book import Book, Sheet
from routeplanner.files.workbook.facts import TITLE_WIDTH, Facts
from routeplanner.files.workbook.table import Column, Row, Styled, write_table

_OVERALL = (
    ("routes", "count"), ("distinct_routes", "count"), ("in_store_minutes", "minutes"),
    ("travel_minutes", "minutes"), ("travel_km", "km"), ("waiting_minutes", "minutes"),
    ("in_store_share", "percent"), ("filled_mean", "percent"), ("filled_max", "percent"),
    ("filled_min", "percent"), ("work_spread_minutes", "minutes"),
    ("days_off_ideal_gap_mean", "hours"), ("days_off_ideal_gap_max", "hours"),
    ("same_weekday_share", "percent"), ("same_order_share", "percent"),
    ("arrival_spread_minutes", "minutes"), ("days_broken_at_120_percent_travel", "count"),
)  # fmt: skip
_TERMS = (
    "travel", "waiting", "overtime", "routes", "options", "spacing", "stability", "balance",
    "missing",
)  # fmt: skip


def write_measures_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet, tables one below the other."""
    sheet = book.add_sheet("sheet_measures", is_landscape=False)
    row = _write_overall(book, sheet, facts)
    row = _write_by_class(book, sheet, facts, row + 1)
    row = _write_by_rep(book, sheet, facts, row + 1)
    row = _write_by_day(book, sheet, facts, row + 1)
    row = _write_score(book, sheet, facts, row + 1)
    _write_calendars(book, sheet, facts, row + 1)
    sheet.fix_width(0, 0, 16)


def _section(book: Book, sheet: Sheet, row: int, key: str) -> int:
    sheet.merge(row, 0, 12, book.say(f"section_{key}"), "section")
    sheet.height(row, 22)
    return row + 1


def _columns(book: Book, keys: Sequence[tuple[str, str]]) -> list[Column]:
    return [Column(book.say(f"col_{key}"), style) for key, style in keys]


def _write_overall(book: Book, sheet: Sheet, facts: Facts) -> int:
    row = _section(book, sheet, 0, "overall")
    for row, (key, style) in enumerate(_OVERALL, start=row):  # noqa: B020 - the last row is returned
        sheet.merge(row, 0, 4, book.say(f"measure_{key}"), "text")
        sheet.put(row, 5, getattr(facts.plan.measures, key), style)
    return row + 1


def _write_by_class(book: Book, sheet: Sheet, facts: Facts, row: int) -> int:
    keys = [
        ("class", "center"), ("stores", "count"), ("required", "count"), ("scheduled", "count"),
        ("stores_reached", "count"), ("reached_share", "percent"), ("no_visit", "count"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            Styled(label, (), facts.fill_of_class(label)),
            found.stores,
            found.required,
            found.scheduled,
            found.stores_reached,
            found.stores_reached / found.stores if found.stores else None,
            found.stores_without_visit,
        ]
        for label, found in facts.plan.measures.by_class.items()
    ]
    return write_table(sheet, _section(book, sheet, row, "by_class"), _columns(book, keys), rows)


def _write_by_rep(book: Book, sheet: Sheet, facts: Facts, row: int) -> int:
    keys = [
        ("rep", "text"), ("stores", "count"), ("driven_days", "count"), ("in_store", "minutes"),
        ("travel", "minutes"), ("km", "km"), ("wait", "minutes"), ("free", "minutes"),
        ("available", "minutes"), ("in_store_share", "percent"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            found.rep,
            found.stores,
            found.routes,
            found.in_store_minutes,
            found.travel_minutes,
            found.travel_km,
            found.waiting_minutes,
            found.free_minutes,
            found.available_minutes,
            found.in_store_share,
        ]
        for found in facts.plan.measures.by_rep
    ]
    return write_table(sheet, _section(book, sheet, row, "by_rep"), _columns(book, keys), rows)


def _write_by_day(book: Book, sheet: Sheet, facts: Facts, row: int) -> int:
    keys = [
        ("rep", "text"), ("week", "count"), ("weekday", "center"), ("route", "center"),
        ("visits", "count"), ("in_store", "minutes"), ("travel", "minutes"), ("km", "km"),
        ("wait", "minutes"), ("work", "minutes"), ("available", "minutes"),
        ("filled", "percent"), ("in_store_share", "percent"),
    ]  # fmt: skip
    columns = _columns(book, keys)
    if any(map(is_appointments_only, facts.plan.routes)):
        columns[3] = replace(columns[3], width=TITLE_WIDTH)
    rows: list[Row] = []
    for day in facts.plan.measures.by_day:
        look = {"font_color": WARNING, "bold": True} if day.filled > 1.0005 else {}
        route = facts.routes[day.rep, day.day]
        rows.append(
            [
                day.rep,
                day.week,
                book.word(day.weekday),
                Styled(facts.title_of(route), (), facts.fill_of_route(route)),
                day.visits,
                day.in_store_minutes,
                day.travel_minutes,
                day.travel_km,
                day.waiting_minutes,
                day.work_minutes,
                day.available_minutes,
                Styled(day.filled, (), look),
                day.in_store_share,
            ]
        )
    return write_table(sheet, _section(book, sheet, row, "by_day"), columns, rows)


def _write_score(book: Book, sheet: Sheet, facts: Facts, row: int) -> int:
    row = _section(book, sheet, row, "score")
    sheet.merge(row, 0, 12, book.say("score_note"), "quiet")
    for row, (term, value) in enumerate(facts.plan.score.items(), start=row + 1):  # noqa: B020
        sheet.merge(row, 0, 4, book.say(f"term_{term}") if term in _TERMS else term, "text")
        sheet.put(row, 5, value, "hours")
    return row + 1


def _write_calendars(book: Book, sheet: Sheet, facts: Facts, row: int) -> None:
    """The route calendars that were compared, where the calendar was found by search."""
    tried = facts.plan.calendars_tried
    if not tried:
        return
    row = _section(book, sheet, row, "calendars")
    heads = ("calendar", "hours_over", "missing_visits", "score", "chosen")
    spans = ((0, 6), (7, 8), (9, 10), (11, 11), (12, 12))
    for head, (first, last) in zip(heads, spans, strict=True):
        sheet.merge(row, first, last, book.say(f"col_{head}"), "head")
    for row, choice in enumerate(tried, start=row + 1):  # noqa: B020 - continues below the head
        values = (
            " / ".join(" ".join(week) for week in choice.rows),
            f"{choice.bound_minutes / 60:.1f}",
            "" if choice.missing_visits is None else str(choice.missing_visits),
            "" if choice.score is None else f"{choice.score:,.0f}",
            "✓" if choice.is_chosen else "",
        )
        for value, (first, last) in zip(values, spans, strict=True):
            sheet.merge(row, first, last, value, "text")
