"""Which stores find days at which levels of the levers: by the choices that a plan would have.

A set of relaxations that leaves a store too few days cannot be complete and need not be solved.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from routeplanner.domain.fit import LeverName
from routeplanner.domain.policy import CalendarRows
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of
from routeplanner.planning.choices import ChoiceFinder
from routeplanner.planning.fit.ladders import Ladder, merged
from routeplanner.planning.lever_steps import applied, cycle_of
from routeplanner.travel.source import TravelMatrix
from solvers.relaxations import Levels, Pairs

_WIDER: tuple[LeverName, ...] = ("minutes", "longest_day", "reps")
"""Levers that only add to the days of a store: what their last step leaves closed stays closed."""


@dataclass(slots=True)
class Days:
    """The days of stores under ladders of rules and reps."""

    scenario: Scenario
    matrix: TravelMatrix
    ladders: Sequence[Ladder]
    _finders: dict[Levels, ChoiceFinder] = field(default_factory=dict)
    _known: dict[tuple[str, str, Levels], bool] = field(default_factory=dict)

    def short(self, levels: Levels) -> tuple[Store, ...]:
        """The stores that find too few days for their frequency."""
        planned = (store for store in self.scenario.stores if store.is_planned)
        return tuple(store for store in planned if not self._has_days(store, levels))

    def stuck(self) -> tuple[Store, ...]:
        """The stores that find too few days whatever the ladders do."""
        nothing = (0,) * len(self.ladders)
        return tuple(store for store in self.short(nothing) if not self.ways_out(store, nothing))

    def ways_out(self, store: Store, levels: Levels) -> Pairs:
        """The (ladder, level) of which one at least is needed for the store to find its days.

        None where the ladders cannot help. Ladders that help at no level, whatever the others
        before them do, are left out; so the answer holds for many more levels than those given.
        """
        free: dict[int, tuple[int, ...]] = {}
        bound: list[int] = []
        for place in sorted(self._places(store), key=lambda i: not self._is_wider(store, i)):
            tried = free | {place: self._worth_trying(store, place)}
            if any(self._has_days(store, at) for at in _varied(levels, tried)):
                bound.append(place)
            else:
                free = tried
        return tuple(
            (place, level)
            for place in bound
            for level in range(len(self.ladders[place].steps) + 1)
            if level > levels[place] or (level < levels[place] and not self._is_wider(store, place))
        )

    def _has_days(self, store: Store, levels: Levels) -> bool:
        """Whether the store finds days for all its visits; in the class that suits it best."""
        least = tuple(0 if self._is_wider(store, i) else n for i, n in enumerate(levels))
        return any(
            self._has_days_as(store, label, at)
            for at in dict.fromkeys((least, levels))  # mostly known, and found with less already
            for label in self._labels(store, at)
        )

    def _has_days_as(self, store: Store, label: str, levels: Levels) -> bool:
        places = self._places(store, (label,))
        at = tuple(
            level if place in places and self.ladders[place].lever != "classes" else 0
            for place, level in enumerate(levels)
        )
        key = (store.id, label, at)
        if key not in self._known:
            classed = store.model_copy(update={"store_class": label})
            self._known[key] = has_days(self._finder(at), classed)
        return self._known[key]

    def _finder(self, levels: Levels) -> ChoiceFinder:
        """The choices under the rules of some levels; class lines are not moved.

        A new rep works as another one does, but has no appointments: where reps are added, those
        of all of them are left out, so that no store is held to be stuck that is not.
        """
        if levels not in self._finders:
            chosen = [(x, n) for x, n in zip(self.ladders, levels, strict=True) if n]
            policy = applied(
                self.scenario.policy, merged([x.steps[n - 1] for x, n in chosen]).policy
            )
            more = any(x.lever == "reps" for x, _ in chosen)
            update = {
                "policy": policy,
                "cycle": cycle_of(policy, self.scenario.stores),
                "appointments": () if more else self.scenario.appointments,
            }
            rows: CalendarRows | None = policy.calendar if policy.calendar != "auto" else None
            scenario = self.scenario.model_copy(update=update)
            self._finders[levels] = ChoiceFinder(scenario, self.matrix, rows)
        return self._finders[levels]

    def _labels(self, store: Store, levels: Levels) -> Sequence[str]:
        """The class of the store, or all where lines that moved may have changed it."""
        moved = any(x.lever == "classes" and n for x, n in zip(self.ladders, levels, strict=True))
        if moved and store.class_source == "sales":
            return self.scenario.policy.classes.labels
        return (class_of(store),)

    def _places(self, store: Store, labels: Sequence[str] | None = None) -> list[int]:
        """The ladders that may change the days of the store, in one of some classes."""
        if labels is None:
            is_computed = store.class_source == "sales"
            has_lines = is_computed and any(x.lever == "classes" for x in self.ladders)
            labels = self.scenario.policy.classes.labels if has_lines else (class_of(store),)
        return [i for i, x in enumerate(self.ladders) if self._may_change(x, store, labels)]

    def _may_change(self, ladder: Ladder, store: Store, labels: Sequence[str]) -> bool:
        match ladder.lever:
            case "frequency":
                is_own = store.frequency is None and ladder.label in labels
                return is_own or self._names_weeks
            case "minutes":
                return store.service_minutes is None and ladder.label in labels
            case "classes":
                return store.class_source == "sales"
            case "reps":
                return bool(self.scenario.appointments)
            case _:
                return True

    @property
    def _names_weeks(self) -> bool:
        """Whether the weeks of the cycle, which any frequency may change, matter to days."""
        pins = (pin for store in self.scenario.stores for pin in store.pinned_days)
        booked = self.scenario.appointments
        return any(pin.week for pin in pins) or any(each.weeks for each in booked)

    def _worth_trying(self, store: Store, place: int) -> tuple[int, ...]:
        last = len(self.ladders[place].steps)
        return (last,) if self._is_wider(store, place) else tuple(range(last + 1))

    def _is_wider(self, store: Store, place: int) -> bool:
        """Whether more of a ladder never takes days from the store.

        Not of a daily store, which wants the more visits the more days there are, and not of one
        with fixed days, which binds it where it becomes possible.
        """
        rules = self.scenario.policy.visit_rules.values()
        is_daily = any(rule.frequency.is_daily for rule in rules) or (
            store.frequency is not None and store.frequency.is_daily
        )
        return self.ladders[place].lever in _WIDER and not is_daily and not store.pinned_days


def has_days(finder: ChoiceFinder, store: Store) -> bool:
    """Whether a store finds days for all its visits, were there nobody else.

    Of a calendar that is still to be chosen no more is known than the days that are open.
    """
    found = finder.choices_of(store)
    if finder.scenario.policy.calendar != "auto":
        return max((choice.weight for choice in found.choices), default=0) >= found.required
    days = Counter(
        finder.keys[slot].rep.id
        for rep, slots in finder.slots_of_rep.items()
        if store.rep in (None, rep)
        for slot in slots
        if slot not in found.closed_slots
    )
    return max(days.values(), default=0) >= found.required


def _varied(levels: Levels, tried: dict[int, tuple[int, ...]]) -> Iterator[Levels]:
    """The levels with those of some ladders set to each of what is to be tried."""
    for chosen in product(*tried.values()):
        changes = dict(zip(tried, chosen, strict=True))
        yield tuple(changes.get(place, level) for place, level in enumerate(levels))
