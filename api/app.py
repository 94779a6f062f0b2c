"""Makes the app: `uvicorn --factory api.app:create_app`, or by `routeplanner serve`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.dependencies import RateLimiter, Service
from api.documentation import openapi_of
from api.errors import add_error_handlers
from api.events import Hub
from api.middleware import BodyLimits, Metrics, RequestMiddleware
from api.routes import (
    health,
    imports,
    kpis,
    master_data,
    organizations,
    plan_answers,
    plan_edits,
    plan_events,
    plans,
    publications,
    scenarios,
    start,
    studies,
    visits,
)
from routeplanner import __version__
from routeplanner.logs import configure_logs
from routeplanner.settings import Settings
from routeplanner.storage.database import Database

_PARTS = (
    start.router,
    health.router,
    organizations.me,
    organizations.organization,
    master_data.people,
    organizations.keys,
    master_data.accounts,
    imports.router,
    master_data.stores,
    master_data.reps,
    master_data.policies,
    scenarios.router,
    plans.router,
    plan_answers.router,
    plan_edits.router,
    plan_events.router,
    studies.router,
    publications.router,
    visits.router,
    kpis.router,
    organizations.audit,
)

GZIP_LEVEL = 1  # of 9: answers are a fifth larger than at 4, and made in half the time


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return an app on the database that the settings name."""
    chosen = settings or Settings()
    configure_logs(chosen.log_level)
    if chosen.database_url is None:
        raise RuntimeError("set ROUTEPLANNER_DATABASE_URL, or use `routeplanner serve`")
    database = Database(
        chosen.database_url.get_secret_value(),
        pool_size=chosen.pool_size,
        statement_timeout_s=chosen.statement_timeout_s,
    )
    app = FastAPI(
        title="routeplanner",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.service = Service(chosen, database, RateLimiter(chosen.requests_per_minute))
    app.state.metrics = Metrics()
    app.state.streams = plan_events.StreamCount(chosen.event_streams)
    for part in _PARTS:
        # Not `include_router`, under which each request would try every route twice.
        app.router.routes.extend(part.routes)
    add_error_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=GZIP_LEVEL)
    limits = BodyLimits(
        json_bytes=round(chosen.json_megabytes * 1e6),
        file_bytes=round(chosen.file_megabytes * 1e6),
        file_routes=imports.FILE_ROUTES,
    )
    app.add_middleware(RequestMiddleware, metrics=app.state.metrics, limits=limits)
    app.openapi = partial(openapi_of, app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    hub = app.state.hub = Hub(app.state.service.database.url)
    hub.start()
    try:
        yield
    finally:
        await hub.stop()
        app.state.service.database.dispose()
