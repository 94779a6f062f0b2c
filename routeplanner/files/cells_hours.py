"""Reads opening hours as lists have them: everyday English, German and Chinese, or OpenStreetMap.

Everyday writing is turned into OpenStreetMap syntax word by word; whatever is left over makes the
cell unreadable, so that no half of it is planned with.
"""

import re
from functools import lru_cache

from routeplanner.domain.hours import OSM_WEEKDAYS, WeeklyHours
from routeplanner.files.cells import read_text
from routeplanner.files.cells_days import DAY_WORDS, folded
from routeplanner.files.tables import Cell

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_AND = r"[、&+/和及与跟]|\b(?:und|and|u\.?|sowie|et)(?=\s|\d)"
# In this order: what is named later may be part of what is named before.
_WORDS = (
    (r"24\s*/\s*7(?!\d)|24\s*小时(?:营业)?|全天(?:候)?(?:营业)?|\b24\s*(?:h|std|stunden|hours)\b\.?"
     r"|\brund um die uhr\b|\baround the clock\b|\bopen all day\b", " ALWAYS "),
    (r"\b(?:closed|geschlossen|ruhetage?|zu)\b|\bgeschl\b\.?"
     r"|休息|不营业|关门|闭店|公休|店休", " off "),
    (r"\b(?:an |on )?(?:gesetzlichen? )?(?:feiertag(?:e|en|s)?|public holidays?|holidays?)\b"
     r"|(?:法定)?节?假日", "PH"),
    (r"\b(?:opening hours|hours|open|opens|öffnungszeiten|geöffnet|offen|von|from|jeweils"
     r"|durchgehend)\b:?|(?:营业)?时间[:]?|营业|从|开门", " "),
    (r"每天|每日|天天|\bdaily\b|\b(?:täglich|taeglich|tägl\b\.?)(?!\w)"
     r"|\bevery ?day\b|\bjeden tag\b", "Mo-Su "),
    (r"\b(?:weekends?|wochenenden?|am wochenende)\b|周末", "Sa-Su "),
    (r"\bweekdays\b|工作日", "Mo-Fr "),
    (r"\s*(?:[–—−~〜～至到]|[‐-―]|\b(?:bis|to|till|until|through|thru)\b)\s*", "-"),
    (r"\bnoon\b|\bmittags?\b", "12:00"), (r"\bmidnight\b|\bmitternacht\b", "24:00"),
)  # fmt: skip
_CHINESE_DAYS = re.compile(
    "(?:周|星期|礼拜)([一二三四五六日天])((?:[、,及和与\\-]?[一二三四五六日天])*)(?![月号])"
)
_EARLY_LATE = re.compile(r"早上?\s*(\d{1,2})[点时]?\s*晚上?\s*(\d{1,2})[点时]?")
_MORNING, _EVENING = "上午 早上 清晨 早 凌晨 am", "下午 晚上 傍晚 晚 pm"
_HALF_WORDS = {
    word: half for half, words in (("a", _MORNING), ("p", _EVENING)) for word in words.split()
}
_CHINESE_HALF = "上午|早上|清晨|早|凌晨|下午|晚上|傍晚|晚|中午"


def _clock(n: int) -> str:
    """The pattern of a clock time, its groups numbered."""
    return (
        rf"(?:(?P<before{n}>{_CHINESE_HALF})\s*)?"
        rf"(?:(?P<compact{n}>\d{{4}})(?!\d|:)|(?P<hour{n}>\d{{1,2}})"
        rf"(?:[:.h点时點](?P<minute{n}>\d{{2}})(?::00)?分?|[点时點](?P<half{n}>半))?)"
        rf"(?:\s*(?P<after{n}>[ap]\.?\s?m\b\.?|uhr\b|h\b|[点时點]整?))?"
    )


_SPAN = re.compile(rf"(?<![\d:.]){_clock(1)}\s*-\s*{_clock(2)}(?![\d:]|\.\d)")


# Open on every day, nobody says when: as good as unknown.
_EVERY_DAY = re.compile(
    r"(?:(?:täglich|taeglich|tägl\.|daily|every ?day|jeden tag)(?: (?:geöffnet|offen|open))?"
    r"|(?:每天|每日|天天)(?:营业)?)\.?",
    re.IGNORECASE,
)


def read_hours(cell: Cell) -> WeeklyHours | None:
    """Weekly hours in OpenStreetMap syntax, or close to it in the three languages; none if unknown.

    Raises
    ------
    ValueError
        Hours that cannot be told for sure.
    """
    text = read_text(cell)
    if text is None or _EVERY_DAY.fullmatch(text.strip()):
        return None
    return _hours(text)


@lru_cache(maxsize=65_536)
def _hours(text: str) -> WeeklyHours:
    try:
        return WeeklyHours.model_validate(text)
    except ValueError:
        return WeeklyHours.model_validate(_as_osm(text))


def _as_osm(text: str) -> str:
    """Everyday writing of hours as OpenStreetMap writes them."""
    plain = re.sub(r"[()|]", " ", folded(text))
    for pattern, word in _WORDS:
        plain = re.sub(pattern, word, plain)
    plain = _EARLY_LATE.sub(r"上午\1-下午\2", plain)
    plain = _CHINESE_DAYS.sub(_chinese_days, plain)
    plain = re.sub(
        r"[a-zäöü]+\.?",
        lambda m: (
            f" {OSM_WEEKDAYS[DAY_WORDS[m[0].rstrip('.')]]} "
            if m[0].rstrip(".") in DAY_WORDS and m[0] != "off"
            else m[0]
        ),
        plain,
    )
    plain = re.sub(_AND, ",", " ".join(plain.split()))
    plain = re.sub(r"(?<=,)\s+(?=\d)|(?<=\d)\s+(?=,)", "", plain)
    plain = _SPAN.sub(_span, plain)
    plain = re.sub(rf"({_DAY})\s*:\s*", r"\1 ", plain.replace("ALWAYS", "24/7"))
    plain = re.sub(r"\s*-\s*", "-", plain)
    plain = re.sub(rf"({_DAY})\s+(?={_DAY})", r"\1,", plain)
    return re.sub(r",(?:\s*,)*\s*(?=$|;)|[。.]$", "", plain)


def _chinese_days(match: "re.Match[str]") -> str:
    """周二六, 周一、三、五 and 周一-五: one word of the week for several weekdays."""
    days = re.sub(
        "[一二三四五六日天]", lambda m: OSM_WEEKDAYS[DAY_WORDS[m[0]]], match[1] + match[2]
    )
    return " " + re.sub(rf"(?<=[a-z])[、,及和与]?(?={_DAY})", ",", days) + " "


def _span(match: "re.Match[str]") -> str:
    """Two clock times as `HH:MM-HH:MM`; the half of the day of one may stand at the other.

    Raises
    ------
    ValueError
        The halves of the day cannot be told.
    """
    (start, first), (end, last) = _minutes(match, 1), _minutes(match, 2)
    noon = 12 * 60
    if first is None and last == "p" and end >= noon:  # 9-5pm, 1-5pm
        is_evening = start < noon and start + noon < end
        if is_evening and start >= 6 * 60:  # 8-9pm: an hour of the evening, or the whole day?
            raise ValueError(f"'{match[0]}' may begin in the morning or in the evening")
        start += noon if is_evening else 0
    elif first == "p" and last is None and end < noon:
        end += noon  # 下午2点-6点
    is_plain = first is None and last is None
    if end <= start and (not is_plain or start < noon) and not (first and last):
        raise ValueError(f"'{match[0]}' ends before it begins")
    return f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def _minutes(match: "re.Match[str]", n: int) -> tuple[int, str | None]:
    """Minutes since midnight of a clock time, and the half of the day that it names."""
    compact = match[f"compact{n}"]
    hour = int(compact[:2] if compact else match[f"hour{n}"])
    minute = int(
        compact[2:] if compact else match[f"minute{n}"] or (30 if match[f"half{n}"] else 0)
    )
    after = (match[f"after{n}"] or "").replace(".", "").replace(" ", "")
    half = _HALF_WORDS.get(match[f"before{n}"] or after)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise ValueError(f"'{match[0]}' is no span of times")
    if half == "a" and hour > 12:
        raise ValueError(f"'{match[0]}' is in the morning and in the evening")
    if half is None or hour > 12:
        return hour * 60 + minute, half if hour <= 12 else None
    return (hour % 12 + (12 if half == "p" else 0)) * 60 + minute, half
