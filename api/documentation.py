"""What all operations say of their errors in OpenAPI, and the document itself."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import MEDIA_TYPE, Problem
from routeplanner import __version__

_Responses = dict[int | str, dict[str, Any]]

_WORDS = {
    401: "No valid key",
    403: "The key's role or scopes do not allow it",
    404: "Not there, or not to be seen by this key",
    409: "Contradicts what is there",
    412: "Changed since it was read",
    413: "The body is too large",
    422: "Invalid, with all issues at once",
    429: "Too many requests of this key",
    503: "The database cannot be reached or is too busy",
}


def problems(*statuses: int) -> _Responses:
    """The error responses of an operation."""
    return {
        status: {
            "description": _WORDS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted(statuses)
    }


READS = problems(401, 403, 404, 422, 429, 503)
CREATES = problems(401, 403, 404, 409, 413, 422, 429, 503)
UPDATES = problems(401, 403, 404, 409, 412, 413, 422, 429, 503)


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The document that describes an app; made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title="routeplanner",
            version=__version__,
            description="Periodic route planning for field sales. See docs/api.md.",
            routes=app.routes,
        )
        schemas = document["components"]["schemas"]
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs") | {"Problem": problem}
        # Errors of validation are problems too.
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        _add_examples(document)
        app.openapi_schema = document
    return app.openapi_schema


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation of a document."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def _add_examples(document: dict[str, Any]) -> None:
    """Add to every operation what was really sent and answered (tests/api/record_examples.py)."""
    recorded = json.loads(files("api").joinpath("examples.json").read_text(encoding="utf-8"))
    for _, _, operation in operations(document):
        found = recorded.get(operation["operationId"], {})
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "request" in found:
                content["example"] = found["request"]
        answer = operation["responses"].get(str(found.get("status")), {})
        for content in answer.get("content", {}).values():
            content["example"] = found["response"]
