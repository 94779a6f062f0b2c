"""The keys that a what-if may set: short ones, those of a store, and every key of the policy."""

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import BaseModel

from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.files.policy_lines import Path
from routeplanner.files.policy_words import is_key

CLASS_KEYS = {
    "frequency": "frequency",
    "minutes": "service_minutes",
    "largest_gap": "largest_gap_days",
}
STORE_KEYS = ("frequency", "minutes", "hours", "pinned_days", "class", "rep", "status")
EVERY_STORE = "stores"
SHORT_KEYS: dict[str, Path] = {
    "in_store_limit": ("working_day", "in_store_limit"),
    "reserve": ("working_day", "reserve"),
    "overtime": ("working_day", "overtime_minutes"),
    "spacing": ("objective", "spacing"),
    "routes": ("templates",),
    "weeks": ("cycle_weeks",),
}
DAY_KEYS = ("lunch", "office", "longest_day", "hours")
"""Of every rep: what reps state for themselves does not hold any more."""


def policy_path(key: str, labels: Sequence[str]) -> Path | None:
    """The path of a key of the policy, short or in full; none where it is none."""
    if key in SHORT_KEYS:
        return SHORT_KEYS[key]
    parts = tuple(key.split("."))
    if len(parts) == 2 and parts[0] in labels:
        name = CLASS_KEYS.get(parts[1], parts[1])
        parts = ("visit_rules", parts[0], name)
    is_class_known = parts[:1] != ("visit_rules",) or (len(parts) > 1 and parts[1] in labels)
    return parts if is_class_known and is_key(parts) else None


def possible_keys(scenario: Scenario) -> str:
    """The keys that may be set, the short ones; docs/policy.md has the others."""
    labels = scenario.policy.classes.labels
    names = [f"{labels[0]}.{key}" for key in CLASS_KEYS]
    names += [f"classes.{labels[0]}", "reps", *DAY_KEYS, *SHORT_KEYS, "calendar", "workdays"]
    return ", ".join([*names, *(f"STORE.{key}" for key in STORE_KEYS)])


def nearest_keys(key: str, scenario: Scenario) -> str:
    """The keys whose names are nearest, else all that may be set."""
    labels = scenario.policy.classes.labels
    names = [f"{label}.{name}" for label in labels for name in CLASS_KEYS]
    names += [f"classes.{label}" for label in labels[:-1]]
    names += ["reps", *DAY_KEYS, *SHORT_KEYS, *_policy_keys(Policy)]
    first = key.rpartition(".")[0]
    if first in (EVERY_STORE, *(store.id for store in scenario.stores)):
        return ", ".join(f"{first}.{name}" for name in STORE_KEYS)
    close = get_close_matches(key, names, n=3, cutoff=0.6)
    return ", ".join(close) or possible_keys(scenario)


def _policy_keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    """The keys of a policy in full, but for those of classes and routes."""
    names: list[str] = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += _policy_keys(kind, f"{prefix}{name}.")
        elif name not in ("visit_rules", "name"):
            names.append(prefix + name)
    return names
