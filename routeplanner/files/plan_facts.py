"""What the heads of map and day sheets say of a plan."""

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.texts import text


def head_facts(plan: Plan, scenario: Scenario) -> list[str]:
    """Cycle, start, plan, status and date: what the head line says after the reps."""
    language = scenario.language
    weeks = plan.cycle.weeks
    facts = [text("map.cycle_one" if weeks == 1 else "map.cycle_many", language, weeks=weeks)]
    if plan.start_date is not None:
        facts.append(text("map.valid_from", language, date=plan.start_date.isoformat()))
    facts.append(text("map.plan", language, id=plan.id, version=plan.version))
    facts.append(text(f"map.status_{plan.review_status}", language))
    if plan.provenance.created_at is not None:
        made = plan.provenance.created_at.date().isoformat()
        facts.append(text("map.made_on", language, date=made))
    return facts


def verdict(plan: Plan, language: str) -> str:
    """Whether all required visits are scheduled, in one sentence."""
    if plan.is_complete:
        return text("map.all_scheduled", language, required=plan.required_visits)
    stores = sum(item.served == 0 for item in plan.unserved)
    ending = {0: "_none", 1: "_one"}.get(stores, "")
    return text(
        f"map.some_scheduled{ending}",
        language,
        scheduled=plan.scheduled_visits,
        required=plan.required_visits,
        stores=stores,
    )
