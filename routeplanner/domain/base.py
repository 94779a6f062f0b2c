"""The base of all domain models: frozen, strict about unknown keys."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A model that cannot be changed after construction and refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Finite(Frozen):
    """A model of input: its numbers are finite, since nothing can be planned with others."""

    model_config = ConfigDict(allow_inf_nan=False)
