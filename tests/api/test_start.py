"""Where callers arrive: the start names the documentation, which is a page that loads nothing."""

import re

from fastapi.testclient import TestClient

from api.documentation import operations
from routeplanner import __version__


def test_the_start_names_the_documentation_and_the_version(client: TestClient) -> None:
    found = client.get("/")
    assert found.status_code == 200
    assert found.json()["version"] == __version__
    for name, kind in (("documentation", "text/html"), ("openapi", "application/json")):
        page = client.get(found.json()[name])
        assert page.status_code == 200
        assert page.headers["content-type"].startswith(kind)


def test_the_documentation_shows_every_operation_and_loads_nothing(client: TestClient) -> None:
    answer = client.get("/docs")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = answer.text
    for method, path, operation in operations(client.get("/openapi.json").json()):
        assert f'<b class="method">{method}</b>{path}</code>' in page
        assert f'id="{operation["operationId"]}"' in page
    assert not re.search(r"<(?:script|link|img|iframe)|\bsrc=|url\(|@import", page)
    assert set(re.findall(r'href="([^#"][^"]*)"', page)) == {"/openapi.json"}


def test_examples_are_shown_and_escaped(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "&#34;external_id&#34;: &#34;R01&#34;" in page
    assert "&lt;!DOCTYPE html&gt;" in page  # of a map
