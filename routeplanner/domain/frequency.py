"""How often a store is visited: `daily` or k visits every n weeks."""

import re
from typing import Any

from pydantic import GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from routeplanner.domain.base import Frozen

_CHINESE_DIGITS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "双": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "八": 8,
    "十": 10,
}
_DAILY = {"daily", "every day", "每天一次", "每天", "每日一次", "每日", "täglich", "taeglich"}
_WORDS = {
    "weekly": (1, 1), "wöchentlich": (1, 1), "woechentlich": (1, 1), "每周": (1, 1),
    "biweekly": (1, 2), "bi-weekly": (1, 2), "fortnightly": (1, 2), "every other week": (1, 2),
    "every two weeks": (1, 2), "隔周": (1, 2), "隔周一次": (1, 2), "双周": (1, 2),
    "zweiwöchentlich": (1, 2), "vierzehntägig": (1, 2), "vierzehntäglich": (1, 2),
    "monthly": (1, 4), "monatlich": (1, 4), "vierwöchentlich": (1, 4), "每月": (1, 4),
    "每月一次": (1, 4), "一月一次": (1, 4), "每月两次": (2, 4), "每月二次": (2, 4),
    "一月两次": (2, 4),
}  # fmt: skip
_RATIO = re.compile(r"^(\d+)\s*(?:x|×|times)?\s*(?:/|per|pro|a)\s*(\d*)\s*(?:weeks?|w|wochen?)$")
_CHINESE_WEEKS = re.compile(
    r"^每?([一二两双三四五六八十\d]*)[个]?(?:周|星期)([一二两三四五六八十\d]+)次$"
)
_GERMAN_DAYS = re.compile(r"^(?:alle\s+)?(\d+)[\s-]*(?:tägig|taegig|tage)$")
_GERMAN_WEEKS = re.compile(r"^(?:alle\s+)?(\d+)[\s-]*(?:wöchentlich|woechentlich|wochen)$")


class Frequency(Frozen):
    """k visits every n weeks, or every workday (`is_daily`); a string such as `3/week` in JSON."""

    visits: int
    weeks: int = 1
    is_daily: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, str):
            return parse_frequency(value)
        return value

    @model_validator(mode="after")
    def _in_range(self) -> "Frequency":
        if self.weeks < 1 or (self.visits < 1 and not self.is_daily):
            raise ValueError("a frequency needs at least one visit in at least one week")
        return self

    @model_serializer
    def _write(self) -> str:
        return str(self)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The text form, in and out."""
        return {"type": "string"}

    def __str__(self) -> str:
        if self.is_daily:
            return "daily"
        return f"{self.visits}/week" if self.weeks == 1 else f"{self.visits}/{self.weeks}weeks"


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _CHINESE_DIGITS[text]


def parse_frequency(text: str) -> dict[str, Any]:
    """Fields of a `Frequency` from `daily`, `3/week`, `1/2weeks`, 每周三次, 两周一次, 14-tägig, …

    Raises:
        ValueError: the text is none of these.
    """
    word = " ".join(text.strip().lower().split())
    if word in _DAILY:
        return {"visits": 0, "weeks": 1, "is_daily": True}
    if word in _WORDS:
        visits, weeks = _WORDS[word]
        return {"visits": visits, "weeks": weeks}
    if match := _RATIO.match(word):
        return {"visits": int(match[1]), "weeks": int(match[2] or 1)}
    if match := _CHINESE_WEEKS.match(word.replace(" ", "")):
        return {"visits": _number(match[2]), "weeks": _number(match[1]) if match[1] else 1}
    if match := _GERMAN_WEEKS.match(word):
        return {"visits": 1, "weeks": int(match[1])}
    if (match := _GERMAN_DAYS.match(word)) and int(match[1]) % 7 == 0 and int(match[1]) > 0:
        return {"visits": 1, "weeks": int(match[1]) // 7}
    raise ValueError(f"'{text}' is not a visit frequency; write daily, 3/week or 1/2weeks")
