import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from routeplanner.domain.frequency import Frequency


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("daily", "daily"),
        ("每天一次", "daily"),
        ("täglich", "daily"),
        ("3/week", "3/week"),
        ("2x pro Woche", "2/week"),
        ("每周三次", "3/week"),
        ("weekly", "1/week"),
        ("1/2weeks", "1/2weeks"),
        ("两周一次", "1/2weeks"),
        ("每两周一次", "1/2weeks"),
        ("隔周一次", "1/2weeks"),
        ("14-tägig", "1/2weeks"),
        ("zweiwöchentlich", "1/2weeks"),
        ("alle 3 Wochen", "1/3weeks"),
        ("every other week", "1/2weeks"),
        ("1/4weeks", "1/4weeks"),
        ("每月两次", "2/4weeks"),
        (" 5 / 12 Weeks ", "5/12weeks"),
    ],
)
def test_reads_what_people_write(text: str, written: str) -> None:
    assert str(Frequency.model_validate(text)) == written


@pytest.mark.parametrize("text", ["", "0/week", "1/0weeks", "often", "10-tägig", "-1/week", "3"])
def test_refuses_what_is_no_frequency(text: str) -> None:
    with pytest.raises(ValidationError):
        Frequency.model_validate(text)


@given(visits=st.integers(1, 99), weeks=st.integers(1, 99))
def test_round_trip(visits: int, weeks: int) -> None:
    frequency = Frequency(visits=visits, weeks=weeks)
    assert Frequency.model_validate(frequency.model_dump()) == frequency
