"""The list of a rep's routes under the calendar: when, which stores, how long, what changed."""

from statistics import mean

from routeplanner.domain.day_words import days_text
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.rep import Rep
from routeplanner.files.route_groups import store_title
from routeplanner.files.workbook.book import LINE_POINTS, Book, Sheet, n_lines
from routeplanner.files.workbook.facts import Facts

_COLUMNS = (
    "route", "driven_on", "stores", "first_last", "in_store", "travel", "wait", "km", "change",
)  # fmt: skip
_GRID_WIDTH = 108.0


class RouteList:
    """Writes one table in the grid of the calendar, cells merged to the widths they need."""

    def __init__(self, book: Book, sheet: Sheet, facts: Facts, last: int) -> None:
        self.book, self.sheet, self.facts = book, sheet, facts
        columns = _COLUMNS if facts.previous else _COLUMNS[:-1]
        wide = last + 1 - (len(columns) - 2)  # columns left for the two wide ones
        days = wide * 2 // 5
        lengths = dict.fromkeys(columns, 1) | {"driven_on": days, "first_last": wide - days}
        self.spans: dict[str, tuple[int, int]] = {}
        start = 0
        for key, length in lengths.items():
            self.spans[key] = (start, start + length - 1)
            start += length
        self.column_width = _GRID_WIDTH / (last - 1)
        self.days = {(d.rep, d.day): d for d in facts.plan.measures.by_day}

    def write(self, rep: Rep, routes: list[Route], row: int) -> int:
        """Write the head and one row a route label; returns the row after the last."""
        classes = "/".join(self.facts.scenario.policy.classes.labels)
        for key, (first, last) in self.spans.items():
            self.sheet.merge(
                row, first, last, self.book.say(f"list_{key}", classes=classes), "head"
            )
        self.sheet.height(row, 2 * LINE_POINTS + 3)
        labels = list(dict.fromkeys(route.template for route in routes))
        for place, label in enumerate(labels, start=row + 1):
            same = [route for route in routes if route.template == label]
            self._write_route(rep, label, same, place)
        return row + 1 + len(labels)

    def _write_route(self, rep: Rep, label: str, routes: list[Route], row: int) -> None:
        measures = [self.days[rep.id, route.day] for route in routes]
        texts = {
            "route": label,
            "driven_on": days_text(routes, self.facts.plan.cycle, self.book.language),
            "stores": self._stores(routes),
            "first_last": self._first_and_last(routes[0]),
            "in_store": f"{mean(day.in_store_minutes for day in measures):.0f}",
            "travel": f"{mean(day.travel_minutes for day in measures):.0f}",
            "wait": f"{mean(day.waiting_minutes for day in measures):.0f}",
            "km": f"{mean(day.travel_km for day in measures):.1f}",
            "change": change_text(self.facts.previous, rep.id, label, routes),
        }
        lines = 1
        for key, (first, last) in self.spans.items():
            fill = self.facts.fill_of_route(routes[0]) | {"bold": True} if key == "route" else {}
            align = {} if key in ("driven_on", "first_last") else {"align": "center"}
            look = fill | align | {"valign": "vcenter"}
            self.sheet.merge(row, first, last, texts[key], "text", **look)
            width = (last - first + 1) * self.column_width
            lines = max(lines, n_lines(texts[key], width * 0.85))
        self.sheet.height(row, lines * LINE_POINTS + 3)

    def _stores(self, routes: list[Route]) -> str:
        classes = {s.id: s.store_class for s in self.facts.scenario.stores}
        ids = {stop.store_id or "" for route in routes for stop in route.visits}
        labels = self.facts.scenario.policy.classes.labels
        counts = {label: sum(classes[id_] == label for id_ in ids) for label in labels}
        return "/".join(str(count) for count in counts.values())

    def _first_and_last(self, route: Route) -> str:
        visits = route.visits
        if not visits:
            return ""
        ends = dict.fromkeys((visits[0].store_id or "", visits[-1].store_id or ""))
        return " → ".join(store_title(self.facts.stores[id_]) for id_ in ends)


def change_text(previous: Plan | None, rep: str, label: str, routes: list[Route]) -> str:
    """`+2 −1` stores against the route of the same label in the earlier plan; empty without one."""
    if previous is None:
        return ""
    now = {stop.store_id for route in routes for stop in route.visits}
    was = {
        stop.store_id
        for route in previous.routes
        if (route.rep, route.template) == (rep, label)
        for stop in route.visits
    }
    parts = [f"+{len(now - was)}"] if now - was else []
    parts += [f"−{len(was - now)}"] if was - now else []
    return " ".join(parts) or "="
