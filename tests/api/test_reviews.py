"""The review of a plan: every role at every step."""

import re

import pytest

from routeplanner.jobs.work import Work
from routeplanner.use_cases.plan_records import status_of
from tests.service import ROLES, Tenant, scenario, solved_plan


def test_a_plan_is_submitted_returned_and_approved(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    path = f"/v1/plans/{plan['id']}/reviews/R1"
    assert tenant.post(path, {"action": "submit"}, role="planner").json()["status"] == "submitted"
    silent = tenant.post(path, {"action": "return"}, role="supervisor")
    assert (silent.status_code, silent.json()["code"]) == (422, "COMMENT_MISSING")
    returned = tenant.post(
        path, {"action": "return", "comment": "Tuesday is full"}, role="supervisor"
    )
    assert (returned.json()["status"], returned.json()["comment"]) == (
        "returned",
        "Tuesday is full",
    )
    tenant.post(path, {"action": "submit"}, role="planner")
    approved = tenant.post(path, {"action": "approve"}, role="supervisor")
    assert approved.json()["status"] == "approved"
    assert approved.json()["changed_by"] == str(tenant.people["supervisor"])
    changes = tenant.get("/v1/audit?entity=plan_reviews").json()["items"]
    assert [change["action"] for change in reversed(changes)] == [
        "submit",
        "return",
        "submit",
        "approve",
    ]


# Where each action leads to from each status; elsewhere it leads nowhere.
LEADS_TO = {
    "submit": {"draft": "submitted", "returned": "submitted"},
    "withdraw": {"submitted": "draft", "approved": "draft"},
    "approve": {"submitted": "approved"},
    "return": {"submitted": "returned", "approved": "returned"},
}
MAY = {
    "admin": {"submit", "withdraw", "approve", "return"},
    "planner": {"submit", "withdraw"},
    "supervisor": {"approve", "return"},
    "rep": set(),
}
WAY_TO = {
    "draft": (),
    "submitted": ("submit",),
    "approved": ("submit", "approve"),
    "returned": ("submit", "return"),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_takes_its_own_steps_and_no_other(tenant: Tenant, work: Work, role: str) -> None:
    plan = solved_plan(tenant, work)
    path = f"/v1/plans/{plan['id']}/reviews/R1"
    for status, way in WAY_TO.items():
        for action, leads_to in LEADS_TO.items():
            _go(tenant, path, way)
            taken = tenant.post(path, {"action": action, "comment": "why"}, role=role)
            place = f"{role}: {action} from {status}"
            if action not in MAY[role]:
                assert taken.status_code == 403, place
            elif status not in leads_to:
                assert (taken.status_code, taken.json()["code"]) == (409, "CONFLICT"), place
            else:
                assert taken.json()["status"] == leads_to[status], place


def _go(tenant: Tenant, path: str, way: tuple[str, ...]) -> None:
    """Bring a review to the draft, wherever it stands, and from there to a status."""
    for action in ("submit", "withdraw"):
        tenant.post(path, {"action": action})
    for action in way:
        assert tenant.post(path, {"action": action, "comment": "why"}).status_code == 200


def test_files_of_a_plan_say_how_far_its_review_has_come(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    path = f"/v1/plans/{plan['id']}"
    label = plan["plan"]["routes"][0]["template"]

    def told(role: str) -> set[str]:
        page, sheet, file, record = (
            tenant.get(f"{path}{below}", role=role)
            for below in ("/map", f"/days/{label}?rep=R1", "/export?format=json", "")
        )
        word = re.compile(r"(?:<span>|· )(DRAFT|submitted|approved)(?:</span>| ·)")
        assert word.findall(page.text)[0].lower() == file.json()["review_status"]
        assert record.json()["plan"]["review_status"] == file.json()["review_status"]
        return {
            file.json()["review_status"],
            *(found.lower() for found in word.findall(sheet.text)),
        }

    assert told("planner") == {"draft"}
    for rep in ("R1", "R2"):
        tenant.post(f"{path}/reviews/{rep}", {"action": "submit"})
    assert told("planner") == {"submitted"}
    tenant.post(f"{path}/reviews/R1", {"action": "approve"})
    assert told("planner") == {"submitted", "approved"}  # the whole plan, and the sheet of R1
    assert told("rep") == {"approved"}
    tenant.post(f"{path}/reviews/R2", {"action": "approve"})
    assert told("planner") == {"approved"}


def test_a_plan_has_come_as_far_as_all_its_parts() -> None:
    assert status_of([]) == "draft"
    assert status_of(["approved", "draft", "returned"]) == "draft"
    assert status_of(["published", "returned", "submitted"]) == "returned"
    assert status_of(["superseded", "published"]) == "superseded"
    assert status_of(["published", "approved"]) == "approved"


def test_a_step_from_elsewhere_is_refused(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    path = f"/v1/plans/{plan['id']}/reviews/R1"
    refused = tenant.post(path, {"action": "approve"})
    assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")


def test_a_plan_without_routes_cannot_be_submitted(tenant: Tenant) -> None:
    asked = tenant.post("/v1/plans", {"scenario": scenario()}).json()
    refused = tenant.post(f"/v1/plans/{asked['id']}/reviews/R1", {"action": "submit"})
    assert (refused.status_code, refused.json()["code"]) == (409, "PLAN_EMPTY")


def test_a_supervisor_decides_for_their_own_reps_alone(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    path = f"/v1/plans/{plan['id']}/reviews"
    for rep in ("R1", "R2"):
        tenant.post(f"{path}/{rep}", {"action": "submit"})
    assert tenant.post(f"{path}/R1", {"action": "approve"}, role="supervisor").status_code == 200
    assert tenant.post(f"{path}/R2", {"action": "approve"}, role="supervisor").status_code == 404
    found = {review["rep"]: review["status"] for review in tenant.get(path).json()}
    assert found == {"R1": "approved", "R2": "submitted"}


def test_a_step_on_an_outdated_review_is_refused(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    path = f"/v1/plans/{plan['id']}/reviews/R1"
    tag = tenant.post(path, {"action": "submit"}).headers["etag"]
    tenant.post(path, {"action": "withdraw"})
    tenant.post(path, {"action": "submit"})
    late = tenant.post(path, {"action": "approve"}, headers={"If-Match": tag})
    assert late.status_code == 412
