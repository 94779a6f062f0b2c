"""KPIs that judge stores: coverage, and whether each got the visits that its standard asks for."""

from collections import Counter
from collections.abc import Iterator

from routeplanner.domain.kpi import Exclusion, ExclusionReason
from routeplanner.operations.kpis.count import Count
from routeplanner.operations.kpis.rows import Rows


def store_coverage(rows: Rows) -> Count:
    """Stores with a visit ÷ stores with a visit due (handbook K7, 拜访店数达标率)."""
    made = {visit.store_id for visit in rows.made}
    return Count.of_ids(
        [store for store in rows.due if store in made], list(rows.due), _exclusions(rows)
    )


def call_compliance(rows: Rows) -> Count:
    """Visits at stores that reached their standard ÷ all visits (handbook K8, 拜访次数达标率)."""
    reached = _reached(rows)
    return Count.of_ids(
        [visit.id for visit in rows.made if visit.store_id in reached],
        [visit.id for visit in rows.made if visit.store_id in rows.due],
        _exclusions(rows),
    )


def stores_reached(rows: Rows) -> Count:
    """Stores that reached their standard ÷ stores with a visit due."""
    reached = _reached(rows)
    return Count.of_ids(
        [store for store in rows.due if store in reached], list(rows.due), _exclusions(rows)
    )


def _reached(rows: Rows) -> set[str]:
    made = Counter(visit.store_id for visit in rows.made)
    return {store for store, due in rows.due.items() if made[store] >= due}


def _exclusions(rows: Rows) -> Iterator[Exclusion]:
    yield from rows.exclusions_of_standard()
    for visit in rows.visits:
        if visit.id in rows.not_counted:
            yield Exclusion("visit", visit.id, rows.not_counted[visit.id], "both")
    for store, reason in sorted(_stores_not_due(rows).items()):
        yield Exclusion("store", store, reason, "both")


def _stores_not_due(rows: Rows) -> dict[str, ExclusionReason]:
    """Stores of which the period asks nothing, visited or not."""
    found: dict[str, ExclusionReason] = {}
    for visit in rows.visits:
        reason = rows.outside_standard.get(visit.id, "not_due")
        if visit.store_id in rows.partial_stores:
            found[visit.store_id] = "opened_or_closed"
        elif visit.store_id not in rows.due and reason != "canceled":
            is_known = found.get(visit.store_id, "not_due") != "not_due"
            found[visit.store_id] = found[visit.store_id] if is_known else reason
    return found
