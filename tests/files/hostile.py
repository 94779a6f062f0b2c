"""A scenario whose words try to become code, for every writer to pass."""

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from tests.sample_plans import sample_plan, sample_scenario

ATTACK = (
    "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>\"'`${1}{{7*7}}"
)
CONTROL = "bell\x07 and \x0bbreak"


def hostile_scenario(language: str = "en") -> Scenario:
    """The sample with two reps, all its free text replaced by attacks."""
    scenario = sample_scenario(language, n_reps=2)
    stores = tuple(
        store.model_copy(
            update={
                "name": f"{store.id} {ATTACK}{CONTROL}",
                "address": ATTACK,
                "phone": f"{ATTACK} javascript:alert(1) 030 123",
                "note": ATTACK,
            }
        )
        for store in scenario.stores
    )
    reps = tuple(rep.model_copy(update={"name": ATTACK}) for rep in scenario.reps)
    meetings = tuple(item.model_copy(update={"title": ATTACK}) for item in scenario.appointments)
    return scenario.model_copy(update={"stores": stores, "reps": reps, "appointments": meetings})


def hostile_plan(scenario: Scenario) -> Plan:
    """The sample's plan with attacks in its own words."""
    plan = sample_plan(scenario)
    routes = tuple(
        route.model_copy(
            update={
                "template": f"{route.template}<b>&",
                "stops": tuple(
                    stop.model_copy(update={"title": ATTACK}) if stop.title else stop
                    for stop in route.stops
                ),
            }
        )
        for route in plan.routes
    )
    unserved = tuple(
        item.model_copy(update={"message": ATTACK, "hint": ATTACK}) for item in plan.unserved
    )
    source = plan.provenance.model_copy(update={"travel_source": ATTACK})
    return plan.model_copy(
        update={"routes": routes, "unserved": unserved, "provenance": source, "id": "<i>7"}
    )
