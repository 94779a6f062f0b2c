"""Tells what changes of a scenario bring with them: another cycle, other classes, other reps."""

from collections import Counter

from routeplanner.domain.scenario import Scenario
from routeplanner.texts import counted, text


def notes_on(was: Scenario, now: Scenario) -> tuple[str, ...]:
    """Return what differs beside the keys that were set, in the scenario's language."""
    language = was.language
    notes: list[str] = []
    if now.cycle.weeks != was.cycle.weeks:
        weeks = {"weeks": now.cycle.weeks, "before": was.cycle.weeks}
        notes.append(counted("whatif.other_cycle", now.cycle.weeks, language, **weeks))
    before, after = _classes(was), _classes(now)
    if before != after:
        told = {"classes": _shown(now, after), "before": _shown(was, before)}
        notes.append(text("whatif.other_classes", language, **told))
    notes += _on_reps(was, now)
    return tuple(notes)


def _on_reps(was: Scenario, now: Scenario) -> list[str]:
    language = was.language
    before = {rep.id for rep in was.reps}
    after = {rep.id for rep in now.reps}
    notes = [
        text("whatif.new_rep", language, rep=rep.id, like=rep.id.rpartition("-")[0])
        for rep in now.reps
        if rep.id not in before
    ]
    gone = [rep.id for rep in was.reps if rep.id not in after]
    return notes + [text("whatif.gone_rep", language, rep=rep) for rep in gone]


def _classes(scenario: Scenario) -> Counter[str]:
    return Counter(s.store_class or "" for s in scenario.stores if s.is_planned)


def _shown(scenario: Scenario, counts: Counter[str]) -> str:
    return " ".join(f"{label}{counts[label]}" for label in scenario.policy.classes.labels)
