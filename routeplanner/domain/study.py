"""Studies: what is asked of a scenario or a plan, and how long the answer is searched for."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter

from routeplanner.domain.base import Finite, Frozen
from routeplanner.domain.fit import LeverName
from routeplanner.domain.plan_bound import DEFAULT_SECONDS
from routeplanner.domain.plan_request import SearchEnd
from routeplanner.domain.prices import RuleCode

StudyKind = Literal["what_if", "prices", "fit", "bound"]

MOST_ALTERNATIVES = 20
MOST_SEEDS = 10

_PRINTED = r"^[^\x00-\x1f\x7f]*$"
_Word = Annotated[str, StringConstraints(max_length=500, pattern=_PRINTED)]
_Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_PRINTED)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
SetValue = _Word | bool | int | _Number | tuple[_Word | int | _Number, ...] | None


class KeptPlan(Frozen):
    """A plan of a study that was kept as a draft, and the scenario that it answers."""

    alternative: str  # its name; empty: the scenario as it is
    plan_id: UUID
    scenario_id: UUID


class AlternativeFields(Frozen):
    """An alternative in the words of `whatif --set`: what is set, by its key.

    Without a name it goes by its changes.
    """

    name: Annotated[str, StringConstraints(max_length=200, pattern=_PRINTED)] = ""
    changes: dict[_Key, SetValue] = Field(min_length=1, max_length=50)


class _SearchFields(Frozen):
    """How every plan of a study is searched for; of several seeds each one makes a plan."""

    termination: SearchEnd = SearchEnd()  # of each plan; nothing: 10 s
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0  # the first one
    keep_plans: bool = False  # the best plan of each, as a draft with its scenario


class WhatIfFields(_SearchFields):
    """What would be under other rules, beside what is."""

    kind: Literal["what_if"]
    alternatives: tuple[AlternativeFields, ...] = Field(min_length=1, max_length=MOST_ALTERNATIVES)
    seeds: Annotated[int, Field(ge=1, le=MOST_SEEDS)] = 3


class PricesFields(_SearchFields):
    """What each rule costs, as the difference of two solved plans."""

    kind: Literal["prices"]
    only: tuple[RuleCode, ...] = Field(default=(), max_length=50)  # none: all rules
    narrowest: Annotated[int, Field(ge=0, le=20)] = 3  # stores whose hours are priced one by one
    seeds: Annotated[int, Field(ge=1, le=MOST_SEEDS)] = 3


class FitFields(_SearchFields, Finite):
    """The smallest set of relaxations with which a plan is complete."""

    kind: Literal["fit"]
    allow: tuple[_Word, ...] = Field(default=(), max_length=50)  # none: everything on the list
    points: dict[LeverName, Annotated[int, Field(ge=1, le=10_000)]] = Field(default_factory=dict)
    within_seconds: Annotated[float, Field(gt=0)] = 180.0  # then no further plan is begun
    solves: Annotated[int, Field(ge=1, le=1000)] = 40  # sets that are solved at most
    seeds: Annotated[int, Field(ge=1, le=MOST_SEEDS)] = 1


class BoundFields(Finite):
    """How good a plan is: a score that no plan of its scenario can be below."""

    kind: Literal["bound"]
    seconds: Annotated[float, Field(ge=0.1)] = DEFAULT_SECONDS


SearchOptions = WhatIfFields | PricesFields | FitFields
StudyOptions = Annotated[SearchOptions | BoundFields, Field(discriminator="kind")]
STUDY_OPTIONS: TypeAdapter[StudyOptions] = TypeAdapter(StudyOptions)
