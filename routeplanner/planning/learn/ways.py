"""Ways between visits that follow each other, beside what the plan takes for them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.learned import WayLeftOut
from routeplanner.domain.rep import Mode, Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.planning.learn.spread import upper_fence
from routeplanner.travel.source import TravelMatrix

_LONGEST = 180.0  # minutes: more is no way but a break of the day
_FASTEST_KMH = 130.0
_LEAST_FACTOR_WIDTH = 0.25  # quartiles of factors are taken to be at least this far apart
_LEAST_STOP = 10.0  # minutes above the usual that a stop on the way takes at least
_LEAST_KM = 0.1


@dataclass(frozen=True, slots=True)
class Way:
    """A way that was made, in minutes from leaving one store to beginning in the next."""

    rep: str
    mode: Mode
    store_id: str
    store_class: str
    left_s: int  # time of day
    minutes: float
    planned_minutes: float
    km: float

    @property
    def factor(self) -> float:
        """Actual over planned minutes."""
        return self.minutes / self.planned_minutes


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways that count, and those that do not."""

    ways: tuple[Way, ...]
    left_out: Counter[WayLeftOut]


def ways_of(scenario: Scenario, visits: Iterable[DrivenVisit], matrix: TravelMatrix) -> Ways:
    """Return the ways between stores that were made without lunch or another stop."""
    reader = _Reader(scenario, matrix)
    left_out: Counter[WayLeftOut] = Counter()
    found: list[Way] = []
    for visit in visits:
        if visit.travel_minutes is None:
            continue
        way = reader.way(visit)
        if isinstance(way, Way):
            found.append(way)
        else:
            left_out[way] += 1
    if not found:
        return Ways((), left_out)
    middle = median(way.factor for way in found)
    fence = upper_fence([way.factor for way in found], _LEAST_FACTOR_WIDTH)
    straight = tuple(
        way
        for way in found
        if way.factor <= fence or way.minutes - middle * way.planned_minutes < _LEAST_STOP
    )
    left_out["stop"] += len(found) - len(straight)
    return Ways(straight, left_out)


class _Reader:
    """The scenario as far as single ways ask for it."""

    def __init__(self, scenario: Scenario, matrix: TravelMatrix) -> None:
        self.scenario = scenario
        self.matrix = matrix
        self.stores: Mapping[str, Store] = {store.id: store for store in scenario.stores}
        self.reps: dict[str, Rep] = {}
        for rep in scenario.reps:  # a list may name them
            self.reps.setdefault(rep.name, rep)
        self.reps |= {rep.id: rep for rep in scenario.reps}

    def way(self, visit: DrivenVisit) -> Way | WayLeftOut:
        """The way to a visit, or why it does not count."""
        before, store = (self.stores.get(i or "") for i in (visit.before_store_id, visit.store_id))
        rep = self._rep(visit)
        index = self.matrix.index()
        if before is None or store is None or before.id not in index or store.id not in index:
            return "unknown_store"
        if rep is None:
            return "unknown_rep"
        if before.id == store.id:
            return "same_store"
        came = visit.started if visit.arrived is None else visit.arrived
        minutes = visit.travel_minutes or 0.0
        way = Way(
            rep=rep.id if visit.rep in (rep.id, rep.name) else visit.rep or rep.id,
            mode=rep.mode,
            store_id=store.id,
            store_class=store.store_class or "",
            left_s=max(0, round((came or 0) - 60 * minutes)),
            minutes=minutes,
            planned_minutes=self.matrix.seconds(rep.mode, before.id, store.id) / 60,
            km=self.matrix.meters(before.id, store.id) / 1000,
        )
        return self._fault(way, rep, is_one_site=self._is_one_site(before, store, way)) or way

    def _rep(self, visit: DrivenVisit) -> Rep | None:
        """The rep who made a visit; where all travel alike, any will do."""
        if visit.rep in self.reps:
            return self.reps[visit.rep]
        is_alike = len({rep.mode for rep in self.scenario.reps}) == 1
        return self.scenario.reps[0] if is_alike else None

    def _is_one_site(self, before: Store, store: Store, way: Way) -> bool:
        is_named = before.site is not None and before.site == store.site
        if is_named or way.planned_minutes <= 0:
            return True
        nearest_km = max(_LEAST_KM, self.scenario.policy.travel.same_site_meters / 1000)
        return self.scenario.matrix is None and way.km <= nearest_km

    def _fault(self, way: Way, rep: Rep, *, is_one_site: bool) -> WayLeftOut | None:
        if is_one_site:
            return "one_site"
        if way.minutes > _LONGEST:
            return "break"
        if way.km > way.minutes / 60 * _FASTEST_KMH:
            return "too_fast"
        return "lunch" if self._has_lunch(way, rep) else None

    def _has_lunch(self, way: Way, rep: Rep) -> bool:
        """Whether a way that touches the time of lunch takes half a lunch longer than planned."""
        day = self.scenario.policy.working_day
        minutes = day.lunch_minutes if rep.lunch_minutes is None else rep.lunch_minutes
        start, end = rep.lunch_between or day.lunch_between
        touches = way.left_s < end and way.left_s + 60 * way.minutes > start
        return minutes > 0 and touches and way.minutes - way.planned_minutes >= minutes / 2
