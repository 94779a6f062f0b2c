"""What is wrong with a request that does not fit its schema, told place by place."""

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from routeplanner.domain.field_issues import issues_of
from routeplanner.errors import Issue
from routeplanner.texts import text


def issues_of_request(request: Request, error: RequestValidationError) -> list[Issue]:
    """The issues of a request: of its address, its headers and its body."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for fault in error.errors():
        part, *location = fault["loc"]
        parts.setdefault(str(part), []).append({**fault, "loc": tuple(location)})
    of_body = parts.pop("body", [])
    route = request.scope.get("route")
    query, body = (
        (_query_of(route), _body_of(route)) if isinstance(route, APIRoute) else (None,) * 2
    )
    asked = {name: request.query_params.getlist(name) for name in request.query_params}
    of_query = issues_of(parts.pop("query", []), "query", sent=asked, kind=query)
    elsewhere = (issue for part, faults in parts.items() for issue in issues_of(faults, part))
    issues = [*of_query, *elsewhere]
    whole = _of_whole_body(of_body[0], error.body) if len(of_body) == 1 else None
    if whole is not None:
        return [*issues, whole]
    return [*issues, *issues_of(of_body, sent=error.body, kind=body)]


def _query_of(route: APIRoute) -> object:
    """The model of the parameters after the question mark, where there is one."""
    kinds = [field.field_info.annotation for field in route.dependant.query_params]
    return kinds[0] if len(kinds) == 1 else None


def _body_of(route: APIRoute) -> object:
    return None if route.body_field is None else route.body_field.field_info.annotation


def _of_whole_body(fault: dict[str, Any], body: object) -> Issue | None:
    """The issue of a body that cannot be read at all."""
    if fault["type"] == "json_invalid":
        before = str(body)[: fault["loc"][0]]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return _issue("NOT_JSON", "NOT_JSON_HINT", line=line, column=column)
    if fault["loc"]:
        return None
    if fault["type"] == "missing":
        return _issue("NO_BODY", "NO_BODY_HINT")
    if fault["type"].startswith(("model", "dict")):
        return _issue("BODY_NOT_OBJECT", "BODY_HINT")
    return None


def _issue(message: str, hint: str, **values: object) -> Issue:
    code = "NOT_JSON" if message == "NOT_JSON" else "WRONG_VALUE"
    return Issue(
        code=code,
        path="body",
        message=text(f"fields.{message}", "en", **values),
        hint=text(f"fields.{hint}", "en"),
    )
