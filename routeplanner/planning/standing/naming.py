"""Finds the store, rep or slots that a user names, or says what comes near."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import InputError, Issue
from routeplanner.planning.standing.choosing import Slots
from routeplanner.planning.standing.standing import Standing
from routeplanner.texts import counted, text

_NEAR = 3


def find_store(scenario: Scenario, value: str, *, is_any: bool = False) -> Store:
    """Return the store of an id, or of a name that only one has; `is_any`: a closed one as well.

    Raises
    ------
    InputError
        No store (UNKNOWN_STORE), several (AMBIGUOUS_STORE), or one that gets no visits
        (STORE_NOT_PLANNED).
    """
    wanted = value.strip().casefold()
    by_id = [store for store in scenario.stores if store.id.casefold() == wanted]
    found = by_id or [store for store in scenario.stores if store.name.casefold() == wanted]
    if not found:
        raise _unknown(scenario, "store", value, _near_stores(scenario, wanted))
    if len(found) > 1:
        near = ", ".join(store.id for store in found)
        raise _error(scenario, "AMBIGUOUS_STORE", "ambiguous", value, n=len(found), near=near)
    store = found[0]
    if not store.is_planned and not is_any:
        status = text(f"workbook.status_{store.status}", scenario.language)
        raise _error(scenario, "STORE_NOT_PLANNED", "unplanned", store.id, status=status)
    return store


def find_rep(scenario: Scenario, value: str) -> Rep:
    """Return the rep of an id or name; InputError (UNKNOWN_REP) where there is none."""
    wanted = value.strip().casefold()
    for rep in scenario.reps:
        if wanted in (rep.id.casefold(), rep.name.casefold()):
            return rep
    raise _unknown(scenario, "rep", value, [rep.id for rep in scenario.reps])


def slot_on(standing: Standing, rep_id: str, day: int) -> int | None:
    """The slot of a rep's working day; none where the rep does not work."""
    for slot, key in enumerate(standing.encoding.keys):
        if key.rep.id == rep_id and any(driven.day == day for driven in key.days):
            return slot
    return None


def slots_on(standing: Standing, rep_id: str, days: Iterable[int]) -> Slots:
    """Return the slots of a rep's days; InputError (UNKNOWN_DAY) where one is a day off."""
    found = set()
    for day in days:
        slot = slot_on(standing, rep_id, day)
        if slot is None:
            named = standing.facts.when(day)
            raise day_off(standing.scenario, rep_id, named)
        found.add(slot)
    return frozenset(found)


def day_off(scenario: Scenario, rep_id: str, day: str) -> InputError:
    """The error of a day on which a rep does not work."""
    issue = Issue(
        code="UNKNOWN_DAY",
        path="day",
        message=text("explain.day_off", scenario.language, rep=rep_id, value=day),
        hint=_day_hint(scenario, ()),
        value=day,
    )
    return InputError([issue])


def unknown_day(scenario: Scenario, value: str, routes: Sequence[str] = ()) -> InputError:
    """The error of a word that names no day of the cycle and none of its routes."""
    issue = Issue(
        code="UNKNOWN_DAY",
        path="day",
        message=text("explain.unknown_day", scenario.language, value=value),
        hint=_day_hint(scenario, routes),
        value=value,
    )
    return InputError([issue])


def _day_hint(scenario: Scenario, routes: Sequence[str]) -> str:
    cycle = scenario.cycle
    values: dict[str, object] = {
        "example": f"w1-{cycle.workdays[min(1, len(cycle.workdays) - 1)]}",
        "weeks": cycle.weeks,
        "days": " ".join(day for day in WEEKDAYS if day in cycle.workdays),
    }
    if routes:
        values["route"] = routes[0]
        return counted("explain.day_hint_routes", cycle.weeks, scenario.language, **values)
    return counted("explain.day_hint", cycle.weeks, scenario.language, **values)


def _near_stores(scenario: Scenario, wanted: str) -> list[str]:
    """Ids of stores whose id or name comes near; of names also those that hold the word."""
    words = {store.id.casefold(): store for store in scenario.stores}
    words |= {store.name.casefold(): store for store in scenario.stores if store.name}
    near = get_close_matches(wanted, words, n=_NEAR)
    near += [word for word in words if wanted and wanted in word and word not in near]
    stores = dict.fromkeys(
        f"{words[word].id} ({words[word].name})" if words[word].name else words[word].id
        for word in near
    )
    return list(stores)[:_NEAR]


def _unknown(scenario: Scenario, kind: str, value: str, near: Sequence[str]) -> InputError:
    language = scenario.language
    hint = text("explain.store_hint", language)
    if near and kind == "rep":
        hint = text("explain.rep_hint", language, reps=text("hours.and", language).join(near))
    elif near:
        hint = text("explain.near_hint", language, near=text("hours.and", language).join(near))
    issue = Issue(
        code="UNKNOWN_STORE" if kind == "store" else "UNKNOWN_REP",
        path=kind,
        message=text(f"explain.unknown_{kind}", language, value=value),
        hint=hint,
        value=value,
    )
    return InputError([issue])


def _error(scenario: Scenario, code: str, key: str, value: str, **values: object) -> InputError:
    known = {"value": value} | values
    issue = Issue(
        code=code,
        path="store",
        message=text(f"explain.{key}_store", scenario.language, **known),
        hint=text(f"explain.{key}_hint", scenario.language, **known),
        value=value,
    )
    return InputError([issue])
