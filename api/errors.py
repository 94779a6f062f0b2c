"""The one table from errors to HTTP: problems after RFC 9457 with stable codes, never a trace."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from api.faults import issues_of_request
from routeplanner.errors import (
    ConflictError,
    InputError,
    InvalidError,
    Issue,
    NotAllowedError,
    NotFoundError,
    OutdatedError,
    Refusal,
    UnauthenticatedError,
    UnavailableError,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5

STATUS_OF: dict[type[Refusal], int] = {
    NotFoundError: 404,
    NotAllowedError: 403,
    ConflictError: 409,
    OutdatedError: 412,
    InvalidError: 422,
    UnauthenticatedError: 401,
}
SEND_A_KEY = "send a key: Authorization: Bearer rp_…"

_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "BODY_TOO_LARGE",
}
_WORDS = {
    400: "the body cannot be read",
    401: SEND_A_KEY,
    404: "there is nothing at {path}; /docs lists what there is",
    405: "{path} does not take {method}; `Allow` names what it takes",
}

log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """An error, after RFC 9457."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:routeplanner:not_found",
                    "title": "Not Found",
                    "status": 404,
                    "code": "NOT_FOUND",
                    "detail": "there is no store 00123",
                    "request_id": "0d9c3c0e",
                    "issues": [],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    issues: tuple[Issue, ...] = ()


class ReplayedError(Exception):
    """A request that was answered before: the answer is given again."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class RateLimitedError(Exception):
    """A key made too many requests."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


def add_error_handlers(app: FastAPI) -> None:
    """Register the table with an app."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(InputError, _input_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(UnavailableError, _unavailable)
    app.add_exception_handler(RateLimitedError, _rate_limited)
    app.add_exception_handler(ReplayedError, _replayed)


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    issues: Sequence[Issue] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response that tells an error."""
    request_id = str(getattr(request.state, "request_id", ""))
    content = Problem(
        type=f"urn:routeplanner:{code.lower()}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        request_id=request_id,
        issues=tuple(issues),
    )
    return JSONResponse(
        content.model_dump(mode="json", exclude_none=True),
        status_code=status,
        headers={"X-Request-ID": request_id} | dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def _refusal(request: Request, error: Any) -> Response:
    status = next(s for kind, s in STATUS_OF.items() if isinstance(error, kind))
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return problem(request, status, error.code, error.message, issues=error.issues, headers=headers)


def _input_error(request: Request, error: Any) -> Response:
    detail = f"{len(error.issues)} issue(s) were found"
    return problem(request, 422, "INVALID_INPUT", detail, issues=error.issues)


def _invalid_request(request: Request, error: Any) -> Response:
    issues = issues_of_request(request, error)
    detail = f"{len(issues)} issue(s) were found"
    return problem(request, 422, "INVALID_REQUEST", detail, issues=issues)


def _http_error(request: Request, error: Any) -> Response:
    status: int = error.status_code
    code = _CODES.get(status, f"HTTP_{status}")
    words = _WORDS.get(status, str(error.detail))
    detail = words.format(method=request.method, path=request.url.path)
    return problem(request, status, code, detail, headers=error.headers)


def _unavailable(request: Request, error: Any) -> Response:
    log.warning("database unavailable", reason=str(error))
    return problem(
        request,
        503,
        "UNAVAILABLE",
        "the database cannot be reached or is too busy",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def _rate_limited(request: Request, error: Any) -> Response:
    return problem(
        request,
        429,
        "TOO_MANY_REQUESTS",
        "this key has made too many requests",
        headers={"Retry-After": str(error.retry_after_s)},
    )


def _replayed(request: Request, error: Any) -> Response:
    response: Response = error.response
    return response


def crash(request: Request, error: Exception) -> Response:
    """Log a fault of the service, and answer without a word of it."""
    log.error("request crashed", exc_info=error, request_id=request.state.request_id)
    return problem(request, 500, "INTERNAL_ERROR", "this is a fault of the service")
