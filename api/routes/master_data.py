"""Accounts, stores, reps, policies and people: the same endpoints for each kind."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import (
    Creating,
    CreatingAsManager,
    Cursor,
    Editing,
    Items,
    Limit,
    Managing,
    Reading,
    Version,
    location,
)
from api.documentation import CREATES, READS, UPDATES
from api.routing import new_router
from routeplanner.domain.master_data import ExternalId, Role, Tag
from routeplanner.domain.store import StoreStatus
from routeplanner.errors import InvalidError
from routeplanner.use_cases import master_data
from routeplanner.use_cases.audit import Change, list_changes
from routeplanner.use_cases.kinds import ACCOUNTS, POLICIES, REPS, STORES
from routeplanner.use_cases.master_data import Kind
from routeplanner.use_cases.pages import MOST
from routeplanner.use_cases.people import PEOPLE

Identity = Annotated[UUID, Path(description="The service's own id.")]
# Ids may hold slashes, and many proxies decode `%2F`: hence `:path` wherever one is named.
ExternalIdentity = Annotated[ExternalId, Path(description="The caller's id; `/` as `%2F`.")]


class Filters(BaseModel):
    """What a list can be narrowed to."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=100, ge=1, le=MOST)
    changed_since: datetime | None = None
    is_active: bool | None = None


class TagFilters(Filters):
    """Filters of what has tags."""

    tag: Tag | None = None


class StoreFilters(TagFilters):
    """Filters of stores; `rep` and `account` are external ids."""

    rep: ExternalId | None = None
    account: ExternalId | None = None
    status: StoreStatus | None = None


class PersonFilters(Filters):
    """Filters of people."""

    role: Role | None = None


def _router(
    kind: Kind[Any, Any, Any], filters: type[Filters], read: Any, edit: Any, creating: Any
) -> APIRouter:
    """The endpoints of a kind; `read`, `edit` and `creating` say who may use them."""
    router = new_router(f"/v1/{kind.name}", tags=[kind.name])
    # Fixed addresses stand before those that take any id.
    _add_by_external_id(router, kind, kind.fields, kind.record, read, edit)
    _add_reading(router, kind, kind.record, read, filters)
    _add_writing(router, kind, kind.fields, kind.record, edit, creating)
    return router


def _add_reading(
    router: APIRouter, kind: Kind[Any, Any, Any], record: Any, read: Any, filters: Any
) -> None:
    @router.get("", response_model=Items[record], responses=READS, name=f"list_{kind.name}")
    def list_records(call: read, chosen: Annotated[filters, Query()]) -> Any:
        page = master_data.list_records(call.session, call.caller, kind, **dict(chosen))
        return call.answer(page)

    @router.get("/{id}", response_model=record, responses=READS, name=f"get_{kind.one}")
    def get(call: read, id: Identity) -> Any:  # noqa: A002
        found = master_data.record_of(call.session, call.caller, kind, id)
        return call.answer(found, version=found.version)

    @router.get(
        "/{id}/history",
        response_model=Items[Change],
        responses=READS,
        name=f"list_changes_of_{kind.one}",
    )
    def history(call: read, id: Identity, cursor: Cursor = None, limit: Limit = 100) -> Any:  # noqa: A002
        """Who changed it, when and how; newest first."""
        row = master_data.row_of(call.session, call.caller, kind, id)
        return call.answer(
            list_changes(
                call.session, cursor=cursor, limit=limit, entity=kind.name, entity_id=row.id
            )
        )


def _add_writing(
    router: APIRouter,
    kind: Kind[Any, Any, Any],
    fields: Any,
    record: Any,
    edit: Any,
    creating: Any,
) -> None:
    @router.post(
        "", response_model=record, status_code=201, responses=CREATES, name=f"create_{kind.one}"
    )
    def create(call: creating, body: fields) -> Any:
        made = master_data.create(call.session, call.caller, kind, body)
        return call.answer(made, 201, location=location(kind.name, made.id), version=made.version)

    @router.put("/{id}", response_model=record, responses=UPDATES, name=f"replace_{kind.one}")
    def replace(call: edit, id: Identity, body: fields, version: Version) -> Any:  # noqa: A002
        """Replace all fields; with If-Match only where nobody else has changed them."""
        made = master_data.replace(call.session, call.caller, kind, id, body, version)
        return call.answer(made, version=made.version)

    @router.delete("/{id}", status_code=204, responses=UPDATES, name=f"deactivate_{kind.one}")
    def deactivate(call: edit, id: Identity, version: Version) -> Response:  # noqa: A002
        """Take it out of use; it stays readable, and is active again when written anew."""
        master_data.deactivate(call.session, call.caller, kind, id, version)
        return Response(status_code=204)


def _add_by_external_id(
    router: APIRouter, kind: Kind[Any, Any, Any], fields: Any, record: Any, read: Any, edit: Any
) -> None:
    @router.get(
        "/by-external-id/{external_id:path}",
        response_model=record,
        responses=READS,
        name=f"get_{kind.one}_by_external_id",
    )
    def get_by_external_id(call: read, external_id: ExternalIdentity) -> Any:
        found = master_data.record_of(call.session, call.caller, kind, external_id)
        return call.answer(found, version=found.version)

    @router.put(
        "/by-external-id/{external_id:path}",
        response_model=record,
        responses=UPDATES | {201: {"model": record, "description": "Created"}},
        name=f"put_{kind.one}_by_external_id",
    )
    def put_by_external_id(
        call: edit, external_id: ExternalIdentity, body: fields, version: Version
    ) -> Any:
        """Create it, or replace all its fields and make it active."""
        if body.external_id != external_id:
            raise InvalidError("external_id of address and body differ", code="IDS_DIFFER")
        written = master_data.upsert(call.session, call.caller, kind, body, version)
        made = written.record
        status = 201 if written.is_new else 200
        return call.answer(
            made, status, location=location(kind.name, made.id), version=made.version
        )


accounts = _router(ACCOUNTS, TagFilters, Reading, Editing, Creating)
reps = _router(REPS, TagFilters, Reading, Editing, Creating)
stores = _router(STORES, StoreFilters, Reading, Editing, Creating)
policies = _router(POLICIES, Filters, Reading, Editing, Creating)
people = _router(PEOPLE, PersonFilters, Managing, Managing, CreatingAsManager)
