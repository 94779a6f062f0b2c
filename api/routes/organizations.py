"""The caller's organization, its keys and its audit trail."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from pydantic import ConfigDict, Field

from api.dependencies import (
    CreatingAsManager,
    Cursor,
    Items,
    Limit,
    Managing,
    Reading,
    Version,
    location,
)
from api.documentation import CREATES, READS, UPDATES
from api.routing import new_router
from routeplanner.domain.base import Frozen
from routeplanner.domain.master_data import (
    SCOPES,
    Name,
    Organization,
    OrganizationFields,
    Role,
    Scope,
)
from routeplanner.use_cases import people
from routeplanner.use_cases.audit import Change, list_changes
from routeplanner.use_cases.people import KEY_DAYS, KeyRecord, NewKey

organization = new_router("/v1/organization", tags=["organizations"])
keys = new_router("/v1/keys", tags=["keys"])
audit = new_router("/v1/audit", tags=["audit"])
me = new_router("/v1/me", tags=["people"])


class KeyFields(Frozen):
    """A key to be made."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": "0199c3a5-7c52-7d4e-9d5c-0c2a4d3b2a10",
                    "name": "nightly upload",
                    "scopes": ["read", "write"],
                    "days": 90,
                }
            ]
        }
    )

    person_id: UUID
    name: Name
    scopes: tuple[Scope, ...] = Field(default=SCOPES, min_length=1)
    days: int = Field(default=KEY_DAYS, ge=1, le=3650)


class MadeKey(KeyRecord):
    """A key just made; `key` is shown once, and not again for the same Idempotency-Key."""

    key: str | None


class Me(Frozen):
    """Who holds the key of the request."""

    organization_id: UUID
    person_id: UUID
    role: Role
    scopes: tuple[Scope, ...]
    reps: tuple[str, ...] | None  # none: all


@me.get("", response_model=Me, responses=READS)
def get_me(call: Reading) -> Response:
    """Tell who holds this key, and which reps it sees."""
    caller = call.caller
    found = {
        "organization_id": caller.organization_id,
        "person_id": caller.person_id,
        "role": caller.role,
        "scopes": sorted(caller.scopes),
        "reps": None if caller.reps is None else sorted(caller.reps),
    }
    return call.answer(Me.model_validate(found))


@organization.get("", response_model=Organization, responses=READS)
def get_organization(call: Reading) -> Response:
    """The organization of this key."""
    found = people.organization_of(call.session, call.caller)
    return call.answer(found, version=found.version)


@organization.put("", response_model=Organization, responses=UPDATES)
def change_organization(call: Managing, body: OrganizationFields, version: Version) -> Response:
    """Change name, time zone, language and settings."""
    changed = people.change_organization(call.session, call.caller, body, version)
    return call.answer(changed, version=changed.version)


@keys.get("", response_model=Items[KeyRecord], responses=READS)
def list_keys(
    call: Managing, person_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """Keys without the keys themselves."""
    return call.answer(
        people.list_keys(call.session, person_id=person_id, cursor=cursor, limit=limit)
    )


@keys.post("", response_model=MadeKey, status_code=201, responses=CREATES)
def create_key(call: CreatingAsManager, body: KeyFields) -> Response:
    """Make a key with scopes that this one has; the key itself is shown this once."""
    made: NewKey = people.create_key(
        call.session,
        organization_id=call.caller.organization_id,
        person_id=body.person_id,
        name=body.name,
        scopes=body.scopes,
        days=body.days,
        own_scopes=call.caller.scopes,
    )
    shown = MadeKey.model_validate(made.model_dump())
    return call.answer(
        shown,
        201,
        location=location("keys", made.id),
        kept=shown.model_copy(update={"key": None}),
    )


@keys.delete("/{id}", response_model=KeyRecord, responses=UPDATES)
def revoke_key(call: Managing, id: Annotated[UUID, Path()]) -> Response:  # noqa: A002
    """End a key at once."""
    return call.answer(people.revoke_key(call.session, id))


@audit.get("", response_model=Items[Change], responses=READS)
def list_audit(
    call: Managing,
    entity: str | None = None,
    entity_id: UUID | None = None,
    person_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Who changed what, when; newest first."""
    return call.answer(
        list_changes(
            call.session,
            entity=entity,
            entity_id=entity_id,
            person_id=person_id,
            since=since,
            until=until,
            cursor=cursor,
            limit=limit,
        )
    )
