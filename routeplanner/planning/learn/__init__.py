"""Learns minutes in store and travel from visits that were made: `learn`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.learned import (
    ClassLearned,
    GroupKind,
    GroupLearned,
    Learned,
    NotCounted,
    PolicyProposal,
    StoreLearned,
    TravelLearned,
)
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.visits import class_of, service_s
from routeplanner.planning.learn.spread import spread_of
from routeplanner.planning.learn.stays import Stays, learn_classes, learn_stores, stays_of
from routeplanner.planning.learn.travel import learn_travel
from routeplanner.planning.learn.ways import Way, ways_of
from routeplanner.travel.source import TravelMatrix

__all__ = ["learn"]


def learn(scenario: Scenario, visits: Sequence[DrivenVisit], matrix: TravelMatrix) -> Learned:
    """Return what visits say of the minutes in store and the travel of a scenario.

    Parameters
    ----------
    scenario, matrix
        What is assumed now; neither is changed.
    visits
        Visits that were made. Ways are known where a rep's visits of one day follow each other.

    Notes
    -----
    Medians throughout, since single long talks and traffic jams say nothing of the next day; a
    value is proposed only where enough visits surely speak against the present one.
    """
    stays = stays_of(scenario, visits)
    ways = ways_of(scenario, visits, matrix)
    classes = learn_classes(scenario, stays)
    stores = learn_stores(scenario, stays, classes)
    travel = learn_travel(scenario, ways.ways)
    return Learned(
        n_visits=len(stays.visits),
        n_ways=len(ways.ways),
        is_matrix_given=scenario.matrix is not None,
        classes=classes,
        stores=_with_store_ways(stores, ways.ways),
        travel=travel,
        groups=tuple(_groups(scenario, stays, ways.ways)),
        left_out=(
            *(NotCounted(kind="visit", reason=r, n=n) for r, n in stays.left_out.items() if n),
            *(NotCounted(kind="way", reason=r, n=n) for r, n in ways.left_out.items() if n),
        ),
        unknown_stores=stays.unknown_stores,
        changes=(*_class_changes(classes), *_travel_changes(travel)),
    )


def _with_store_ways(
    stores: Iterable[StoreLearned], ways: Iterable[Way]
) -> tuple[StoreLearned, ...]:
    factors = _by((way.store_id, way.factor) for way in ways)
    return tuple(
        row.model_copy(update={"ways": spread_of(factors.get(row.store_id, ()))}) for row in stores
    )


def _groups(scenario: Scenario, stays: Stays, ways: Sequence[Way]) -> Iterable[GroupLearned]:
    """Actual over planned minutes of all, by class, by rep (of several) and by hour of day."""
    policy = scenario.policy
    factors = [
        (store, visit, 60 * visit.minutes_in_store / service_s(store, policy))
        for store, visit in stays.visits
    ]
    yield _group("all", "", [factor for _, _, factor in factors], [way.factor for way in ways])
    of_class = _by((class_of(store), factor) for store, _, factor in factors)
    to_class = _by((way.store_class, way.factor) for way in ways)
    for label in policy.classes.labels:
        if label in of_class or label in to_class:
            yield _group("class", label, of_class.get(label, ()), to_class.get(label, ()))
    names = {rep.name: rep.id for rep in scenario.reps} | {rep.id: rep.id for rep in scenario.reps}
    of_rep = _by((names.get(v.rep, v.rep), factor) for _, v, factor in factors if v.rep is not None)
    by_rep = _by((way.rep, way.factor) for way in ways)
    reps = sorted(of_rep.keys() | by_rep.keys())
    for rep in reps if len(reps) > 1 else ():
        yield _group("rep", rep, of_rep.get(rep, ()), by_rep.get(rep, ()))
    at_hour = _by((_hour(at), factor) for _, v, factor in factors if (at := v.started or v.arrived))
    from_hour = _by((_hour(way.left_s), way.factor) for way in ways)
    for hour in sorted(at_hour.keys() | from_hour.keys()):
        yield _group("hour", hour, at_hour.get(hour, ()), from_hour.get(hour, ()))


def _group(
    kind: GroupKind, name: str, visits: Sequence[float], ways: Sequence[float]
) -> GroupLearned:
    return GroupLearned(kind=kind, name=name, visits=spread_of(visits), ways=spread_of(ways))


def _hour(seconds: int) -> str:
    return f"{seconds // 3600:02d}"


def _by(pairs: Iterable[tuple[str, float]]) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _class_changes(classes: Iterable[ClassLearned]) -> Iterable[PolicyProposal]:
    for row in classes:
        if row.proposed_minutes is not None and row.minutes is not None:
            yield PolicyProposal(
                path=("visit_rules", row.store_class, "service_minutes"),
                now=row.now_minutes,
                proposed=row.proposed_minutes,
                measured=row.minutes.median,
                surely_from=row.minutes.surely_from,
                surely_to=row.minutes.surely_to,
                n=row.minutes.n,
            )


def _travel_changes(travel: Iterable[TravelLearned]) -> Iterable[PolicyProposal]:
    for row in travel:
        if row.proposed_kmh is not None and row.now_kmh is not None:
            yield PolicyProposal(
                path=("travel", "speed_kmh", row.mode),
                now=row.now_kmh,
                proposed=row.proposed_kmh,
                measured=row.now_kmh / row.factor.median if row.kmh is None else row.kmh,
                surely_from=row.kmh_from,
                surely_to=row.kmh_to,
                n=row.factor.n,
            )
        if row.proposed_park_minutes is not None and row.now_park_minutes is not None:
            park = row.now_park_minutes * row.factor.median
            yield PolicyProposal(
                path=("travel", "park_minutes"),
                now=row.now_park_minutes,
                proposed=row.proposed_park_minutes,
                measured=park if row.park_minutes is None else row.park_minutes,
                surely_from=row.park_from,
                surely_to=row.park_to,
                n=row.factor.n,
            )
