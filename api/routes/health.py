"""Liveness, readiness and metrics: no key, no data of any organization."""

import secrets

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from api.dependencies import service_of
from api.documentation import problems
from api.routing import new_router
from routeplanner.errors import UnauthenticatedError
from routeplanner.use_cases.health import Readiness, readiness_of, unfinished_jobs

router = new_router(tags=["operations"])


class Liveness(BaseModel):
    """The process answers."""

    status: str


@router.get("/healthz", response_model=Liveness)
def healthz() -> Liveness:
    """Whether the process is alive."""
    return Liveness(status="ok")


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
def readyz(request: Request) -> Response:
    """Whether database and worker are there."""
    found = readiness_of(service_of(request).database)
    headers = {} if found.is_ready else {"Retry-After": "5"}
    return JSONResponse(
        found.model_dump(mode="json"), 200 if found.is_ready else 503, headers=headers
    )


@router.get("/metrics", response_class=Response, responses=problems(401, 503))
def metrics(request: Request) -> Response:
    """Metrics for Prometheus."""
    token = service_of(request).settings.metrics_token
    if token is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(given.encode(), token.get_secret_value().encode()):
            raise UnauthenticatedError("send the token of the metrics")
    request.app.state.metrics.set_jobs(unfinished_jobs(service_of(request).database))
    return Response(
        generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST
    )
