"""Makes the plan in which one store, or some, stand on other days."""

from collections.abc import Iterator, Mapping

from routeplanner.domain.edited import RouteRow
from routeplanner.domain.explained import Broken, DayChoice
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import store_words
from routeplanner.planning.checker import check_plan
from routeplanner.planning.checker.codes import ViolationCode
from routeplanner.planning.edited import plan_from_rows
from routeplanner.planning.encode import COST_PER_MINUTE
from routeplanner.planning.standing.broken import newly_broken, told
from routeplanner.planning.standing.choosing import Slots, choice_of
from routeplanner.planning.standing.missing import missing_rows, scheduled_visits
from routeplanner.planning.standing.sequencing import Order
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.planning.warm_start import start_of
from routeplanner.texts import text
from solvers import evaluate


def forced(standing: Standing, store_id: str, slots: Slots) -> Plan:
    """
    Return the whole plan with a store on given slots and on no others.

    The days that it leaves or joins are re-sequenced, all others stay as they are. The plan is the
    next version, with its own measures. Visits that were not scheduled stay listed, those that
    the change drops are listed too.
    """
    was = standing.slots_with(store_id)
    orders = {
        slot: standing.changed(
            slot, {store_id} & set(standing.orders[slot]), store_id if slot in slots else None
        ).order
        for slot in was ^ slots
    }
    return with_orders(standing, orders)


def with_orders(
    standing: Standing, orders: Mapping[int, Order], scenario: Scenario | None = None
) -> Plan:
    """Return the plan with other orders of stores on some slots.

    `scenario` is what the new plan answers, where that changes with it.
    """
    answered = standing.scenario if scenario is None else scenario
    rows = list(_rows(standing, orders))
    plan = plan_from_rows(answered, rows, standing.matrix, standing.plan).plan
    encoding = standing.encoding if scenario is None else None
    again = stand(answered, standing.matrix, plan, encoding)
    terms = evaluate(again.encoding.problem, start_of(again.encoding, plan)).terms
    was, now = scheduled_visits(standing), scheduled_visits(again)
    fewer = frozenset(store_id for store_id, n in now.items() if n < was.get(store_id, 0))
    same = frozenset(i for i in standing.plan.stores_dropped if now.get(i) == was.get(i))
    listed = {row.store_id for row in plan.unserved} | fewer
    return plan.model_copy(
        update={
            "score": {name: round(cost / COST_PER_MINUTE, 2) for name, cost in terms.items()},
            "unserved": tuple(
                row for row in missing_rows(again, fewer | same) if row.store_id in listed
            ),
        }
    )


def what_breaks(standing: Standing, plan: Plan) -> tuple[Broken, ...]:
    """Return what a changed plan breaks that the plan as it stands does not.

    That it drops visits counts, though the plan lists them.
    """
    was = scheduled_visits(standing)
    rows = (row for row in plan.unserved if row.served >= was.get(row.store_id, 0))
    unlisted = plan.model_copy(update={"unserved": tuple(rows)})
    found = check_plan(standing.scenario, unlisted, standing.matrix)
    after = (told(standing.facts, violation, plan.routes) for violation in found)
    return tuple(_worded(standing, plan, item) for item in newly_broken(standing.broken, after))


def choice_in(standing: Standing, plan: Plan, store_id: str, slots: Slots) -> DayChoice:
    """Return a choice of days of one store with all that the plan in which it is forced breaks.

    The rules of the whole cycle, such as gaps between visits, count too where it is none of those
    that the store is allowed.
    """
    choice = choice_of(standing, store_id, slots)
    return choice.model_copy(update={"broken": what_breaks(standing, plan)})


def _worded(standing: Standing, plan: Plan, item: Broken) -> Broken:
    """What is broken, in words for a change: visits that it drops, and how they could be kept."""
    if item.code != ViolationCode.FREQUENCY_SHORT:
        return item
    store = standing.stores[item.store_id or ""]
    n = sum(stop.store_id == store.id for route in plan.routes for stop in route.visits)
    required = standing.facts.required(store)
    message = text(
        "explain.visits_dropped",
        standing.scenario.language,
        store=store_words(store),
        n=n,
        required=required,
        dropped=required - n,
    )
    return item.model_copy(update={"message": message})


def _rows(standing: Standing, orders: Mapping[int, Order]) -> Iterator[RouteRow]:
    labels = {(route.rep, route.day): route.template for route in standing.plan.routes}
    number = 0
    for slot, key in enumerate(standing.encoding.keys):
        for day in key.days:
            for position, store_id in enumerate(orders.get(slot, standing.orders[slot]), start=1):
                number += 1
                yield RouteRow(
                    rep=key.rep.id,
                    week=day.week,
                    weekday=day.weekday,
                    store_id=store_id,
                    position=position,
                    template=labels.get((key.rep.id, day.day), ""),
                    row=number,
                )
