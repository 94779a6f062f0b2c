"""Changes of one store: on which days it shall stand, or that it leaves the plan."""

from collections.abc import Sequence

from routeplanner.domain.explained import Broken, DayChoice
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store, StoreStatus, store_words
from routeplanner.errors import InputError, Issue
from routeplanner.planning.checker import check_plan
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.standing.broken import newly_broken, told
from routeplanner.planning.standing.choosing import (
    Slots,
    allowed_slots,
    choice_of,
    in_order,
    joining_choices,
)
from routeplanner.planning.standing.forcing import with_orders
from routeplanner.planning.standing.standing import Standing
from routeplanner.texts import text


def slots_to_move_to(standing: Standing, store_id: str, wanted: Slots) -> Slots:
    """
    Return the slots that a store goes to where some of them are named.

    Fewer than its visits stand for the best of its allowed choices that holds them, such as one
    Tuesday for the Tuesday of every week; where none does, they are taken as they are.
    """
    weight = sum(standing.encoding.keys[slot].weight for slot in wanted)
    if weight >= standing.choices_of(store_id).required:
        return wanted
    holding = [slots for slots in allowed_slots(standing, store_id) if wanted <= slots]
    return min(
        holding, key=lambda slots: in_order(choice_of(standing, store_id, slots)), default=wanted
    )


def reps_to_visit(standing: Standing, store_id: str) -> frozenset[str]:
    """Return the reps who visit a store; where none does, those who may."""
    keys = standing.encoding.keys
    reps = {keys[slot].rep.id for slot in standing.slots_with(store_id)}
    own = standing.stores[store_id].rep
    return frozenset(reps or ({own} if own else {rep.id for rep in standing.scenario.reps}))


def choices_to_join(standing: Standing, store: Store) -> list[tuple[DayChoice, Slots]]:
    """Return the choices of days that give a store more visits, best first; none: no rule lets it.

    Raises
    ------
    InputError
        The store has all its visits (ALL_VISITS_SCHEDULED).
    """
    encoding, present = standing.encoding, standing.slots_with(store.id)
    scheduled = sum(encoding.keys[slot].weight for slot in present)
    if scheduled >= standing.choices_of(store.id).required:
        raise InputError([_has_all(standing.scenario, store)])
    return sorted(joining_choices(standing, store.id), key=lambda pair: in_order(pair[0]))


def _has_all(scenario: Scenario, store: Store) -> Issue:
    return Issue(
        code="ALL_VISITS_SCHEDULED",
        path="store",
        message=text("explain.has_all", scenario.language, store=store_words(store)),
        hint=text("explain.has_all_hint", scenario.language),
        value=store.id,
    )


def without_store(standing: Standing, store_id: str, status: StoreStatus) -> tuple[Plan, Scenario]:
    """Return the plan and the scenario in which a store is suspended or closed.

    The days that it leaves are re-sequenced.
    """
    stores = tuple(
        store.model_copy(update={"status": status}) if store.id == store_id else store
        for store in standing.scenario.stores
    )
    scenario = standing.scenario.model_copy(update={"stores": stores})
    orders = {
        slot: standing.changed(slot, {store_id}).order for slot in standing.slots_with(store_id)
    }
    return with_orders(standing, orders, scenario), scenario


def broken_by_leaving(standing: Standing, plan: Plan, scenario: Scenario) -> tuple[Broken, ...]:
    """Return what a plan breaks under a changed scenario, and the plan as it stands does not."""
    facts = Facts(scenario, standing.matrix)
    found: Sequence[Broken] = [
        told(facts, violation, plan.routes)
        for violation in check_plan(scenario, plan, standing.matrix)
    ]
    return newly_broken(standing.broken, found)
