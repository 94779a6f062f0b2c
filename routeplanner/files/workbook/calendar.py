"""The calendar that a supervisor reads: weekdays across, weeks down, and the routes below it."""

from typing import Any

from routeplanner.domain.measures import DayMeasures
from routeplanner.domain.plan import Route
from routeplanner.domain.rep import Rep
from routeplanner.domain.workday import work_day
from routeplanner.files.palette import QUIET, WARNING, natural_key
from routeplanner.files.route_groups import (
    appointment_title,
    appointments_of,
    appointments_text,
    clock_text,
    duration_text,
    is_appointments_only,
    rep_title,
)
from routeplanner.files.workbook.book import Book, Sheet, n_lines
from routeplanner.files.workbook.facts import Facts
from routeplanner.files.workbook.route_list import RouteList

_WEEKS_A_PAGE = 5
_GRID_COLUMNS = 10  # at least, under the weekdays: the list of routes below needs them
_GRID_WIDTH = 108.0  # characters, all weekdays together
_SIDE_WIDTH = 10.0
_DAY_HEIGHT = 84.0  # points: six lines
_LINE_HEIGHT = 12.0  # of small letters
_EDGE = {"border": 1, "border_color": "#FFFFFF"}
_OVERFULL = {"border": 5, "border_color": WARNING}


def write_calendar_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet: one block a rep, each on its own page."""
    sheet = book.add_sheet("sheet_calendar")
    grid = _Grid(book, sheet, facts)
    row = 0
    for rep in facts.scenario.reps:
        sheet.break_before(row)
        row = grid.write_rep(rep, row) + 1


class _Grid:
    """The columns of the calendar and the writing of its blocks."""

    def __init__(self, book: Book, sheet: Sheet, facts: Facts) -> None:
        self.book, self.sheet, self.facts = book, sheet, facts
        self.workdays = facts.plan.cycle.workdays
        self.span = max(2, -(-_GRID_COLUMNS // len(self.workdays)))
        self.last = 1 + self.span * len(self.workdays)
        sheet.fix_width(0, 0, _SIDE_WIDTH)
        sheet.fix_width(1, self.last - 1, _GRID_WIDTH / (self.last - 1))
        sheet.fix_width(self.last, self.last, _SIDE_WIDTH)
        self.days = {(d.rep, d.day): d for d in facts.plan.measures.by_day}

    def write_rep(self, rep: Rep, row: int) -> int:
        """Write a rep's weeks and routes; returns the row after them."""
        plan = self.facts.plan
        routes = {route.day: route for route in plan.routes if route.rep == rep.id}
        title = self.book.say(
            "calendar_title", rep=rep_title(rep), weeks=plan.cycle.weeks, mark=self.book.mark
        )
        self.sheet.merge(row, 0, self.last, title, "title", font_size=14)
        self.sheet.height(row, 24)
        for week in range(1, plan.cycle.weeks + 1):
            if (week - 1) % _WEEKS_A_PAGE == 0:
                if week > 1:
                    self.sheet.break_before(row + 1)
                row = self._write_head(row + 1)
            row += 1
            self._write_week(rep, week, routes, row)
        driven = (route for route in routes.values() if not is_appointments_only(route))
        own = sorted(driven, key=lambda route: (natural_key(route.template), route.day))
        if plan.cycle.weeks > 2 and len({route.template for route in own}) > 6:
            self.sheet.break_before(row + 2)
        return RouteList(self.book, self.sheet, self.facts, self.last).write(rep, own, row + 2)

    def _write_head(self, row: int) -> int:
        style = {"align": "center"}
        self.sheet.merge(row, 0, 0, "", "head")
        for place, weekday in enumerate(self.workdays):
            first = 1 + place * self.span
            name = self.book.word(weekday)
            self.sheet.merge(row, first, first + self.span - 1, name, "head", **style)
        self.sheet.merge(row, self.last, self.last, self.book.say("week_sum"), "head", **style)
        self.sheet.height(row, 20)
        return row

    def _write_week(self, rep: Rep, week: int, routes: dict[int, Route], row: int) -> None:
        self.sheet.put(row, 0, self.book.word("week", n=week), "head", align="center")
        total, height = 0.0, _DAY_HEIGHT
        for place, weekday in enumerate(self.workdays):
            first = 1 + place * self.span
            day = self.facts.plan.cycle.index(week, weekday)
            if day in routes:
                measures = self.days[rep.id, day]
                total += measures.work_minutes
                height = max(height, self._write_day(row, first, routes[day], measures))
                continue
            is_off = work_day(self.facts.scenario.policy, rep, weekday) is None
            word = self.book.say("day_off" if is_off else "day_free")
            style = {"align": "center", "font_color": QUIET, "bg_color": "#F3F3F3"}
            self.sheet.merge(row, first, first + self.span - 1, word, "head", **(style | _EDGE))
        hours = self.book.say("hours", n=f"{total / 60:.1f}")
        self.sheet.put(row, self.last, hours, "head", align="center")
        self.sheet.height(row, height)

    def _write_day(self, row: int, first: int, route: Route, day: DayMeasures) -> float:
        """Write the cell of a day; returns the height that its lines need."""
        fill = self.facts.fill_of_route(route)
        look: dict[str, Any] = fill | (_OVERFULL if day.filled > 1.0005 else _EDGE)
        cell = self.book.style(text_wrap=True, align="center", valign="vcenter", **look)
        size = 10 if is_appointments_only(route) else 13  # a title is longer than T1
        big = self.book.style(bold=True, font_size=size, font_color=fill["font_color"])
        small = self.book.style(font_size=9, font_color=fill["font_color"])
        head, *lines = self._day_lines(route, day)
        parts = [big, head, small, "\n" + "\n".join(lines)]
        self.sheet.rich(row, first, first + self.span - 1, parts, cell)
        width = self.span * _GRID_WIDTH / (self.last - 1)
        return _LINE_HEIGHT * (1 + sum(n_lines(line, width) for line in (head, *lines)))

    def _day_lines(self, route: Route, day: DayMeasures) -> list[str]:
        language = self.book.language
        work = f"{duration_text(day.work_minutes, language)} ({day.filled:.0%})"
        way = self.book.say("km", n=f"{day.travel_km:.0f}")
        if is_appointments_only(route):
            return [appointments_text(route, language), work, *([way] if day.travel_km else [])]
        beside = (
            f"+ {appointment_title(stop, language)} {clock_text(stop.start)}"
            for stop in appointments_of(route)
        )
        kinds = {stop.kind: stop for stop in route.stops if stop.kind in ("start", "end")}
        span = f"{clock_text(kinds['start'].depart)}–{clock_text(kinds['end'].arrive)}"
        classes = classes_text(self.facts, day.visits_by_class)
        return [route.template, *([classes] if classes else []), span, work, way, *beside]


def classes_text(facts: Facts, counts: dict[str, int]) -> str:
    """`A5 B13`, classes from best to least."""
    labels = facts.scenario.policy.classes.labels
    return " ".join(f"{label}{counts[label]}" for label in labels if counts.get(label))
