"""Speed and minutes to park and enter, as ways that were made say."""

from collections import defaultdict
from collections.abc import Sequence

from routeplanner.domain.learned import TravelLearned
from routeplanner.domain.policy import TravelRules
from routeplanner.domain.rep import Mode
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.learn.spread import Line, is_surely_other, line_through, spread_of
from routeplanner.planning.learn.ways import Way

FEWEST_WAYS = 20
"""Ways of a mode below which nothing is proposed."""

LEAST_FACTOR = 0.05
"""How far from 1 actual over planned minutes must lie to be worth a change."""

_WIDEST = 0.5  # of the slope: where its interval is wider, speed and parking are not told apart


def learn_travel(scenario: Scenario, ways: Sequence[Way]) -> tuple[TravelLearned, ...]:
    """Return what ways say of travel, the mode with most ways first.

    Where kilometers differ enough, the minutes of a way are minutes to park and enter plus those of
    its kilometers: of the first mode both are told. Parking is one value for all modes, so the
    others are told their speed beside it. Where they cannot be told apart, both are stretched by
    the factor. Nothing is proposed for a matrix of the user's own.
    """
    of_mode: dict[Mode, list[Way]] = defaultdict(list)
    for way in ways:
        of_mode[way.mode].append(way)
    ordered = sorted(of_mode.values(), key=lambda own: (-len(own), own[0].mode))
    if scenario.matrix is not None:
        return tuple(_factor(own) for own in ordered)
    rules = scenario.policy.travel
    found: list[TravelLearned] = []
    for own in ordered:
        if not found:
            found.append(_first(own, rules))
            continue
        park = found[0].proposed_park_minutes
        found.append(_speed_beside(own, rules, rules.park_minutes if park is None else park))
    return tuple(found)


def _factor(ways: Sequence[Way]) -> TravelLearned:
    spread = spread_of([way.factor for way in ways])
    if spread is None:
        raise ValueError("no ways")
    found = TravelLearned(mode=ways[0].mode, factor=spread)
    if spread.n < FEWEST_WAYS:
        return found
    is_other = is_surely_other(spread, 1) and abs(spread.median - 1) >= LEAST_FACTOR
    return found.model_copy(update={"verdict": "differs" if is_other else "agrees"})


def _with_rules(ways: Sequence[Way], rules: TravelRules) -> TravelLearned:
    kmh = rules.speed_kmh[ways[0].mode]
    return _factor(ways).model_copy(update={"now_kmh": kmh, "now_park_minutes": rules.park_minutes})


def _first(ways: Sequence[Way], rules: TravelRules) -> TravelLearned:
    found = _with_rules(ways, rules)
    if found.verdict == "too_few":
        return found
    line = line_through([way.km for way in ways], [way.minutes for way in ways])
    if line is not None and _tells_apart(line):
        return _of_line(found, line, rules)
    if found.verdict == "agrees":
        return found
    factor = found.factor.median
    return _proposed(
        found, kmh=rules.speed_kmh[found.mode] / factor, park=rules.park_minutes * factor
    )


def _tells_apart(line: Line) -> bool:
    width = line.slope_to - line.slope_from
    return line.slope_from > 0 and width <= _WIDEST * line.slope and line.intercept >= 0


def _of_line(found: TravelLearned, line: Line, rules: TravelRules) -> TravelLearned:
    slope_now = 60 / rules.speed_kmh[found.mode]
    is_other = not line.slope_from <= slope_now <= line.slope_to or not (
        line.intercept_from <= rules.park_minutes <= line.intercept_to
    )
    measured = found.model_copy(
        update={
            "is_separated": True,
            "kmh": round(60 / line.slope, 2),
            "kmh_from": round(60 / line.slope_to, 2),
            "kmh_to": round(60 / line.slope_from, 2),
            "park_minutes": round(line.intercept, 2),
            "park_from": round(max(0.0, line.intercept_from), 2),
            "park_to": round(line.intercept_to, 2),
            "verdict": "agrees",
        }
    )
    return _proposed(measured, 60 / line.slope, line.intercept) if is_other else measured


def _speed_beside(ways: Sequence[Way], rules: TravelRules, park: float) -> TravelLearned:
    """Speed of a mode beside given minutes to park and enter."""
    found = _with_rules(ways, rules)
    slopes = spread_of([(way.minutes - park) / way.km for way in ways])
    if found.verdict == "too_few" or slopes is None or slopes.surely_from is None:
        return found
    if slopes.surely_from <= 0 or slopes.surely_to is None:
        return found
    measured = found.model_copy(
        update={
            "kmh": round(60 / slopes.median, 2),
            "kmh_from": round(60 / slopes.surely_to, 2),
            "kmh_to": round(60 / slopes.surely_from, 2),
            "verdict": "agrees",
        }
    )
    if not is_surely_other(slopes, 60 / rules.speed_kmh[found.mode]):
        return measured
    return _proposed(measured, 60 / slopes.median, None)


def _proposed(found: TravelLearned, kmh: float, park: float | None) -> TravelLearned:
    """With round values proposed, where they are other than now."""
    kmh = round(2 * kmh) / 2 if kmh >= 10 else max(0.1, round(kmh, 1))
    park = found.now_park_minutes if park is None else max(0.0, round(2 * park) / 2)
    is_other = kmh != found.now_kmh or park != found.now_park_minutes
    return found.model_copy(
        update={
            "verdict": "differs" if is_other else "agrees",
            "proposed_kmh": None if kmh == found.now_kmh else kmh,
            "proposed_park_minutes": None if park == found.now_park_minutes else park,
        }
    )
