"""The summary: one A4 page with what is planned, what was assumed, and who signs."""

from collections.abc import Sequence
from datetime import date

from routeplanner.domain.measures import DayMeasures, RepMeasures
from routeplanner.files.kept_text import kept_words
from routeplanner.files.route_groups import duration_text, frequency_text, rep_title
from routeplanner.files.workbook.assumptions import assumptions
from routeplanner.files.workbook.book import Book, Cell, Sheet, n_lines
from routeplanner.files.workbook.facts import Facts
from routeplanner.texts import text

_WIDTHS = (16.0, *[9.0] * 8, 20.0, 20.0)
_LAST = len(_WIDTHS) - 1
_LINE_POINTS = 15.0  # an airy page
_MOST_REPS = 12  # more are in the sheet of measures; the page stays one page


def write_summary_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet."""
    sheet = book.add_sheet("sheet_summary", is_landscape=False)
    sheet.print_on_one_page()
    for column, width in enumerate(_WIDTHS):
        sheet.fix_width(column, column, width)
    page = _Page(book, sheet, facts)
    page.write_title()
    page.write_headline()
    page.write_hours()
    page.write_assumptions()
    page.write_classes()
    page.write_signatures()


class _Page:
    """The page from top to bottom; `row` is the next free row."""

    def __init__(self, book: Book, sheet: Sheet, facts: Facts) -> None:
        self.book, self.sheet, self.facts = book, sheet, facts
        self.row = 0

    def write_title(self) -> None:
        """Who, which cycle, which plan, and in what state."""
        plan, say = self.facts.plan, self.book.say
        status = text(f"map.status_{plan.review_status}", self.book.language)
        self.sheet.merge(0, 0, 8, say("title"), "title")
        self.sheet.merge(0, 9, _LAST, status.upper(), "title", align="right")
        self.sheet.height(0, 30)
        reps = self.facts.scenario.reps
        names = ", ".join(rep_title(rep) for rep in reps[:_MOST_REPS])
        who = say("head_reps", n=len(reps), names=names + (", …" if len(reps) > _MOST_REPS else ""))
        created = plan.provenance.created_at
        parts = [
            who,
            say("head_cycle", weeks=plan.cycle.weeks, days=plan.cycle.n_days),
            say("head_valid", date=plan.start_date) if plan.start_date else "",
            say("head_plan", mark=self.book.mark),
            say("head_made", date=created.date()) if created else "",
        ]
        self.row = 1
        self._paragraph("   ".join(part for part in parts if part), "wrapped")

    def write_headline(self) -> None:
        """Whether everything is scheduled, in green or red; and what else to look at."""
        plan, say = self.facts.plan, self.book.say
        n_stores = sum(found.stores for found in plan.measures.by_class.values())
        n_without = sum(found.stores_without_visit for found in plan.measures.by_class.values())
        values = {
            "required": plan.required_visits,
            "scheduled": plan.scheduled_visits,
            "stores": n_stores,
            "seen": n_stores - n_without,
            "without": n_without,
        }
        key = "headline_all" if plan.is_complete else "headline_short"
        tone = "good" if plan.is_complete else "alarm"
        self.row += 1
        self._paragraph(say(key, **values), tone, font_size=13)
        n_over = sum(day.filled > 1.0005 for day in plan.measures.by_day)
        if n_over:
            self._paragraph(say("headline_over", n=n_over), "alarm")
        if plan.kept is not None:
            self._paragraph(kept_words(plan, self.book.language), "plain")
        if not plan.is_complete:
            self._paragraph(say("see_not_scheduled"), "plain")
        if self.facts.scenario.warnings:
            n_warnings = len(self.facts.scenario.warnings)
            self._paragraph(say("see_warnings", n=n_warnings), "plain")

    def write_hours(self) -> None:
        """Hours per cycle of each rep, and the fullest and emptiest day."""
        self._section("hours")
        heads = (
            "rep", "stores", "driven_days", "in_store", "travel", "wait", "appointments", "free",
            "of_hours", "busiest", "lightest",
        )  # fmt: skip
        self._cells([self.book.say(f"sum_{key}") for key in heads], "head", align="center")
        self.sheet.height(self.row - 1, 2 * _LINE_POINTS + 3)
        found = self.facts.plan.measures.by_rep
        for rep in found[:_MOST_REPS]:
            self._cells(self._rep_cells(rep))
        if len(found) > 1:
            self._cells(self._sum_cells(found), bold=True)
        if len(found) > _MOST_REPS:
            self._paragraph(self.book.say("more_reps", n=len(found) - _MOST_REPS), "quiet")

    def write_assumptions(self) -> None:
        """Everything that was assumed, with where it comes from."""
        self._section("assumed")
        for subject, value, source in assumptions(self.book, self.facts):
            self.sheet.merge(self.row, 0, 1, subject, "text", bold=True, valign="vcenter")
            self.sheet.merge(self.row, 2, 8, value, "text", valign="vcenter")
            self.sheet.merge(self.row, 9, _LAST, source, "text", italic=True, valign="vcenter")
            lines = max(n_lines(subject, 24), n_lines(value, 68), n_lines(source, 40))
            self._grow(lines)

    def write_classes(self) -> None:
        """Classes with their rule and counts."""
        self._section("classes")
        spans = ((0, 0), (1, 1), (2, 4), (5, 6), (7, 7), (8, 8), (9, 9), (10, 10))
        keys = (
            "class", "stores", "share_of_sales", "frequency", "minutes", "required",
            "scheduled", "reached",
        )  # fmt: skip
        for key, (first, last) in zip(keys, spans, strict=True):
            self.sheet.merge(self.row, first, last, self.book.say(f"sum_{key}"), "head")
        self._grow(2)
        for label in self.facts.scenario.policy.classes.labels:
            cells = self._class_cells(label)
            for place, (value, (first, last)) in enumerate(zip(cells, spans, strict=True)):
                look = self.facts.fill_of_class(label) | {"bold": True} if place == 0 else {}
                self.sheet.merge(self.row, first, last, value, "center", **look)
            self.row += 1

    def write_signatures(self) -> None:
        """Lines to sign on, and how the plan can be computed again."""
        self.row += 1
        valid: date | None = self.facts.plan.start_date
        fields = (
            ("prepared", 0, 4, ""),
            ("agreed", 6, _LAST, ""),
            ("signed_on", 0, 4, ""),
            ("valid_from", 6, _LAST, str(valid) if valid else ""),
        )
        for place, (key, first, last, value) in enumerate(fields):
            if place % 2 == 0:
                self.row += 1
                self.sheet.height(self.row, 32)
            n_label = 1 if first == 0 else 2
            label = self.book.say(f"sign_{key}")
            self.sheet.merge(self.row, first, first + n_label, label, "plain", valign="bottom")
            line = {"bottom": 1, "valign": "bottom"}
            self.sheet.merge(self.row, first + n_label + 1, last, value, "plain", **line)
        self.row += 2
        made = self.facts.plan.provenance
        again = self.book.say(
            "computed",
            method=made.method,
            seed=made.seed,
            iterations=made.iterations,
            version=made.version,
            scenario=made.scenario_hash[:12],
            matrix=made.matrix_hash[:12],
        )
        self._paragraph(again, "quiet", font_size=8, text_wrap=True)

    def _rep_cells(self, rep: RepMeasures) -> list[Cell]:
        days = [day for day in self.facts.plan.measures.by_day if day.rep == rep.rep]
        title = rep_title(self.facts.reps[rep.rep])
        ends = self._day_text(days, is_busiest=True), self._day_text(days, is_busiest=False)
        return [title, *self._figures([rep], self._appointment_minutes(rep.rep)), *ends]

    def _sum_cells(self, reps: Sequence[RepMeasures]) -> list[Cell]:
        appointments = sum(self._appointment_minutes(rep.rep) for rep in reps)
        days = list(self.facts.plan.measures.by_day)
        ends = self._day_text(days, is_busiest=True), self._day_text(days, is_busiest=False)
        return [self.book.say("sum_all"), *self._figures(reps, appointments), *ends]

    def _figures(self, reps: Sequence[RepMeasures], appointments: float) -> list[Cell]:
        def hours(minutes: float) -> str:
            return f"{minutes / 60:,.1f}"

        return [
            str(sum(rep.stores for rep in reps)),
            str(sum(rep.routes for rep in reps)),
            hours(sum(rep.in_store_minutes for rep in reps)),
            hours(sum(rep.travel_minutes for rep in reps)),
            hours(sum(rep.waiting_minutes for rep in reps)),
            hours(appointments),
            hours(sum(rep.free_minutes for rep in reps)),
            hours(sum(rep.available_minutes for rep in reps)),
        ]

    def _appointment_minutes(self, rep: str) -> float:
        return sum(
            (stop.depart - stop.start) / 60
            for route in self.facts.plan.routes
            if route.rep == rep
            for stop in route.stops
            if stop.kind == "appointment"
        )

    def _day_text(self, days: Sequence[DayMeasures], *, is_busiest: bool) -> str:
        if not days:
            return "–"
        choose = max if is_busiest else min
        day = choose(days, key=lambda day: (day.filled, -day.day))
        when = f"{self.book.say('short_week', n=day.week)} {self.book.word(day.weekday)}"
        work = duration_text(day.work_minutes, self.book.language)
        title = self.facts.title_of(self.facts.routes[day.rep, day.day])
        return f"{when} · {title}\n{work} ({day.filled:.0%})"

    def _class_cells(self, label: str) -> list[str]:
        policy = self.facts.scenario.policy
        found = self.facts.plan.measures.by_class.get(label)
        rule = policy.visit_rules[label]
        edges = [0.0, *policy.classes.lines, 100.0]
        place = policy.classes.labels.index(label)
        counts = (found.stores, found.required, found.scheduled) if found else (0, 0, 0)
        reached = f"{found.stores_reached} / {found.stores}" if found else "0"
        return [
            label,
            str(counts[0]),
            self.book.say("share_span", low=f"{edges[place]:g}", high=f"{edges[place + 1]:g}"),
            frequency_text(rule.frequency, self.book.language),
            f"{rule.service_minutes:g}",
            str(counts[1]),
            str(counts[2]),
            reached,
        ]

    def _section(self, key: str) -> None:
        self.row += 1
        self.sheet.merge(self.row, 0, _LAST, self.book.say(f"section_{key}"), "section")
        self.sheet.height(self.row, 20)
        self.row += 1

    def _cells(self, cells: Sequence[Cell], style: str = "text", **properties: object) -> None:
        lines = 1
        for column, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True)):
            align = {} if column == 0 else {"align": "center"}
            self.sheet.put(self.row, column, cell, style, **(align | properties))
            lines = max(lines, n_lines(str(cell), width * 0.9))
        self._grow(lines)

    def _paragraph(self, words: str, *names: str, **properties: object) -> None:
        self.sheet.merge(self.row, 0, _LAST, words, *names, **({"text_wrap": True} | properties))
        scale = float(str(properties.get("font_size", 10))) / 10
        self._grow(n_lines(words, sum(_WIDTHS) * 0.85 / scale), scale)

    def _grow(self, lines: int, scale: float = 1.0) -> None:
        self.sheet.height(self.row, (lines * _LINE_POINTS + 2) * max(scale, 1.0))
        self.row += 1
