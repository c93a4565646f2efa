"""``python -m tests.pages.screenshots``: the pictures of the pages in docs/images, of this repository's samples."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from reviewgen.cli.main import run
from tests.paths import ROOT

from .browser import Missing, launched

_IMAGES = ROOT / "docs" / "images"


def main() -> int:
    """Review the samples, open their pages and take the pictures; 2 when there is no browser."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        run(["batch", str(ROOT / "samples"), "-o", str(work / "samples"), "--dashboard", str(work / "pages"), "--quiet"])
        try:
            with launched() as browser:
                for file, path, height in (("dashboard", "index.html", 1150), ("review", "samples/payment-dr.html", 1000)):
                    page = browser.new_page(viewport={"width": 1280, "height": height})
                    page.goto((work / "pages" / path).as_uri())
                    page.screenshot(path=_IMAGES / f"{file}.png")
        except Missing as reason:
            print(reason, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
