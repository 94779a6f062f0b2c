"""Weekly hours in OpenStreetMap syntax: what is read, what is refused, what is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeplanner.domain.hours import WEEKDAYS, WeeklyHours


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Up to three intervals of a day, in order and apart, in seconds."""
    edges = draw(st.lists(st.integers(0, 1440), max_size=6, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    return tuple((a * 60, b * 60) for a, b in zip(edges[::2], edges[1::2], strict=True))


@given(st.tuples(*[days()] * 7))
def test_every_week_reads_back(week: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    hours = WeeklyHours(days=week)
    assert WeeklyHours.model_validate(hours.to_osm()) == hours


@pytest.mark.parametrize(
    ("text", "osm"),
    [("Mo, Tu, Th 10:00-14:00", "Mo-Tu 10:00-14:00; Th 10:00-14:00"),
     ("Mo,Tu , Th 10:00-14:00", "Mo-Tu 10:00-14:00; Th 10:00-14:00"),
     ("Mo-We, Fr 9:00-12:00, 14:00-18:00", "Mo-We 09:00-12:00,14:00-18:00; "
      "Fr 09:00-12:00,14:00-18:00"),
     ("Mo-Fr 08:00-19:00;Sa 09:00-13:00;PH off", "Mo-Fr 08:00-19:00; Sa 09:00-13:00"),
     ("Mo-Fr,PH 09:00-18:00", "Mo-Fr 09:00-18:00"), ("24/7", "Mo-Su 00:00-24:00"),
     ("PH,Su 10:00-14:00; Mo 08:00-20:00", "Mo 08:00-20:00; Su 10:00-14:00"),
     ("10:00-18:00; We off", "Mo-Tu 10:00-18:00; Th-Su 10:00-18:00"), ("off", "off"),
     ("Mo-Fr 09:00-18:00; We 09:00-12:00", "Mo-Tu 09:00-18:00; We 09:00-12:00; "
      "Th-Fr 09:00-18:00"),
     ("Mo-Fr 09:00-12:00, We 14:00-18:00", "Mo-Tu 09:00-12:00; We 09:00-12:00,14:00-18:00; "
      "Th-Fr 09:00-12:00"),
     ("Fr-Mo 20:00-24:00", "Mo 20:00-24:00; Fr-Su 20:00-24:00"),
     ("Fr 22:00-02:00", "Fr 22:00-24:00; Sa 00:00-02:00"),
     ("Su 22:00-26:00", "Mo 00:00-02:00; Su 22:00-24:00"),
     ("Sa 18:00-06:00", "Sa 18:00-24:00; Su 00:00-06:00"),
     ("Mo-Fr 09:00-18:00; Dec 24 off; Dec 31 off", "Mo-Fr 09:00-18:00"),
     ('Mo-Fr 09:00-18:00 "ring twice"', "Mo-Fr 09:00-18:00"),
     ("Mo-Fr 09:00-18:00; Aug 1-14 off", "Mo-Fr 09:00-18:00")],
)  # fmt: skip
def test_read(text: str, osm: str) -> None:
    assert WeeklyHours.model_validate(text).to_osm() == osm


@pytest.mark.parametrize(
    "text",
    ["Mo-Fr", "Mo-Fr; 09:00-18:00", "PH 10:00-14:00", "Su off", "Mo-Fr 10:00+",
     "sunrise-sunset", "Mo[1] 10:00-12:00", "week 1-53/2 Mo 10:00-12:00",
     "Apr-Oct Mo-Fr 09:00-18:00; Nov-Mar Mo-Fr 10:00-16:00", "Mo-Fr 09:00-09:00",
     "Mo-Fr 09:00-06:00", "Mo-Fr 14:00-12:00", "Mo-Fr 09:00-5:30", "Mo-Fr 9:00-1:00",
     "Mo-Fr 08:00-12:00; Mo,Tu 14:00-18:00", "Mo-Fr 08:00-12:00; 14:00-18:00",
     "Mo-Fr 08:00-12:00, Mo 10:00-14:00", "Mo 09:60-10:00", "Mo 14:00-16:00,09:00-10:00",
     "Mo-Fr 09:00-18:00 off", "Mo-Fr 09:00-12:00-15:00", "2020 Mo-Fr 09:00-18:00", "Mo-PH off",
     "Mo 49:00-50:00", "", "Mo09:00-10:0012:00"],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match="WeeklyHours"):
        WeeklyHours.model_validate(text)


@given(st.text(alphabet='MoTuFrSaPH off,;:-+/ 0124589[]"', max_size=40))
def test_any_text_is_a_week_or_refused(text: str) -> None:
    try:
        hours = WeeklyHours.model_validate(text)
    except ValueError:
        return
    assert len(hours.days) == len(WEEKDAYS)
    assert WeeklyHours.model_validate(hours.to_osm()) == hours
