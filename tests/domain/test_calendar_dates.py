from datetime import date

import pytest

from routeplanner.domain.calendar_dates import cycle_start_issue, is_cycle_start, nearest_starts

MONDAY = date(2026, 3, 2)


def test_a_cycle_starts_on_a_monday() -> None:
    assert is_cycle_start(MONDAY)
    assert cycle_start_issue(MONDAY, "en") is None
    assert not any(is_cycle_start(date(2026, 3, day)) for day in range(3, 9))


@pytest.mark.parametrize("day", [3, 8])
def test_any_other_day_names_the_mondays_before_and_after(day: int) -> None:
    start = date(2026, 3, day)
    assert nearest_starts(start) == (MONDAY, date(2026, 3, 9))
    issue = cycle_start_issue(start, "en")
    assert issue is not None
    assert issue.code == "START_NOT_MONDAY"
    assert start.isoformat() in issue.message
    assert issue.hint == "start on 2026-03-02 or 2026-03-09"


def test_the_issue_speaks_chinese() -> None:
    issue = cycle_start_issue(date(2026, 3, 5), "zh")
    assert issue is not None
    assert issue.message == "2026-03-05 是星期四，而循环周期的第 1 周从周一开始"
