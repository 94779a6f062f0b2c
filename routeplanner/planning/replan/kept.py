"""Counts what became of the stores of the earlier plan, and tells what could not stay frozen."""

from collections.abc import Iterator, Sequence

from routeplanner.domain.keeping import FrozenLoss, Keeping, Kept
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.plan_changes import visits_by_store
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import Issue, Severity
from routeplanner.planning.encode import Encoding
from routeplanner.planning.replan.earlier import Earlier, RepDay
from routeplanner.texts import text


def kept_of(
    encoding: Encoding,
    earlier: Earlier,
    previous: Plan,
    keeping: Keeping,
    routes: Sequence[Route],
) -> Kept:
    """Return what the routes of a new plan have kept of the previous one."""
    now = {
        store_id: {(route.rep, route.day) for route, _ in visits}
        for store_id, visits in visits_by_store(routes).items()
    }
    changed = [i for i in earlier.remaining if earlier.is_moved(i, now.get(i, ()))]
    other_rep = [i for i in changed if not _reps(now[i]) <= _reps(earlier.visits[i])]
    return Kept(
        previous_id=previous.id,
        previous_version=previous.version,
        keeping=keeping,
        remaining=len(earlier.remaining),
        changed=len(changed),
        changed_rep=len(other_rep),
        new=len(earlier.new),
        gone=len(earlier.gone),
        reclassed=len(earlier.reclassed),
        rep_gone=len(earlier.rep_gone),
        warnings=tuple(_lost(encoding, earlier, keeping.freeze_weeks, now)),
    )


def _reps(visits: set[RepDay] | frozenset[RepDay]) -> set[str]:
    return {rep for rep, _ in visits}


def _lost(
    encoding: Encoding, earlier: Earlier, weeks: int, now: dict[str, set[RepDay]]
) -> Iterator[Issue]:
    """A warning for each store that has lost visits of frozen weeks."""
    scenario = encoding.scenario
    n_frozen = weeks * len(scenario.cycle.workdays)
    stores = {store.id: store for store in scenario.stores}
    for store_id in sorted(earlier.visits):
        was = {(rep, day) for rep, day in earlier.visits[store_id] if day < n_frozen}
        lost = sorted(day for _, day in was - now.get(store_id, set()))
        if lost:
            store = stores.get(store_id)
            yield _warning(scenario, store_id, store, lost, _reason(encoding, earlier, store_id))


def _reason(encoding: Encoding, earlier: Earlier, store_id: str) -> FrozenLoss:
    place = next((i for i, store in enumerate(encoding.stores) if store.id == store_id), None)
    if place is None:
        return "gone"
    if store_id in earlier.rep_gone:
        return "rep"
    if store_id in earlier.reclassed:
        return "number"
    closed = set(encoding.choices[place].closed_slots)
    return "closed" if closed & earlier.kept_slots(store_id, encoding.keys) else "full"


def _warning(
    scenario: Scenario, store_id: str, store: Store | None, days: list[int], reason: FrozenLoss
) -> Issue:
    language = scenario.language
    at = [scenario.cycle.day(day) for day in days]
    words = {
        "name": f"{store.name} ({store_id})" if store and store.name else store_id,
        "days": ", ".join(
            f"{text('words.week', language, n=day.week)} {text(f'words.{day.weekday}', language)}"
            for day in at
        ),
        "reason": text(f"replan.lost_{reason}", language),
    }
    return Issue(
        code="FROZEN_VISIT_LOST",
        path=f"previous:{store_id}",
        message=text("issues.FROZEN_VISIT_LOST", language, **words),
        hint=text("issues.FROZEN_VISIT_LOST_HINT", language, **words),
        severity=Severity.WARNING,
        value=store_id,
    )
