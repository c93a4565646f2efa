"""A real browser for the pages: Chromium from this machine, driven by playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# Also as root and without a screen, and without calls home of the browser's own.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Missing(Exception):
    """There is no browser, or nothing that drives it; the message says which."""


@contextmanager
def launched() -> Iterator[Browser]:
    """Yield a browser.

    Raises:
        Missing: playwright or Chromium is not on this machine.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Missing("playwright is not installed") from None
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise Missing("there is no Chromium on this machine")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
