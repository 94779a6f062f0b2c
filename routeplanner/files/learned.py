"""Writes what was learned, to be agreed to: a policy, and tables of stores and of groups."""

from pathlib import Path

from routeplanner.domain.learned import (
    GroupLearned,
    Learned,
    PolicyProposal,
    Spread,
    StoreLearned,
)
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.files.csv_tables import Cell, plain_number, write_table
from routeplanner.files.placing import Placed, place
from routeplanner.files.policy_toml import head_line, policy_text, toml_line
from routeplanner.texts import text

POLICY_FILE = "learned.toml"
STORES_FILE = "learned-stores.csv"
GROUPS_FILE = "learned-groups.csv"
LEARNED_STORE_COLUMNS = (
    "store_id", "name", "class", "minutes_now", "minutes_measured", "quartile_1", "quartile_3",
    "n_visits", "way_factor", "n_ways", "service_minutes",
)  # fmt: skip
LEARNED_GROUP_COLUMNS = (
    "group", "name", "visit_factor", "visit_quartile_1", "visit_quartile_3", "n_visits",
    "way_factor", "way_quartile_1", "way_quartile_3", "n_ways",
)  # fmt: skip

_SUFFIX = "-learned"


def write_learned(learned: Learned, scenario: Scenario, folder: Path) -> Placed:
    """Write a policy with the changes, where there are any, and what single stores and groups say.

    Raises
    ------
    InputError
        The folder cannot be written (UNWRITABLE_OUTPUT).
    """

    def write(staging: Path) -> None:
        if learned.changes:
            content = learned_policy(learned, scenario.policy, scenario.language)
            (staging / POLICY_FILE).write_text(content, encoding="utf-8", newline="\n")
        rows = (_row(store) for store in learned.stores)
        write_table(staging / STORES_FILE, LEARNED_STORE_COLUMNS, rows)
        groups = (_group_row(group) for group in learned.groups)
        write_table(staging / GROUPS_FILE, LEARNED_GROUP_COLUMNS, groups)

    return place(folder, write, lambda name: name == POLICY_FILE, scenario.language)


def learned_policy(learned: Learned, policy: Policy, language: str) -> str:
    """A policy file: the present policy with the learned lines at its end."""
    now = policy_text(policy)
    changed = {change.path for change in learned.changes}
    lines = [f"# {text(f'learn.file_{part}', language)}" for part in ("head", "agree")]
    if now.extends is not None:
        lines.append(head_line(now.extends))
    lines.append(toml_line(("name",), policy.name.removesuffix(_SUFFIX) + _SUFFIX))
    kept = [toml_line(path, value) for path, value in now.values.items() if path not in changed]
    if kept:
        lines += ["", f"# {text('learn.file_kept', language)}", *kept]
    lines += ["", f"# {text('learn.file_learned', language)}"]
    for change in learned.changes:
        line = toml_line(change.path, change.proposed)
        lines.append(f"{line}  # {_reason(change, language)}")
    return "\n".join(lines) + "\n"


def _reason(change: PolicyProposal, language: str) -> str:
    now, measured = plain_number(change.now, 2), plain_number(change.measured, 1)
    reason = text("learn.file_reason", language, now=now, measured=measured, n=change.n)
    if change.surely_from is None or change.surely_to is None:
        return reason
    low, high = plain_number(change.surely_from, 1), plain_number(change.surely_to, 1)
    return text("learn.file_surely", language, reason=reason, low=low, high=high)


def _row(store: StoreLearned) -> tuple[Cell, ...]:
    own = store.now_minutes if store.is_own else None
    proposed = own if store.proposed_minutes is None else store.proposed_minutes
    return (
        store.store_id,
        store.name,
        store.store_class,
        plain_number(store.now_minutes, 2),
        plain_number(store.minutes.median, 1),
        plain_number(store.minutes.quartile_1, 1),
        plain_number(store.minutes.quartile_3, 1),
        store.minutes.n,
        None if store.ways is None else plain_number(store.ways.median, 2),
        None if store.ways is None else store.ways.n,
        None if proposed is None else plain_number(proposed, 2),
    )


def _group_row(group: GroupLearned) -> tuple[Cell, ...]:
    return (group.kind, group.name, *_factors(group.visits), *_factors(group.ways))


def _factors(spread: Spread | None) -> tuple[Cell, ...]:
    if spread is None:
        return (None, None, None, 0)
    values = (spread.median, spread.quartile_1, spread.quartile_3)
    return (*(plain_number(value, 2) for value in values), spread.n)
