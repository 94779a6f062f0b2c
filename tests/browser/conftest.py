"""Chromium for the pages that users open; ROUTEPLANNER_NO_BROWSER=1 leaves these tests out."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
collect_ignore_glob = ["test_*.py"] if os.environ.get("ROUTEPLANNER_NO_BROWSER") == "1" else []


@dataclass
class Watched:
    """A page with everything that went wrong on it."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: Path) -> Page:
        """Open a local file and wait until it is drawn."""
        self.page.goto(path.as_uri())
        return self.page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "Chromium is not installed: install the Debian package chromium, "
            "or set ROUTEPLANNER_NO_BROWSER=1 to leave the browser tests out",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def _watched(browser: Browser, **options: object) -> Iterator[Watched]:
    context = browser.new_context(**options)  # type: ignore[arg-type]
    watched = Watched(context.new_page())

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watched.errors.append(message.text)

    def request(sent: Request) -> None:
        if not sent.url.startswith(("file:", "data:", "blob:")):
            watched.requests.append(sent.url)

    watched.page.on("console", note)
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
    watched.page.on("request", request)
    yield watched
    context.close()


@pytest.fixture
def offline(browser: Browser) -> Iterator[Watched]:
    """A desk's page with the network cut."""
    yield from _watched(browser, viewport={"width": 1280, "height": 800}, offline=True)


@pytest.fixture
def online(browser: Browser) -> Iterator[Watched]:
    """A desk's page; tests answer the requests themselves."""
    yield from _watched(browser, viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(browser: Browser) -> Iterator[Watched]:
    """A phone's page with the network cut."""
    yield from _watched(
        browser,
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
        device_scale_factor=2,
        offline=True,
    )
