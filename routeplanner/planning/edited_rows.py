"""Sorts the rows of an edited routes.csv into days; tells those that can stand in no plan."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from routeplanner.domain.edited import RouteRow
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts

MOST_UNKNOWN = 3
"""Rows with an unknown id that are told one by one; more become one message."""

_NAMED = 5

DayRows = dict[tuple[str, int], list[RouteRow]]
"""Rows by rep and day of the cycle."""


def rows_by_day(facts: Facts, rows: Sequence[RouteRow]) -> tuple[DayRows, list[Violation]]:
    """Return the rows by rep and day, with the ids of the scenario, and what is wrong with others.

    An id that a spreadsheet has made a number of (00107 → 107 or 107.0) is taken for the one id of
    the scenario that it can stand for, and so is a name that only one store or rep has.
    """
    store_ids = _Ids({store.id: store.name for store in facts.stores.values()})
    rep_ids = _Ids({rep.id: rep.name for rep in facts.reps.values()})
    days: DayRows = defaultdict(list)
    faults: dict[Code, list[RouteRow]] = defaultdict(list)
    for stated in rows:
        row = stated.model_copy(
            update={"store_id": store_ids.known(stated.store_id), "rep": rep_ids.known(stated.rep)}
        )
        code = _fault(facts, row)
        if code is None:
            days[row.rep, facts.scenario.cycle.index(row.week, row.weekday)].append(row)
        else:
            faults[code].append(row)
    return days, list(_told(facts, faults))


class _Ids:
    """Finds the id of the scenario that a name stands for, or that a spreadsheet has shortened."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._ids = frozenset(names)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for id_, name in names.items():
            for word in {_as_number(id_), _folded(name)} - {""}:
                self._by_word[word].append(id_)

    def known(self, stated: str) -> str:
        if stated in self._ids:
            return stated
        for word in (_as_number(stated), _folded(stated)):
            found = self._by_word.get(word, [])
            if len(found) == 1:
                return found[0]
        return stated


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _as_number(id_: str) -> str:
    return id_.removesuffix(".0").lstrip("0")


def _fault(facts: Facts, row: RouteRow) -> Code | None:
    cycle = facts.scenario.cycle
    if row.rep not in facts.reps:
        return Code.UNKNOWN_REP
    if not 1 <= row.week <= cycle.weeks:
        return Code.DAY_WRONG
    if row.weekday not in cycle.workdays:
        return Code.NOT_A_WORKDAY
    if row.store_id not in facts.stores:
        return Code.UNKNOWN_STORE
    return None if facts.stores[row.store_id].is_planned else Code.CLOSED_STORE_VISITED


def _told(facts: Facts, faults: Mapping[Code, Sequence[RouteRow]]) -> Iterator[Violation]:
    for code, rows in faults.items():
        if len(rows) > MOST_UNKNOWN and code in (Code.UNKNOWN_STORE, Code.UNKNOWN_REP):
            ids = [row.rep if code is Code.UNKNOWN_REP else row.store_id for row in rows]
            names = list(dict.fromkeys(ids))
            shown = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
            yield facts.broken(code, "rows", n=len(rows), k=len(names), names=shown)
            continue
        for row in rows:
            yield facts.broken(
                code,
                "row",
                rep=row.rep,
                store_id=row.store_id,
                row=row.row,
                stated=f"w{row.week}-{row.weekday}",
            )
