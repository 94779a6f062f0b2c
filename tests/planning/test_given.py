"""Scenarios that come as structured data are judged whole, by the place in their lists."""

import pytest

from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Language, Scenario
from routeplanner.domain.scenario_fields import ScenarioFields
from routeplanner.errors import InputError, Severity
from routeplanner.files.policy_source import preset_data
from routeplanner.planning.given import scenario_from_fields
from tests.planning.small_plans import small_scenario
from tests.sample_plans import sample_scenario

FIVE_DAY = Policy.model_validate(preset_data("five-day"))


def fields_of(scenario: Scenario) -> ScenarioFields:
    return ScenarioFields.model_validate(scenario.model_dump(by_alias=True))


def test_a_scenario_given_back_is_the_same() -> None:
    for made_by_hand in (small_scenario(), sample_scenario()):
        first = scenario_from_fields(fields_of(made_by_hand), made_by_hand.policy, "en")
        again = scenario_from_fields(fields_of(first), first.policy, "en")
        assert again.content_hash() == first.content_hash()


def test_faults_are_told_by_their_place_and_all_at_once() -> None:
    fields = ScenarioFields.model_validate(
        {
            "stores": [
                {"id": "S1", "lat": 52.5, "lon": 13.4, "rep": "R1", "class": "Z"},
                {"id": "S2", "lat": 52.5, "lon": 13.41, "rep": "R9"},
                {"id": "S1", "lat": 52.5, "lon": 13.42, "rep": "R1"},
            ],
            "reps": [{"id": "R1", "base_lat": 52.5, "base_lon": 13.4}],
        }
    )
    with pytest.raises(InputError) as caught:
        scenario_from_fields(fields, FIVE_DAY, "en")
    places = {issue.path.partition(".")[0] for issue in caught.value.issues}
    assert places >= {"stores[0]", "stores[1]", "stores[2]"}
    assert all(issue.file is None and issue.row is None for issue in caught.value.issues)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_others_are_named_by_their_place_too(language: Language) -> None:
    stores = [
        {"id": "S1", "lat": 52.5, "lon": 13.4, "sales": 3, "name": "Shop"},
        {"id": "S2", "lat": 52.6, "lon": 13.41},
        {"id": "S2", "lat": 52.7, "lon": 13.42, "sales": 2},
        {"id": "S4", "lat": 52.5, "lon": 13.4, "sales": 2, "name": "Shop"},
    ]
    reps = [{"id": name, "base_lat": 52.5, "base_lon": 13.4} for name in ("R1", "R2", "R2")]
    meeting = {"rep": "R1", "weekday": "mon", "start": "09:00", "end": "10:00"}
    fields = ScenarioFields.model_validate(
        {"stores": stores, "reps": reps, "appointments": [meeting, meeting]}
    )
    with pytest.raises(InputError) as caught:
        scenario_from_fields(fields, FIVE_DAY, language)
    told = {(issue.code, issue.path.partition("[")[0]): issue for issue in caught.value.issues}
    for code, kind, other in (
        ("DUPLICATE_ID", "stores", "stores[1]"),
        ("DUPLICATE_ID", "reps", "reps[1]"),
        ("MISSING_SALES", "stores", "stores[1]"),
        ("LIKELY_DUPLICATE", "stores", "stores[0]"),
        ("APPOINTMENT_OVERLAP", "appointments", "appointments[0]"),
    ):
        message = told[code, kind].message
        assert other in message, message
        assert "row" not in message
        assert "行" not in message


def test_a_matrix_that_is_not_square_is_told() -> None:
    fields = ScenarioFields.model_validate(
        {
            "stores": [{"id": "S1", "lat": 52.5, "lon": 13.4, "class": "Z"}],
            "matrix": {"source": "mine", "ids": ["S1"], "minutes": [[0, 1]], "km": [[0]]},
        }
    )
    with pytest.raises(InputError) as caught:
        scenario_from_fields(fields, FIVE_DAY, "en")
    faults = {issue.path for issue in caught.value.issues if issue.severity is Severity.ERROR}
    assert faults == {"matrix.minutes", "stores[0].class"}
