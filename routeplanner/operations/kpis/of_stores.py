"""KPIs that judge stores: coverage, and whether each got the visits that its standard asks for."""

from routeplanner.operations.kpis.count import Count
from routeplanner.operations.kpis.rows import Rows


def store_coverage(rows: Rows) -> Count:
    """Stores with a visit ÷ stores with a visit due (handbook K7, 拜访店数达标率)."""
    return Count.of_ids(
        [store for store in rows.due if store in rows.made_at],
        list(rows.due),
        rows.exclusions_of_stores,
    )


def call_compliance(rows: Rows) -> Count:
    """Visits at stores that reached their standard ÷ all visits (handbook K8, 拜访次数达标率)."""
    reached = _reached(rows)
    return Count.of_ids(
        [visit.id for visit in rows.made if visit.store_id in reached],
        [visit.id for visit in rows.made if visit.store_id in rows.due],
        rows.exclusions_of_stores,
    )


def stores_reached(rows: Rows) -> Count:
    """Stores that reached their standard ÷ stores with a visit due."""
    reached = _reached(rows)
    return Count.of_ids(
        [store for store in rows.due if store in reached],
        list(rows.due),
        rows.exclusions_of_stores,
    )


def _reached(rows: Rows) -> set[str]:
    made = rows.made_at
    return {store for store, due in rows.due.items() if made[store] >= due}
