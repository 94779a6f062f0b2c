"""The matrix of visits: stores down, days across, the arrival time where they meet."""

from collections import Counter
from itertools import pairwise

from routeplanner.domain.hours import DAY_S
from routeplanner.domain.store import Store
from routeplanner.files.workbook.book import Book, Cell, Sheet
from routeplanner.files.workbook.facts import Facts
from routeplanner.files.workbook.table import Column, Row, Styled, write_page_table

_DAY_WIDTH = 6.0


def write_matrix_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet: planned stores by rep, class and sales, with a last row of visits a day."""
    sheet = book.add_sheet("sheet_matrix")
    planned = sorted((s for s in facts.scenario.stores if s.is_planned), key=facts.sort_key)
    columns = _columns(book, facts)
    rows = [_row(facts, store) for store in planned]
    for place, (before, store) in enumerate(pairwise(planned), start=2):
        if facts.rep_of(before) != facts.rep_of(store):
            sheet.break_before(place)
    n_lead = len(columns) - facts.plan.cycle.n_days
    end = write_page_table(sheet, columns, rows, n_frozen=n_lead - 6, n_repeated=n_lead)
    _write_sums(book, sheet, end, facts, n_lead)


def _columns(book: Book, facts: Facts) -> list[Column]:
    rep = [Column(book.say("col_rep"))] if facts.has_several_reps else []
    keys = [
        ("id", "text", None), ("store", "text", 26.0), ("class", "center", 6.0),
        ("sales", "figure", None), ("cumulative", "percent", 7.0), ("required", "count", None),
        ("scheduled", "count", None), ("longest_gap", "count", 9.0),
    ]  # fmt: skip
    days = [
        Column(
            f"{book.say('short_week', n=day.week)}\n{book.word(day.weekday)}", "clock", _DAY_WIDTH
        )
        for day in facts.plan.cycle.days()
    ]
    return [*rep, *(Column(book.say(f"col_{k}"), style, w) for k, style, w in keys), *days]


def _row(facts: Facts, store: Store) -> Row:
    visits = facts.visits.get(store.id, [])
    required = facts.required[store.id]
    scheduled: Cell | Styled = len(visits)
    if len(visits) < required:
        scheduled = Styled(len(visits), ("alarm",))
    cells: list[Cell | Styled] = [facts.rep_of(store)] if facts.has_several_reps else []
    cells += [
        store.id,
        store.name or store.id,
        Styled(store.store_class, (), facts.fill_of_class(store.store_class)),
        store.sales,
        facts.cumulative_shares.get(store.id),
        required,
        scheduled,
        facts.longest_gap(store.id),
    ]
    arrivals: dict[int, int] = {}
    for route, stop in visits:
        arrivals.setdefault(route.day, stop.arrive)
    fill = facts.fill_of_class(store.store_class)
    for day in range(facts.plan.cycle.n_days):
        is_visited = day in arrivals
        cells.append(Styled(arrivals[day] / DAY_S, (), fill) if is_visited else None)
    return cells


def _write_sums(book: Book, sheet: Sheet, row: int, facts: Facts, n_lead: int) -> None:
    """Visits a day under the table, outside its filter."""
    counts = Counter(route.day for visits in facts.visits.values() for route, _ in visits)
    for column in range(n_lead):
        sheet.put(row, column, None, "head")
    sheet.put(row, n_lead - 7, book.say("visits_a_day"), "head")
    sheet.put(row, n_lead - 3, facts.plan.required_visits, "head", align="right")
    sheet.put(row, n_lead - 2, facts.plan.scheduled_visits, "head", align="right")
    for day in range(facts.plan.cycle.n_days):
        sheet.put(row, n_lead + day, counts[day], "head", align="center")
