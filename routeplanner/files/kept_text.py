"""What a plan has kept of the earlier one, in a sentence."""

from routeplanner.domain.plan import Plan
from routeplanner.texts import counted, text


def kept_words(plan: Plan, language: str) -> str:
    """`Against plan 7f3a · v1: 3 of 142 stores that remain change …; 4 new, 2 gone.`"""
    kept = plan.kept
    if kept is None:
        return ""

    def say(key: str, **values: object) -> str:
        return text(f"replan.{key}", language, **values)

    is_chinese = language == "zh"
    asides = [say("changed_rep", n=kept.changed_rep)] if kept.changed_rep else []
    if kept.keeping.max_changes is not None:
        asides.append(say("limit", n=kept.keeping.max_changes))
    against = say("against", id=kept.previous_id, version=kept.previous_version)
    words = against + ("" if is_chinese else " ")
    told = {"changed": kept.changed, "remaining": kept.remaining}
    words += counted("replan.changed", kept.changed, language, **told)
    if asides:
        between = "，".join(asides) if is_chinese else ", ".join(asides)
        words += f"（{between}）" if is_chinese else f" ({between})"
    counts = {name: getattr(kept, name) for name in ("new", "gone", "reclassed", "rep_gone")}
    others = [say(name, n=n) for name, n in counts.items() if n]
    weeks = kept.keeping.freeze_weeks
    if weeks:
        others.append(say("frozen_one" if weeks == 1 else "frozen", n=weeks))
    if others:
        words += "；" + "，".join(others) if is_chinese else "; " + ", ".join(others)
    return words + ("。" if is_chinese else ".")
