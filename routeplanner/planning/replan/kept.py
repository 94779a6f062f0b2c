"""Counts what became of the stores of the earlier plan."""

from collections.abc import Sequence

from routeplanner.domain.keeping import Keeping, Kept
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.plan_changes import visits_by_store
from routeplanner.planning.encode import Encoding
from routeplanner.planning.replan.earlier import Earlier, RepDay
from routeplanner.planning.replan.frozen_warnings import lost_visits, moved_times


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
    weeks = keeping.freeze_weeks
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
        warnings=(
            *lost_visits(encoding, earlier, weeks, now),
            *moved_times(encoding.scenario, previous, weeks, routes),
        ),
    )


def _reps(visits: set[RepDay] | frozenset[RepDay]) -> set[str]:
    return {rep for rep, _ in visits}
