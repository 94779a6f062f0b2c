"""JSON as the database holds it, sent on without being read."""

from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Text, cast


@dataclass(frozen=True, slots=True)
class StoredJson:
    """A text of JSON that answers a call as it is."""

    text: str

    @classmethod
    def beside(cls, head: BaseModel, **members: str | None) -> Self:
        """A model as JSON, with members whose JSON is there already; none of it: null."""
        more = "".join(f',"{name}":{text or "null"}' for name, text in members.items())
        return cls(head.model_dump_json(by_alias=True)[:-1] + more + "}")


def as_text(column: Any) -> ColumnElement[str | None]:
    """A column of JSON, or a member of it, as the text that is stored."""
    return cast(column, Text)
