"""Where callers arrive: what this is, and its documentation, which needs no network."""

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.pages import documentation_page
from api.routing import new_router
from routeplanner import __version__

router = new_router(include_in_schema=False)

_POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


@router.get("/")
def start() -> JSONResponse:
    """Name the service, its version and its documentation."""
    return JSONResponse(
        {
            "name": "routeplanner",
            "version": __version__,
            "documentation": "/docs",
            "openapi": "/openapi.json",
        }
    )


@router.get("/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """The document that describes every operation."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """The same as a page."""
    return HTMLResponse(documentation_page(request.app.openapi()), headers=_POLICY)
