"""Addresses to be located, and the words by which an answer is compared with what was asked."""

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = re.compile(r"\d+[a-z]?")
_POSTAL_CODE = re.compile(r"(?<!\d)\d{4,6}(?!\d)")
_WORD = re.compile(r"[^\W\d_]{4,}")
_CHINESE_ROAD = re.compile(r"[\u4e00-\u9fff]{2}(?:路|街|道|巷|弄)")
_CHINESE_TOWN = re.compile(r"[\u4e00-\u9fff]{2}(?=市|县)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is said to be: as one text, or in parts that follow it."""

    text: str = ""
    street: str = ""
    house_number: str = ""
    postal_code: str = ""
    city: str = ""

    @property
    def query(self) -> str:
        """The address as one line, no part twice; empty where nothing but a town is known."""
        street = " ".join(part for part in (self.street, self.house_number) if part)
        first = self.text or street
        if not first:
            return ""
        known = plain(first)
        town = [p for p in (self.postal_code, self.city) if p and plain(p) not in known]
        return ", ".join(part for part in (first, " ".join(town)) if part)

    @property
    def number(self) -> str:
        """The house number, read from the text where it has no column; empty where unknown."""
        if self.house_number:
            return plain(self.house_number)
        code = self.code
        line = plain(self.street or self.text)
        found = [number for number in _NUMBER.findall(line) if number != code]
        return found[0] if found else ""

    @property
    def code(self) -> str:
        """The postal code; in a text it follows the street."""
        if self.postal_code:
            return plain(self.postal_code)
        _, comma, rest = plain(self.text).partition(",")
        found = _POSTAL_CODE.findall(rest) if comma else []
        return found[-1] if found else ""

    @property
    def road_words(self) -> tuple[str, ...]:
        """Words of which the right answer names at least one."""
        line = plain(self.street or self.text.partition(",")[0])
        if _CHINESE.search(line):
            return tuple(_CHINESE_ROAD.findall(line))
        return tuple(word.removesuffix("strasse") or word for word in _WORD.findall(line))

    @property
    def town_words(self) -> tuple[str, ...]:
        """Postal code and town, of which the right answer names at least one."""
        line = plain(self.city or self.text.partition(",")[2])
        if _CHINESE.search(line or plain(self.text)):
            words = _CHINESE_TOWN.findall(plain(self.city) + plain(self.text))
        else:
            words = _WORD.findall(line)
        return tuple(part for part in (self.code, *words) if part)


def plain(text: str) -> str:
    """Lower case without accents, umlauts written as one letter, str. written out."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"str(?:\.|(?=\s|$|,))", "strasse", letters).strip()
