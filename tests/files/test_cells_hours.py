"""Opening hours as lists have them: read as their writer meant them, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.files.cells_hours import read_hours

DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "osm": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}


def clock(minutes: int, style: str) -> str:
    hour, minute = divmod(minutes, 60)
    if style == "12":
        half = "am" if hour % 24 < 12 else "pm"
        return f"{hour % 12 or 12}" + (f":{minute:02d}" if minute else "") + half
    if style == "点":
        return f"{hour}点" + (f"{minute:02d}分" if minute else "")
    return f"{hour:02d}{style}{minute:02d}"


@given(
    language=st.sampled_from(sorted(DAYS)),
    style=st.sampled_from([":", ".", "12", "点", "h"]),
    between_days=st.sampled_from([", ", ",", " und ", " and ", "、", " & ", "/", " + ", " u. "]),
    between_times=st.sampled_from([", ", ",", " und ", " and ", "和", " & ", "/", " "]),
    dash=st.sampled_from(["-", " - ", "–", " bis ", " to ", "至", "~"]),
    named=st.sets(st.integers(0, 6), min_size=1),
    morning=st.tuples(st.integers(6 * 12, 9 * 12), st.integers(9 * 12 + 1, 12 * 12)),
    afternoon=st.none() | st.tuples(st.integers(13 * 12, 15 * 12), st.integers(16 * 12, 22 * 12)),
)
def test_lists_of_days_and_times(
    language: str,
    style: str,
    between_days: str,
    between_times: str,
    dash: str,
    named: set[int],
    morning: tuple[int, int],
    afternoon: tuple[int, int] | None,
) -> None:
    spans = [(a * 5, b * 5) for a, b in (morning, afternoon or (0, 0)) if b]
    times = between_times.join(dash.join(clock(edge, style) for edge in span) for span in spans)
    text = between_days.join(DAYS[language][day] for day in sorted(named)) + " " + times
    hours = read_hours(text)
    assert hours is not None
    expected = tuple((a * 60, b * 60) for a, b in spans)
    assert hours.days == tuple(expected if day in named else () for day in range(7)), text


@pytest.mark.parametrize(
    ("text", "osm"),
    [("mo-fr 08:30-18:30,sa 08:30-13:00", "Mo-Fr 08:30-18:30; Sa 08:30-13:00"),
     ("Mo, Tu, Th 10:00-14:00", "Mo-Tu 10:00-14:00; Th 10:00-14:00"),
     ("Mo-Fr 09:00-12:00 und 14:00-18:00", "Mo-Fr 09:00-12:00,14:00-18:00"),
     ("Mo-Fr 9–12 Uhr u. 14–18 Uhr", "Mo-Fr 09:00-12:00,14:00-18:00"),
     ("Mo-Fr 9:00–12:00/14:00–18:00", "Mo-Fr 09:00-12:00,14:00-18:00"),
     ("周一至周五 9:00-12:00和14:00-18:00", "Mo-Fr 09:00-12:00,14:00-18:00"),
     ("周一至周五 9:00-18:00", "Mo-Fr 09:00-18:00"), ("Mon-Fri 9am-5:30pm", "Mo-Fr 09:00-17:30"),
     ("周一、三、五 9点-18点，周六10点半-16点",
      "Mo 09:00-18:00; We 09:00-18:00; Fr 09:00-18:00; Sa 10:30-16:00"),
     ("周二六 9:00-18:00", "Tu 09:00-18:00; Sa 09:00-18:00"),
     ("周一至五 9:00-18:00", "Mo-Fr 09:00-18:00"), ("周末 9-12", "Sa-Su 09:00-12:00"),
     ("上午9:00-12:00，下午1:30-5:30", "Mo-Su 09:00-12:00,13:30-17:30"),
     ("早9晚6", "Mo-Su 09:00-18:00"), ("9:00-18:00（周日休息）", "Mo-Sa 09:00-18:00"),
     ("营业时间：每天9:00-21:00", "Mo-Su 09:00-21:00"), ("24小时", "Mo-Su 00:00-24:00"),
     ("24/7", "Mo-Su 00:00-24:00"), ("24 Stunden", "Mo-Su 00:00-24:00"),
     ("Di-So 10.00-20.00 Uhr", "Tu-Su 10:00-20:00"), ("9-18 Uhr", "Mo-Su 09:00-18:00"),
     ("08.30-17.30", "Mo-Su 08:30-17:30"), ("0830-1730", "Mo-Su 08:30-17:30"),
     ("Mo: 9-12, 14-18; Di: geschlossen", "Mo 09:00-12:00,14:00-18:00"),
     ("Mo.-Fr. 8:00-18:00 Uhr, Sa. 9-13 Uhr", "Mo-Fr 08:00-18:00; Sa 09:00-13:00"),
     ("Montag bis Freitag 8.30 - 18.30 Uhr", "Mo-Fr 08:30-18:30"),
     ("Di-So 10-20, Mo Ruhetag", "Tu-Su 10:00-20:00"),
     ("Mo-Do 9-18 Uhr / Fr 9-15 Uhr", "Mo-Th 09:00-18:00; Fr 09:00-15:00"),
     ("Mo-Fr 8-18, Mi 8-12", "Mo-Tu 08:00-18:00; We 08:00-12:00; Th-Fr 08:00-18:00"),
     ("Mon-Fri: 9:00 AM – 5:00 PM; Sat 10am-2pm; closed Sundays",
      "Mo-Fr 09:00-17:00; Sa 10:00-14:00"),
     ("Mo-Fr 8-18, an Feiertagen geschlossen", "Mo-Fr 08:00-18:00"),
     ("9am-5pm", "Mo-Su 09:00-17:00"), ("9-5pm", "Mo-Su 09:00-17:00"),
     ("1-5pm", "Mo-Su 13:00-17:00"), ("noon-5pm", "Mo-Su 12:00-17:00"),
     ("9am-1pm and 2pm-6pm", "Mo-Su 09:00-13:00,14:00-18:00"), ("12am-12pm", "Mo-Su 00:00-12:00"),
     ("Fr 22-2 Uhr", "Fr 22:00-24:00; Sa 00:00-02:00"), ("geschlossen", "off"),
     ("täglich 9-18 Uhr", "Mo-Su 09:00-18:00"), ("tägl. 9-18 Uhr", "Mo-Su 09:00-18:00"),
     ("taeglich 9-18 Uhr", "Mo-Su 09:00-18:00"), ("Ruhetag", "off"), ("geschl.", "off"),
     ("Mo-Sa 8-20 Uhr, sonntags geschl.", "Mo-Sa 08:00-20:00"),
     ("Fr 9pm-6am", "Fr 21:00-24:00; Sa 00:00-06:00")],
)  # fmt: skip
def test_read(text: str, osm: str) -> None:
    hours = read_hours(text)
    assert hours is not None
    assert hours.to_osm() == osm


@pytest.mark.parametrize(
    "text", ["täglich", "Täglich geöffnet", "tägl.", "daily", "every day", "每天营业", " "]
)
def test_every_day_without_times_is_as_good_as_unknown(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize(
    "text",
    ["geschlossen?", "täglich außer So", "9-5",
     "Mo-Fr 9-5", "10-2", "8-9pm", "9am-9am", "9:00-5:30",
     "Mo-Fr 9-18; 10-14", "ab 9 Uhr",
     "Mo-Fr 9-12; 14-18", "24.12.-26.12. geschlossen", "1.12-24.12", "nach Vereinbarung",
     "Mo-Fr 9-18 nach Vereinbarung", "werktags 9-18", "8-18 Uhr Mo-Fr", "周末休息", "周日不营业",
     "除周日外 9:00-18:00", "Mo-Fr 9-18 Uhr außer Mi", "9:00-18:00 (5pm Fridays)",
     "Mo-Fr 9-18 Uhr (Do bis 20 Uhr)", "9,30-18", "8,30-17,30", "周一至周五 九点至十八点",
     "9:75-18:00", "Mo-Fr 9-12, Mo 11-14", "Mo-Fr 9", "13am-2pm", "9-18-20", "1234", "Mo",
     "day and night"],
)  # fmt: skip
def test_what_is_not_sure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_hours(text)


@given(st.text(alphabet="moditufrsaun 0123459,;.:-/apmhuhr周一至点上下午和&+", max_size=25))
def test_any_text_is_a_week_or_refused(text: str) -> None:
    try:
        hours = read_hours(text)
    except ValueError:
        return
    assert hours is None or len(hours.days) == len(WEEKDAYS)
