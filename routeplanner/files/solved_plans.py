"""Plans of a comparison, each in a folder of its own that every command on plans opens."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from routeplanner.domain.base import Frozen
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.placing import place
from routeplanner.files.plan_json import render_json, write_plan, write_scenario

_LONGEST = 30


def folder_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names of folders for names of plans: short, different, of letters that all systems take."""
    found: list[str] = []
    for number, name in enumerate(names):
        plain = re.sub(r"[^\w.=+-]+", "-", name).strip("-.")[:_LONGEST].rstrip("-.")
        found.append(f"{number}-{plain}" if plain else str(number))
    return tuple(found)


def write_solved(
    folder: Path,
    plans: Mapping[str, tuple[Scenario, Plan]],
    result: Frozen,
    name: str,
    language: str,
) -> None:
    """Write plan.json and scenario.json into a folder for each plan, and the figures beside them.

    A plan whose folder has no name stands beside the figures. Where there is no plan at all, plans
    that are there stay.

    Raises
    ------
    InputError
        The folder cannot be written (UNWRITABLE_OUTPUT).
    """

    def write(staging: Path) -> None:
        for own, (scenario, plan) in plans.items():
            (staging / own).mkdir(exist_ok=True)
            write_scenario(scenario, staging / own / "scenario.json")
            write_plan(plan, staging / own / "plan.json")
        content = result.model_dump(mode="json", by_alias=True)
        (staging / name).write_text(render_json(content), encoding="utf-8", newline="\n")

    place(folder, write, lambda _: bool(plans), language)
