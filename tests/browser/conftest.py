"""A headless browser for the pages, where the machine has one; pages may fetch nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

AXE = {"preload": False, "resultTypes": ["violations"]}
"""axe-core may load nothing, and lists only what is wrong."""


@pytest.fixture
def open_page(browser) -> Iterator[Callable]:
    """Open a file in a page of its own; at the end, fail on script errors and on any request."""
    contexts, wrong = [], []

    def opened(path: Path, fragment: str = "", width: int = 1280, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if said.type == "error" else None,
        )
        page.on(
            "request",
            lambda asked: (
                wrong.append(asked.url)
                if urlsplit(asked.url).scheme not in ("file", "data", "blob")
                else None
            ),
        )
        page.goto(path.as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def serious():
    """Return a function that lists what axe-core calls serious or critical on a page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def found(page) -> list[str]:
        result = axe.run(page, options=AXE).response
        return [
            f"{each['id']}: {each['nodes'][0]['html'][:200]}"
            for each in result["violations"]
            if each["impact"] in ("serious", "critical")
        ]

    return found
