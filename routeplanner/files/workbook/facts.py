"""What several sheets ask of a plan and its scenario, looked up once."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.plan_changes import visits_by_store
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import required_visits, service_s
from routeplanner.files.palette import APPOINTMENT, color_of_class, route_colors, text_on
from routeplanner.files.route_groups import day_title, is_appointments_only

TITLE_WIDTH = 18.0  # of a column of route labels where a day of appointments only has a title


@dataclass(frozen=True)
class Facts:
    """A plan beside its scenario; `previous` is the plan that it replaces."""

    plan: Plan
    scenario: Scenario
    previous: Plan | None = None
    previous_scenario: Scenario | None = None  # knows stores that are in the list no more

    @cached_property
    def stores(self) -> dict[str, Store]:
        """Stores by id."""
        return {store.id: store for store in self.scenario.stores}

    @cached_property
    def reps(self) -> dict[str, Rep]:
        """Reps by id."""
        return {rep.id: rep for rep in self.scenario.reps}

    @property
    def has_several_reps(self) -> bool:
        """Whether tables need a column for the rep."""
        return len(self.scenario.reps) > 1

    @cached_property
    def visits(self) -> dict[str, list[tuple[Route, Stop]]]:
        """The visits of each store in order of the days."""
        return visits_by_store(self.plan.routes)

    @cached_property
    def required(self) -> dict[str, int]:
        """Required visits of each store; none for a store that is not planned."""
        scenario = self.scenario
        return {
            store.id: required_visits(store, scenario.policy, scenario.cycle, scenario.reps)
            if store.is_planned
            else 0
            for store in scenario.stores
        }

    @cached_property
    def route_colors(self) -> dict[str, str]:
        """Route label to color, as on the map."""
        return route_colors(self.plan)

    @cached_property
    def routes(self) -> dict[tuple[str, int], Route]:
        """Driven days by rep and day."""
        return {(route.rep, route.day): route for route in self.plan.routes}

    def title_of(self, route: Route) -> str:
        """The label of a driven day, or the titles of its appointments where it has no visit."""
        return day_title(route, self.scenario.language)

    def fill_of_route(self, route: Route) -> dict[str, str]:
        """Format properties of a cell in the color of a route, the same on the map."""
        is_quiet = is_appointments_only(route)
        return filled(APPOINTMENT if is_quiet else self.route_colors[route.template])

    def fill_of_class(self, label: str | None) -> dict[str, str]:
        """Format properties of a cell in the color of a class."""
        return filled(color_of_class(label or "", self.scenario.policy.classes.labels))

    def service_minutes(self, store: Store) -> float:
        """Minutes in the store per visit."""
        return service_s(store, self.scenario.policy) / 60

    def rep_of(self, store: Store) -> str:
        """The rep who visits a store: as given, else as planned."""
        if store.rep is not None:
            return store.rep
        return ", ".join(sorted({route.rep for route, _ in self.visits.get(store.id, ())}))

    def longest_gap(self, store_id: str) -> int | None:
        """Calendar days of the longest pause between visits, round the ring of the cycle."""
        cycle = self.plan.cycle
        days = sorted({cycle.calendar_day(r.day) for r, _ in self.visits.get(store_id, ())})
        if not days:
            return None
        ring = [*days, days[0] + cycle.n_calendar_days]
        return max(after - before for before, after in pairwise(ring))

    @cached_property
    def cumulative_shares(self) -> dict[str, float]:
        """Each store's cumulative share of its rep's sales, itself included (handbook part 2)."""
        areas: dict[str | None, list[tuple[float, str]]] = {}
        for store in self.scenario.stores:
            if store.is_planned and store.sales is not None:
                areas.setdefault(store.rep, []).append((-max(store.sales, 0.0), store.id))
        shares: dict[str, float] = {}
        for ranked in areas.values():
            total = -sum(sales for sales, _ in ranked)
            reached = 0.0
            for sales, store_id in sorted(ranked):
                reached -= sales
                shares[store_id] = reached / total if total else 0.0
        return shares

    def sort_key(self, store: Store) -> tuple[str, int, float, str]:
        """Rep, then class from best to least, then sales from high to low."""
        labels = self.scenario.policy.classes.labels
        is_known = store.store_class in labels
        place = labels.index(store.store_class or "") if is_known else len(labels)
        return self.rep_of(store), place, -(store.sales or 0.0), store.id


def filled(color: str) -> dict[str, str]:
    """A fill with text in black or white, whichever reads better."""
    return {"bg_color": color, "font_color": text_on(color)}
