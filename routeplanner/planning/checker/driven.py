"""A driven day in seconds, summed from its stops, beside the working day that its rep has."""

from dataclasses import dataclass

from routeplanner.domain.plan import Route
from routeplanner.planning.checker.facts import Facts, Shift
from routeplanner.planning.checker.timeline import find_ends


def is_readable(facts: Facts, route: Route) -> bool:
    """Whether a route is a day of a rep that runs from one start to one end."""
    cycle = facts.scenario.cycle
    return (
        route.rep in facts.reps
        and 0 <= route.day < cycle.n_days
        and cycle.day(route.day) == (route.day, route.week, route.weekday)
        and find_ends(route) is not None
    )


@dataclass(frozen=True, slots=True)
class Driven:
    """A readable route; without a shift on a day off, which only an edited plan drives."""

    route: Route
    shift: Shift | None

    @property
    def in_store(self) -> int:
        """Seconds of all visits."""
        return sum(stop.depart - stop.start for stop in self.route.visits)

    @property
    def waiting(self) -> int:
        """Seconds between arriving and starting."""
        return sum(stop.start - stop.arrive for stop in self.route.stops)

    @property
    def work(self) -> int:
        """Seconds from leaving to returning without the lunch that is due."""
        ends = find_ends(self.route)
        if ends is None:
            return 0
        stops = self.route.stops
        eaten = sum(stop.depart - stop.start for stop in stops if stop.kind == "lunch")
        if self.shift is not None:
            eaten = min(eaten, self.shift.lunch)
        return stops[ends[1]].arrive - stops[ends[0]].depart - eaten

    @property
    def available(self) -> int:
        """Seconds there are to plan."""
        return self.shift.longest_work if self.shift is not None else 0

    @property
    def filled(self) -> float:
        """Work as a share of what there is to plan."""
        return self.work / self.available if self.available else 0.0
