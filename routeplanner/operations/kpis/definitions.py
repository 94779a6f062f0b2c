"""The formulas of all KPIs, by code, in their order of appearance."""

from routeplanner.domain.kpi import KpiCode, KpiDefinition, KpiUnit
from routeplanner.texts import text


def _define(
    code: KpiCode, unit: KpiUnit, version: int = 1, *, is_share: bool = True
) -> KpiDefinition:
    return KpiDefinition(
        code=code,
        version=version,
        unit=unit,
        is_share=is_share,
        names={"en": text(f"kpis.{code}", "en"), "zh": text(f"kpis.{code}", "zh")},
        formulas={
            "en": text(f"kpis.{code}_formula", "en"),
            "zh": text(f"kpis.{code}_formula", "zh"),
        },
    )


KPIS: dict[KpiCode, KpiDefinition] = {
    definition.code: definition
    for definition in (
        _define("store_coverage", "stores"),
        _define("call_compliance", "visits"),
        _define("stores_reached", "stores"),
        _define("planned_visit_compliance", "visits"),
        _define("sequence_compliance", "visits"),
        _define("in_store_minutes", "minutes", is_share=False),
        _define("in_store_share", "minutes"),
        _define("on_time_rate", "visits"),
    )
}
