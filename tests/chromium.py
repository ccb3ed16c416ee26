"""The real browser that pages are looked at in: Debian's Chromium, which PyPI does not have."""

import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(
    PROGRAM is None,
    reason="a page is looked at in a real browser, and PyPI has none: install Debian's chromium, as .ci/run does",
)

VIOLATIONS = {"resultTypes": ["violations"]}  # axe then tells one element of whatever passed, and is sooner done


@contextmanager
def opened_browser():
    """Chromium without a window; one at a time is open in a process."""
    with sync_playwright() as playwright:
        # a root user, as in a container, has no sandbox; a busy machine takes its time
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"], timeout=0)
        yield browser
        browser.close()
