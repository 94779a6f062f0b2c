"""Stores in bulk, and imports of store lists."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, RootModel, SkipValidation

from api.dependencies import Creating, Cursor, Editing, Items, Limit, location
from api.documentation import CREATES, READS, UPDATES
from api.routing import new_router
from routeplanner.domain.master_data import StoreFields
from routeplanner.domain.scenario import CoordinateSystem
from routeplanner.domain.store_import import ImportMode, ImportOptions
from routeplanner.errors import Issue
from routeplanner.use_cases import bulk, imports
from routeplanner.use_cases.bulk import BulkAnswer
from routeplanner.use_cases.imports import ImportRecord

router = new_router("/v1", tags=["stores"])

FILE_ROUTES = frozenset(("/v1/stores:import",))
_Id = Annotated[UUID, Path()]
_FileName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f/\\]+$")]


class BulkStores(BaseModel):
    """Stores to be created or replaced; each row is judged and answered by itself."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"stores": [{"external_id": "00123", "position": {"lat": 52.5307, "lon": 13.3847}}]}
            ]
        },
    )

    stores: list[SkipValidation[StoreFields]] = Field(min_length=1, max_length=bulk.MOST_ROWS)


class BulkAnswers(RootModel[tuple[BulkAnswer, ...]]):
    """An answer to each row, in the order of the rows."""


class ImportQuery(BaseModel):
    """How a file is to be read and written."""

    model_config = ConfigDict(extra="forbid")

    mode: ImportMode = "upsert"
    file_name: _FileName = "stores.csv"
    coordinates: CoordinateSystem = "wgs84"
    sheet: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    column: list[Annotated[str, Field(pattern=r"^[^=]+=[^=]+$", max_length=300)]] = Field(
        default=[], max_length=100, description="HEADER=FIELD, where a header is not recognized."
    )
    is_confirmed: bool = False


@router.post("/stores:bulk", response_model=BulkAnswers, responses=CREATES)
def write_stores(call: Creating, body: BulkStores) -> Response:
    """Create or replace up to 1,000 stores; each row is answered."""
    rows: list[Any] = list(body.stores)
    return call.answer(BulkAnswers(tuple(bulk.write_in_bulk(call.session, call.caller, rows))))


@router.post(
    "/stores:import",
    response_model=ImportRecord,
    status_code=202,
    responses=CREATES,
)
def import_stores(
    call: Creating,
    content: Annotated[
        bytes,
        Body(media_type="application/octet-stream", description="A CSV or XLSX file of stores."),
    ],
    asked: Annotated[ImportQuery, Query()],
) -> Response:
    """Import a list of stores as a job; `/v1/imports/{id}` tells what became of it."""
    options = ImportOptions(
        coordinates=asked.coordinates,
        sheet=asked.sheet,
        columns=dict(entry.split("=", 1) for entry in asked.column),
        is_confirmed=asked.is_confirmed,
    )
    made = imports.request_import(
        call.session,
        call.caller,
        content=content,
        file_name=asked.file_name,
        mode=asked.mode,
        options=options,
    )
    return call.answer(made, 202, location=location("imports", made.id))


@router.get("/imports", response_model=Items[ImportRecord], responses=READS)
def list_imports(call: Editing, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Imports, newest first."""
    return call.answer(imports.list_imports(call.session, cursor=cursor, limit=limit))


@router.get("/imports/{id}", response_model=ImportRecord, responses=READS)
def get_import(call: Editing, id: _Id) -> Response:  # noqa: A002
    """What became of an import."""
    return call.answer(imports.import_of(call.session, id))


@router.delete("/imports/{id}", response_model=ImportRecord, responses=UPDATES)
def discard_import(call: Editing, id: _Id) -> Response:  # noqa: A002
    """Give up an import that is queued or unconfirmed; its file is removed."""
    return call.answer(imports.discard_import(call.session, call.caller, id))


@router.get("/imports/{id}/issues", response_model=Items[Issue], responses=READS)
def list_import_issues(
    call: Editing,
    id: _Id,  # noqa: A002
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """What is wrong with rows of the file, in their order."""
    return call.answer(imports.list_issues(call.session, id, cursor=cursor, limit=limit))


@router.post("/imports/{id}:confirm", response_model=ImportRecord, responses=UPDATES)
def confirm_import(call: Editing, id: _Id) -> Response:  # noqa: A002
    """Let a sync take the stores out of use that it has listed."""
    return call.answer(imports.confirm_import(call.session, call.caller, id))


@router.post("/imports/{id}:undo", response_model=ImportRecord, responses=UPDATES)
def undo_import(call: Editing, id: _Id) -> Response:  # noqa: A002
    """Put back what the import changed, unless its stores were changed since."""
    return call.answer(imports.undo_import(call.session, call.caller, id))
