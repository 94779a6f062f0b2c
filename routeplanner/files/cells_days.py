"""Reads cells that tell times: clock times, weekdays, fixed days, weeks."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import DAY_S, WEEKDAYS, Weekday
from routeplanner.domain.store import PinnedDay
from routeplanner.files.cells import read_number, read_text
from routeplanner.files.tables import Cell

DAY_WORDS: dict[str, int] = {
    word: index
    for index, words in enumerate(
        (
            "mo mon monday mondays montag montags 周一 星期一 礼拜一 一",
            "tu tue tues tuesday tuesdays di die dienstag dienstags 周二 星期二 礼拜二 二",
            "we wed weds wednesday wednesdays mi mit mittwoch mittwochs 周三 星期三 礼拜三 三",
            "th thu thur thurs thursday thursdays do don donnerstag donnerstags 周四 星期四 礼拜四 四",  # noqa: E501
            "fr fri friday fridays fre freitag freitags 周五 星期五 礼拜五 五",
            "sa sat saturday saturdays sam samstag samstags sonnabend 周六 星期六 礼拜六 六",
            "su sun sunday sundays so son sonntag sonntags 周日 周天 星期日 星期天 礼拜天 日 天",
        )
    )
    for word in words.split()
}
_CLOCK = re.compile(r"^(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|uhr|h)?$")
_PINNED = re.compile(
    r"^(?:w|week|woche|kw|第)?\s*(\d{1,2})\s*(?:周|week|\.?\s*woche)?\s*[-:/ ]?\s*(.+)$"
)
_FREQUENCY_WORDS = {
    "once": "1", "twice": "2", "einmal": "1", "zweimal": "2", "dreimal": "3", "viermal": "4",
    "one": "1", "two": "2", "three": "3", "zwei": "2", "drei": "3", "vier": "4", "times": "",
    "time": "", "mal": "", "x": "", "per": "/", "pro": "/", "every": "/", "alle": "/", "a": "/",
    "in": "/", "je": "/", "each": "/", "visits": "", "visit": "", "besuche": "", "besuch": "",
    "the": "", "der": "",
}  # fmt: skip


def read_clock(cell: Cell) -> int | None:
    """Seconds since midnight of a time cell, a day fraction, `8:30`, `8.30 Uhr` or `5 pm`.

    Raises
    ------
    ValueError
        Not a time of day.
    """
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second
    if isinstance(cell, timedelta):
        return _in_day(round(cell.total_seconds()))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _in_day(round(cell * DAY_S)) if cell <= 1 else _in_day(round(cell * 3600))
    if isinstance(cell, (bool, date)):
        raise ValueError("not a time of day")
    text = read_text(cell)
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    match = _CLOCK.match(plain)
    if match is None:
        raise ValueError("not a time of day")
    hours, minutes, seconds = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    half = (match[4] or "")[:1]
    if half in ("a", "p"):
        if not 1 <= hours <= 12:
            raise ValueError("not a time of day")
        hours = hours % 12 + (12 if half == "p" else 0)
    if minutes > 59 or seconds > 59:
        raise ValueError("not a time of day")
    return _in_day(hours * 3600 + minutes * 60 + seconds)


def read_minutes(cell: Cell) -> float | None:
    """Minutes of `15`, `15 min`, `15分钟`, `0:15`, `1 h` or a time cell; none where unknown.

    Raises
    ------
    ValueError
        Not a length of time.
    """
    if isinstance(cell, (time, timedelta, datetime)):
        seconds = read_clock(cell)
        return None if seconds is None else seconds / 60
    if isinstance(cell, str):
        plain = folded(cell)
        if match := re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", plain):
            return int(match[1]) * 60.0 + int(match[2])
        if match := re.fullmatch(r"([\d.,]+)\s*(?:h|hours?|std\.?|stunden?|小时)", plain):
            hours = read_number(match[1])
            return None if hours is None else hours * 60
        cell = re.sub(r"\s*(?:min\.?|mins|minutes?|minuten?|分钟|分|')$", "", plain)
    return read_number(cell)


def _in_day(seconds: int) -> int:
    if not 0 <= seconds <= DAY_S:
        raise ValueError("not a time of day")
    return seconds


def read_clock_pair(cell: Cell) -> tuple[int, int] | None:
    """Two clock times such as `11:30-13:30`; none where unknown.

    Raises
    ------
    ValueError
        Not two times, the later one last.
    """
    text = read_text(cell)
    if text is None:
        return None
    parts = re.split(r"\s*(?:-|–|—|~|〜|至|到|bis|to|and|und|;|,)\s*", folded(text))
    if len(parts) != 2:
        raise ValueError("not two times")
    start, end = read_clock(parts[0]), read_clock(parts[1])
    if start is None or end is None or end <= start:
        raise ValueError("not two times in order")
    return start, end


def read_weekdays(cell: Cell) -> tuple[Weekday, ...]:
    """Weekdays in the order of the week: `tue;sat`, `Di, Sa`, `周二、周六`, `Mo-Fr`.

    Raises
    ------
    ValueError
        A word that is no weekday.
    """
    text = read_text(cell)
    return _weekdays(folded(text)) if text is not None else ()


@lru_cache(maxsize=4096)
def _weekdays(text: str) -> tuple[Weekday, ...]:
    found: set[int] = set()
    for part in _parts(text):
        ends = [_day(word) for word in re.split(r"\s*(?:-|–|至|到|~|bis)\s*", part)]
        if len(ends) == 1:
            found.add(ends[0])
        elif len(ends) == 2:
            found.update(range(ends[0], ends[1] + 1) if ends[0] <= ends[1] else ())
            if ends[0] > ends[1]:
                found.update([*range(ends[0], 7), *range(ends[1] + 1)])
        else:
            raise ValueError("not weekdays")
    return tuple(WEEKDAYS[index] for index in sorted(found))


def _parts(text: str) -> list[str]:
    spread = re.sub(r"(?<=[一二三四五六日天])(?=(?:周|星期|礼拜)[一二三四五六日天])", ",", text)
    if re.fullmatch(r"(?:周|星期|礼拜)[一二三四五六日天]{2,}", spread):  # 周二六
        spread = ",".join(re.sub("周|星期|礼拜", "", spread))
    parts = re.split(r"\s*(?:[;,、/|+&和及]|\bund\b|\band\b)\s*", spread)
    if len(parts) == 1 and " " in spread and not re.search(r"\s[-–至到~]|[-–至到~]\s|bis", spread):
        parts = spread.split()
    return [part for part in parts if part]


def _day(word: str) -> int:
    index = DAY_WORDS.get(word.strip(" ."))
    if index is None:
        raise ValueError("not a weekday")
    return index


def read_pinned_days(cell: Cell) -> tuple[PinnedDay, ...]:
    """Fixed days: `mon`, `w2-tue`, `周一`, `第2周周二`, several apart by `;` or `,`.

    Raises
    ------
    ValueError
        A part that is neither a weekday nor a week with a weekday.
    """
    text = read_text(cell)
    return _pinned_days(folded(text)) if text is not None else ()


@lru_cache(maxsize=4096)
def _pinned_days(text: str) -> tuple[PinnedDay, ...]:
    found: list[PinnedDay] = []
    for part in re.split(r"\s*[;,、|+&]\s*", text):
        if not part:
            continue
        match = _PINNED.match(part)
        if match:
            week = int(match[1])
            if week < 1:
                raise ValueError("weeks count from 1")
            found.append(PinnedDay(weekday=WEEKDAYS[_day(match[2])], week=week))
        else:
            found += [PinnedDay(weekday=day) for day in _weekdays(part)]
    return tuple(dict.fromkeys(found))


def read_weeks(cell: Cell) -> tuple[int, ...]:
    """Weeks of the cycle: `1;3`, `1-4`, `w2`; empty for every week (also `all`, 每周).

    Raises
    ------
    ValueError
        Not weeks from 1.
    """
    text = read_text(cell)
    if text is None or folded(text) in ("all", "every", "every week", "alle", "每周", "jede"):
        return ()
    found: set[int] = set()
    plain = re.sub(r"week|woche|周|第|w", "", folded(text))
    for part in re.split(r"\s*[;,、\s]\s*", plain.strip()):
        match = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", part)
        if match is None or int(match[1]) < 1:
            raise ValueError("not weeks")
        found.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return tuple(sorted(found))


def read_frequency(cell: Cell) -> Frequency | None:
    """A visit frequency in any of the three languages; none where unknown.

    Raises
    ------
    ValueError
        Not a frequency.
    """
    text = read_text(cell)
    return _frequency(text) if text is not None else None


@lru_cache(maxsize=4096)
def _frequency(text: str) -> Frequency:
    plain = folded(text)
    try:
        return Frequency.model_validate(plain)
    except ValueError:
        pass
    words = [_FREQUENCY_WORDS.get(w, w) for w in re.findall(r"\d+|[^\W\d]+|/", plain)]
    spoken = re.sub(r"/+", "/", "".join(words)).rstrip("/")
    if spoken.startswith("/"):  # every 2 weeks
        spoken = "1" + spoken
    spoken = re.sub(r"(?:woche|wk)$", "week", spoken)
    return Frequency.model_validate(spoken)


def folded(text: str) -> str:
    """Lower case, half width, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
