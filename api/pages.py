"""The documentation as one page that loads nothing: no script, no font, no network."""

import json
from collections import defaultdict
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.documentation import operations


def documentation_page(document: dict[str, Any]) -> str:
    """Every operation of a document by its resource, with what it takes and answers."""
    resources: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for method, path, operation in operations(document):
        resources[operation["tags"][0]].append(_shown(method, path, operation))
    page = _environment().get_template("documentation.html")
    return page.render(info=document["info"], resources=sorted(resources.items()))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("api", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    taken = operation.get("requestBody", {}).get("content", {})
    answers = operation["responses"]
    good = {status: answer for status, answer in answers.items() if status < "400"}
    return {
        "id": operation["operationId"],
        "method": method,
        "path": path,
        "summary": operation.get("description") or operation["summary"],
        "parameters": [_parameter(entry) for entry in operation.get("parameters", ())],
        "bodies": [_example(kind, content) for kind, content in taken.items()],
        "answers": [
            (status, answer["description"], [_example(*entry) for entry in _contents(answer)])
            for status, answer in good.items()
        ],
        "errors": [(s, answer["description"]) for s, answer in answers.items() if s not in good],
    }


def _contents(answer: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(answer.get("content", {}).items())


def _example(media_type: str, content: dict[str, Any]) -> tuple[str, str]:
    """A media type and what was really sent or answered in it, where that was kept."""
    example = content.get("example", "")
    is_text = isinstance(example, str)
    return media_type, example if is_text else json.dumps(example, indent=1, ensure_ascii=False)


def _parameter(entry: dict[str, Any]) -> dict[str, Any]:
    schema = entry.get("schema", {})
    kinds = [part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"]
    return {
        "name": entry["name"],
        "place": entry["in"],
        "is_required": entry.get("required", False),
        "kind": " or ".join(_kind(part) for part in kinds),
        "default": schema.get("default"),
        "description": entry.get("description", ""),
    }


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    words = str(schema.get("format") or schema.get("type") or "any")
    least, most = schema.get("minimum"), schema.get("maximum")
    return words if most is None else f"{words} from {least} to {most}"
