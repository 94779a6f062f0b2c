"""Reads a week of hours from OpenStreetMap syntax; whatever is not surely one week is refused.

The everyday part of the syntax (weekdays, times, `off`) is read here, stricter than the standard:
where a reader of the list and the standard would understand different hours, neither is guessed.
Seasons, dates and comments go to the parser library, which knows all of it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from opening_hours import (  # type: ignore[attr-defined,unused-ignore]
    OpeningHours,
    ParserError,
)

Intervals = tuple[tuple[int, int], ...]  # of one day, in seconds since its midnight
Week = tuple[Intervals, ...]  # 7 weekdays, Monday first

OSM_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_S = 86_400

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOLIDAYS = ("PH", "SH")
_WORDS = {word.lower(): word for word in (*OSM_WEEKDAYS, *_HOLIDAYS, *_MONTHS)}
# Words of the standard with which the library is asked; any other is not understood by anybody.
_RARE_WORDS = {
    "off", "closed", "open", "unknown", "week", "easter", "day", "days",
}  # fmt: skip

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_DAYS = rf"{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*"
_SPAN = r"\d{1,2}:\d{2}-\d{1,2}:\d{2}"
_RULE = re.compile(
    rf"(?:off|closed)\s+(?P<closed>{_DAYS})(?!\w)"
    rf"|(?:(?P<days>{_DAYS})(?::\s*|\s+|(?=\d)))?"
    rf"(?P<times>24/7|off|closed|{_SPAN}(?:,{_SPAN})*)(?![\d:\-+])"
)
_NEXT_RULE = re.compile(rf"(?:\s*,\s*|\s+)(?={_DAY}|off|closed)")

_LATEST_NIGHT = 4 * 3600  # hours over midnight that end later and last long are a slip of the pen
_LONGEST_NIGHT = 12 * 3600
_YEAR_BEGIN = datetime(2026, 1, 5)  # a Monday
_YEAR_WEEKS = 52
_USUAL_WEEKS = 40  # a week that so many weeks of the year are like is the usual one


def normalize_osm(text: str) -> str:
    """OpenStreetMap hours with the case and separators that the standard asks for.

    A space after a comma means a new rule to the standard, and never to those who type it between
    two weekdays or two times.
    """
    words = re.sub(r"[A-Za-z]+", lambda m: _WORDS.get(m[0].lower(), m[0]), text.strip())
    words = re.sub("[‐-―−]", "-", words)
    words = words.replace("：", ":").replace("；", ";").replace("，", ",")
    words = re.sub(rf"(?<=\d)\s*-\s*(?=\d)|(?<=[a-zH])\s*-\s*(?={_DAY})", "-", words)
    words = re.sub(rf"(\b{_DAY})\s*,\s*(?={_DAY})", r"\1,", words)
    words = re.sub(r"(?<=:\d\d)(?:\s*,\s*|\s+)(?=\d{1,2}:\d\d)", ",", words)
    return re.sub(r"\s*;\s*", "; ", words).strip("; ")


@lru_cache(maxsize=65_536)
def parse_week(text: str) -> Week:
    """The open intervals of an ordinary week.

    Raises
    ------
    ValueError
        Not in the syntax, or hours that cannot be told for sure: different by season, a weekday
        without times, times that end before they begin, two readings of one day.
    """
    plain = normalize_osm(text)
    week = _plain_week(plain) if _is_everyday(plain) else _usual_week(plain)
    if not any(week) and re.search(r"\d:\d", plain):
        raise ValueError(f"'{text}' names hours, but of no weekday of an ordinary week")
    return week


def _is_everyday(plain: str) -> bool:
    words = set(re.findall(r"[A-Za-z]+", plain))
    return not words - {*OSM_WEEKDAYS, *_HOLIDAYS, "off", "closed"} and not set(plain) & set(
        '"[|+('
    )


def _plain_week(plain: str) -> Week:
    days: list[list[tuple[int, int]] | None] = [None] * 7
    for index, part in enumerate(plain.split("; ")):
        is_first_of_part = True
        for named, spans in _rules(part):
            if named is None and (index or not is_first_of_part):
                raise ValueError(f"'{part}' follows other hours and names no weekday")
            for day in range(7) if named is None else named:
                _put(days, day, spans, is_addition=not is_first_of_part)
            is_first_of_part = False
    if not any(days) and None in days:
        raise ValueError(f"'{plain}' tells when it is closed, not when it is open")
    return _over_midnight([spans or [] for spans in days])


def _rules(part: str) -> Iterator[tuple[Sequence[int] | None, list[tuple[int, int]]]]:
    """Weekdays (none: not named) and hours of each rule of a part without semicolons."""
    position = 0
    while True:
        match = _RULE.match(part, position)
        if match is None:
            raise ValueError(f"'{part}' is not in OpenStreetMap opening-hours syntax")
        named = match["days"] or match["closed"]
        yield None if named is None else _named_days(named), _spans(match["times"] or "off")
        position = match.end()
        if not part[position:].strip():
            return
        gap = _NEXT_RULE.match(part, position)
        if gap is None:
            raise ValueError(f"'{part}' is not in OpenStreetMap opening-hours syntax")
        position = gap.end()


def _named_days(named: str) -> list[int]:
    """Weekdays without holidays, which no ordinary week has."""
    found: list[int] = []
    for part in named.split(","):
        first, _, last = part.partition("-")
        if first in _HOLIDAYS or last in _HOLIDAYS:
            if last:
                raise ValueError(f"'{part}' is no span of weekdays")
            continue
        begin, end = OSM_WEEKDAYS.index(first), OSM_WEEKDAYS.index(last or first)
        found += range(begin, end + 1) if begin <= end else [*range(begin, 7), *range(end + 1)]
    return found


def _spans(times: str) -> list[tuple[int, int]]:
    if times in ("off", "closed"):
        return []
    if times == "24/7":
        return [(0, DAY_S)]
    spans = []
    for part in times.split(","):
        start, end = (_seconds(clock) for clock in part.split("-"))
        if end <= start:
            end += DAY_S
            is_doubtful = len(part.split("-")[1]) < 5 and start < DAY_S // 2
            is_long = end - start > _LONGEST_NIGHT and end - DAY_S > _LATEST_NIGHT
            if is_doubtful or is_long or end - start >= DAY_S:
                raise ValueError(f"'{part}' ends before it begins")
        if start >= DAY_S or end > 2 * DAY_S:
            raise ValueError(f"'{part}' lies outside of a day")
        spans.append((start, end))
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise ValueError(f"'{times}' are not in order")
    return spans


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    if int(minutes) > 59:
        raise ValueError(f"'{clock}' is not a time of day")
    return int(hours) * 3600 + int(minutes) * 60


def _put(
    days: list[list[tuple[int, int]] | None],
    day: int,
    spans: list[tuple[int, int]],
    *,
    is_addition: bool,
) -> None:
    """Set the hours of a day: `;` replaces earlier ones, a comma adds those that do not meet them.

    Refused where lists are written both ways: `;` between hours that do not meet (a list may mean
    both), a comma between hours of which neither holds the other.
    """
    before = days[day]
    if not before or not spans:
        days[day] = spans
        return
    meets = any(a[0] < b[1] and b[0] < a[1] for a in before for b in spans)
    is_doubtful = not (_holds(before, spans) or _holds(spans, before)) if is_addition else not meets
    if is_doubtful and meets == is_addition:
        raise ValueError(f"{OSM_WEEKDAYS[day]} has hours twice")
    days[day] = spans if meets else sorted([*before, *spans])


def _holds(outer: list[tuple[int, int]], inner: list[tuple[int, int]]) -> bool:
    return all(any(a <= start and end <= b for a, b in outer) for start, end in inner)


def _over_midnight(days: list[list[tuple[int, int]]]) -> Week:
    """The part of every interval after midnight on the next day; touching intervals joined."""
    split: list[list[tuple[int, int]]] = [[] for _ in days]
    for day, spans in enumerate(days):
        for start, end in spans:
            split[day].append((start, min(end, DAY_S)))
            if end > DAY_S:
                split[(day + 1) % 7].append((0, end - DAY_S))
    return tuple(_joined(spans) for spans in split)


def _joined(spans: list[tuple[int, int]]) -> Intervals:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _usual_week(plain: str) -> Week:
    """The week that most weeks of a year are like, as the library reads them."""
    unquoted = re.sub(r'"[^"]*"', "", plain)
    words = set(re.findall(r"[A-Za-z]+", unquoted)) - _RARE_WORDS
    if unknown := words - set(_WORDS.values()):
        raise ValueError(f"'{min(unknown)}' is not a word of OpenStreetMap opening hours")
    if re.search(r"\d:\d\d\+", unquoted):
        raise ValueError(f"'{plain}' leaves open when the hours end")
    try:
        hours = OpeningHours(plain, auto_country=False, auto_timezone=False)
    except ParserError as error:
        raise ValueError(f"'{plain}' is not in OpenStreetMap opening-hours syntax") from error
    end_of_year = _YEAR_BEGIN + timedelta(weeks=_YEAR_WEEKS)
    weeks: list[list[list[tuple[int, int]]]] = [[[] for _ in range(7)] for _ in range(_YEAR_WEEKS)]
    for start, end, state, _comment in hours.intervals(_YEAR_BEGIN, end_of_year):
        if str(state).rsplit(".", 1)[-1].upper() == "OPEN":
            _split_by_day(weeks, start, min(end or end_of_year, end_of_year))
    found = Counter(tuple(tuple(day) for day in week) for week in weeks)
    week, n_weeks = found.most_common(1)[0]
    if n_weeks < _USUAL_WEEKS:
        raise ValueError(f"'{plain}' differs by season")
    return week


def _split_by_day(weeks: list[list[list[tuple[int, int]]]], start: datetime, end: datetime) -> None:
    while start < end:
        midnight = datetime(start.year, start.month, start.day)
        until = min(end, midnight + timedelta(days=1))
        week, day = divmod((start - _YEAR_BEGIN).days, 7)
        first, last = (int((edge - midnight).total_seconds()) for edge in (start, until))
        weeks[week][day].append((first, last))
        start = until
